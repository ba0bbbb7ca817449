"""What LaTeX has and KaTeX lacks, typeset by the real KaTeX after our rewrites."""

from collections.abc import Iterator

import pytest
from dialect import parse
from hypothesis import given
from hypothesis import strategies as st

from paperblog.adapters.katex import Katex, katex_folder
from paperblog.model.formula import Formula, MathError, Outcome, source_offset
from paperblog.tex.compatibility import MACROS
from paperblog.tex.prepare import Prepared, prepare

FORMULAS = {
    "mbox": r"\mbox{if } x",
    "mbox with math": r"\mbox{where $x$ is}",
    "double-struck one": r"\mathbb{1}_{x>0} + \mathds{1}_A + \mathbbm{1}_B",
    "packages' double-struck letters": r"\mathds{R} \mathbbm{N}",
    "eqnarray": r"\begin{eqnarray} a &=& b \\ c &=& d \end{eqnarray}",
    "eqnarray without numbers": r"\begin{eqnarray*} a &=& b \\ && +c \end{eqnarray*}",
    "multline": r"\begin{multline} a \\ b \\ c \end{multline}",
    "multlined": r"\begin{multlined} a \\ b \end{multlined}",
    "flalign": r"\begin{flalign} a &= b \\ c &= d \end{flalign}",
    "subequations": r"\begin{subequations}\begin{align} a &= b \\ c \end{align}\end{subequations}",
    "math": r"\begin{math}x\end{math}",
    "displaymath": r"\begin{displaymath}x\end{displaymath}",
    "ensuremath": r"\ensuremath{x}",
    "small capitals and slanted text": r"\textsc{Abc} \textsl{d}",
    "hfill": r"a \hfill b",
    "many integrals": r"\idotsint_V f + \iiiint f",
    "intertext": r"\begin{align} a &= b \\ \intertext{and so} c &= d \end{align}",
    "multicolumn": r"\begin{array}{cc} \multicolumn{2}{c}{x} \\ a & b \end{array}",
    "cline": r"\begin{array}{cc} a & b \\ \cline{1-2} c & d \end{array}",
    "cancelto": r"\cancelto{0}{x}",
    "sideset": r"\sideset{_a^b}{_c^d}\prod x",
    "framebox": r"\framebox{x}",
    "strut and xspace": r"\strut x \xspace",
    "buildrel": r"a \buildrel \rm def \over = b",
    "hdotsfor": r"\begin{pmatrix} a & \hdotsfor{2} \\ a & b & c \end{pmatrix}",
    "old switches of font": r"{\em x} {\sc y} {\bf z} {\rm w} {\it v} {\cal L} {\sl u}",
    "root of": r"\root 3 \of {x+1}",
    "plain TeX's pmatrix": r"\pmatrix{a & b \cr c & d}",
    "plain TeX's cases": r"f = \cases{ 1 & x>0 \cr 0 & \mbox{else} }",
    "columns of arrays": r"\begin{array}{@{}r@{\,}c*{2}{l}p{2cm}} a & b & c & d & e \end{array}",
    "colour models": r"\color[rgb]{1,0,0} x + \textcolor[HTML]{00FF00}{y} + \color[gray]{.5} z",
    "a label": r"x = y \label{eq:x}",
    "a tag": r"x \tag{$*$}",
    "references": r"\eqref{x} + \ref{y}",
    "a command with a default": r"\newcommand{\foo}[2][7]{#1-#2} \foo{a} + \foo[3]{b}",
    "a command that KaTeX has": r"\newcommand{\R}{\mathbb{R}} \R",
    "a redefined command": r"\renewcommand\vec[1]{\mathbf{#1}} \vec x",
    "plain TeX's definitions": r"\def\x#1{a#1} \gdef\y{3} \x2 \y",
    "an operator": r"\DeclareMathOperator*{\argmax}{arg\,max} \argmax_x",
    "alignat": r"\begin{alignat}{2} a &= b & c &= d \\ e &= f \end{alignat}",
    "split in an equation": r"\begin{equation}\begin{split} a \\ c \end{split}\end{equation}",
    "text above and below the line": r"x\textsuperscript{2nd} y\textsubscript{max}",
    "slanted fractions": r"\nicefrac{1}{2} + \sfrac{3}{4}",
    "signs before": r"\prescript{14}{6}{C}",
    "a long first line": r"\begin{eqnarray} \lefteqn{a + b} \\ && = c \end{eqnarray}",
    "dots": r"1, \hdots, n \iddots",
    "more old switches": r"{\scr L} {\mit x} {\bfseries y} {\itshape z}",
    "what is for pages of paper": r"\require{AMS}\allowdisplaybreaks x \noindent \qedhere",
    "plain TeX's displaylines": r"\displaylines{a = b \cr c = d}",
    "plain TeX's numbers": r"a = b \eqno(1)",
    "a place for an array": r"\begin{array}[t]{ll} a & b \end{array}",
    "characters by their numbers": r"\unicode{x2AEB} \unicode[serif]{10987} \unicode { x2AEB }",
    "mathtools' small matrices": r"\begin{psmallmatrix} a & b \\ c & d \end{psmallmatrix} + "
    r"\begin{Bsmallmatrix} a \end{Bsmallmatrix} \begin{vsmallmatrix} a \end{vsmallmatrix}",
    "arcs": r"\overparen{AB} + \underparen{CD} + \wideparen{EF}",
    "above and below": r"\overunderset{a}{b}{\to}",
    "rows that are shoved": r"\begin{multline} a \\ \shoveleft{b} \\ c \end{multline}",
    "skewed accents": r"\skew3\hat{A}",
    "switches within text": r"\text{\sffamily a \ttfamily b \rmfamily c \normalfont d}",
    "space between rows": r"\begin{array}{c} a \vspace{2mm} \\ b \end{array}",
    "scripts without braces": r"b_\max + m_\boldsymbol{\mu}^T + \sum_\hat y x^ \underline{n}",
    "columns many times, without braces": r"\begin{array}[b]{*{3}c|*2r} a & b \end{array}",
    "limits of many integrals": r"\iiiint\limits_A f + \idotsint\limits_B^C f",
    "formulas in texts": r"\text{for \ensuremath{\phi_1}}",
    "mu kerns": r"a \mspace{-3mu} b",
    "eqnarray in a formula": r"f = \Bigl\{\begin{eqnarray} a &=& b \\ c &=& d \end{eqnarray}",
    "a full stop behind it": r"\begin{eqnarray*} a &=& b \\ c &=& d \end{eqnarray*}.",
    "rows apart": r"\renewcommand{\arraystretch}{1.5}\begin{array}{c} a \\ b \end{array}",
    "typographic characters": "x – y ’ “a” … z",
}


@pytest.fixture(scope="module")
def katex() -> Iterator[Katex]:
    engine = Katex(katex_folder(), MACROS)
    yield engine
    engine.close()


def typeset(katex: Katex, prepared: Prepared) -> Outcome:
    macros = tuple(m for definition in prepared.definitions for m in definition.macros())
    formula = Formula(
        key="k",
        tex="",
        prepared=prepared.tex,
        output="html",
        display=prepared.display,
        macros=macros,
        start=0,
        end=1,
        pieces=prepared.pieces,
    )
    return katex.typeset([formula])[0]


def ready(tex: str, display: bool = True) -> Prepared:
    return prepare(tex, ((0, 0),), display)


@pytest.mark.parametrize("tex", FORMULAS.values(), ids=FORMULAS.keys())
def test_katex_typesets_what_it_lacks(katex: Katex, tex: str) -> None:
    outcome = typeset(katex, ready(tex))
    assert not isinstance(outcome, MathError), outcome


@pytest.mark.parametrize("tex", FORMULAS.values(), ids=FORMULAS.keys())
def test_katex_leaves_a_place_for_every_number(katex: Katex, tex: str) -> None:
    prepared = ready(tex)
    outcome = typeset(katex, prepared)
    assert not isinstance(outcome, MathError), outcome
    numbered = sum(row.numbered for row in prepared.equation.rows)
    assert outcome.html.count('class="eqn-num"') == numbered


@pytest.mark.parametrize(
    "name", ["align", "gather", "eqnarray", "multline", "flalign", "equation", "align*"]
)
def test_an_environment_of_rows_fits_into_a_sentence(katex: Katex, name: str) -> None:
    outcome = typeset(katex, ready(rf"\begin{{{name}}} a = b \end{{{name}}}", display=False))
    assert not isinstance(outcome, MathError), outcome


@pytest.mark.parametrize(
    ("tex", "numbered"),
    [
        (r"\begin{align} a \\ b \notag \\ c \end{align}", [True, False, True]),
        (r"\begin{align*} a \\ b \end{align*}", [False, False]),
        (r"\begin{align*} a \\ b \label{x} \end{align*}", [False, True]),
        (r"\begin{gather} a \tag{A} \\ b \end{gather}", [False, True]),
        (r"\begin{multline} a \\ b \\ c \end{multline}", [False, False, True]),
        (r"\begin{multline} a \label{x} \\ b \end{multline}", [False, True]),
        (r"\begin{align} a \\ b \\ \end{align}", [True, True]),
        (r"\begin{equation} \begin{split} a \\ b \end{split} \end{equation}", [True]),
        (r"a = b \label{x}", [True]),
        (r"a = b", []),
    ],
)
def test_rows_are_numbered_as_amsmath_does_and_where_they_are_labelled(
    tex: str, numbered: list[bool]
) -> None:
    assert [row.numbered for row in ready(tex).equation.rows] == numbered


def test_most_formulas_are_not_touched() -> None:
    tex = r"\frac{\partial L}{\partial w} = \sum_{i=1}^n \mathbf{x}_i \left( y_i - \hat y_i \right)"
    assert ready(tex).tex is tex


def test_a_rewritten_formula_knows_where_its_characters_come_from() -> None:
    tex = r"\pmatrix{a & \KL \cr c & d}"
    prepared = ready(tex)
    at = prepared.tex.index(r"\KL")
    assert tex[source_offset(prepared.pieces, at) :].startswith(r"\KL")


@given(
    st.text(
        st.sampled_from("\\{}[]&%#$_^ \nabegin{align}\\label{x}\\def\\x\\newcommand–"), max_size=80
    )
)
def test_no_formula_breaks_the_rewrites(tex: str) -> None:
    prepared = ready(tex)
    for offset in range(len(prepared.tex)):
        assert 0 <= source_offset(prepared.pieces, offset) <= len(tex) + len(prepared.tex)


@pytest.mark.parametrize(
    ("tex", "prepared"),
    [
        (
            r"\begin{eqnarray} a &=& b \\ c \\ \end{eqnarray} .",
            r"\begin{align} a &= b \\ c .\\ \end{align}",
        ),
        (r"\begin{eqnarray*} a \end{eqnarray*}, % b", r"\begin{align*} a \end{align*}, % b"),
        (r"\begin{align} a \end{align}.", r"\begin{align} a \end{align}."),
    ],
)
def test_a_mark_behind_an_environment_leaves_the_numbers_at_the_end_of_the_line(
    tex: str, prepared: str
) -> None:
    assert prepare(tex, ((0, 0),), display=True).tex == prepared


def test_how_far_rows_stand_apart_is_set_for_one_formula_or_for_those_that_follow() -> None:
    array = r"\begin{array}{c} a \\ b \end{array}"
    setting = r"\renewcommand{\arraystretch}{2}"
    one = parse(f"${setting} {array}$ and ${array}$")
    assert [formula.macros for formula in one.formulas] == [(), ()]
    assert one.formulas[0].prepared == rf"\def\arraystretch{{2}} {array}"
    rest = parse(f"$x$ ${setting}$ ${array}$ and $y$")
    assert [formula.macros for formula in rest.formulas] == [(), ((r"\arraystretch", "2"),), ()]
    assert "unused-macro" not in [*one.codes, *rest.codes]
