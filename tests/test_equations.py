"""Numbers, labels and references of equations, in a note and across notes."""

import json
import re

import pytest
from sites import MakeSite, Site

LOSS = "$$ a = b \\label{eq:loss} $$\n"


def text_of(site: Site, page: str) -> str:
    """The visible text of a page's formulas and links, tags taken out."""
    html = re.sub(r"<math.*?</math>", "", site.page(page), flags=re.DOTALL)
    return re.sub(r"<[^>]*>", "", html)


def test_a_reference_in_the_text_is_a_link_with_the_number(make_site: MakeSite) -> None:
    site = make_site(
        {"notes/a.md": f"# A\n\n{LOSS}\nSee \\eqref{{eq:loss}}, that is \\ref{{eq:loss}}.\n"}
    )
    assert site.build().status == 0
    page = site.page("notes/a/")
    assert 'See <a href="#eq-loss">(1)</a>, that is <a href="#eq-loss">1</a>.' in page
    assert 'class="equation" id="eq-loss"' in page


@pytest.mark.parametrize(
    "tex",
    [
        "$$\\label{eq:x} y = 1$$",
        "$$\n\\label{eq:x}\n\\begin{aligned} a &= b \\end{aligned}\n$$",
        "\\begin{equation}\\label{eq:x} y\\end{equation}",
        "\\begin{align}\\label{eq:x} x &= y \\\\ z &= w\\end{align}",
        "\\[\\label{eq:x} y\\]",
    ],
)
def test_a_label_may_stand_before_its_formula(make_site: MakeSite, tex: str) -> None:
    site = make_site({"notes/a.md": f"# A\n\n{tex}\n\nSee \\eqref{{eq:x}}.\n"})
    result = site.build()
    assert result.status == 0, result.err
    assert 'See <a href="#eq-x">(1)</a>.' in site.page("notes/a/")


def test_a_link_without_a_text_and_a_description_say_the_number(make_site: MakeSite) -> None:
    site = make_site({"notes/a.md": f"# A\n\nBy \\eqref{{eq:loss}}, [](#eq-loss).\n\n{LOSS}"})
    assert site.build().status == 0
    page = site.page("notes/a/")
    assert 'By <a href="#eq-loss">(1)</a>, <a href="#eq-loss">(1)</a>.' in page
    assert '<meta name="description" content="By (1), ' in page


def test_numbers_stand_in_the_html_and_in_the_mathml(make_site: MakeSite) -> None:
    tex = (
        "\\begin{align} a &= b \\\\ c &= d \\notag \\\\ e &= f \\tag{X} \\\\ g &= h \\end{align}\n"
    )
    site = make_site({"notes/a.md": f"# A\n\n{LOSS}\n{tex}"})
    assert site.build("--no-cache").status == 0
    page = site.page("notes/a/")
    assert re.findall(r'<span class="eqn-num">(.*?)</span>', page) == ["(1)", "(2)", "(3)"]
    assert re.findall(r'mml-eqn-num"><mtext>(.*?)</mtext>', page) == ["(1)", "(2)", "(X)", "(3)"]


def test_another_notes_equation_is_found_by_its_slug_and_by_a_link(make_site: MakeSite) -> None:
    other = "# B\n\nIn $x = \\eqref{a:eq:loss}$, \\eqref{a:eq:loss} and [](a.md#eq-loss).\n"
    site = make_site({"notes/a.md": f"# A\n\n$$z$$\n\n{LOSS}", "notes/b.md": other})
    assert site.build().status == 0
    page = site.page("notes/b/")
    assert page.count('<a href="../../notes/a/#eq-loss">') == 3
    assert "(1) and (1)" in text_of(site, "notes/b/")


def test_a_label_given_twice_and_an_unknown_reference_are_errors_at_their_place(
    make_site: MakeSite,
) -> None:
    site = make_site({"notes/a.md": f"# A\n\n{LOSS}\n{LOSS}\nSee \\eqref{{eq:los}}.\n"})
    result = site.check()
    assert result.status == 1
    assert "notes/a.md:5:10: error[duplicate-label]" in result.out
    assert "notes/a.md:7:5: error[unknown-reference]" in result.out
    assert "did you mean eq:loss?" in result.out


def test_a_new_equation_renumbers_the_others_and_typesets_none_of_them(
    make_site: MakeSite,
) -> None:
    rest = f"{LOSS}\nSee \\eqref{{eq:loss}} and $y = \\eqref{{eq:loss}}$.\n"
    site = make_site({"notes/a.md": f"# A\n\n{rest}"})
    site.build()
    site.write(
        {"notes/a.md": f"# A\n\n$$ n \\label{{eq:new}} $$\n\nBy \\eqref{{eq:new}}.\n\n{rest}"}
    )
    report = json.loads(site.build("--format", "json").out)
    assert report["typeset"] == 1
    assert '<a href="#eq-loss">(2)</a>' in site.page("notes/a/")


def test_the_nearest_label_of_another_note_is_named(make_site: MakeSite) -> None:
    site = make_site(
        {
            "notes/a.md": "# A\n\nBy \\eqref{b:eq:tw} it is.\n",
            "notes/b.md": "# B\n\n$$x \\label{eq:two}$$\n",
        }
    )
    assert "did you mean b:eq:two?" in site.check().out


def test_a_definition_holds_to_the_end_of_its_note_and_no_further(make_site: MakeSite) -> None:
    define = "$$\\newcommand{\\foo}[2][7]{#1-#2}\\DeclareMathOperator{\\rank}{rank}$$\n"
    site = make_site(
        {
            "notes/a.md": f"# A\n\n{define}\n$\\foo{{x}}$ $\\foo[3]{{y}}$ $\\rank A$\n",
            "notes/b.md": "# B\n\n$\\foo{x}$\n",
        }
    )
    result = site.check()
    assert [line for line in result.out.splitlines() if "error" in line][:1] == [
        "notes/b.md:3:2: error[math-undefined]: unknown command \\foo"
    ]
    assert "1 error\n" in result.out


def test_the_annotation_keeps_the_authors_tex(make_site: MakeSite) -> None:
    site = make_site({"notes/a.md": "# A\n\n$\\mathbb{1}_A + \\pmatrix{a & b}$\n"})
    assert site.build().status == 0
    assert "\\mathbb{1}_A + \\pmatrix{a &amp; b}</annotation>" in site.page("notes/a/")


def test_warnings_can_be_ignored_by_the_site_and_by_the_note(make_site: MakeSite) -> None:
    note = "---\ntitle: A\n{}---\nIn $x – y$.\n"
    site = make_site({"notes/a.md": note.format("")})
    assert "notes/a.md:4:7: warning[math-typography]" in site.check().out
    site.write({"notes/a.md": note.format("ignore: math-typography\n")})
    assert "math-typography" not in site.check().out
    site.write({"notes/a.md": note.format(""), "paperblog.toml": 'ignore = ["math-typography"]\n'})
    assert "math-typography" not in site.check().out


def test_an_error_cannot_be_ignored(make_site: MakeSite) -> None:
    site = make_site({"notes/a.md": "---\ntitle: A\nignore: math-syntax\n---\nText.\n"})
    result = site.check()
    assert "notes/a.md:3:9: error[wrong-value]: ignore: math-syntax is an error" in result.out


def test_a_note_may_have_its_formulas_in_mathml_alone(make_site: MakeSite) -> None:
    site = make_site({"notes/a.md": "---\ntitle: A\nmath: mathml\n---\n$x^2$\n"})
    assert site.build().status == 0
    page = site.page("notes/a/")
    assert "<math" in page
    assert "katex-html" not in page


def test_a_page_in_mathml_alone_links_no_style_sheet_of_katex(make_site: MakeSite) -> None:
    site = make_site(
        {
            "paperblog.toml": '[math]\noutput = "mathml"',
            "notes/a.md": "---\ntitle: 'On $x$'\n---\n$\\mathcal{L}$ and $\\textbf{b}$\n",
        }
    )
    assert site.build().status == 0
    page = site.page("notes/a/index.html")
    assert "katex" not in "".join(re.findall(r"<link[^>]*>", page))
    assert '<mi mathvariant="normal">ℒ</mi>' in page
    assert not list((site.root / "site").glob("**/katex*"))


def test_only_pages_with_html_link_katex(make_site: MakeSite) -> None:
    site = make_site(
        {
            "notes/a.md": "---\ntitle: A\nmath: mathml\n---\n$x^2$\n",
            "notes/b.md": "---\ntitle: B\n---\n$x^2$\n",
        }
    )
    assert site.build().status == 0
    assert "katex.min.css" not in site.page("notes/a/index.html")
    assert "katex.min.css" in site.page("notes/b/index.html")


def test_forms_of_environments_reach_the_style_sheet(make_site: MakeSite) -> None:
    tex = "\\begin{multline}a \\\\ b\\end{multline}\n\n\\begin{flalign*}a &= b\\end{flalign*}"
    site = make_site({"notes/a.md": f"---\ntitle: A\n---\n{tex}\n"})
    assert site.build().status == 0
    page = site.page("notes/a/index.html")
    assert re.findall(r'class="equation" data-form="(\w+)"', page) == ["multline", "flalign"]


def test_feeds_hold_each_formula_once_as_mathml_with_a_text(make_site: MakeSite) -> None:
    site = make_site({"notes/2020-01-01-a.md": "# A\n\n$\\frac{1}{n}\\sum_i x_i$\n"})
    assert site.build("--base-url", "https://example.org/").status == 0
    feed = site.page("feed.xml")
    assert "annotation" not in feed
    assert "katex-html" not in feed
    assert "alttext=&#34;1/n Σ_i x_i&#34;" in feed


def test_the_style_sheet_holds_what_the_formulas_use(make_site: MakeSite) -> None:
    site = make_site({"notes/a.md": "# A\n\n$x$\n"})
    site.build()
    fonts = sorted(path.name for path in site.output.glob("assets/katex-*/fonts/*"))
    assert "KaTeX_Math-Italic.woff2" in fonts
    assert "KaTeX_Fraktur-Regular.woff2" not in fonts
    site.write({"notes/a.md": "# A\n\n$\\mathfrak{x}$\n"})
    site.build()
    fonts = sorted(path.name for path in site.output.glob("assets/katex-*/fonts/*"))
    assert "KaTeX_Fraktur-Regular.woff2" in fonts
