"""`$$` as kramdown has it, for blogs that come from Jekyll."""

from __future__ import annotations

import pytest
from dialect import parse

from paperblog.model.config import Config

KRAMDOWN = Config(double_dollars="kramdown")


@pytest.mark.parametrize(
    ("text", "display"),
    [
        ("Let $$X$$ be a space.", False),
        ("- Let $$X$$ be", False),
        ("## On $$X$$", False),
        ("| $$X$$ | b |\n|---|---|\n| c | d |", False),
        ("<p>Let $$X$$ be</p>", False),
        ("a[^1]\n\n[^1]: so $$X$$ is", False),
        ("$$X$$", True),
        ("<p>$$X$$</p>", True),
        ("We have\n\n$$\nX\n$$\n\nso", True),
        ("Let \\[X\\] be", True),
        ("- $$X$$", True),
    ],
)
def test_double_dollars_in_a_text_are_within_the_line(text: str, display: bool) -> None:
    (formula,) = parse(text, KRAMDOWN).formulas
    assert (formula.tex, formula.display) == ("X", display)
    assert "math-displayed" not in parse(text * 3, KRAMDOWN).codes


def test_environments_within_the_line_have_no_numbers() -> None:
    parsed = parse("So $$\\begin{align} a &= b \\end{align}$$ is.", KRAMDOWN)
    (formula,) = parsed.formulas
    assert formula.prepared == "\\begin{aligned} a &= b \\end{aligned}"


def test_without_it_they_are_displayed() -> None:
    (formula,) = parse("Let $$X$$ be a space.").formulas
    assert formula.display
