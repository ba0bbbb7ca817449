"""Notes against KaTeX itself: the same bytes for what it takes, the same place for what it refuses.

The formulas are made of everything that the installed KaTeX names in its script. Each stands in a
note in some delimiter and place; what our engine makes of it is compared with what
`katex.renderToString` does, called straight.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import closing

import pytest
from dialect import parse
from py_mini_racer import MiniRacer

from paperblog.adapters.katex import Katex, katex_folder
from paperblog.model.formula import Formula, MathError, Outcome, Typeset
from paperblog.model.text import Text
from paperblog.steps.typeset import diagnose
from paperblog.tex.compatibility import MACROS

pytestmark = pytest.mark.katex

DRIVER = """
globalThis.console ??= { warn() {}, log() {}, error() {} };
function direct(items) {
  return JSON.stringify(JSON.parse(items).map(([tex, displayMode]) => {
    try { return [katex.renderToString(tex, { displayMode })]; }
    catch (error) { return [error.rawMessage ?? String(error), error.position ?? null]; }
  }));
}
"""
SCRIPT = (katex_folder() / "katex.min.js").read_text(encoding="utf-8")
COMMANDS = sorted(set(re.findall(r'"(\\\\(?:[A-Za-z]+|[^A-Za-z"\\\\]))"', SCRIPT)))
COMMANDS = sorted({command.replace("\\\\", "\\") for command in COMMANDS})
ENVIRONMENTS = sorted(
    {
        name
        for names in re.findall(r'type:"array"[^}]*?names:\[([^\]]*)\]', SCRIPT)
        for name in re.findall(r'"([A-Za-z*]+)"', names)
    }
)
SHAPES = (
    *("X", "X{a}", "X{a}{b}", "X{1em}", "X a", "a X b", "X_i^n x", "X{red}{x}", "{X x}", "X[2]{x}"),
    *("\\left X x\\right.", "X(", "\\text{X e}", "{a X b}", "X{1em}{2em}", "X'"),
)
ARRAYS = (
    "\\begin{N}a & b \\\\ c & d\\end{N}",
    "\\begin{N}{cc}a & b \\\\ c & d\\end{N}",
    "\\begin{N}a = b\\end{N}",
    "\\begin{N}A @>f>> B\\end{N}",
)
REFUSED = (
    *("\\nosuch", "a + \\nosuch{x} + b", "\\frac{a}", "\\sqrt", "{a", "a}", "\\left( a"),
    *("a \\right)", "x^", "x^a^b", "x__a", "a & b", "\\begin{nosuch}a\\end{nosuch}", "a # b"),
    *("\\begin{matrix}a", "\\end{matrix}", "\\color{x y}z", "\\hline", "\\mathbb{\\nosuch}"),
    *("é + \\nosuch", "𝔘 + \\frac{漢", "\\operatorname{a\\nosuch}", "\\middle|"),
    *("\\rule{1zz}{1em}", "\\text{a \\nosuch}"),
)
PLACES = {
    "a sentence": "So {} holds.",
    "the end of a sentence": "It is so: {}, and 漢字{}也。",
    "a list": "- a\n  - so {} there\n",
    "a quote in a list": "1. a\n\n   > so {} is\n   > and {} too\n",
    "a heading": "## On {} and {}",
    "a table": "| a | b |\n|---|---|\n| {} | {} |",
    "a footnote": "a[^1]\n\n[^1]: so {} is\n",
    "emphasis": "*so {} is* and **{}**",
    "a link": "[so {} is](https://example.org/a$b$c)",
    "raw HTML": "<div>\n<p>so {} is</p>\n</div>",
    "a callout": "> [!NOTE]\n> so {} is",
    "a caption": "![a](https://example.org/a.png 'so {} is')",
    "prices and code": "costs $5, `$x` and {} but not $ 6 or `{}`.",
    "a title's note": "---\ntitle: A\n---\n\tcode $x$\n\nthen {}",
}
INLINE = ("${}$", "\\({}\\)", "$latex {}$")
BLOCK = ("$$\n{}\n$$", "\\[{}\\]", "> $$\n> {}\n> $$", "- a\n\n  $${}$$\n", "```math\n{}\n```")


@pytest.fixture(scope="module")
def engine() -> Iterator[Katex]:
    with closing(Katex(katex_folder(), MACROS)) as engine:
        yield engine


@pytest.fixture(scope="module")
def katex() -> Iterator[MiniRacer]:
    context = MiniRacer()
    context.eval(SCRIPT)
    context.eval(DRIVER)
    yield context
    context.close()


def direct(katex: MiniRacer, texts: Sequence[tuple[str, bool]]) -> list[list[object]]:
    """What KaTeX gives for each text: its HTML alone, or a message with a position."""
    answers: list[list[object]] = json.loads(str(katex.call("direct", json.dumps(texts))))
    return answers


def differences(
    formulas: Sequence[Formula], outcomes: Sequence[Outcome], expected: Sequence[str]
) -> list[str]:
    """The formulas of which we make something else; those that we rewrite are not compared."""
    assert len(formulas) == len(expected)
    return [
        formula.tex
        for formula, outcome, html in zip(formulas, outcomes, expected, strict=True)
        if formula.prepared == formula.tex
        and not (isinstance(outcome, Typeset) and same(outcome.html, html))
    ]


def same(ours: str, theirs: str) -> bool:
    """Whether the bytes are KaTeX's, but for how a space within an operator is closed."""
    return ours == theirs or ours.replace("></mspace>", "/>") == theirs.replace("></mspace>", "/>")


@pytest.mark.parametrize("display", [False, True], ids=["inline", "display"])
def test_whatever_katex_names_and_takes_has_its_bytes(
    engine: Katex, katex: MiniRacer, display: bool
) -> None:
    texts = [shape.replace("X", name) for name in COMMANDS for shape in SHAPES]
    texts += [array.replace("N", name) for name in ENVIRONMENTS for array in ARRAYS]
    answers = direct(katex, [(tex, display) for tex in texts])
    # What needs trust is red text with KaTeX, and an error with us.
    taken = {
        tex: str(answer[0])
        for tex, answer in zip(texts, answers, strict=True)
        if len(answer) == 1 and "#cc0000" not in str(answer[0])
        if tex == tex.strip() and tex != "\\"
    }
    assert len(COMMANDS) > 800
    assert len(ENVIRONMENTS) > 20
    assert len(taken) > 5000
    wrap = "$$\n{}\n$$" if display else "so ${}$ is"
    for first in range(0, len(taken), 500):
        part = list(taken)[first : first + 500]
        parsed = parse("\n\n".join(wrap.replace("{}", tex) for tex in part))
        assert [formula.tex for formula in parsed.formulas] == part
        outcomes = engine.typeset(parsed.formulas)
        assert differences(parsed.formulas, outcomes, [taken[tex] for tex in part]) == []
        for outcome in outcomes:
            assert isinstance(outcome, Typeset)
            lists = re.findall('class ?="([^"]*)"', outcome.html)
            assert sorted(outcome.classes.split()) == sorted(set(" ".join(lists).split()))


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES.keys())
def test_an_error_stands_where_katex_says_in(engine: Katex, katex: MiniRacer, place: str) -> None:
    for tex in REFUSED:
        for wrap in INLINE:
            assert_error(engine, katex, tex, wrap, place)


@pytest.mark.parametrize("wrap", BLOCK)
def test_an_error_stands_where_katex_says_in_display_math(
    engine: Katex, katex: MiniRacer, wrap: str
) -> None:
    for tex in REFUSED:
        assert_error(engine, katex, tex, wrap, "before\n\n{}\n\nafter $x$")


def assert_error(engine: Katex, katex: MiniRacer, tex: str, wrap: str, place: str) -> None:
    note = place.replace("{}", wrap.replace("{}", tex), 1).replace("{}", "$y$")
    parsed = parse(note)
    (formula,) = (one for one in parsed.formulas if one.tex == tex)
    (outcome,) = engine.typeset([formula])
    ((message, position),) = direct(katex, [(tex, formula.display)])
    assert isinstance(outcome, MathError), (tex, outcome)
    if position is None:
        return
    units = tex.encode("utf-16-le")[: 2 * int(str(position))].decode("utf-16-le")
    offset = parsed.source.index(tex) + len(units)
    text = Text("notes/case.md", parsed.source)
    span = diagnose(formula, outcome, text, ()).span
    expected = text.span(offset, offset + 1)
    assert (span.line, span.column) == (expected.line, expected.column), (note, message)
