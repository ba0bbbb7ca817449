"""Lengths in formulas that are more than a page has room for."""

import pytest
from sites import MakeSite

from paperblog.tex.limits import too_long


@pytest.mark.parametrize(
    ("tex", "found"),
    [
        (r"\rule{1000000em}{1em}", ["1000000em"]),
        (r"\rule{1em}{60.5 em}", ["60.5 em"]),
        (r"\kern-9999pt x", ["-9999pt"]),
        (r"\hspace{2cm} \rule{50em}{1pt}", []),
        (r"a \\[100em] b", ["100em"]),
        (r"x_{100em}", []),
        (r"1000 empty \text{100 ems}", []),
    ],
)
def test_a_length_over_fifty_em_is_found(tex: str, found: list[str]) -> None:
    assert [length.text for length in too_long(tex)] == found


def test_it_is_one_message_at_its_place(make_site: MakeSite) -> None:
    site = make_site({"notes/a.md": "# A\n\nA bar $\\rule{1000000em}{1em}$ and $x$.\n"})
    result = site.check()
    assert result.status == 1
    assert "notes/a.md:3:14: error[math-limit]: 1000000em is more than 50em" in result.out
    assert "1 error\n" in result.out


def test_a_macro_of_the_site_may_use_what_katex_lacks(make_site: MakeSite) -> None:
    configuration = "[math.macros]\n'\\one' = '\\mathbb{1}'\n'\\if' = '\\mbox{if }'\n"
    note = "---\nmacros: {two: '\\pmatrix{a & b}'}\n---\n# A\n\n$\\one_A \\if \\two$\n"
    site = make_site({"paperblog.toml": configuration, "notes/a.md": note})
    assert site.build().status == 0
    assert "𝟙" in site.page("notes/a/")
