"""Feeds, held against what their specifications demand: RFC 4287 and JSON Feed 1.1."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

import pytest
from sites import MakeSite, Site

from paperblog.features import sitemap

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XML = "{http://www.w3.org/XML/1998/namespace}"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
LINK = re.compile(r'(?:href|src)="([^"]*)"')


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    """Notes with formulas, links, an image and signs that XML forbids, under two languages."""
    site = make_site(
        {
            "paperblog.toml": 'title = "A & B"\ntagline = "<signs>"\n'
            'base_url = "https://notes.example/blog/"\nlicense = "CC BY 4.0"\n'
            "[authors.ada]\nname = 'Ada Sample'\n",
            "notes/a.md": "---\ntitle: 'On $O(n)$ & <tags>'\ndate: 2020-03-03 14:30\nauthor: ada\n"
            "tags: [x, y]\ncategory: C\nupdated: 2020-04-04\n---\n"
            "A formula $x < y$, [a link](b.md#part), ![a plot](p.svg)[^1].\n\n$$\\sum_i x_i$$\n\n"
            "[^1]: Here.\n",
            "notes/b.md": '---\ntitle: "Bell \\x07 "\ndate: 2020-02-02\nid: urn:example:b\n'
            "lang: de\ntags: x\n---\n## Part {#part}\n\nEin ]]> Text.\n",
            "notes/undated.md": "---\ntitle: Undated\n---\nText.\n",
            "notes/secret.md": "---\ntitle: Secret\ndate: 2020-02-03\ndraft: true\n---\nText.\n",
            "notes/hidden.md": "---\ntitle: Hidden\ndate: 2020-02-03\nunlisted: true\n---\nText.\n",
            "notes/p.svg": "<svg/>",
        }
    )
    result = site.build()
    assert result.status == 0, result.err
    return site


def feeds(site: Site) -> Iterator[tuple[str, ET.Element]]:
    found = sorted(name for name in site.written() if name.endswith("feed.xml"))
    assert len(found) == 5, found
    for name in found:
        yield name, ET.fromstring(site.page(name))


def test_a_feed_has_what_rfc_4287_demands(site: Site) -> None:
    for name, feed in feeds(site):
        ids = [element.text for element in feed.iter(f"{ATOM}id")]
        assert len(set(ids)) == len(ids), name
        for text in ids:
            assert re.fullmatch(r"[a-z][a-z0-9+.-]*:\S+", text or ""), text
        for holder in [feed, *feed.iter(f"{ATOM}entry")]:
            for required in ("id", "title", "updated"):
                assert len(holder.findall(f"{ATOM}{required}")) == 1, (name, required)
        for kind in ("updated", "published"):
            for element in feed.iter(f"{ATOM}{kind}"):
                assert RFC_3339.fullmatch(element.text or ""), element.text
                assert datetime.fromisoformat(element.text or "").tzinfo
        links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
        assert links["self"] == f"https://notes.example/blog/{name}"
        assert feed.find(f"{ATOM}author/{ATOM}name") is not None
        for entry in feed.iter(f"{ATOM}entry"):
            rels = [link.get("rel") for link in entry.findall(f"{ATOM}link")]
            assert rels.count("alternate") == 1
            assert entry.find(f"{ATOM}content") is not None
        newest = max(
            datetime.fromisoformat(e.findtext(f"{ATOM}updated") or "")
            for e in feed.iter(f"{ATOM}entry")
        )
        assert datetime.fromisoformat(feed.findtext(f"{ATOM}updated") or "") == newest


def test_every_address_in_a_feed_is_absolute(site: Site) -> None:
    for _, feed in feeds(site):
        addresses = [link.get("href", "") for link in feed.iter(f"{ATOM}link")]
        for content in feed.iter(f"{ATOM}content"):
            addresses += LINK.findall(content.text or "")
        assert len(addresses) > 4
        for address in addresses:
            assert urlsplit(address).scheme == "https", address


def test_formulas_in_a_feed_are_mathml_with_words_and_without_tex_to_print(site: Site) -> None:
    for text in (site.page("feed.xml"), site.page("feed.json")):
        assert "alttext=" in text.replace("\\", "")
        assert "annotation" not in text
        assert "katex" not in text


def test_a_feed_says_the_languages_of_its_notes(site: Site) -> None:
    feed = ET.fromstring(site.page("feed.xml"))
    assert feed.get(f"{XML}lang") == "en"
    assert feed.get(f"{XML}base") == "https://notes.example/blog/"
    languages = {e.findtext(f"{ATOM}id"): e.get(f"{XML}lang") for e in feed.iter(f"{ATOM}entry")}
    assert languages["urn:example:b"] == "de"


def test_a_sign_that_xml_forbids_does_not_spoil_the_feed(site: Site) -> None:
    titles = [
        e.findtext(f"{ATOM}title")
        for e in ET.fromstring(site.page("feed.xml")).iter(f"{ATOM}entry")
    ]
    assert titles == ["On O(n) & <tags>", "Bell "]


def test_the_json_feed_is_one_of_version_1_1(site: Site) -> None:
    feed = json.loads(site.page("feed.json"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"] == "A & B"
    assert feed["home_page_url"] == "https://notes.example/blog/"
    assert feed["feed_url"] == "https://notes.example/blog/feed.json"
    first, second = feed["items"]
    assert first["id"] == first["url"] == "https://notes.example/blog/notes/a/"
    assert first["authors"] == [{"name": "Ada Sample"}]
    assert first["tags"] == ["C", "x", "y"]
    assert first["date_published"] == "2020-03-03T14:30:00+00:00"
    assert first["date_modified"] == "2020-04-04T00:00:00+00:00"
    assert '<a href="https://notes.example/blog/notes/b/#part">a link</a>' in first["content_html"]
    assert (second["id"], second["language"]) == ("urn:example:b", "de")


def test_a_json_feed_without_notes_has_an_empty_list(make_site: MakeSite) -> None:
    site = make_site({"paperblog.toml": 'base_url = "https://n.example/"', "notes/.gitkeep": ""})
    assert site.build().status == 0
    assert json.loads(site.page("feed.json"))["items"] == []


def test_pages_announce_the_feeds(site: Site) -> None:
    pattern = r'<link rel="alternate" type="([^"]*)" title="([^"]*)" href="([^"]*)">'
    assert re.findall(pattern, site.page("tag/x/")) == [
        ("application/atom+xml", "A &amp; B", "../../feed.xml"),
        ("application/feed+json", "A &amp; B", "../../feed.json"),
        ("application/atom+xml", "x · A &amp; B", "../../tag/x/feed.xml"),
    ]


def test_two_notes_cannot_have_one_id(make_site: MakeSite) -> None:
    note = "---\ntitle: T\nid: urn:example:a\n---\nText.\n"
    site = make_site({"paperblog.toml": "", "notes/a.md": note, "notes/b.md": note})
    result = site.build()
    assert result.status == 1
    assert "error[shared-id]: the id urn:example:a is also that of notes/a.md" in result.err


def test_more_addresses_than_a_sitemap_may_hold_are_spread_over_several(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.build()
    addresses = ET.fromstring(site.page("sitemap.xml")).iter(f"{SITEMAP}loc")
    whole = [element.text for element in addresses]
    monkeypatch.setattr(sitemap, "_MOST", len(whole) - 1)
    site.write({"notes/more.md": "---\ntitle: More\ndate: 2021-03-04\n---\n"})
    assert site.build().status == 0
    index = ET.fromstring(site.page("sitemap.xml"))
    assert index.tag == f"{SITEMAP}sitemapindex"
    names = [element.text.rpartition("/")[2] for element in index.iter(f"{SITEMAP}loc")]
    assert names == ["sitemap-1.xml", "sitemap-2.xml"]
    parts = [ET.fromstring(site.page(name)) for name in names]
    found = [element.text for part in parts for element in part.iter(f"{SITEMAP}loc")]
    assert set(found) > set(whole)
    assert len(found) == len(set(found))
    assert site.check("--built").status == 0
    monkeypatch.undo()
    site.remove("notes/more.md")
    site.build()
    assert not site.has("sitemap-1.xml")


def test_the_sitemap_says_when_lists_last_changed_where_it_is_known(site: Site) -> None:
    text = site.page("sitemap.xml")
    home = "https://notes.example/blog/"
    assert f"<loc>{home}</loc><lastmod>2020-04-04</lastmod>" in text
    assert f"<loc>{home}tag/x/</loc><lastmod>2020-04-04</lastmod>" in text
    assert f"<loc>{home}notes/undated/</loc></url>" in text
    assert "secret" not in text
    assert "hidden" not in text
