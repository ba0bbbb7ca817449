"""Time: what is hidden is nowhere, dates come in the site's zone, and git knows some of them."""

import gzip
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sites import TODAY, MakeSite, Site

from paperblog.steps.listing import MARKER

BASE = "https://t.example/"
ALWAYS = {
    "paperblog.toml": f'title = "T"\nbase_url = "{BASE}"\nnotes_per_page = 2\n'
    'timezone = "America/Chicago"\n',
    "notes/always.md": "---\ntitle: Always\ndate: 2018-01-01\ntags: [shared]\ncategory: Common\n"
    "authors: [Ada]\nseries: S\n---\nIt uses ![](shared.svg).\n",
    "notes/shared.svg": "<svg/>",
    "pages/about.md": "---\ntitle: About\nnav: 1\n---\nText.\n",
}

# Everything that a note can say of itself, each with a word that occurs nowhere else. `{word}` is
# the word; the dates are set by what the note is.
NOTE = r"""---
title: 'Title {word}title and $x_{{title}}$'
{visibility}
slug: {word}slug
tags: [shared, {word}tag]
category: {word}category
authors: [Ada, '{word}author']
series: S
description: 'About {word}description'
aliases: [/{word}alias/]
id: urn:{word}:id
license: {word}license
lang: de
image: {name}.svg
links: {{paper: 'https://{word}.example/link'}}
papers:
  - id: 'doi:10.1000/{word}'
    title: '{word}paper'
    authors: ['{word}paperauthor']
    year: 2017
    venue: '{word}venue'
extra: {{note: '{word}extra'}}
---
First {word}body with $\text{{{word}formula}}$ and [always](always.md) and [[about]].

## Heading {word}heading

![{word}alternative](only-{name}.svg) and `{word}code` and <span id="{word}id">x</span>[^1].

$$y = 1 \label{{eq:{word}}}$$

[^1]: Note {word}footnote.
"""

# How a note is hidden, and until when: seconds since 1970, or never.
HIDDEN = [
    ("date: 2019-01-01\ndraft: true", None),
    ("draft: true", None),
    ("date: 2019-01-01\ndraft: yes please", None),
    ("date: 2026-01-01", 1767247200),  # midnight in Chicago
    ("date: 2026-01-01 00:00 +00:00", 1767225600),
    ("date: 2026-01-01 09:00 +09:00", 1767225600),
    ("date: 2027-03-14 02:30", 1805013000),  # in the hour that summer time skips
    ("date: 2035-01-01", 2051244000),
]
SHOWN = ["date: 2019-05-05", "date: 2019-05-05\nunlisted: true", ""]
TODAYS = [1560000000, int(TODAY) - 1, int(TODAY), 1767247199, 1767247200, 1900000000]

KINDS = st.one_of(
    st.sampled_from(HIDDEN), st.sampled_from(SHOWN).map(lambda visibility: (visibility, 0))
)


@contextmanager
def today(seconds: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", str(seconds))
        yield


def note_files(number: int, visibility: str) -> dict[str, str]:
    """A note with secret words, an image that it alone uses, and one that is its own picture."""
    name, word = f"n{number}", f"secret{number}z"
    return {
        f"notes/{name}.md": NOTE.format(word=word, visibility=visibility, name=name),
        f"notes/{name}.svg": f"<svg><text>{word}</text></svg>",
        f"notes/only-{name}.svg": f"<svg><text>{word}only</text></svg>",
    }


def holders(files: dict[str, bytes], word: str) -> list[str]:
    """The files that hold a word, in their name or their bytes, packed ones unpacked."""
    wanted = word.encode()
    found = []
    for name, content in files.items():
        plain = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
        if word in name or wanted in plain:
            found.append(name)
    return found


@pytest.mark.katex
@pytest.mark.usefixtures("one_engine")
@settings(max_examples=5, suppress_health_check=list(HealthCheck))
@given(
    st.lists(KINDS, min_size=1, max_size=5),
    st.lists(st.sampled_from(TODAYS), min_size=2, max_size=3),
)
@example([*HIDDEN, (SHOWN[1], 0)], [int(TODAY) - 1, 1900000000, 1560000000])
def test_a_hidden_note_leaves_no_trace_in_any_file(
    kinds: list[tuple[str, int | None]], todays: list[int]
) -> None:
    """A site with hidden notes is, byte for byte, the site without them."""
    with tempfile.TemporaryDirectory() as folder:
        site, without = Site(Path(folder) / "blog"), Site(Path(folder) / "without")
        site.write(ALWAYS)
        for number, (visibility, _) in enumerate(kinds):
            site.write(note_files(number, visibility))
        for seconds in todays:
            shutil.rmtree(without.root, ignore_errors=True)
            without.write(ALWAYS)
            hidden = []
            for number, (visibility, until) in enumerate(kinds):
                if until is None or until > seconds:
                    hidden.append(number)
                else:
                    without.write(note_files(number, visibility))
            with today(seconds):
                site.build("--keep-going")
                without.build("--keep-going")
            files = site.written()
            for number in range(len(kinds)):
                found = holders(files, f"secret{number}z")
                assert bool(found) is (number not in hidden), (number, found)
            assert files == without.written()


@pytest.mark.katex
def test_an_unlisted_note_is_on_its_own_page_and_in_no_other_file(make_site: MakeSite) -> None:
    site = make_site(ALWAYS | note_files(1, "date: 2019-05-05\nunlisted: true"))
    assert site.build().status == 0
    own = {
        MARKER,  # what was written, for the next build and no server
        "notes/secret1zslug/index.html",
        "secret1zalias/index.html",
        "notes/n1.svg",
        "notes/only-n1.svg",
    }
    files = site.written()
    assert own <= set(holders(files, "secret1z"))
    others = {name: content for name, content in files.items() if name not in own}
    # Beside its page there may be other forms of it, under its own address.
    assert [name for name in holders(others, "secret1z") if "secret1zslug" not in name] == []


def test_a_link_to_a_hidden_note_tells_no_more_than_its_author_wrote(make_site: MakeSite) -> None:
    linking = "---\ntitle: L\ndate: 2019-01-01\n---\n[so](n1.md) [](n1.md) [[n1]] [[n1|or so]]\n"
    site = make_site(ALWAYS | note_files(1, "draft: true") | {"notes/l.md": linking})
    assert site.build().status == 0
    assert holders(site.written(), "secret1z") == []
    assert "or so" in site.page("notes/l/")


# ------------------------------------------------------------------ what is due, and when


@pytest.mark.parametrize(
    ("date", "due"),
    [
        ("2026-07-01", "2026-07-01 00:00 (America/Chicago)"),
        ("2026-07-01 14:30", "2026-07-01 14:30 (America/Chicago)"),
        ("2026-07-01 14:30 +09:00", "2026-07-01 00:30 (America/Chicago)"),
        ("2026-07-01T00:00:00Z", "2026-06-30 19:00 (America/Chicago)"),
        ("2026-03-08 02:30", "2026-03-08 03:30 (America/Chicago)"),  # there is no such time
        ("2026-11-01 01:30", "2026-11-01 01:30 (America/Chicago)"),  # there are two
    ],
)
def test_what_is_due_next_is_said_in_the_zone_of_the_site(
    make_site: MakeSite, date: str, due: str
) -> None:
    site = make_site(ALWAYS | {"notes/later.md": f"---\ntitle: L\ndate: {date}\n---\nX\n"})
    result = site.build()
    assert f"The next note is due on {due}.\n" in result.err
    told = json.loads(site.build("--format", "json").out)["nextDue"]
    moment = datetime.fromisoformat(told)
    assert moment.strftime("%Y-%m-%d %H:%M") == due[:16]
    with today(int(moment.timestamp()) - 1):
        site.build()
        assert not site.has("notes/later")
    with today(int(moment.timestamp())):
        site.build()
        assert site.has("notes/later")


def test_the_earlier_of_two_equal_times_counts_when_clocks_are_set_back(
    make_site: MakeSite,
) -> None:
    note = "---\ntitle: L\ndate: 2026-11-01 01:30\n---\nX\n"
    site = make_site(ALWAYS | {"notes/later.md": note})
    told = json.loads(site.build("--format", "json").out)["nextDue"]
    assert datetime.fromisoformat(told) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


def test_a_note_that_is_shown_before_its_date_loses_its_mark_when_it_comes(
    make_site: MakeSite,
) -> None:
    """Also where nothing else has changed, so that the gate must know of the date."""
    site = make_site(ALWAYS | {"notes/later.md": "---\ntitle: L\ndate: 2026-07-01\n---\nX\n"})
    site.build("--future")
    before = site.page("notes/later/")
    with today(1800000000):
        site.build("--future")
    assert site.page("notes/later/") != before


def test_serve_shows_that_a_date_has_come(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    due = datetime.now(UTC) + timedelta(seconds=4)
    note = f"---\ntitle: L\ndate: {due:%Y-%m-%d %H:%M:%S} +00:00\n---\nX\n"
    (tmp_path / "notes" / "later.md").write_text(note, encoding="utf-8")
    page = tmp_path / ".paperblog" / "serve" / "notes" / "later" / "index.html"
    environment = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    command = [sys.executable, "-m", "paperblog", "serve", str(tmp_path), "--port", "0"]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    )
    try:
        wait(page.exists)
        first = page.read_bytes()
        if datetime.now(UTC) < due:
            wait(lambda: page.read_bytes() != first)
            assert datetime.now(UTC) >= due - timedelta(seconds=1)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()


def wait(holds: Callable[[], bool]) -> None:
    patience = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < patience, "it did not come to hold in time"
        time.sleep(0.05)


# ------------------------------------------------------------------ dates from git


class Repository:
    """A site in a git repository, with commits of given dates."""

    def __init__(self, site: Site, require: Callable[[object, str], None]) -> None:
        require(shutil.which("git"), "git")
        self.site = site
        self.git("init", "--initial-branch=main")

    def git(self, *arguments: str, at: str = "2020-01-01T00:00:00Z", committed: str = "") -> None:
        environment = {
            "GIT_AUTHOR_NAME": "A",
            "GIT_AUTHOR_EMAIL": "a@a.example",
            "GIT_AUTHOR_DATE": at,
            "GIT_COMMITTER_NAME": "A",
            "GIT_COMMITTER_EMAIL": "a@a.example",
            "GIT_COMMITTER_DATE": committed or at,
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
        }
        subprocess.run(
            ["git", *arguments],
            cwd=self.site.root,
            check=True,
            capture_output=True,
            env=os.environ | environment,
        )

    def commit(self, at: str, committed: str = "") -> None:
        self.git("add", "--all", at=at)
        self.git("commit", "-m", "x", at=at, committed=committed)

    def dates(self, address: str) -> list[str]:
        """The dates that a note's page shows."""
        self.site.build()
        return re.findall(r'<time datetime="([^"]+)"', self.site.page(address))[:2]


@pytest.fixture
def repository(make_site: MakeSite, require: Callable[[object, str], None]) -> Repository:
    site = make_site(
        {
            "paperblog.toml": f'base_url = "{BASE}"\ndates = "git"\ntimezone = "Asia/Tokyo"\n',
            "notes/a é.md": "# A\n\n" + "A line of the text.\n" * 20,
        }
    )
    return Repository(site, require)


def test_a_date_of_git_is_the_authors_in_the_zone_of_the_site(repository: Repository) -> None:
    repository.commit("2021-05-06T12:00:00-11:00", committed="2021-09-09T00:00:00Z")
    # 23:00 in UTC is the next day in Tokyo.
    assert [date[:10] for date in repository.dates("notes/a-e/")] == ["2021-05-07"]


def test_notes_that_name_a_date_need_no_commit(repository: Repository) -> None:
    repository.site.write({"notes/own.md": "---\ntitle: O\ndate: 2019-02-03\n---\n"})
    repository.commit("2021-05-06T12:00:00Z")
    repository.site.write({"notes/new.md": "# New\n"})
    assert [date[:10] for date in repository.dates("notes/own/")] == ["2019-02-03"]
    assert repository.dates("notes/new/") == []


def test_git_must_be_there(make_site: MakeSite) -> None:
    site = make_site({"paperblog.toml": 'dates = "git"\n', "notes/a.md": "# A\n"})
    result = site.build()
    assert result.status == 2
    assert "cannot be had" in result.err


def test_a_moved_note_keeps_its_date_and_the_move_is_no_change(repository: Repository) -> None:
    repository.commit("2021-05-06T12:00:00Z")
    repository.git("mv", "notes/a é.md", "notes/b.md")
    repository.commit("2022-05-06T12:00:00Z")
    assert [date[:10] for date in repository.dates("notes/b/")] == ["2021-05-06"]
    text = (repository.site.root / "notes/b.md").read_text()
    repository.site.remove("notes/b.md")
    repository.site.write({"notes/c.md": text + "\nOne more line.\n"})
    repository.commit("2023-05-06T12:00:00Z")
    assert [date[:10] for date in repository.dates("notes/c/")] == ["2021-05-06", "2023-05-06"]


@pytest.mark.parametrize("worktree", [False, True])
def test_a_commit_is_noticed_wherever_the_repository_is(
    make_site: MakeSite,
    require: Callable[[object, str], None],
    tmp_path: Path,
    worktree: bool,
) -> None:
    """The site may be a folder of the repository, and the repository a worktree of another."""
    whole = Repository(make_site({"deep/notes/a.md": "# A\n"}), require)
    whole.site.write({"deep/paperblog.toml": 'dates = "git"\n'})
    whole.commit("2021-05-06T12:00:00Z")
    root = whole.site.root
    if worktree:
        root = tmp_path / "tree"
        whole.git("worktree", "add", "-b", "other", str(root))
    site = Site(root / "deep")
    site.write({"notes/b.md": "# B\n"})
    site.build()
    assert "2022" not in site.page("notes/b/")
    assert "0 written" in site.build().out
    whole.git("-C", str(root), "add", "--all", at="2022-05-06T12:00:00Z")
    whole.git("-C", str(root), "commit", "-m", "y", at="2022-05-06T12:00:00Z")
    site.build()
    assert "2022-05-06" in site.page("notes/b/")
