"""The HTML of authors who are not trusted: what stays, what goes, and what is said of it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from dialect import Parsed, parse
from effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st
from sites import ROOT, MakeSite, Site
from test_syntax import FOLDER, cases

from paperblog.markdown.sanitize import sanitize
from paperblog.model.config import Config

SANITIZE = Config(html="sanitize")
VOID = {"br", "col", "hr", "img", "input", "source", "track", "wbr"}
SCRIPTS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x>",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)//",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></table></math>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='&#x6A;avascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=x></object><embed src=x>",
    "<form action=//evil.example><input type=submit><button formaction=x>y</button></form>",
    "<input type=image src=x onerror=alert(1)>",
    "<p style='background:url(javascript:alert(1));position:fixed'>x</p>",
    "<style>* { display: none }</style>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example/>",
    "<video><source onerror=alert(1)></video>",
    "<details open ontoggle=alert(1)>x</details>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<textarea></textarea><img src=x onerror=alert(1)>",
    "<a id=x tabindex=1 onfocus=alert(1)>x</a>",
    "<x-y onclick=alert(1)>z</x-y>",
]
HARMFUL_NAMES = """
script style iframe object embed form button svg math link meta base textarea noscript
template frame frameset applet dialog title head body html
"""
HARMFUL = set(HARMFUL_NAMES.split())


class Reader(HTMLParser):
    """Gathers what a page holds, each tag with its attributes in one order."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[tuple[object, ...]] = []
        markup = re.sub("\0d(.*?)\0", r' src="\1"', markup)
        self.feed(re.sub("\0(h[1-6])\0", r"\1", markup).replace("\0", "\ue000"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(
            (tag, *sorted((name, (value or "").rstrip(";")) for name, value in attrs))
        )

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.found.append(("/", tag))

    def handle_data(self, data: str) -> None:
        if self.found and self.found[-1][0] == "text":
            data = f"{self.found.pop()[1]}{data}"
        self.found.append(("text", data))

    @property
    def harm(self) -> list[object]:
        """Elements and attributes that do more than be read."""
        harm: list[object] = []
        for item in self.found:
            if item[0] in HARMFUL:
                harm.append(item)
            for name, value in (pair for pair in item[1:] if isinstance(pair, tuple)):
                scheme = "".join(str(value).split()).lower().partition(":")[0]
                if name.startswith("on") or scheme in ("javascript", "vbscript"):
                    harm.append(item)
                if name == "style" and ("url" in value or "position" in value):
                    harm.append(item)
        return harm


def clean(text: str) -> Parsed:
    return parse(text, SANITIZE)


@pytest.mark.parametrize("html", SCRIPTS)
@pytest.mark.parametrize("form", ["{}\n", "a {} b\n", "- {}\n\n  $x$\n", "|a|\n|-|\n|{}|\n"])
def test_nothing_that_runs_or_reaches_out_stays(form: str, html: str) -> None:
    parsed = clean(form.format(html))
    assert Reader(parsed.markup).harm == []


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        ("<script>alert(1)</script>", "1:1 html-removed the element script is taken out"),
        ("<p onclick='x'>a</p>", "1:4 html-removed the attribute onclick is taken out"),
        ("a <iframe src='x'></iframe>", "1:3 html-removed the element iframe is taken out"),
        ("> a <b STYLE='x'>c</b> <i onclick>", "1:27 html-removed the attribute onclick"),
        ("<a href='javascript:x'>a</a>", "1:4 html-removed the attribute href is taken out"),
    ],
)
def test_what_goes_is_told_at_its_place(html: str, problem: str) -> None:
    assert any(found.startswith(problem) for found in clean(html).problems)


@pytest.mark.parametrize(
    "html",
    [
        "<details><summary>More $x$</summary>\n\nText *here*.\n\n</details>\n",
        "<p class='a' id='b'>x<br>y <kbd>Ctrl</kbd> <sub>2</sub></p>\n",
        "<table><tr><td colspan=2 align=left>$a<b$</td></tr></table>\n",
        "a <span lang='de'>b</span> <abbr title='c'>d</abbr> <ruby>e<rt>f</rt></ruby>\n",
        "<figure><img src='a.png' alt='b' width=1 height=2></figure>\n",
    ],
)
def test_what_is_only_read_stays_and_nothing_is_said(html: str) -> None:
    trusted, cleaned = parse(html), clean(html)
    assert cleaned.codes == trusted.codes
    assert [formula.tex for formula in cleaned.formulas] == [f.tex for f in trusted.formulas]
    wanted = [item for item in Reader(trusted.markup).found if item[0] not in ("tbody",)]
    found = [item for item in Reader(cleaned.markup).found if "tbody" not in item]
    assert found == wanted


def sources() -> list[object]:
    files = sorted(FOLDER.glob("*.md"))
    tables = [
        pytest.param(case.sections["input"], id=f"{file.stem}: {case.title}")
        for file in files
        for case in cases(file)
        # Raw HTML, and attributes that HTML does not know, are what is taken out.
        if "<" not in case.sections["input"] and "key=" not in case.sections["input"]
    ]
    notes = [
        pytest.param(path.read_text(encoding="utf-8"), id=path.name)
        for path in sorted(Path(ROOT, "notes").rglob("*.md"))
    ]
    return [*tables, *notes]


@pytest.mark.parametrize("text", sources())
def test_what_markdown_makes_is_left_as_it_is(text: str) -> None:
    trusted, cleaned = parse(text), clean(text)
    assert Reader(cleaned.markup).found == Reader(trusted.markup).found
    assert cleaned.note.diagnostics == trusted.note.diagnostics


PIECES = [
    *SCRIPTS,
    *["<div>", "</div>", "</main>", "<p>", "</p>", "<td>", "<li>", "</article>", "<h1>", "<table>"],
    *["# h", "\n\n", "$x<y$", "[a](b.md)", "*", "`", "|", "- ", "> ", "<!--", "-->", "<", "'", '"'],
    *["slot", "&lt;script&gt;", "{onclick=x}", "\\", "<![CDATA[", "<?", "\0"],
]


@pytest.mark.random
@given(st.lists(st.sampled_from(PIECES), max_size=12))
@settings(max_examples=tries(100))
def test_no_mixture_does_harm_or_reaches_beyond_its_note(pieces: list[str]) -> None:
    parsed = clean("".join(pieces))
    reader = Reader(parsed.markup)
    assert reader.harm == []
    depth = 0
    for item in reader.found:
        if item[0] == "/":
            depth -= 1
        elif item[0] != "text" and item[0] not in VOID:
            depth += 1
        assert depth >= 0
    assert depth == 0


def test_slots_come_through_and_cannot_be_forged() -> None:
    markup = '<p>\0f12\0 <a\0a3\0>b</a> <\0h2\0 id="\0ix y\0">c</\0h2\0></p><img src="\0l4\0">'
    cleaned = sanitize(markup)
    assert [cleaned.count(f"\0{slot}\0") for slot in ("f12", "a3", "h2", "ix y", "l4")] == [
        *(1, 1, 2, 1, 1)
    ]
    assert sanitize("slot0000000000000000n1x") == "slot0000000000000000n1x"


def test_a_site_with_untrusted_authors_builds_safely(make_site: MakeSite) -> None:
    site: Site = make_site(
        {
            "paperblog.toml": 'base_url = "https://x.example/"\n[security]\nhtml = "sanitize"\n',
            "notes/a.md": "---\ntitle: <b>A</b>\ndate: 2020-01-01\n---\n"
            "<script>alert(1)</script> </main><p onclick='x'>$$\\frac{a}{b}$$</p>\n\n[b](b.md)\n",
            "notes/b.md": "# B\n",
        }
    )
    result = site.build()
    assert result.status == 0, result.err
    assert "notes/a.md:5:1: warning[html-removed]: the element script is taken out" in result.err
    page = site.page("notes/a/")
    assert "alert(1)" not in page + site.page("feed.xml")
    assert "onclick" not in page
    assert page.count("</main>") == 1
    assert 'class="katex' in page
    assert 'href="../../notes/b/"' in page
