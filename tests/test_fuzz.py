"""Random front matter, text and links: never a traceback, and a site that is built is whole."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from dialect import parse
from effort import tries
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sites import Site

pytestmark = [pytest.mark.random, pytest.mark.usefixtures("one_engine")]

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
KEYS = """
title date updated authors category categories tags slug draft description aliases id unlisted paper
papers links macros math ignore image lang series license nav extra tilte
"""
VALUES = [
    *("1", "yes", "null", "~", "''", '"', "[", "]", "{", "}", "- ", ": ", "#", "&a", "*a", "|\n "),
    *("2020-01-01", "2020-13-45", "2020-01-01T25:00", "2020-06-24 10:00 +02:00", "9999-12-31"),
    *("$x$", "$\\frac{a}{b", "\\alpha", '"\\alpha"', "$latex x", "x" * 300, "é", "א", "日本", "😀"),
    *("../x", "/old/", "a/b", "CON", "a?b", "%2e%2e", "<b>", "</script>", "]]>", "\t", "\x07"),
    *("arxiv:2006.04768", "doi:10.1/x", "isbn:0", "https://x.example/", "javascript:alert(1)"),
    *("{id: arxiv:1706.03762}", "[a, [b]]", "{\\a: b}", "!!python/none", "---", "...", "p.svg"),
]
LINES = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(KEYS.split()), st.lists(st.sampled_from(VALUES), max_size=3)).map(
            lambda pair: f"{pair[0]}: {' '.join(pair[1])}"
        ),
        st.sampled_from(VALUES),
        st.text(max_size=20),
    ),
    max_size=8,
)
WORDS = [
    *(
        "word",
        "Ünï",
        "日本語",
        "**",
        "*",
        "_",
        "`",
        "```\n",
        "~~~",
        "# ",
        "\n",
        "\n\n",
        "  \n",
        "    ",
    ),
    *("- ", "1. ", "> ", "| a | b |\n|---|---|\n", "|", ": ", "[^1]", "[^1]: x", "^[", "]", "[x] "),
    *(
        "$",
        "$$",
        "\\(",
        "\\)",
        "\\[",
        "\\]",
        "$latex ",
        "\\$",
        "\\frac{a}{b}",
        "{",
        "}",
        "&",
        "\\\\",
    ),
    *(
        "\\begin{align}",
        "\\end{align}",
        "\\label{a}",
        "\\eqref{a}",
        "\\tag{1}",
        "x_1",
        "^2",
        "\\foo",
    ),
    *("<div>", "</div>", "<!--more-->", "<!--", "-->", "<b", ">", "&lt;", "&amp;", "<svg>", "<td>"),
    *(
        "![",
        "](",
        ")",
        "[[b]]",
        "[[",
        "{.a #b}",
        '{dark="p.svg"}',
        "::: tabs\n",
        ":::\n",
        "> [!NOTE] ",
    ),
    *("https://youtu.be/abc", "![](p.svg)", "[b](b.md#part)", "\0", "\ufeff", "\u202e", "—", "“"),
]
LINKS = [
    *("b.md", "b.md#part", "b.md#nope", "/notes/b/", "/", "#", "#x", "p.svg", "p.svg?q", "p.svg#f"),
    *(
        "../static/s.txt",
        "/s.txt",
        "/s%2Etxt",
        "../../x",
        "%00",
        "a b.md",
        "//x.example",
        "mailto:a@b",
    ),
    *(
        "B.md",
        "b",
        "b/",
        "./b.md",
        "b.md?x=1#part",
        "/notes/b",
        "/NOTES/b/",
        "?x",
        "FILE:///x",
        "é.svg",
    ),
    *("/feed.xml", "/notes/b/index.html", "data:image/png;base64,x", "tel:1", ""),
]
FORMS = [
    *("[t]({})", "![t]({})", "<a href='{}'>t</a>", "<img src='{}' alt='t'>", "[t]: {}\n\n[t]"),
    *(
        '![t]({} "c")',
        "<{}>",
        "[[{}]]",
        "<video src='{}'></video>",
        "# [t]({})",
        "x[^1]\n\n[^1]: [t]({})",
    ),
]
OTHERS = {
    "paperblog.toml": 'title = "T"\nbase_url = "https://t.example/r/"\nsearch = false\n'
    "social_cards = false\n",
    "notes/b.md": "---\ntitle: B\ndate: 2020-01-02\n---\n## Part\n\n$x$\n",
    "notes/p.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>',
    "static/s.txt": "s",
}


@given(LINES)
@settings(max_examples=tries(60), suppress_health_check=SLOW)
def test_any_front_matter_gives_a_note_or_messages_inside_the_file(lines: list[str]) -> None:
    text = "---\n" + "\n".join(lines) + "\n---\nText.\n"
    parsed = parse(text)
    last = parsed.source.count("\n") + 1
    assert all(0 <= d.span.line <= last for d in parsed.note.diagnostics)


@given(st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=5)), max_size=30))
@settings(max_examples=tries(60), suppress_health_check=SLOW)
def test_any_text_builds_to_a_site_without_a_dead_link_or_to_messages(words: list[str]) -> None:
    _build({"notes/a.md": "---\ntitle: A\ndate: 2020-01-01\n---\n" + "".join(words)})


@given(st.lists(st.tuples(st.sampled_from(FORMS), st.sampled_from(LINKS)), max_size=6))
@example([("![t]({})", "p.svg?q"), ("[t]({})", "/notes/b/index.html")])
@settings(max_examples=tries(40), suppress_health_check=SLOW)
def test_links_that_a_build_lets_pass_lead_somewhere(links: list[tuple[str, str]]) -> None:
    text = "\n\n".join(form.format(link) for form, link in links)
    _build({"notes/a.md": f"---\ntitle: A\ndate: 2020-01-01\n---\n{text}\n"})


def _build(files: dict[str, str]) -> None:
    """Build a site of some notes beside the others; without an error it has no dead link."""
    folder = Path(tempfile.mkdtemp())
    try:
        site = Site(folder / "blog")
        site.root.mkdir()
        written = {name: text.encode("utf-8", "replace") for name, text in files.items()}
        site.write({**OTHERS, **written})
        result = site.build()
        assert result.status in (0, 1), result.err
        assert "Traceback" not in result.err
        outside = {path.name for path in folder.iterdir()} - {"blog"}
        assert outside == set()
        if result.status == 0:
            crawled = site.check("--built")
            assert crawled.status == 0, crawled.out + crawled.err
    finally:
        shutil.rmtree(folder)
