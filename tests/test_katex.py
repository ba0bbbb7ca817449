"""The real KaTeX: what it typesets, what it refuses and where, and what it never lets through."""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from sites import MakeSite

from paperblog.adapters.katex import Katex, katex_folder
from paperblog.model.formula import Formula, MathError, Outcome, Typeset

pytestmark = pytest.mark.katex

# KaTeX's own colour for what it could not typeset; on a published page it is our mistake.
ERROR_COLOUR = "#cc0000"


@pytest.fixture(scope="module")
def engine() -> Iterator[Katex]:
    with closing(Katex(katex_folder())) as engine:
        yield engine


def formula(tex: str, display: bool = False, **macros: str) -> Formula:
    pairs = tuple((f"\\{name}", body) for name, body in sorted(macros.items()))
    return Formula(tex, tex, tex, "html", display, pairs, 0, len(tex), ((0, 0),))


def typeset(engine: Katex, *texts: str) -> Sequence[Outcome]:
    return engine.typeset([formula(tex) for tex in texts])


def html(outcome: Outcome) -> str:
    assert isinstance(outcome, Typeset), outcome
    return outcome.html


def error(outcome: Outcome) -> MathError:
    assert isinstance(outcome, MathError), outcome
    return outcome


def test_the_identity_names_the_version_and_our_options(engine: Katex) -> None:
    version = (katex_folder() / "VERSION").read_text().strip()
    assert engine.identity.startswith(f"katex {version} ")


def test_half_a_character_harms_no_other_formula(engine: Katex) -> None:
    half, whole = typeset(engine, '\\char"D800', "x")
    assert "\ufffd" in html(half)
    assert html(whole) == html(typeset(engine, "x")[0])


def test_v8_knows_the_options_that_it_is_given() -> None:
    # In a process of its own: V8 reads them once in a process, and says what it does not know.
    program = (
        "from paperblog.adapters.katex import Katex, katex_folder\n"
        "engine = Katex(katex_folder())\n"
        "engine.typeset([])\n"
        "engine.close()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    assert done.stderr == b""


def test_it_starts_beside_an_event_loop_that_runs() -> None:
    async def typeset_here() -> Sequence[Outcome]:
        with closing(Katex(katex_folder())) as engine:
            return typeset(engine, "x", "y")

    # In a thread of its own: a test that drives a browser leaves a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        outcomes = thread.submit(lambda: asyncio.run(typeset_here())).result()
    assert [isinstance(outcome, Typeset) for outcome in outcomes] == [True, True]


def test_a_formula_becomes_html_and_mathml_with_its_source(engine: Katex) -> None:
    (outcome,) = typeset(engine, r"a^2 < \alpha")
    assert '<span class="katex">' in html(outcome)
    assert "<math xmlns=" in html(outcome)
    assert '<annotation encoding="application/x-tex">a^2 &lt; \\alpha</annotation>' in html(outcome)


def test_display_math_is_told_from_inline_math(engine: Katex) -> None:
    inline, display = engine.typeset([formula("x"), formula("x", display=True)])
    assert "katex-display" not in html(inline)
    assert "katex-display" in html(display)
    assert 'display="block"' in html(display)


def test_outcomes_stand_in_the_order_of_the_formulas(engine: Katex) -> None:
    texts = [f"x_{{{number}}}" if number % 3 else "\\nosuch" for number in range(60)]
    outcomes = typeset(engine, *texts)
    assert len(outcomes) == 60
    for number, outcome in enumerate(outcomes):
        assert (f"x_{{{number}}}" in html(outcome)) if number % 3 else error(outcome)


def test_the_same_formulas_give_the_same_bytes_in_any_batch(engine: Katex) -> None:
    texts = [
        r"\frac{a}{b}",
        r"\sqrt{2}",
        r"\begin{matrix}a&b\end{matrix}",
        r"\text{und } \left(x\right)",
    ]
    together = typeset(engine, *texts)
    for tex, outcome in zip(texts, together, strict=True):
        with closing(Katex(katex_folder())) as fresh:
            assert typeset(fresh, tex) == [outcome]


def test_an_error_has_its_place_in_code_units(engine: Katex) -> None:
    (plain,) = typeset(engine, r"a + \nosuch b")
    assert error(plain).message == r"Undefined control sequence: \nosuch"
    assert error(plain).position == 4
    (emoji,) = typeset(engine, r"\text{🎓} + \nosuch b")
    # The emoji is one character for Python and two code units for JavaScript.
    assert error(emoji).position == len(r"\text{🎓} + ") + 1


def test_an_emoji_before_an_error_does_not_move_its_caret(make_site: MakeSite) -> None:
    site = make_site({"notes/a.md": "# 🎓\n\n🎓🎓 $\\text{🎓é𝔼} + \\nosuch b$ x\n"})
    report = json.loads(site.check("--format", "json").out)
    (place,) = [d for d in report["diagnostics"] if d["severity"] == "error"]
    assert (place["line"], place["column"], place["endColumn"]) == (3, 18, 25)


def test_one_wrong_formula_never_harms_another(engine: Katex) -> None:
    outcomes = typeset(engine, r"\frac{", "x", r"}", "y", r"\left(", "z", "\\", "w")
    assert [isinstance(outcome, Typeset) for outcome in outcomes] == [False, True] * 4


@pytest.mark.parametrize(
    "definition",
    [
        r"\gdef\leak{1}",
        r"\def\leak{1}",
        r"\global\def\leak{1}",
        r"\xdef\leak{1}",
        r"\global\let\leak=x",
    ],
)
def test_a_definition_does_not_leak_into_the_next_formula(engine: Katex, definition: str) -> None:
    first, second = typeset(engine, definition + r" \leak", r"\leak")
    assert isinstance(first, Typeset)
    assert r"\leak" in error(second).message
    (third,) = typeset(engine, r"\leak")
    assert r"\leak" in error(third).message


def test_a_formula_is_given_its_own_macros_alone(engine: Katex) -> None:
    with_macro = formula(r"\R \ni x", R=r"\mathbb{Q}")
    outcomes = engine.typeset([with_macro, formula(r"\R \ni x"), formula(r"\S", S=r"\R", R="r")])
    assert "ℚ" in html(outcomes[0]) or "Q" in html(outcomes[0])
    assert "R" in html(outcomes[1])
    assert isinstance(outcomes[2], Typeset)


@pytest.mark.parametrize(
    "tex",
    [
        r"\def\a{\a\a}\a",
        r"\def\a{\b}\def\b{\a}\a",
        r"\def\a#1{\a{#1#1}}\a{x}",
        "{" * 10_000 + "x" + "}" * 10_000,
        r"\sqrt{" * 3_000 + "x" + "}" * 3_000,
        r"x^{" * 4_000 + "x" + "}" * 4_000,
        r"\left(" * 3_000 + r"\right)" * 3_000,
    ],
    ids=lambda tex: tex[:16],
)
def test_endless_and_bottomless_formulas_end_in_one_message_each(engine: Katex, tex: str) -> None:
    before, outcome, after = typeset(engine, "x", tex, "y")
    assert error(outcome).message
    assert len(error(outcome).message) < 200
    assert isinstance(before, Typeset)
    assert isinstance(after, Typeset)


def test_endless_and_bottomless_formulas_are_reported_and_the_rest_is_typeset(
    make_site: MakeSite,
) -> None:
    bottomless = "{" * 9_000 + "}" * 9_000
    site = make_site(
        {"notes/a.md": f"# A\n\n$\\def\\a{{\\a\\a}}\\a$ and $x$\n\n$${bottomless}$$\n\n$y$\n"}
    )
    result = site.build("--keep-going")
    assert result.status == 1
    assert result.err.count("error[math-limit]") == 2
    assert "2 errors" in result.err
    assert site.page("notes/a/").count('<span class="katex">') == 2


def test_a_formula_of_a_megabyte_is_refused_without_typesetting(make_site: MakeSite) -> None:
    site = make_site({"notes/a.md": "# A\n\n$" + "x + " * 250_000 + "x$ and $y$\n"})
    report = json.loads(site.build("--keep-going", "--format", "json").out)
    assert report["status"] == 1
    (problem,) = [d for d in report["diagnostics"] if d["severity"] == "error"]
    assert problem["code"] == "math-limit"
    assert report["typeset"] == 1


DANGEROUS = [
    r"\href{/notes/a/}{x}",
    r"\href{javascript:alert(1)}{x}",
    r"\href{JAVASCRIPT:alert(1)}{x}",
    r"\href{data:text/html,x}{x}",
    r"\url{javascript:alert(1)}",
    r"\includegraphics{https://evil.example/x.png}",
    r"\htmlClass{evil}{x}",
    r"\htmlId{evil}{x}",
    r"\htmlStyle{position:fixed}{x}",
    r"\htmlData{evil=1}{x}",
]


@pytest.mark.parametrize("tex", DANGEROUS)
def test_a_formula_never_brings_scripts_images_or_attributes(engine: Katex, tex: str) -> None:
    (outcome,) = typeset(engine, tex)
    assert error(outcome).message.startswith(tex.partition("{")[0])


@pytest.mark.parametrize("address", ["https://a.example/", "mailto:ada@a.example", "#eq-one"])
def test_a_formula_may_link_to_other_sites_and_to_ids(engine: Katex, address: str) -> None:
    (outcome,) = typeset(engine, rf"\href{{{address}}}{{x}}")
    assert f'href="{address}"' in html(outcome)
    assert ERROR_COLOUR not in html(outcome)


@pytest.mark.parametrize(
    "tex",
    [
        r"</annotation><script>alert(1)</script>",
        r"\text{<img src=x onerror=alert(1)>}",
        r"\text{</span><script>}",
        r"\tag{<b>}x",
        'x" onclick="alert(1)',
        r"\color{red;position:fixed}x",
        r"\colorbox{\" onmouseover=x}{y}",
        r"\rule{1em;position:fixed}{1em}",
    ],
)
def test_markup_in_a_formula_stays_text(engine: Katex, tex: str) -> None:
    (outcome,) = engine.typeset([formula(tex, display=True)])
    if isinstance(outcome, Typeset):
        assert not re.search(r"<(script|img|b)\b", outcome.html)
        assert not re.search(r"<[^>]* on\w+=|<[^>]*position:fixed", outcome.html)


@pytest.mark.parametrize("tex", [r"\unknown", "x", r"\text{\badcommand}", r"\frac", "x^", "é–“"])
def test_no_output_holds_the_error_colour(engine: Katex, tex: str) -> None:
    (outcome,) = typeset(engine, tex)
    assert isinstance(outcome, MathError) or ERROR_COLOUR not in outcome.html


def test_a_nul_in_a_note_does_not_confuse_formulas_with_slots(make_site: MakeSite) -> None:
    site = make_site({"notes/a.md": "# A\0\n\n$a\0b$, \0f0\0 and $c$ `\0l0\0`\n"})
    result = site.build("--keep-going")
    assert "Traceback" not in result.err
    assert "\0" not in site.page("notes/a/")
    assert "\ufffdf0\ufffd" in site.page("notes/a/")


def test_odd_characters_are_typeset_or_refused_but_never_break_the_batch(engine: Katex) -> None:
    odd = ["\ud800", "\u202e", "\ufffe", "\u0300", "𝔸", "‘’“”–—…", "\u2028", "\\\\", "%", "% x", ""]
    outcomes = typeset(engine, *odd, "x")
    assert len(outcomes) == len(odd) + 1
    assert isinstance(outcomes[-1], Typeset)


def test_a_space_within_an_operator_swallows_nothing_that_follows(engine: Katex) -> None:
    for tex in (r"\mathop{a \quad \sum b}", r"\mathop{\int\mkern-9mu\int}"):
        (outcome,) = typeset(engine, tex)
        assert isinstance(outcome, Typeset)
        assert re.search(r'<mspace width="[^"]+"></mspace><mo>', outcome.html)
        assert "/>" not in outcome.html.partition("<annotation")[0]
    (outcome,) = typeset(engine, r"a \quad b")
    assert isinstance(outcome, Typeset)
    assert '<mspace width="1em"/>' in outcome.html


def test_chemistry_is_typeset_where_it_is_asked_for_and_changes_nothing_else() -> None:
    texts = ("x^2", r"\ce{SO4^2- + Ba^2+ -> BaSO4 v}", r"\pu{1.2e3 kJ//mol}", "x^2")
    with closing(Katex(katex_folder())) as engine:
        (before,) = typeset(engine, texts[0])
        outcomes = typeset(engine, *texts)
    assert outcomes[0] == outcomes[3] == before
    for tex, outcome in zip(texts[1:3], outcomes[1:3], strict=True):
        assert "#cc0000" not in html(outcome)
        assert f'encoding="application/x-tex">{tex.replace(">", "&gt;")}<' in html(outcome)


def test_an_author_s_own_command_stands_before_that_of_chemistry(engine: Katex) -> None:
    (own,) = engine.typeset([formula(r"\ce{H}", ce="c_e")])
    (same,) = typeset(engine, "c_e{H}")
    assert re.sub("<annotation.*</annotation>", "", html(own)) == re.sub(
        "<annotation.*</annotation>", "", html(same)
    )


def test_a_wrong_command_in_chemistry_is_an_error(engine: Katex) -> None:
    (outcome,) = typeset(engine, r"\ce{\nosuch}")
    assert error(outcome).message.startswith(r"Undefined control sequence: \nosuch")


def test_a_process_ends_though_nobody_closes_the_engine() -> None:
    program = (
        "from paperblog.adapters.katex import Katex, katex_folder\n"
        "from paperblog.model.formula import Formula\n"
        "engine = Katex(katex_folder())\n"
        "formula = Formula('k', 'x', 'x', 'html', False, (), 0, 1, ((0, 0),))\n"
        "print(len(engine.typeset([formula])))\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert (result.returncode, result.stdout) == (0, "1\n"), result.stderr
