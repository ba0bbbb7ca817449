"""What pages say of themselves to search engines, to sites that link to them, and to Zotero."""

import json
import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs

import pytest
from sites import MakeSite, Site

from paperblog.features.citations import license_url, paper_citation
from paperblog.model.paper import Identifier, Paper
from paperblog.steps.data import json_text

BASE = "https://notes.example/"


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    site = make_site(
        {
            "paperblog.toml": f'title = "The Lab"\nbase_url = "{BASE}"\nlicense = "CC BY-SA 4.0"\n'
            "[authors.ada]\nname = 'Ada Sample'\nurl = 'https://ada.example/'\n"
            "orcid = '0000-0002-1825-0097'\nlinks = { Mastodon = 'https://social.example/@ada' }\n",
            "notes/a.md": "---\ntitle: 'On </script> & $O(n)$'\ndate: 2020-03-03\nauthor: ada\n"
            "category: C\ntags: [x]\nimage: p.svg\nupdated: 2020-04-04\npaper:\n"
            "- {id: 'arxiv:2006.04768v2', title: 'A $k$ & b', authors: [Bo Wang, Cy Li],"
            " year: 2020}\n"
            "- {id: 'doi:10.1000/182', title: Doi, venue: V}\n- 'isbn:0-306-40615-2'\n"
            "---\nText $x$.\n",
            "notes/bare.md": "---\ntitle: Bare\n---\nText.\n",
            "notes/p.svg": "<svg/>",
        }
    )
    result = site.build()
    assert result.status == 0, result.err
    return site


def structured(page: str) -> Any:
    found = re.findall(r'<script type="application/ld\+json">\n(.*?)\n</script>', page, re.DOTALL)
    assert len(found) == 1
    return json.loads(found[0])


def metas(page: str) -> list[tuple[str, str]]:
    pattern = r'<meta (?:name|property)="([^"]*)" content="([^"]*)">'
    return [(name, unescape(value)) for name, value in re.findall(pattern, page)]


def test_a_note_is_a_blog_posting_about_its_papers(site: Site) -> None:
    note, trail = structured(site.page("notes/a/"))["@graph"]
    assert note["@type"] == "BlogPosting"
    assert note["url"] == note["@id"] == f"{BASE}notes/a/"
    assert note["headline"] == "On </script> & O(n)"
    assert (note["datePublished"], note["dateModified"]) == ("2020-03-03", "2020-04-04")
    assert note["author"] == [
        {
            "@type": "Person",
            "@id": f"{BASE}author/ada/",
            "name": "Ada Sample",
            "url": f"{BASE}author/ada/",
        }
    ]
    assert note["isPartOf"]["@type"] == "Blog"
    assert note["license"] == "https://creativecommons.org/licenses/by-sa/4.0/"
    assert note["image"] == f"{BASE}notes/p.svg"
    first, second, third = note["about"]
    assert first == {
        "@type": "ScholarlyArticle",
        "name": "A $k$ & b",
        "author": [{"@type": "Person", "name": "Bo Wang"}, {"@type": "Person", "name": "Cy Li"}],
        "datePublished": "2020",
        "identifier": {"@type": "PropertyValue", "propertyID": "arXiv", "value": "2006.04768"},
        "url": "https://arxiv.org/abs/2006.04768v2",
        "sameAs": "https://arxiv.org/abs/2006.04768v2",
    }
    assert second["identifier"]["propertyID"] == "DOI"
    assert second["isPartOf"] == {"@type": "CreativeWork", "name": "V"}
    assert third == {"@type": "Book", "isbn": "0-306-40615-2"}
    items = [item["name"] for item in trail["itemListElement"]]
    assert items == ["The Lab", "C", "On </script> & O(n)"]


def test_nothing_in_a_title_ends_the_script_element() -> None:
    text = json_text({"name": "</script><!-- & \u2028"})
    assert text == '{"name":"\\u003c/script\\u003e\\u003c!-- \\u0026 \\u2028"}'
    assert json.loads(text) == {"name": "</script><!-- & \u2028"}


def test_what_is_empty_is_left_out_of_structured_data() -> None:
    value = {"a": "", "b": None, "c": [], "d": [{"@type": "X"}], "e": {"@type": "X"}, "f": 0}
    assert json_text(value) == '{"f":0}'
    assert json_text({"a": []}, keep=["a"]) == '{"a":[]}'


def test_an_author_has_a_profile_with_other_places_and_an_orcid(site: Site) -> None:
    page = site.page("author/ada/")
    person = structured(page)["mainEntity"]
    orcid = "https://orcid.org/0000-0002-1825-0097"
    assert person["@type"] == "Person"
    assert person["identifier"] == orcid
    assert person["sameAs"] == ["https://ada.example/", orcid, "https://social.example/@ada"]
    for address in person["sameAs"]:
        assert f'<a rel="me" href="{address}">' in page


def test_the_home_page_is_a_blog(site: Site) -> None:
    assert structured(site.page(""))["@type"] == "Blog"


def test_zotero_takes_a_note_for_a_blog_post_and_for_nothing_else(site: Site) -> None:
    found = metas(site.page("notes/a/"))
    assert ("z:itemType", "blogPost") in found
    assert ("citation_title", "On </script> & O(n)") in found
    assert ("citation_author", "Ada Sample") in found
    assert ("citation_publication_date", "2020/03/03") in found
    assert ("og:site_name", "The Lab") in found
    # Each of these would make it a journal's article or a book, or give it the paper's identity.
    names = {name for name, _ in found}
    for kind in ("journal_title", "conference_title", "book_title", "doi", "isbn", "pdf_url"):
        assert f"citation_{kind}" not in names
    assert ("citation_author", "The Lab") in metas(site.page("notes/bare/"))


def test_a_shared_link_shows_the_notes_own_image(site: Site) -> None:
    found = dict(metas(site.page("notes/a/")))
    assert found["og:image"] == f"{BASE}notes/p.svg"
    assert found["og:image:alt"] == "On </script> & O(n)"
    assert found["og:type"] == "article"
    assert found["article:tag"] == "x"
    card = dict(metas(site.page("notes/bare/")))
    assert card["og:image"] == f"{BASE}notes/bare/social-card.png"


def test_without_a_base_url_no_page_names_an_absolute_address(make_site: MakeSite) -> None:
    site = make_site({"notes/a.md": "---\ntitle: A\ndate: 2020-01-01\n---\nText.\n"})
    assert site.build().status == 0
    page = site.page("notes/a/")
    (note,) = structured(page)["@graph"]
    assert "url" not in note
    assert note["headline"] == "A"
    assert "og:image" not in page
    assert "og:url" not in page


def test_a_paper_is_cited_with_its_identifier() -> None:
    paper = Paper(
        Identifier("arxiv", "2006.04768", "v2"), "A $k$ & b", ("Bo Wang", "Cy Li"), 2020, "NeurIPS"
    )
    assert paper_citation(paper) == (
        "@misc{wang2020a,\n"
        "  author = {Bo Wang and Cy Li},\n"
        "  title = {{A $k$ \\& b}},\n"
        "  howpublished = {NeurIPS},\n"
        "  year = {2020},\n"
        "  eprint = {2006.04768},\n"
        "  archivePrefix = {arXiv},\n"
        "  url = {https://arxiv.org/abs/2006.04768v2},\n"
        "}"
    )
    assert paper_citation(Paper(Identifier("doi", "10.1000/182"))) == ""


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("cc by-nc-nd 3.0", "https://creativecommons.org/licenses/by-nc-nd/3.0/"),
        ("CC-BY-SA-4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
        ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("https://example.org/licence", "https://example.org/licence"),
        ("All rights reserved", ""),
    ],
)
def test_a_licence_that_is_well_known_has_an_address(name: str, address: str) -> None:
    assert license_url(name) == address


def test_all_papers_are_in_one_file_by_unlike_keys_and_in_their_page(site: Site) -> None:
    more = "paper:\n- {title: 'A lot', authors: [Eve Wang], year: 2020}\n- 'arxiv:2006.04768'\n"
    site.write({"notes/b.md": f"---\ntitle: B\ndate: 2019-01-01\n{more}---\nText.\n"})
    assert site.build().status == 0
    bibliography = site.page("papers/papers.bib")
    assert re.findall(r"^@(\w+)\{(.*),$", bibliography, re.M) == [
        ("misc", "wang2020a"),
        ("misc", "doi"),
        ("misc", "wang2020a-2"),
    ]
    page = site.page("papers/")
    assert 'href="../papers/papers.bib"' in page
    titles = re.findall(r'<span class="Z3988" title="([^"]*)">', page)
    found = [parse_qs(unescape(title)) for title in titles]
    assert [entry["rft.atitle"] for entry in found] == [["A $k$ & b"], ["Doi"], ["A lot"]]
    assert found[0]["rft.au"] == ["Bo Wang", "Cy Li"]
    assert found[1]["rft_id"] == ["info:doi/10.1000/182"]


def test_llms_txt_lists_what_search_engines_may(site: Site) -> None:
    site.write(
        {
            "notes/draft.md": "---\ndraft: true\n---\n# Draft\n",
            "notes/hidden.md": "---\nunlisted: true\n---\n# Hidden\n",
            "pages/about.md": "# About\n\nWho we are.\n",
        }
    )
    assert site.build("--drafts").status == 0
    assert site.page("llms.txt") == (
        "# The Lab\n\n## Notes\n\n"
        f"- [On </script> & O(n)]({BASE}notes/a/): Text x.\n- [Bare]({BASE}notes/bare/): Text.\n"
        f"\n## Pages\n\n- [About]({BASE}about/): Who we are.\n"
    )


def test_the_end_of_the_footer_is_the_sites_own(make_site: MakeSite) -> None:
    site = make_site({"notes/a.md": "# A\n"})
    for credit, shown in (
        ("", "<p>Made with paperblog</p>\n</div>"),
        ("credit = 'Set & sewn by us'\n", "<p>Set &amp; sewn by us</p>\n</div>"),
        ("credit = ''\n", "<p>Copyright © Notes</p>\n</div>"),
    ):
        site.write({"paperblog.toml": credit})
        assert site.build().status == 0
        assert shown in site.page("notes/a/")
