"""The search: what is indexed, when, and that its files come and go as all others do."""

import gzip
import json
import sys
from pathlib import Path

import pytest
from sites import MakeSite, Site, process

SITE = {
    "paperblog.toml": "title = 'Lab'\n",
    "notes/a.md": "---\ndate: 2020-01-02\ncategory: One\n---\n# Alpha\n\nWords on $\\nabla f$.\n",
    "notes/b.md": "---\ndate: 2021-01-02\ncategory: Two\n---\n# Beta\n\n## Part\n\nOther.\n",
}
INDEX = "assets/pagefind"


def fragments(site: Site) -> list[dict[str, object]]:
    """What the index knows of each page, by the pages' addresses."""
    found = []
    for path in (site.output / INDEX / "fragment").iterdir():
        content = gzip.decompress(path.read_bytes())
        found.append(json.loads(content.removeprefix(b"pagefind_dcd")))
    return sorted(found, key=lambda fragment: str(fragment["url"]))


def index_of(site: Site) -> dict[str, bytes]:
    return {name: data for name, data in site.written().items() if name.startswith(INDEX)}


def test_a_record_holds_the_text_with_formulas_in_unicode_and_beside_it_as_tex(
    make_site: MakeSite,
) -> None:
    site = make_site(SITE)
    assert site.build().status == 0
    first, second = fragments(site)
    assert first["url"] == "/notes/a/"
    assert first["content"] == "Words on ∇f."
    assert first["meta"] == {
        "title": "Alpha",
        "date": "2 January 2020",
        "category": "One",
        "tex": "\\nabla f",
        "signs": "∇f ∇",
    }
    assert first["filters"] == {"category": ["One"], "year": ["2020"]}
    assert [anchor["id"] for anchor in second["anchors"]] == ["part"]  # type: ignore[attr-defined]


def test_a_record_says_the_numbers_that_formulas_refer_to(make_site: MakeSite) -> None:
    text = "$$\ny = 1 \\label{eq:one}\n$$\n\nThen $x = \\eqref{eq:one} + \\ref{eq:one}$.\n"
    site = make_site({"notes/a.md": f"# Alpha\n\n{text}"})
    assert site.build().status == 0
    assert fragments(site)[0]["content"] == "y = 1. Then x = (1) + 1."


def test_nothing_that_is_not_listed_is_in_the_index(make_site: MakeSite) -> None:
    hidden = {
        "notes/draft.md": "---\ndraft: true\n---\n# Draft\n",
        "notes/later.md": "---\ndate: 2030-01-01\n---\n# Later\n",
        "notes/unlisted.md": "---\nunlisted: true\n---\n# Unlisted\n",
    }
    site = make_site(SITE | hidden)
    assert site.build().status == 0
    assert [fragment["url"] for fragment in fragments(site)] == ["/notes/a/", "/notes/b/"]


def test_the_same_records_make_the_same_bytes(make_site: MakeSite) -> None:
    notes = {
        f"notes/{n}.md": f"---\ndate: {2000 + n % 9}-01-01\ncategory: C{n % 7}\n---\n# N\n"
        for n in range(40)
    }
    site = make_site({"paperblog.toml": "title = 'Lab'\n"} | notes)
    assert site.build().status == 0
    first = index_of(site)
    assert site.build("--no-cache").status == 0
    assert index_of(site) == first
    filters = [name for name in first if name.endswith(".pf_filter")]
    assert len(filters) == 2


def test_a_note_without_words_is_found_by_its_title(make_site: MakeSite) -> None:
    site = make_site({"notes/a.md": "---\ntitle: …\n---\n$$x$$\n"})
    assert site.build().status == 0
    assert [fragment["content"] for fragment in fragments(site)] == ["… a. x."]


def test_a_site_without_notes_has_no_search(make_site: MakeSite) -> None:
    site = make_site({"paperblog.toml": "title = 'Lab'\n"})
    assert site.build().status == 0
    assert not site.has("search/")
    assert not site.has(INDEX)


def test_a_note_that_cannot_be_published_is_not_in_the_index(make_site: MakeSite) -> None:
    site = make_site(SITE | {"notes/long.md": f"---\nslug: {'a' * 300}\n---\n# Long\n"})
    assert site.build("--keep-going").status == 1
    assert [fragment["url"] for fragment in fragments(site)] == ["/notes/a/", "/notes/b/"]


def test_the_index_is_made_only_when_a_record_has_changed(make_site: MakeSite) -> None:
    site = make_site(SITE)
    site.build()
    made = lambda: {path.name for path in (site.root / ".paperblog/search").iterdir()}  # noqa: E731
    before = made()
    site.write({"notes/a.md": SITE["notes/a.md"].replace("\n---\n#", "\nlicense: MIT\n---\n#")})
    assert "for the search" not in site.build().out
    assert made() == before
    site.write({"notes/a.md": SITE["notes/a.md"].replace("Words", "Phrases")})
    result = site.build()
    assert made() > before
    assert " s for the search\n" in result.out
    assert "Phrases" in str(fragments(site)[0]["content"])


@pytest.mark.parametrize("content", [None, b"", b"// not what was made"])
def test_an_index_that_was_damaged_is_made_anew(make_site: MakeSite, content: bytes | None) -> None:
    site = make_site(SITE)
    site.build()
    first = site.written()
    (folder,) = (site.root / ".paperblog/search").iterdir()
    if content is None:
        (folder / "pagefind.js").unlink()
    else:
        (folder / "pagefind.js").write_bytes(content)
    (site.output / INDEX / "pagefind.js").unlink()
    assert site.build().status == 0
    assert site.written() == first


def test_a_site_can_do_without_a_search(make_site: MakeSite) -> None:
    site = make_site(SITE)
    site.build()
    assert site.has("search/")
    assert site.has(INDEX)
    site.write({"paperblog.toml": "title = 'Lab'\nsearch = false\n"})
    assert site.build().status == 0
    assert not site.has("search/")
    assert not site.has(INDEX)
    assert [name for name in site.written() if "search" in name] == []
    assert "search" not in site.page("")


def test_pages_that_are_read_from_disk_offer_no_search(make_site: MakeSite) -> None:
    site = make_site(SITE)
    assert site.build("--portable").status == 0
    assert not site.has("search/")
    assert "search" not in site.page("")


def test_without_pagefind_a_site_is_built_without_a_search(make_site: MakeSite) -> None:
    site = make_site(SITE)
    nowhere = str(Path(sys.prefix) / "no-such-program")
    done = process("build", cwd=site.root, PAGEFIND_BINARY_PATH=nowhere)
    assert done.status == 0
    assert "warning[no-search]: Pagefind is not installed, so the site has no search" in done.err
    assert not site.has("search/")
    assert "search" not in site.page("")


@pytest.mark.skipif(sys.platform == "win32", reason="a program is a script here")
def test_a_pagefind_that_fails_is_reported_in_a_sentence(make_site: MakeSite) -> None:
    site = make_site(SITE)
    program = site.root / "pagefind"
    program.write_text("#!/bin/sh\necho out of order >&2\nexit 3\n", encoding="utf-8")
    program.chmod(0o755)
    done = process("build", cwd=site.root, PAGEFIND_BINARY_PATH=str(program))
    assert done.status == 2
    assert "Pagefind cannot index the site: out of order" in done.err
    assert not site.output.exists()
