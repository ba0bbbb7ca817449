"""Where formulas begin and end, without any parser."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperblog.markdown.delimiters import Found, Unclosed, dollars, find, open_formula
from paperblog.markdown.marks import ENVIRONMENTS, marks_of


def found(text: str, at: int = 0) -> Found:
    result = find(text, at, len(text))
    assert isinstance(result, Found), result
    return result


def tex(text: str, at: int = 0) -> str:
    """The TeX of the formula that begins at an offset."""
    formula = found(text, at)
    return text[formula.inner : formula.inner_end]


@pytest.mark.parametrize(
    ("text", "inner", "kind"),
    [
        ("$x$", "x", "$"),
        ("$x y$ z$", "x y", "$"),
        ("$a\\$b$", "a\\$b", "$"),
        ("$a\\\\$", "a\\\\", "$"),
        ("$a\nb$", "a\nb", "$"),
        ("$x$a", "x", "$"),
        ("$\\text{a $b$ c}$", "\\text{a $b$ c}", "$"),
        ("$\\mbox {$b$}$", "\\mbox {$b$}", "$"),
        ("$\\text{{$b$}}$", "\\text{{$b$}}", "$"),
        ("${$", "{", "$"),
        ("$\\text{a$", "\\text{a", "$"),
        ("$\\text{\\}$}$", "\\text{\\}$}", "$"),
        ("$$x$$", "x", "$$"),
        ("$$ x\n\ny $$", " x\n\ny ", "$$"),
        ("$$x\\$$ y$$", "x\\$$ y", "$$"),
        ("$$x$$$", "x", "$$"),
        ("\\(x\\)", "x", "\\("),
        ("\\(x\\\\) y\\)", "x\\\\) y", "\\("),
        ("\\[x\\]", "x", "\\["),
        ("\\[x\\\\[2pt]\\]", "x\\\\[2pt]", "\\["),
        ("$latex x$", "x", "$latex"),
        ("$LaTeX\nx$", "x", "$latex"),
        ("$latex= x$", "x", "$latex"),
        ("$latex x\\$y$", "x\\$y", "$latex"),
        ("$latex x\\\\$", "x\\\\", "$latex"),
        ("$latex x$1", "x", "$latex"),
    ],
)
def test_a_formula_ends_at_its_delimiter(text: str, inner: str, kind: str) -> None:
    assert tex(text) == inner
    assert found(text).kind == kind


@pytest.mark.parametrize(
    "text",
    [
        *(
            "$ x$",
            "$x $",
            "$x$1",
            "$",
            "$x",
            "$\nx$",
            "$5 to $10",
            "$x\\$",
            "$$ $$",
            "$$$x$$$",
        ),
        *("\\(x", "\\( \\)", "\\[ \\]", "\\[x]", "\\{x\\}", "\\begin{center}x\\end{center}"),
        *("$latex$", "$latexx$1", "$latex $", "x", "\\"),
    ],
)
def test_no_formula_begins_at(text: str) -> None:
    assert find(text, 0, len(text)) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("$$x", "$$"),
        ("$$x$", "$$"),
        ("$$x\\$$", "$$"),
        ("\\[x", "\\["),
        ("$latex x", "$latex"),
        ("$latex x\\$", "$latex"),
        ("\\begin{align}x", "\\begin"),
        ("\\begin{align}x\\end{align*}", "\\begin"),
        ("\\begin{align}\\begin{align}x\\end{align}", "\\begin"),
    ],
)
def test_an_opening_delimiter_lacks_its_end_in(text: str, kind: str) -> None:
    result = find(text, 0, len(text))
    assert isinstance(result, Unclosed)
    assert result.kind == kind


@pytest.mark.parametrize("name", ENVIRONMENTS)
@pytest.mark.parametrize("star", ["", "*"])
def test_an_environment_is_a_formula_as_a_whole(name: str, star: str) -> None:
    text = f"\\begin{{{name}{star}}}x\\end{{{name}{star}}}"
    assert tex(text + " y") == text
    assert found(text).display


def test_environments_of_one_name_nest() -> None:
    text = "\\begin{gather}\\begin{gather}x\\end{gather}\\end{gather}"
    assert tex(text) == text
    assert tex(text, 14) == text[14:-12]


def test_a_formula_must_end_before_the_end_that_is_given() -> None:
    assert find("$x$", 0, 2) is None
    assert isinstance(find("$$x$$", 0, 4), Unclosed)
    assert find("$\\text{a$b$}$", 0, 11) == Found(0, 9, 1, 8, "$")


@pytest.mark.parametrize(("text", "count"), [("$$", 0), ("$$$", 3), ("$$$$$x", 5), ("x$$$", 0)])
def test_three_dollar_signs_and_more_are_no_delimiter(text: str, count: int) -> None:
    assert dollars(text, 0) == count


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("a $$b\n|c$$ d", True),
        ("a $b\n|c$ d", True),
        ("a \\(b\n|c\\) d", True),
        ("a $latex b\n|c$ d", True),
        ("a $$b$$\n|c $$d$$", False),
        ("a $$b\n|c", False),
        ("a `$$b\n|c$$` d", False),
        ("a `` ` $$ `` $$b\n|c$$", True),
        ("a ` $$b\n|c$$", True),
        ("a \\$$b\n|c$", True),
        ("$5 and\n|$6", False),
    ],
)
def test_a_line_is_held_by_a_formula_that_is_open_where_it_begins(text: str, held: bool) -> None:
    place = text.index("|")
    text = text.replace("|", "", 1)
    assert (open_formula(text, 0, place, len(text))[0] is not None) is held


def test_later_lines_go_on_where_earlier_ones_ended() -> None:
    text = "$$a\nb\nc$$ `d\ne` $$f\ng$$"
    at = 0
    held = []
    for place in (4, 6, 13, 19):
        formula, at = open_formula(text, at, place, len(text))
        held.append(formula is not None)
    assert held == [True, True, False, True]


TEXTS = st.lists(
    st.sampled_from(
        [*"$\\{}`()[] a1\n", "$$", "\\text{", "$latex ", "\\begin{align}", "\\end{align}"]
    )
).map("".join)


@given(TEXTS)
def test_what_is_found_lies_within_the_text_in_order(text: str) -> None:
    for at in range(len(text)):
        result = find(text, at, len(text))
        if isinstance(result, Found):
            assert at == result.start <= result.inner <= result.inner_end <= result.end <= len(text)
            assert text[result.inner : result.inner_end].strip()


@given(TEXTS, st.sampled_from(["$", "$$", "\\)", "\\]", "]"]))
def test_a_closing_delimiter_is_the_first_that_no_backslash_escapes(text: str, mark: str) -> None:
    places = [
        match.start()
        for match in re.finditer(f"(?={re.escape(mark)})", text)
        if (match.start() - len(text[: match.start()].rstrip("\\"))) % 2 == 0
    ]
    for at in range(len(text) + 1):
        expected = next((p for p in places if p >= at), -1)
        assert marks_of(text).closing(mark, at, len(text)) == expected
