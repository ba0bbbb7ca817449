"""What an author is advised to do about KaTeX's errors, which the real KaTeX says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from dialect import parse

from paperblog.adapters.katex import Katex, katex_folder
from paperblog.model.formula import MathError, Typeset
from paperblog.model.text import Text
from paperblog.steps.typeset import diagnose
from paperblog.tex.compatibility import MACROS
from paperblog.tex.unknown import COMMON

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
        (
            r"a &= b \\ c",
            r"put \begin{aligned} before the first row and \end{aligned} behind the last",
        ),
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
        (r"\hat \textrm{\bf p}", "put the argument of the command before it into braces"),
        (r"x_\left(a\right)", "put it into braces, with all that belongs to it"),
        (r"a \hspace{2} b", "a size has a unit, as in 1em, 2pt or 3mm"),
        (r"\begin{array}{ly} a \end{array}", "a column is l, c or r, a rule between columns |"),
        (r"\begin{array} \rm a \end{array}", r"its columns are missing, as in \begin{array}{lcr}"),
        (r"\begin{{array}}{l} a", "one pair of braces belongs around its name"),
        (r"a \( b", "take it out: a delimiter within a formula"),
        ("a \x0bb", "take it out; it may stand for a backslash and the letter behind it"),
        (r"\begin{tabular}{l} a \end{tabular}", "write array, or a table in Markdown"),
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


@pytest.mark.parametrize(
    ("tex", "message", "help"),
    [
        (
            r"\text{a \phi}",
            r"\phi is a command of formulas, not of text",
            r"write $\phi$ in the text",
        ),
        (
            r"\textbackslash",
            r"\textbackslash is a command of text, not of formulas",
            r"write \text{\textbackslash}",
        ),
        (r"\cref{x}", r"unknown command \cref", r"write \eqref{…}"),
        (r"\lamda", r"unknown command \lamda", r"did you mean \lambda?"),
        (r"\farc{1}{2}", r"unknown command \farc", r"did you mean \frac?"),
        (r"\norm{x}", r"unknown command \norm", r"declare '\norm' = '\left\lVert #1 \right\rVert'"),
        (r"\goth{x}", r"unknown command \goth", "declare macros under [math.macros]"),
    ],
)
def test_of_an_unknown_command_is_said_what_to_write(
    engine: Katex, tex: str, message: str, help: str
) -> None:
    parsed = parse(f"So ${tex}$ is.")
    (outcome,) = engine.typeset(parsed.formulas)
    assert isinstance(outcome, MathError)
    text = Text("notes/case.md", parsed.source)
    found = diagnose(parsed.formulas[0], outcome, text, engine.commands())
    assert found.code == "math-undefined"
    assert (found.message, found.help[: len(help)]) == (message, help)


def test_what_it_says_to_declare_is_typeset() -> None:
    declared = [(f"\\{name}", body) for name, body in COMMON.items()]
    parsed = parse("\n".join(f"So ${name}{{a}}{{b}}$ is." for name, _ in declared))
    with closing(Katex(katex_folder(), [*MACROS, *declared])) as engine:
        outcomes = engine.typeset(parsed.formulas)
    assert len(outcomes) == len(COMMON)
    assert all(isinstance(outcome, Typeset) for outcome in outcomes)
