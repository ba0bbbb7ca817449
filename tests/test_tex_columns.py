"""The columns of MathML's tables with numbers, as the real KaTeX writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing

import pytest
from dialect import parse

from paperblog.adapters.katex import Katex, katex_folder
from paperblog.model.formula import Typeset
from paperblog.tex.columns import with_columns
from paperblog.tex.compatibility import MACROS

pytestmark = pytest.mark.katex


@pytest.fixture(scope="module")
def engine() -> Iterator[Katex]:
    with closing(Katex(katex_folder(), MACROS)) as engine:
        yield engine


def mathml(engine: Katex, tex: str) -> str:
    (outcome,) = engine.typeset(parse(f"---\nmath: mathml\n---\n{tex}").formulas)
    assert isinstance(outcome, Typeset)
    return outcome.html


@pytest.mark.parametrize(
    ("tex", "align", "spacing"),
    [
        (r"\begin{align} a &= b \\ c &= d \end{align}", "center right left", "0em 0em"),
        (r"\begin{align} a &= b \notag \\ c &= d \end{align}", "center right left", "0em 0em"),
        (
            r"\begin{align} a &= b & c &= d \end{align}",
            "center right left right left",
            "0em 0em 1em 0em",
        ),
    ],
)
def test_the_cell_before_a_numbered_row_is_named_as_the_other_columns(
    engine: Katex, tex: str, align: str, spacing: str
) -> None:
    html = with_columns(mathml(engine, tex))
    (table,) = re.findall("<mtable (.*?)>", html)
    assert table.startswith('class="numbered" ')
    assert re.findall('columnalign="(.*?)"', table) == [align]
    assert re.findall('columnspacing="(.*?)"', table) == [spacing]


def test_inner_tables_keep_their_columns(engine: Katex) -> None:
    tex = r"\begin{equation} \begin{split} a &= b \\ c &= d \end{split} \end{equation}"
    before, after = mathml(engine, tex), with_columns(mathml(engine, tex))
    assert after.replace('class="numbered" ', "").replace("0em 1em", "1em") == before


@pytest.mark.parametrize("tex", ["$x$", r"\begin{align*} a &= b \end{align*}", r"$$x \tag{A}$$"])
def test_what_has_no_such_cell_stays_as_it_is(engine: Katex, tex: str) -> None:
    html = mathml(engine, tex)
    assert with_columns(html) == html
