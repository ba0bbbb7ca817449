"""What `check --built` finds in a built site, and where it says that it was written."""

import json
import os
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sites import MakeSite, Site

from paperblog.adapters.folder import DiskFolder
from paperblog.adapters.workers import InProcess
from paperblog.links.crawl import Crawled, gather, read_leaves
from paperblog.links.resolve import Mount
from paperblog.links.scan import Use, scan_css, scan_html, scan_json, scan_text, scan_xml

BASE = "https://t.example/repo/"
ATOM = 'xmlns="http://www.w3.org/2005/Atom"'


def crawl(folder: Path, files: dict[str, str], base: str = BASE, portable: bool = False) -> Crawled:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return gather(read_leaves(DiskFolder(str(folder)), Mount(base, portable), InProcess()))


def said(crawled: Crawled) -> list[str]:
    return [f"{finding.code.name}: {finding.message}" for finding in crawled.findings]


# ------------------------------------------------------------------ what a page holds


@pytest.mark.parametrize(
    ("markup", "urls"),
    [
        ('<a href="x">', ["x"]),
        ("<a href=x>", ["x"]),
        ("<A HREF='x'>", ["x"]),
        ('<a href="a&amp;b">', ["a&b"]),
        ('<a title=">" href="x">', ["x"]),
        ("<a title=it's href='x'>", ["x"]),
        ('<a href="x" href="y">', ["x"]),
        ('<!-- <a href="no"> --><a href="x">', ["x"]),
        ('<!--><a href="x">', ["x"]),
        ('<script>"<a href=no>"</script><a href="x">', ["x"]),
        ('<title><a href="no"></title><a href="x">', ["x"]),
        ('<scripty href="x">', ["x"]),
        ("<span class='a'><span class=\"b\" id='i'></span><a href=x></a>", ["x"]),
        ('<img src="a" srcset="b 1x, c,d 2x,e">', ["a", "b", "c,d", "e"]),
        ('<link imagesrcset="a 1x, b 2x" rel="preload">', ["a", "b"]),
        ('<video poster="p" src="v"><track src="t"><source src="s">', ["p", "v", "t", "s"]),
        ('<object data="o"></object><div data="no">', ["o"]),
        ('<form action="f"><button formaction="g">', ["f", "g"]),
        ('<meta http-equiv="refresh" content="0; url=there/">', ["there/"]),
        ("<meta http-equiv=refresh content=\"0;URL='there'\">", ["there"]),
        ('<meta http-equiv="refresh" content="5">', []),
        ('<meta property="og:image" content="i"><meta name="twitter:image" content="j">',
         ["i", "j"]),
        ('<meta property="og:title" content="no">', []),
        ('<p style="background: url(\'s\')">', ["s"]),
        ("<style>@import 'i'; p { background: url( u ) } /* url(no) */</style>", ["i", "u"]),
        ('<svg><use xlink:href="#u"/><image href="i"/></svg>', ["#u", "i"]),
        ('<script type="application/ld+json">{"@id": "https://no/", "url": "https://y/"}</script>',
         ["https://y/"]),
        ("<a href=x", ["x"]),
        ("a < b href=no <", []),
    ],
)  # fmt: skip
def test_the_addresses_of_a_page_are_those_that_a_browser_sees(
    markup: str, urls: list[str]
) -> None:
    assert [address.url for address in scan_html(markup).addresses] == urls


def test_an_address_stands_where_it_is_written() -> None:
    page = '<p class="x">é</p>\n<a class="y" href="there">'
    (address,) = scan_html(page).addresses
    assert page[address.at :].startswith("there")


@pytest.mark.parametrize(
    ("markup", "use"),
    [
        ('<a href="x">', Use.FOLLOWED),
        ('<img src="x">', Use.LOADED),
        ('<link rel="stylesheet" href="x">', Use.LOADED),
        ('<link rel="canonical" href="x">', Use.FOLLOWED),
        ('<link rel="alternate" href="x">', Use.FOLLOWED),
        ('<iframe src="x">', Use.LOADED),
    ],
)
def test_what_a_page_loads_is_told_from_what_a_reader_follows(markup: str, use: Use) -> None:
    assert [address.use for address in scan_html(markup).addresses] == [use]


class Reference(HTMLParser):
    """The same with the standard library's parser, which is slower by far."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        first = dict(reversed(attributes))
        self.found += [first[name] or "" for name in ("id", "href") if name in first]


PIECES = st.sampled_from(
    [
        "<a href='x'>",
        '<p id="i">',
        "</a>",
        "<!--",
        "-->",
        "text",
        "<b\n id=j\t>",
        "<i class='<>'>",
        '<em title="a=\'b">',
        '<span class="c">',
        "&amp;",
        "<script>",
        "</script>",
        "<img/id=k>",
    ]
)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_the_scanner_agrees_with_the_parser_of_the_standard_library(page: str) -> None:
    # What is not closed at the end of a file is read in several ways, also among browsers.
    page += "--></script>"
    scanned = scan_html(page)
    ours = sorted([*scanned.ids, *(address.url for address in scanned.addresses)])
    assert ours == sorted(Reference(page).found)


@given(st.text(alphabet="<>/=\"' aid-!s\n&;"))
def test_any_text_is_scanned(text: str) -> None:
    scanned = scan_html(text)
    assert all(0 <= address.at <= len(text) for address in scanned.addresses)
    list(scan_css(text))
    scan_xml(text)
    scan_json(text, "a")
    scan_text(text, "a")


def test_hostile_markup_is_scanned_in_bounded_time() -> None:
    for piece in ("<a ", "<a b='", "<!--", "<a =", "<style>", "url(", "<a href=x srcset='a,"):
        scan_html(piece * 50_000)
    list(scan_css("url(" * 50_000))


# ------------------------------------------------------------------ where it leads


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("there/", []),
        ("./there/#id", []),
        ("there/?query#id", []),
        ("/repo/there/", []),
        ("https://t.example/repo/there/", []),
        ("//t.example/repo/there/index.html", []),
        ("there/f%C3%A9.txt", []),
        ("there/fé.txt", []),
        ("#top", []),
        ("#", []),
        ("there/#:~:text=x", []),
        ("mailto:a@b.example", []),
        ("data:text/plain,%zz", ["malformed-link: the address data:text/plain,%zz holds a % that "
                                 "encodes nothing"]),
        ("https://else.example/", []),
        ("https://t.example/other/", []),
        ("there", ["inexact-link: /there leads on to /there/"]),
        ("plain", ["inexact-link: /plain is found as /plain.html by some servers alone"]),
        ("nowhere/", ["broken-link: nothing is published at /nowhere/"]),
        ("there/#nope", ["broken-fragment: there is no id nope at /there/"]),
        ("There/", ["link-case: /There/ is published as /there/"]),
        ("there/fe\u0301.txt", ["link-case: /there/fe\u0301.txt is published as /there/fé.txt"]),
        ("../x", ["outside-link: ../x climbs above the root of the site"]),
        ("/there/", ["outside-link: /there/ leaves the site, which is published below /repo/"]),
        ("file:///me/x", ["outside-link: file:///me/x is a file of the author's machine"]),
        ("a b", ["malformed-link: the address a b holds a blank"]),
        ("a\\b", ["malformed-link: the address a\\b holds a backslash"]),
        ("100%", ["malformed-link: the address 100% holds a % that encodes nothing"]),
        ("%ff", ["malformed-link: the address %ff is not encoded as UTF-8"]),
        ("https:there/", ["malformed-link: the address https:there/ names no host"]),
    ],
)  # fmt: skip
def test_a_link_is_read_as_a_browser_reads_it(tmp_path: Path, link: str, words: list[str]) -> None:
    pages = {
        "index.html": f'<a href="{link}"></a><a href="there/"></a><a href="plain.html"></a>',
        "there/index.html": '<p id="id">',
        "there/fé.txt": "",
        "plain.html": "",
    }
    assert said(crawl(tmp_path, pages)) == words


def test_names_are_told_apart_where_the_file_system_does_not(tmp_path: Path) -> None:
    class Lax(DiskFolder):
        """A folder whose file system takes any capitals, as those of macOS and Windows do."""

        def names(self, folder: str) -> dict[str, bool]:
            for path in Path(self.root).rglob("*"):
                if path.relative_to(self.root).as_posix().casefold() == folder.casefold():
                    folder = path.relative_to(self.root).as_posix()
            return dict(super().names(folder))

    crawl(tmp_path, {"index.html": '<a href="Deep/a.html">', "deep/a.html": ""})
    found = gather(read_leaves(Lax(str(tmp_path)), Mount(BASE, False), InProcess()))
    assert said(found)[0] == "link-case: /Deep/a.html is published as /deep/a.html"


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("there/index.html", []),
        ("there/", ["outside-link: /there/ is a folder, which opens as a list of files from disk"]),
        ("there", ["outside-link: /there is a folder, which opens as a list of files from disk"]),
        ("/repo/there/index.html", ["outside-link: /repo/there/index.html begins at the root of a "
                                    "server, and there is none on disk"]),
        ("https://t.example/repo/there/", []),
    ],
)  # fmt: skip
def test_a_portable_page_is_read_from_disk(tmp_path: Path, link: str, words: list[str]) -> None:
    pages = {
        "index.html": f'<a href="{link}"></a><a href="there/index.html"></a>',
        "there/index.html": "",
    }
    assert said(crawl(tmp_path, pages, portable=True)) == words


def test_the_page_of_a_missing_address_must_not_link_relatively(tmp_path: Path) -> None:
    pages = {"index.html": "", "404.html": '<a href="./"></a><a href="/repo/"></a>'}
    (words,) = said(crawl(tmp_path, pages))
    assert words.startswith("outside-link: ./ is relative")
    assert said(crawl(tmp_path, {"404.html": '<a href="/repo/"></a>'}, portable=True)) == []


def test_a_page_with_a_base_is_read_from_there(tmp_path: Path) -> None:
    pages = {
        "index.html": '<base href="deep/"><a href="a.html"></a><a href="b.html"></a>',
        "deep/a.html": "",
    }
    assert said(crawl(tmp_path, pages)) == ["broken-link: nothing is published at /deep/b.html"]


def test_what_feeds_sitemaps_and_data_name_must_be_there(tmp_path: Path) -> None:
    files = {
        "index.html": "",
        "feed.xml": f'<feed {ATOM}><id>https://t.example/repo/?p=1</id><link href="{BASE}a/"/>'
        f'<content type="html">&lt;img src="{BASE}b.png"&gt;&lt;img src="c.png"&gt;</content>'
        "</feed>",
        "sitemap.xml": f"<urlset><url><loc>{BASE}d/</loc></url></urlset>",
        "feed.json": json.dumps({"url": f"{BASE}e/", "id": f"{BASE}no/", "content_html": "<a href"
                                 f"='{BASE}f/'>"}),
        "llms.txt": f"See {BASE}g/, and [this]({BASE}h/).",
        "style.css": "p { background: url(i.png) }",
        "drawing.svg": '<svg><image href="j.png"/></svg>',
    }  # fmt: skip
    found = said(crawl(tmp_path, files))
    missing = sorted(words.rpartition(" ")[2] for words in found if words.startswith("broken-link"))
    assert missing == ["/a/", "/b.png", "/d/", "/e/", "/f/", "/g/", "/h/", "/i.png", "/j.png"]
    assert "relative-in-feed: c.png is relative, and a feed is read away from the site" in found


@pytest.mark.parametrize(
    ("name", "content"), [("feed.xml", "<feed><entry></feed>"), ("feed.json", '{"a": }')]
)
def test_a_feed_that_cannot_be_read_is_said(tmp_path: Path, name: str, content: str) -> None:
    found = crawl(tmp_path, {"index.html": "", name: content})
    assert [finding.code.name for finding in found.findings] == ["malformed-file"]
    assert content[found.findings[0].at :] != ""


def test_what_a_page_loads_from_elsewhere_is_said_and_its_links_are_not(tmp_path: Path) -> None:
    page = '<img src="https://else.example/x.png"><a href="https://else.example/">'
    found = said(crawl(tmp_path, {"index.html": page}))
    assert found == [
        "foreign-resource: the page loads https://else.example/x.png from another host"
    ]


def test_pages_that_nothing_leads_to_are_named(tmp_path: Path) -> None:
    pages = {
        "index.html": '<a href="a.html">',
        "a.html": '<a href="b.html">',
        "b.html": "",
        "lost.html": '<a href="b.html">',
        "old/index.html": '<meta http-equiv="refresh" content="0; url=../b.html">',
        "404.html": "",
    }
    assert said(crawl(tmp_path, pages)) == [
        "unreachable-page: no way of links leads from the home page to /lost.html"
    ]


def test_a_redirect_must_lead_somewhere(tmp_path: Path) -> None:
    page = '<meta http-equiv="refresh" content="0; url=../gone/">'
    assert said(crawl(tmp_path, {"index.html": "", "old/index.html": page})) == [
        "broken-link: nothing is published at /gone/"
    ]


# ------------------------------------------------------------------ whose fault it is


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    return make_site(
        {
            "paperblog.toml": f'title = "T"\nbase_url = "{BASE}"\n',
            "notes/a.md": "---\ntitle: A\ndate: 2020-01-01\n---\n[b](b.md#part) ![P](p.svg)\n",
            "notes/b.md": "---\ntitle: B\ndate: 2020-01-02\n---\n## Part\n",
            "notes/p.svg": "<svg/>",
        }
    )


def messages(site: Site, *arguments: str) -> list[str]:
    """What a check of the built site says: place, code and message."""
    result = site.check("--built", "--format", "json", *arguments)
    found = json.loads(result.out)["diagnostics"]
    return [f"{d['file']}:{d['line']}:{d['column']} {d['code']}: {d['message']}" for d in found]


def test_a_sound_site_has_nothing_to_say(site: Site) -> None:
    site.build()
    result = site.check("--built")
    assert (result.status, result.counts.split(", ", 2)[:2]) == (0, ["2 notes", "0 formulas"])
    assert " addresses in " in result.counts


def test_a_broken_link_is_said_at_the_reference_that_made_it(site: Site) -> None:
    site.build()
    page = site.page("notes/b/")
    site.write({"site/notes/b/index.html": page.replace(' id="part"', "")})
    (site.output / "notes/p.svg").unlink()
    assert messages(site) == [
        "notes/a.md:5:5 broken-fragment: there is no id part at /notes/b/",
        "notes/a.md:5:21 broken-link: nothing is published at /notes/p.svg",
    ]


def test_a_broken_link_of_raw_html_is_said_in_the_note_and_not_on_lists(site: Site) -> None:
    site.write(
        {"notes/b.md": "---\ntitle: B\n---\nOne\n\n<p><object data='Gone.pdf'></object></p>\n"}
    )
    site.build("--keep-going")
    assert "notes/b.md:6:18 broken-link: nothing is published at /notes/b/Gone.pdf" in messages(
        site
    )


def test_a_broken_link_of_the_navigation_is_said_once_and_in_the_configuration(site: Site) -> None:
    nav = '[[nav]]\ntitle = "Gone"\nurl = "gone/"\n'
    site.write({"paperblog.toml": f'title = "T"\nbase_url = "{BASE}"\n{nav}'})
    site.build()
    assert messages(site) == ["paperblog.toml:5:8 broken-link: nothing is published at /gone/"]
    assert "it stands on " in site.check("--built").out


def test_a_broken_link_of_a_template_is_said_in_the_template(site: Site) -> None:
    site.write(
        {"templates/parts/footer.html": '<footer>\n<a href="{{ "" }}//t.example/repo/zz">Z</a>'}
    )
    site.build()
    site.write({"templates/parts/footer.html": '<footer>\n<a href="//t.example/repo/zz">Z</a>'})
    site.build()
    assert messages(site) == [
        "templates/parts/footer.html:2:10 broken-link: nothing is published at /zz"
    ]


def test_what_nobody_wrote_is_said_on_the_page(site: Site) -> None:
    site.build()
    site.write(
        {
            "site/extra.html": 'x\n<a href="gone/">',
            "site/index.html": site.page("") + "<a href='extra.html'>",
        }
    )
    assert messages(site) == ["site/extra.html:2:10 broken-link: nothing is published at /gone/"]


def test_unlisted_notes_are_out_of_the_way_on_purpose(site: Site) -> None:
    site.write({"notes/c.md": "---\ntitle: C\nunlisted: true\n---\nText\n", "static/own.html": "x"})
    site.build()
    assert messages(site) == []


def test_a_note_can_ignore_what_it_means_to_do(site: Site) -> None:
    text = "---\ntitle: C\n{}---\n<p style='background: url(https://else.example/x.png)'>x</p>\n"
    site.write({"notes/c.md": text.format("")})
    site.build()
    assert messages(site) == [
        "notes/c.md:4:27 foreign-resource: the page loads https://else.example/x.png "
        "from another host"
    ]
    site.write({"notes/c.md": text.format("ignore: [foreign-resource]\n")})
    site.build()
    assert messages(site) == []


def test_every_form_of_report_holds_what_the_crawl_found(site: Site) -> None:
    site.build()
    (site.output / "notes/p.svg").unlink()
    assert site.check("--built").status == 1
    assert "notes/a.md:5:21: error[broken-link]" in site.check("--built").out
    assert "::error file=" in site.check("--built", "--format", "github").out
    log = json.loads(site.check("--built", "--format", "sarif").out)
    assert [result["ruleId"] for result in log["runs"][0]["results"]] == ["broken-link"]
    assert json.loads(site.check("--built", "--format", "json").out)["addresses"] > 10


def test_a_site_that_is_not_built_is_one_sentence(site: Site) -> None:
    result = site.check("--built")
    assert result.status == 2
    assert "there is no built site in" in result.err
    assert site.check("--portable").status == 2


def test_a_folder_elsewhere_can_be_checked(site: Site, tmp_path: Path) -> None:
    site.build("-o", str(tmp_path / "out"), "--portable")
    result = site.check("--built", str(tmp_path / "out"), "--portable")
    assert result.status == 0, result.out
    assert site.check("--built", str(tmp_path / "out")).status == 0
    site.build("-o", str(tmp_path / "web"))
    assert site.check("--built", str(tmp_path / "web"), "--portable").status == 1


def test_processes_find_the_same_as_one(site: Site) -> None:
    for number in range(200):
        site.write({f"site/n{number}.html": f'<a href="gone-{number}">'})
    assert site.build("--clean").status == 0
    for number in range(200):
        site.write({f"site/n{number}.html": f'<a href="gone-{number}">'})
    one = site.check("--built", "--format", "json", "--jobs", "1").out
    two = site.check("--built", "--format", "json", "--jobs", "2").out
    assert len(json.loads(one)["diagnostics"]) == 400
    assert json.loads(one)["diagnostics"] == json.loads(two)["diagnostics"]
    assert os.listdir(site.output)
