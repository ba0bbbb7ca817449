"""A thousand notes: a build does what has changed and no more, counted and not timed."""

import json
from math import ceil
from pathlib import Path

import pytest
from sites import MakeSite, Site, process

NOTES = 1000
CATEGORIES, TAGS, YEARS, MONTHS = 4, 10, 5, 60
LISTED = 10
"""Notes on a page of a list."""
DISTINCT = 700
FEED = 20
MIDDLE = 500
"""A note in the middle of all lists, and in no feed."""
LOOK = (
    "import sys; scans = []; from paperblog.cli import main;"
    "sys.addaudithook(lambda event, given: event == 'os.scandir' and scans.append(str(given[0])));"
    "status = main(); open('modules.txt', 'w').write(' '.join(sys.modules));"
    "open('scans.txt', 'w').write('\\n'.join(scans)); sys.exit(status)"
)
MARKDOWN, HIGHLIGHTER, TEMPLATES, V8 = "markdown_it", "pygments.lexers", "jinja2", "py_mini_racer"
SERVER, IMAGES, PROCESSES = "starlette", "PIL", "multiprocessing"
HEAVY = {MARKDOWN, HIGHLIGHTER, TEMPLATES, V8, SERVER, IMAGES, PROCESSES, "msgspec", "yaml"}


def note(number: int, start: str = "", end: str = "") -> str:
    """A note of 2020 to 2024, each in a month by its number; later numbers are newer."""
    year, month = divmod(number * MONTHS // NOTES, 12)
    return (
        f"---\ntitle: Note {number}\ndate: {2020 + year}-{month + 1:02}-01T{number % 24:02}:00:00\n"
        f"category: C{number % CATEGORIES}\ntags: [T{number % TAGS}]\n---\n"
        f"{start}The excerpt of [another](n{(number + 1) % NOTES:04}.md).\n\n<!-- more -->\n\n"
        f"It holds $x_{{{number % DISTINCT}}}$.\n\n```python\ny = {number}\n```\n{end}"
    )


def build(site: Site) -> tuple[dict[str, int], set[str]]:
    """What a build in a process of its own says that it did, and what it imported that is heavy."""
    result = process("build", "--format", "json", "--jobs", "2", cwd=site.root, python=("-c", LOOK))
    assert result.status == 0, result.out + result.err
    modules = (site.root / "modules.txt").read_text().split()
    return json.loads(result.out), HEAVY.intersection(modules)


@pytest.mark.katex
def test_of_a_thousand_notes_a_build_does_what_has_changed_and_no_more(make_site: MakeSite) -> None:
    site = make_site(
        {
            "paperblog.toml": 'title = "T"\nbase_url = "https://t.example/"\nsearch = false\n'
            f"social_cards = false\nnotes_per_page = {LISTED}\nfeed_length = {FEED}\n",
            **{f"notes/n{number:04}.md": note(number) for number in range(NOTES)},
        }
    )
    cold, _ = build(site)
    files = {name for name in site.written() if not name.startswith(".")}
    assert cold["notes"] == cold["formulas"] == NOTES
    assert cold["typeset"] == DISTINCT
    assert cold["pages"] == cold["rendered"] == sum(expected_pages().values())
    assert cold["written"] == len(files)

    idle, imported = build(site)
    assert did(idle) == (0, 0, 0)
    assert idle["unchanged"] == len(files)
    assert imported == set()

    name = f"notes/n{MIDDLE:04}.md"
    site.write({name: note(MIDDLE)})
    touched, imported = build(site)
    assert did(touched) == (0, 0, 0)
    assert imported & {HIGHLIGHTER, V8, SERVER, IMAGES, PROCESSES} == set()

    site.write({name: note(MIDDLE, end="Another end.\n")})
    text, imported = build(site)
    assert did(text) == (0, 1, 1)
    # By the gate, and to name what the files hold.
    assert looks_at_notes(site) == 2
    assert imported & {HIGHLIGHTER, V8, SERVER, IMAGES, PROCESSES} == set()

    site.write({name: note(MIDDLE, start="Another start. ", end="$y$\n")})
    excerpt, imported = build(site)
    # Its own page, one of each of its five lists, and the plain index, which says how it begins.
    assert did(excerpt) == (1, 7, 7)
    assert imported & {HIGHLIGHTER, SERVER, IMAGES, PROCESSES} == set()

    site.write({name: note(MIDDLE).replace("title: Note", "title: A note")})
    title, _ = build(site)
    # Beside these: its neighbours, what it links to and what links to it, and related notes.
    assert 7 < title["written"] <= title["rendered"] < 30

    before = site.written()
    # Every page shows how many notes there are; the last pages of four lists were full.
    site.write({"notes/between.md": note(MIDDLE).replace("title: Note", "title: Between")})
    added, _ = build(site)
    assert added["pages"] == cold["pages"] + 5
    site.remove("notes/between.md")
    removed, _ = build(site)
    assert removed["deleted"] == 5
    assert site.written() == before


def looks_at_notes(site: Site) -> int:
    """How often the last build looked at all notes."""
    scans = (site.root / "scans.txt").read_text().splitlines()
    return sum(Path(scan).name == "notes" for scan in scans)


def expected_pages() -> dict[str, int]:
    """How many pages of each kind there are."""
    members = [number * MONTHS // NOTES for number in range(NOTES)]

    def lists(count: int) -> int:
        return count * ceil(NOTES // count / LISTED)

    return {
        "notes": NOTES,
        "home": lists(1),
        "categories": 1 + lists(CATEGORIES),
        "tags": 1 + lists(TAGS),
        "years": lists(YEARS),
        "months": sum(ceil(members.count(month) / LISTED) for month in range(MONTHS)),
        "archive": 1,
        "feeds": 2 + CATEGORIES + TAGS,
        "for machines": len(("sitemap.xml", "llms.txt", "robots.txt", "404.html")),
    }


def did(words: dict[str, int]) -> tuple[int, int, int]:
    """How many formulas were typeset, pages rendered, and files written."""
    return words["typeset"], words["rendered"], words["written"]
