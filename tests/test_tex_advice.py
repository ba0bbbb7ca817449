"""What an author is advised to do about KaTeX's errors, which the real KaTeX says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from dialect import parse

from paperblog.adapters.katex import Katex, katex_folder
from paperblog.model.formula import MathError
from paperblog.model.text import Text
from paperblog.steps.typeset import diagnose
from paperblog.tex.compatibility import MACROS

pytestmark = pytest.mark.katex


@pytest.fixture(scope="module")
def engine() -> Iterator[Katex]:
    with closing(Katex(katex_folder(), MACROS)) as engine:
        yield engine


@pytest.mark.parametrize(
    ("tex", "help"),
    [
        (r"\text{a_b}", r"in text write \_"),
        (r"a & b", r"it tells columns apart within aligned, array and their kin; else write \&"),
        (r"\left( a", r"a \left is not closed; \right. closes it without a sign"),
        (r"a \right)", r"its \left is missing"),
        (r"x^a^b", r"write {x^a}^b or x^{ab}"),
        (r"{a", "a { is not closed"),
        (r"a}", "its { is missing"),
        (r"\begin{algined} x \end{algined}", "did you mean aligned?"),
        (r"\begin{theorem} x \end{theorem}", ""),
        (r"a # b", r"write \# for the sign"),
        (r"x^", "what it applies to is missing; write {} for nothing"),
        (r"\begin{matrix} a", "an environment is not closed"),
        (r"f`(x)$ and $g`(x)", r"write \$ for the sign; a $ in a code span closes no formula"),
    ],
)
def test_an_error_says_what_to_do(engine: Katex, tex: str, help: str) -> None:
    parsed = parse(f"So ${tex}$ is.")
    (outcome,) = engine.typeset(parsed.formulas)
    assert isinstance(outcome, MathError)
    found = diagnose(parsed.formulas[0], outcome, Text("notes/case.md", parsed.source), ())
    assert (found.code, found.help) == ("math-syntax", help)


@pytest.mark.parametrize(("tex", "sign"), [(r"f^{\*}", "*"), (r"a \- b", "-")])
def test_an_escaped_sign_is_to_be_written_without_its_backslash(
    engine: Katex, tex: str, sign: str
) -> None:
    parsed = parse(f"So $latex {tex}$ is.")
    (outcome,) = engine.typeset(parsed.formulas)
    assert isinstance(outcome, MathError)
    text = Text("notes/case.md", parsed.source)
    assert diagnose(parsed.formulas[0], outcome, text, ["\\ast"]).help == f"write {sign}"
