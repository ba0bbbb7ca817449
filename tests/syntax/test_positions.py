"""Every formula, link and diagnostic knows where in its file it stands."""

from __future__ import annotations

import re

import pytest
from dialect import Parsed, parse, readable
from effort import tries
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from paperblog.model.formula import Formula

DELIMITERS = (("$", "$"), ("\\(", "\\)"), ("\\[", "\\]"), ("\\begin{", "}"))


def assert_places_hold(parsed: Parsed) -> None:
    """Formulas, references and diagnostics stand where they say."""
    for formula in parsed.formulas:
        assert_place_holds(parsed.source, formula)
    for reference in parsed.note.references:
        assert 0 <= reference.start < reference.end <= len(parsed.source)
    lines = parsed.source.split("\n")
    for diagnostic in parsed.note.diagnostics:
        span = diagnostic.span
        assert 1 <= span.line <= span.end_line <= len(lines)
        assert 1 <= span.column <= len(lines[span.line - 1]) + 1
        assert span.end_column <= len(lines[span.end_line - 1]) + 2
        assert (span.line, span.column) <= (span.end_line, span.end_column)


def assert_place_holds(source: str, formula: Formula) -> None:
    """The source between the formula's ends is the formula; each character of TeX is there."""
    whole = source[formula.start : formula.end]
    assert any(whole.startswith(a) and whole.endswith(b) for a, b in DELIMITERS), whole
    for number, char in enumerate(formula.tex):
        offset = formula.source_offset(number)
        if not char.isspace():
            assert formula.start <= offset < formula.end
            assert is_at(source, offset, char), (formula.tex, number, whole)


def is_at(source: str, offset: int, char: str) -> bool:
    """Whether a character stands at an offset, as itself or as an entity of WordPress."""
    entities = {"<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#039;", "&": "&"}
    return source[offset] == char or source.startswith(entities.get(char, char), offset)


PLACES = {
    "a paragraph": "so $x$ and\n$y + 1$ and \\(z\\)",
    "the same formula twice in a line": "$x$ and $x$ and $x$",
    "a heading": "## On $x_1$ and $y$ ## {#id}",
    "an underlined heading": "On $x$\nand $y$\n---",
    "a quote in a list in a quote": "> - a $x$ b\n>   > $y_1$ and\n>   > more \\(z\\)\n",
    "lazy lines": "> a $x$\nb $y$\n\n- c $z$\nd $w$",
    "display math in containers": "- > $$\n  >   a\n  > b\n  > $$\n- \\[\n    c\n  \\]",
    "display math in a sentence over lines": "> so $$\n> - a\n> + b\n> $$ holds",
    "table cells": "|a|b|\n|--|--|\n| \\| $x|y$ | $\\|z\\|$ \\| $w$|\n|$p$",
    "a table in a list": "- |a $x$|\n  |--|\n  | \\| \\| $y$ |",
    "a callout's title and text": "> [!NOTE] title $x$\n> body $y$\n> more $z$",
    "a callout without a title": "> [!TIP]\n> body $y$",
    "an image's caption": '![alt](b.png "cap \\"q\\" $x$ and\n$y$")',
    "a caption in single quotes": "![alt](b.png 'it\\'s $x$ \\'$y$\\'')",
    "a video's caption": '![alt](b.mp4 "so $x$"){poster="c.png"}',
    "a footnote": "a[^1] $w$\n\n[^1]: b $x$\n    c $y$\n\n    > d $z$",
    "a footnote within the text": "a^[b $x$ ^[c $y$ d] $z$] $w$",
    "a link's text": "[a $x$ b](c.md) and [*d $y$*][e] $z$\n\n[e]: f.md",
    "a wikilink's text": "[[ a | the $O(n)$ one ]] $y$",
    "a definition list": "Term $x$\n: a $y$\n  b $z$\nc $w$\n\n: d\n\n  e $v$",
    "a task list": "- [ ] a $x$\n- [x] b $y$\n  c $z$",
    "raw HTML": "<div>\n<p>$a &lt; b$</p>\n  <td>$c$ $latex d &amp; e&s=2 f$</td>\n</div>",
    "between raw tags": "a <b>x $y$</b> $z$ <i\nclass='c'>$w$</i>",
    "options and entities of WordPress": "$latex a &lt;&lt; b&s=2 c&fg=ff0000\n&amp; d$",
    "WordPress in a quote": "> $latex a\n> b \\$ c\n> d$ e",
    "after tabs": "-\ta\t$x$\n\t$y$\n\n\t$$\n\tb\n\t  c\n\t$$\n\n>\t$z$",
    "tabs of which a part is text": "- $$a\n\tb\n    \tc$$\n\n1. so $$d\n\te$$ f",
    "emphasis and strikethrough": "**a $x$ *b $y$*** ~~$z$~~",
    "after entities and escapes": "&amp; \\* &copy; $x$ \\\\ $y$",
    "other scripts and planes": "漢字 $é_1$ 𝔘 $\U0001d518 + x$ y",
    "a title": "---\ntitle: On $x$ and $y_1$\n---\n",
    "a title in single quotes": "---\ntitle: 'it''s $x''$ and ''$y$'\n---\n",
    "a title in double quotes": '---\ntitle: "a\\"b\\u00e9 $x$ and $y$"\n---\n',
    "a title over lines": "---\ntitle: On $x$\n  and $y\n  + z$\n---\n",
    "a title in single quotes over lines": "---\ntitle: 'a ''b''\n\n  $x''$'\n---\n",
    "a description that is folded": "---\ndescription: >-\n  so $x$\n  and $y$\n---\n",
    "a description line by line": "---\ndescription: |\n\n    so $x$\n    and $y$\n---\n",
}


@pytest.mark.parametrize("text", PLACES.values(), ids=PLACES.keys())
def test_formulas_know_their_places_in(text: str) -> None:
    parsed = parse(text)
    shown = parsed.html + readable(parsed.note, parsed.note.title.markup)
    assert "$" not in re.sub(r"⟨(math|display): .*?⟩", "", shown, flags=re.DOTALL)
    assert len(parsed.formulas) > 0
    assert_places_hold(parsed)


def test_a_formula_that_is_misplaced_by_one_character_is_noticed() -> None:
    parsed = parse("so $x + y$ is")
    (formula,) = parsed.formulas
    ((start, source),) = formula.pieces
    for wrong in (
        replace(formula, start=formula.start + 1),
        replace(formula, end=formula.end + 1),
        replace(formula, pieces=((start, source + 1),)),
    ):
        with pytest.raises(AssertionError):
            assert_place_holds(parsed.source, wrong)


def test_the_backslash_of_a_command_is_placed_in_double_quotes() -> None:
    parsed = parse('---\ntitle: "a \\"q\\" \\\\(\\\\alpha\\\\)"\n---\n')
    (formula,) = parsed.formulas
    assert formula.tex == "\\alpha"
    assert parsed.source[formula.source_offset(0) :].startswith("\\alpha")


@pytest.mark.parametrize(
    ("text", "written"),
    {
        "a [b](nowhere.md) c": "nowhere.md",
        "> a\n> [b\n> c](<no where.md> 'd')": "no",
        "- [ ] a [b](nowhere.md)": "nowhere.md",
        "a^[b [c](nowhere.md)]": "nowhere.md",
        "a^[b ^[c [d](nowhere.md)]]": "nowhere.md",
        "| \\| [b](nowhere.md) |\n|---|": "nowhere.md",
        "a [[nowhere|b]]": "[[nowhere|b]]",
        "a <img src='nowhere.png'>": "nowhere.png",
        "<div>\n<p><a href=nowhere.md>": "nowhere.md",
        "# a ![b](nowhere.png)": "nowhere.png",
        '![a](b.mp4 "c"){poster="nowhere.png"}': "nowhere.png",
        '![a](b.png "c [d](nowhere.md)")': "nowhere.md",
        "a\n: b [c](nowhere.md)": "nowhere.md",
        "> [!NOTE] a [b](nowhere.md)": "nowhere.md",
        "---\nimage: nowhere.png\n---\n": "nowhere.png",
    }.items(),
)
def test_references_stand_where_their_destination_is_written(text: str, written: str) -> None:
    parsed = parse(text)
    found = [parsed.source[r.start : r.end] for r in parsed.note.references]
    assert written in found


@pytest.mark.parametrize(
    ("text", "places"),
    {
        "a\n> - b $$c\n>   d\n": ["2:7 math-unclosed"],
        "- [ ] $$a": ["1:7 math-unclosed"],
        "a^[b $$c]": ["1:6 math-unclosed"],
        "| a | \\| $$b |\n|---|---|": ["1:10 math-unclosed"],
        "> [!NOTE] a $$b\n> c \\[d": ["1:13 math-unclosed", "2:5 math-unclosed"],
        "<div>\n  <p>$$a</p>": ["2:6 math-unclosed"],
        "-\ta\n\n\t```pyhton\n\tb\n\t```": ["3:5 unknown-language"],
        "a\n\nb [^c] d": ["3:3 undefined-footnote"],
        "---\ntitle: 'it''s $$a'\n---\n": ["2:15 math-unclosed"],
        '![a](b.png "c \\" $$d")': ["1:18 math-unclosed"],
    }.items(),
)
def test_what_is_wrong_is_placed_in(text: str, places: list[str]) -> None:
    problems = [" ".join(line.split()[:2]) for line in parse(text).problems]
    assert [line for line in problems if not line.endswith("no-title")] == places


PIECES = st.sampled_from(
    [
        *"$\\()[]{}|>-*_`#:\n\t 0aé漢!^.=+~<>/\"'&;x",
        *("$$", "$latex ", "\\[", "\\]", "\\(", "\\)", "\\begin{align}", "\\end{align}"),
        *("$x$", "$y_1$", "\\$", "\\text{", "&lt;", "&s=2", "\0", "\n\n", "  \n", "word "),
        *("[!NOTE]", "[ ] ", "[^1]", "[^1]: ", "^[", "![", "](", "[[", "]]", "[l](m.md)"),
        *("> ", "- ", "1. ", "    ", "```\n", "| a | b |\n|---|---|\n", "{#id}", "{.c}", "---\n"),
        *(
            "title: ",
            "<p>",
            "</p>",
            "<div>",
            "<code>",
            "</code>",
            "<svg>",
            "<!--",
            "-->",
            "term\n: ",
        ),
        *('![a](b.png "c $z$")', '![a](b.mp4){poster="c"}', '<a href="q.md">', "<!--more-->"),
    ]
)
TEXTS = st.builds(
    lambda start, parts: start + "".join(parts),
    st.sampled_from(["", "", "", "---\n"]),
    st.lists(PIECES, max_size=40),
)


@pytest.mark.random
@given(TEXTS)
@example("- [x] a\n\n[x]: b")
@example("![![![a](b)](c)](d)")
@settings(max_examples=tries(300), deadline=None)
def test_any_text_is_parsed_and_all_places_hold(text: str) -> None:
    assert_places_hold(parse(text))


@pytest.mark.random
@given(st.text(max_size=60))
@settings(max_examples=tries(200), deadline=None)
def test_any_characters_are_parsed_and_all_places_hold(text: str) -> None:
    assert_places_hold(parse(text))


@pytest.mark.random
@given(TEXTS)
@example('^[![a](b.png "c $z$")](')
@example('A[^1].\n\n[^1]: ![a](b.png "c")')
@settings(max_examples=tries(200), deadline=None)
def test_an_excerpt_cuts_no_slot_and_no_block(text: str) -> None:
    parsed = parse(text)
    for markup in (parsed.markup[: parsed.excerpt], parsed.markup[parsed.excerpt :]):
        for tag in ("ul", "ol", "li", "blockquote", "aside", "figure", "table", "dl", "section"):
            assert len(re.findall(f"<{tag}\\b", markup)) == markup.count(f"</{tag}>")
        assert markup.count("\0") % 2 == 0
        slots = markup.split("\0")[1::2]
        assert all(slot[:1] and slot[0] in "flatinhwdpq" for slot in slots)
