"""Texts that nobody writes: every one is read in time that grows with its length alone.

The time is a guard only: what is quadratic takes minutes on these.
"""

from __future__ import annotations

import time

import pytest
from dialect import parse

pytestmark = pytest.mark.slow

SECONDS = 20

MATH = {
    "a megabyte of dollar signs": "$" * 1_000_000,
    "opening parentheses": "\\(" * 100_000,
    "escaped backslashes": "\\\\(" * 70_000,
    "opening brackets in a paragraph": "\\[ a\n" * 20_000,
    "opening brackets in a list": "- a\n" + "  \\[\n" * 20_000 + "\\]",
    "opening brackets in a quote": "> \\[\n" * 20_000 + "\n\\]",
    "environments without an end": "\\begin{align}\n" * 8_000,
    "environments in environments": "\\begin{align}\n" * 4_000 + "\\end{align}\n" * 4_000,
    "a display formula that is not closed": "$$" + "a " * 50_000,
    "lines of a display formula that is not closed": "$$\n" + "a b\n" * 25_000,
    "a paragraph of display formulas": "text $$ a\n" * 10_001,
    "a display formula of list items": "text $$ a\n" + "- b\n" * 25_000 + "$$ c",
    "short display formulas of list items": "text $$ a\n- b\n$$ c\n" * 5_000,
    "unclosed brackets before list items": "text \\[ a\n- b\n" * 7_000,
    "texts in formulas that are not closed": "$\\text{" * 14_000,
    "dollar signs in texts": "\\text{$}" * 12_000,
    "shortcodes that are not closed": "$latex a\\$" * 10_000,
    "entities in a shortcode of many lines": "$latex " + "&lt;\n" * 20_000 + "$",
    "shortcodes in brackets that are not closed": "[latex]a " * 20_000,
    "shortcodes in brackets, the last one closed": "[latex]a " * 20_000 + "[/latex]",
    "options of a shortcode that is not closed": "[latex" + ' s="1"' * 20_000,
    "environments that are none": "\\begin{foo} a " * 10_000,
    "environments that are none, and end": "\\begin{foo}\\end{foo} " * 10_000,
    "tags of other generators": "{% katex " * 20_000,
    "brackets of other plugins": "[math]" * 20_000 + "[/math]",
    "primes that are backticks": "$f`(x) " * 15_000,
    "a word behind a blank line of a display formula": "$$a\n\n" + "a" * 100_000 + "$$",
    "brackets of a text in brackets": "a\\[ b " * 8_000 + "\\] c" * 8_000,
    "intervals": "\\[0, (1 " * 20_000,
    "variables of a shell": '$ab/c.d-e"' * 15_000,
    "lines of a formula that look like definitions": "$a\n: b\n" * 8_000,
    "links around shortcodes": "[a [latex]x[/latex] " * 4_000,
    "scripts without braces": "$$" + "x_\\max " * 2_000 + "$$",
    "code spans in a display formula": "$$" + "`a" * 20_000 + "\n- b\n$$",
    "delimiters in a row of a table": "|a|b|\n|-|-|\n|" + "\\(" * 50_000,
    "formulas in a title": "---\ntitle: '" + "a''$x$ \\[" * 8_000 + "'\n---\n",
}
BLOCKS = {
    "quotes": ">" * 10_000 + " a",
    "lists": "- " * 10_000 + "a",
    "lists by lines": "\n".join(" " * 2 * depth + "- a" for depth in range(1_000)),
    "quotes and lists": "> - " * 3_000 + "a",
    "definitions": "a\n" + "\n".join("  " * depth + ": b" for depth in range(400)),
    "headings without a blank line": "a\n# h\n" * 8_000,
    "headings of one name": "# a\n" * 10_000,
    "tasks": "- [ ] a\n" * 8_000,
    "callouts": "> [!NOTE] a\n> b\n\n" * 5_000,
    "rows of a wide table": "|a" * 900 + "\n" + "|-" * 900 + "\na" * 1_000,
    "definitions of a footnote": "".join(f"[^{n}]: a\n\n" for n in range(4_000)) + "[^1] " * 4_000,
    "blocks of attributes": "{.a}\n" * 20_000 + "b",
    "a heading of braces": "# " + "{#a " * 20_000,
}
INLINE = {
    "opening brackets": "[" * 100_000,
    "brackets": "[" * 20_000 + "]" * 20_000,
    "links in links": "[" * 10_000 + "](a)" * 10_000,
    "opening double brackets": "[[" * 50_000,
    "wikilinks that are not closed": "[[a|" * 25_000,
    "images in images": "![" * 5_000 + "](a)" * 5_000,
    "footnotes in footnotes": "^[" * 5_000 + "]" * 5_000,
    "footnotes that are not closed": "^[a " * 20_000,
    "references to footnotes that are not closed": "[^a]: x\n\n" + "[^" * 50_000 + "]",
    "stars": "*" * 10_000 + "a",
    "emphasis that is not closed": "*a **b _c " * 10_000,
    "braces": "{" * 10_000 + "a",
    "attributes that are not closed": "[a]{% " * 15_000 + "}",
    "images over lines": "![a](b)\n" * 10_000,
    "captions": "![a](b " + '"x ' * 20_000 + ")",
    "backticks": " ".join("`" * length for length in range(1, 400)),
}
HTML = {
    "tags that are not closed": "<a " * 50_000,
    "attributes that are not closed": '<a "' * 50_000,
    "blanks in a tag": "<div" + " " * 100_000 + "x",
    "comments that are not closed": "<!--" * 25_000,
    "comments in a sentence": "x <!--" * 25_000,
    "declarations that are not closed": "<!a" * 30_000,
    "breaks in a formula": "<p>" + "$x$ " * 5_000 + "$$a" + "<br>b" * 3_000 + "$$</p>",
    "breaks after a formula that is not closed": "<p>\\( a " + "<br>$b" * 8_000 + "</p>",
    "tags in a sentence over lines": "a <b>\n" * 10_000 + "$x$",
    "rows of a table of formulas": "<table>\n" + "<tr><td>$a$</td></tr>\n" * 8_000,
}
FRONT_MATTER = {
    "brackets in YAML": "---\nextra: " + "[" * 200_000 + "\n---\n",
    "braces in YAML": "---\nextra: " + "{a: " * 5_000 + "}" * 5_000 + "\n---\n",
    "blocks in YAML": "---\n" + "\n".join(" " * depth + "a:" for depth in range(1_500)) + "\n---\n",
    "keys in YAML": "---\n" + "a: b\n" * 50_000 + "---\n",
    "aliases in YAML": "---\na: &a [x]\n" + "b: [*a, *a]\n" * 1_000 + "---\n",
}
TEXTS = MATH | BLOCKS | INLINE | HTML | FRONT_MATTER


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_it_takes_no_more_than_its_time_to_read_many(text: str) -> None:
    start = time.process_time()
    parse(text)
    assert time.process_time() - start < SECONDS


@pytest.mark.parametrize(
    "name", ["quotes", "lists", "lists by lines", "quotes and lists", "definitions"]
)
def test_an_author_is_told_that_blocks_are_nested_too_deep(name: str) -> None:
    assert parse(BLOCKS[name]).codes.count("too-deep") == 1


@pytest.mark.parametrize("name", ["images in images", "footnotes in footnotes"])
def test_texts_in_texts_never_end_in_a_traceback(name: str) -> None:
    parsed = parse(INLINE[name])
    assert set(parsed.codes) <= {"too-deep", "no-title"}


def test_texts_in_texts_are_followed_to_a_depth_and_no_further() -> None:
    assert "too-deep" not in parse("^[a " * 15 + "]" * 15).codes
    assert parse("^[a " * 40 + "]" * 40).codes.count("too-deep") == 1


def test_too_deep_is_said_where_it_begins() -> None:
    parsed = parse("a\n\n" + ">" * 150 + " b")
    assert [line.split()[0:2] for line in parsed.problems if "deep" in line] == [
        ["3:1", "too-deep"]
    ]


def test_a_text_is_not_too_deep_for_being_long() -> None:
    assert parse("> a\n>\n> - b\n\n" * 1_000).codes == ["no-title"]


@pytest.mark.parametrize("name", FRONT_MATTER)
def test_front_matter_out_of_all_bounds_is_an_error_with_a_place(name: str) -> None:
    parsed = parse(FRONT_MATTER[name])
    assert "yaml-syntax" in parsed.codes
    assert not parsed.note.trusted
