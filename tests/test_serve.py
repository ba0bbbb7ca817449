"""`paperblog serve`, as a browser and an author meet it."""

import json
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from paperblog.adapters.changes import Changes
from paperblog.adapters.watcher import Watcher

_PATIENCE = 30.0
_NOTE = "---\ntitle: First\ndate: 2020-01-01\n---\nIt says one.\n"


@dataclass
class Served:
    """A site that is being served: its folder and address."""

    root: Path
    url: str

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
        """Status, headers and text of an answer; redirects are followed."""
        request = urllib.request.Request(self.url + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, dict(answer.headers), answer.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers), error.read().decode("utf-8", "replace")

    def problems(self) -> list[dict[str, str]]:
        """What the overlay would show."""
        found: list[dict[str, str]] = json.loads(self.get("_paperblog/state")[2])["problems"]
        return found

    def said(self) -> str:
        """What the author was told so far."""
        return (self.root / "said.txt").read_text(encoding="utf-8")

    def write(self, path: str, text: str) -> None:
        """Save a file of the site."""
        (self.root / path).write_text(text, encoding="utf-8")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A site with one note and a draft, being served."""
    with _serving(tmp_path) as site:
        yield site


@contextmanager
def _serving(tmp_path: Path) -> Iterator[Served]:
    (tmp_path / "notes").mkdir()
    (tmp_path / "static").mkdir()
    (tmp_path / "notes" / "first.md").write_text(_NOTE, encoding="utf-8")
    draft = "---\ntitle: Unfinished\ndraft: true\n---\nA draft.\n"
    (tmp_path / "notes" / "draft.md").write_text(draft, encoding="utf-8")
    (tmp_path / "static" / "clip.mp4").write_bytes(bytes(range(256)))
    command = [sys.executable, "-m", "paperblog", "serve", str(tmp_path), "--port", "0"]
    with (tmp_path / "said.txt").open("w", encoding="utf-8") as said:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, text=True)
    assert process.stdout is not None
    try:
        address = re.search(r"http://\S+", process.stdout.readline())
        assert address is not None
        site = Served(tmp_path, address[0])
        _wait(lambda: 'data-note="notes/first.md"' in site.get("notes/first/")[2])
        yield site
        process.send_signal(signal.SIGINT)
        assert process.wait(_PATIENCE) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def _wait(holds: Callable[[], bool]) -> None:
    """Wait until something holds; fail after a generous while."""
    deadline = time.monotonic() + _PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold in time"
        time.sleep(0.02)


def test_a_saved_note_is_built_and_shown(served: Served) -> None:
    assert "It says one." in served.get("notes/first/")[2]
    served.write("notes/first.md", _NOTE.replace("one", "two"))
    _wait(lambda: "It says two." in served.get("notes/first/")[2])


def test_what_no_watcher_told_of_is_found_after_a_while(served: Served) -> None:
    served.write("notes/first.md", _NOTE.replace("one", "two"))
    _wait(lambda: "It says two." in served.get("notes/first/")[2])
    page = served.root / ".paperblog" / "serve" / "notes" / "first" / "index.html"
    page.unlink()
    _wait(page.exists)
    assert "It says two." in served.get("notes/first/")[2]


def _is_deleted(folder: Path) -> bool:
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


def test_an_output_that_is_deleted_is_built_anew_at_the_next_save(served: Served) -> None:
    served.write("notes/first.md", _NOTE.replace("one", "two"))
    _wait(lambda: "It says two." in served.get("notes/first/")[2])
    # The build that wrote the page may not have put everything in its place yet.
    _wait(lambda: _is_deleted(served.root / ".paperblog" / "serve"))
    served.write("notes/first.md", _NOTE.replace("one", "three"))
    _wait(lambda: "It says three." in served.get("notes/first/")[2])
    assert served.get("notes/draft/")[0] == 200
    assert "deleted" not in served.said()


def test_drafts_are_shown_and_marked(served: Served) -> None:
    status, _, page = served.get("notes/draft/")
    assert status == 200
    assert "Draft" in page


def test_a_broken_note_keeps_its_last_good_page_and_the_others_are_written(served: Served) -> None:
    served.write("notes/first.md", _NOTE.replace("one", r"two $\nope$"))
    served.write("notes/second.md", "# Second\n\nIt is new.\n")
    _wait(lambda: "It is new." in served.get("notes/second/")[2] and bool(served.problems()))
    assert "It says one." in served.get("notes/first/")[2]
    assert [problem["file"] for problem in served.problems()] == ["notes/first.md"]
    assert "notes/first.md:5:14: error[math-undefined]" in served.problems()[0]["text"]
    served.write("notes/first.md", _NOTE.replace("one", "three"))
    _wait(lambda: "It says three." in served.get("notes/first/")[2])
    _wait(lambda: served.problems() == [])


def test_a_note_that_was_never_good_is_shown_with_its_formula_marked(served: Served) -> None:
    served.write("notes/second.md", "# Second\n\nIt has $\\nope$.\n")
    _wait(lambda: served.get("notes/second/")[0] == 200)
    assert 'class="math-error"' in served.get("notes/second/")[2]


def test_a_broken_configuration_is_said_and_mended(served: Served) -> None:
    served.write("paperblog.toml", "title = [\n")
    _wait(lambda: bool(served.problems()))
    assert served.get("notes/first/")[0] == 200
    served.write("paperblog.toml", 'title = "Renamed"\n')
    _wait(lambda: "Renamed" in served.get("notes/first/")[2])
    _wait(lambda: served.problems() == [])


def test_dates_of_git_are_shown_once_they_are_asked_for(
    served: Served, require: Callable[[object, str], None]
) -> None:
    require(shutil.which("git"), "git")
    served.write("notes/undated.md", "# Undated\n\nText.\n")
    author = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "notes"], [*author, "commit", "-qm", "Add"]):
        subprocess.run(["git", *command], cwd=served.root, check=True)
    _wait(lambda: "Undated" in served.get("notes/undated/")[2])
    assert "<time" not in served.get("notes/undated/")[2].partition("</header>")[0]
    served.write("paperblog.toml", 'dates = "git"\n')
    year = time.strftime("%Y", time.gmtime())
    _wait(lambda: f"/{year}/" in served.get("notes/undated/")[2])


def test_pages_carry_the_script_and_files_do_not(served: Served) -> None:
    page = served.get("notes/first/")[2]
    script = '<script src="/_paperblog/client.js" data-note="notes/first.md"'
    assert (
        f'{script} data-path="notes/first/index.html" data-base="/" data-build="1"></script>'
        in page
    )
    assert served.get("_paperblog/client.js")[0] == 200


def test_a_page_that_a_build_overtook_is_told_so(served: Served) -> None:
    build = re.search(r'data-build="(\d+)"', served.get("notes/first/")[2])
    assert build is not None

    def first_words(number: str) -> bytes:
        address = f"{served.url}_paperblog/events?build={number}"
        with urllib.request.urlopen(address, timeout=10) as events:
            begun = events.readline() + events.readline()
            if number == build[1]:
                served.write("notes/first.md", _NOTE.replace("one", "two"))
            return bytes(begun + events.readline())

    assert first_words("0") == b": here\n\nevent: behind\n"
    assert first_words(build[1]) == b": here\n\nevent: built\n"


def test_a_part_of_a_video_can_be_asked_for(served: Served) -> None:
    status, headers, _ = served.get("clip.mp4", Range="bytes=10-19")
    assert status == 206
    assert headers["content-range"] == "bytes 10-19/256"


def test_what_is_not_there_is_answered_with_the_404_page(served: Served) -> None:
    status, _, page = served.get("notes/nowhere/")
    assert status == 404
    assert "<main" in page


@pytest.mark.parametrize(
    "path",
    ["..%2fpaperblog.toml", "%2e%2e/%2e%2e/notes/first.md", ".paperblog-output", "//etc/passwd"],
)
def test_nothing_outside_the_output_is_served(served: Served, path: str) -> None:
    assert served.get(path)[0] == 404


def test_a_foreign_name_is_refused(served: Served) -> None:
    assert served.get("", Host="rebound.example")[0] == 403
    assert served.get("", Host="localhost:1")[0] == 200


def test_a_site_is_served_below_the_path_at_which_it_is_published(tmp_path: Path) -> None:
    (tmp_path / "paperblog.toml").write_text('base_url = "https://lab.example/repo/"\n')
    with _serving(tmp_path) as site:
        assert site.url.endswith("/repo/")
        root = site.url.removesuffix("repo/")
        assert urllib.request.urlopen(root, timeout=10).url == site.url
        missing = site.get("nowhere/at/all/")
        assert missing[0] == 404
        assert f'href="{site.url.removesuffix("/repo/")}' not in missing[2]
        assert 'href="/repo/' in missing[2]
        assert Served(tmp_path, root).get("notes/first/")[0] == 404


def test_a_changed_style_sheet_changes_no_page(served: Served) -> None:
    page = served.get("notes/first/")[2]
    assert 'href="../../assets/style.css"' in page
    written = served.root / ".paperblog/serve/notes/first/index.html"
    before = written.stat().st_mtime_ns
    (served.root / "templates/assets").mkdir(parents=True)
    served.write("templates/assets/style.css", "body { color: red }")
    _wait(lambda: "red" in served.get("assets/style.css")[2])
    assert (
        served.get("notes/first/")[2].partition("data-build")[0] == page.partition("data-build")[0]
    )
    assert written.stat().st_mtime_ns == before


# ------------------------------------------------------------------ what changes wait for


def test_changes_during_a_build_are_one_build_more() -> None:
    changes = Changes()
    for path in ("a", "b", "a"):
        changes.note(path, whole=True)
    assert changes.wait() == ["a", "b"]
    later = threading.Timer(0.01, changes.note, ("c", True))
    later.start()
    assert changes.wait() == ["c"]


def test_waiting_for_changes_ends_when_patience_does() -> None:
    changes = Changes()
    assert changes.wait(patience=0.01) == []
    changes.note("a", whole=True)
    assert changes.wait(patience=60) == ["a"]


def test_files_that_editors_lay_beside_a_note_are_no_change(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    seen: list[str] = []
    with Watcher(tmp_path, ("notes",), lambda path, whole: seen.append(path)):
        for name in ("4913", ".a.md.swp", "a.md~", "#a.md#", ".#a.md", "a.md___jb_tmp___", "a.md"):
            (tmp_path / "notes" / name).write_text("text", encoding="utf-8")
        _wait(lambda: "notes/a.md" in seen)
    assert set(seen) == {"notes/a.md"}


def test_a_folder_that_takes_the_place_of_another_is_watched(tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    seen: list[str] = []
    with Watcher(tmp_path, ("notes",), lambda path, whole: seen.append(path)):

        def tells_of_an_edit() -> None:
            seen.clear()
            _wait(lambda: bool((folder / "a.md").write_text("text")) and "notes/a.md" in seen)

        tells_of_an_edit()
        shutil.rmtree(folder)
        _wait(lambda: "notes" in seen)
        folder.mkdir()
        tells_of_an_edit()
        shutil.rmtree(folder)
        folder.mkdir()
        tells_of_an_edit()
        folder.rename(tmp_path / "before")
        folder.mkdir()
        tells_of_an_edit()


def test_files_that_come_and_go_during_builds_do_not_end_them(served: Served) -> None:
    (served.root / "templates").mkdir()
    template = served.root / "templates" / "note.html"
    until = time.monotonic() + 3
    while time.monotonic() < until:
        template.write_text('{% extends "theme/note.html" %}', encoding="utf-8")
        served.write("notes/second.md", f"# Second\n\nIt is {until}.\n")
        time.sleep(0.001)
        template.unlink()
        (served.root / "notes" / "second.md").unlink()
        time.sleep(0.001)
    served.write("notes/first.md", _NOTE.replace("one", "two"))
    _wait(lambda: "It says two." in served.get("notes/first/")[2])
    assert "Traceback" not in served.said()


def test_what_was_said_is_not_said_again_at_every_save(tmp_path: Path) -> None:
    broken = "---\ntitle: Broken\ndate: 2020-01-01\n---\n[nowhere](gone.md)\n"
    with _serving(tmp_path) as site:
        site.write("notes/broken.md", broken)
        _wait(lambda: "1 error\n" in site.said())
        for text, told in (
            (_NOTE + "More.\n", "1 error, none of them new\n"),
            (_NOTE + "[also](lost.md)\n", "2 errors, 1 of them new\n"),
        ):
            site.write("notes/first.md", text)
            _wait(lambda told=told: told in site.said())
        assert site.said().count("there is no note gone.md") == 1
        site.write("notes/first.md", _NOTE)
        site.write("notes/broken.md", _NOTE.replace("First", "Mended"))
        _wait(lambda: site.said().endswith("no errors or warnings are left\n"))


def test_a_file_that_is_being_written_is_waited_for_until_it_is_whole() -> None:
    changes = Changes()
    changes.note("a", whole=False)
    later = threading.Timer(0.001, changes.note, ("a", True))
    begun = time.monotonic()
    later.start()
    assert changes.wait() == ["a"]
    changes.note("b", whole=False)
    assert changes.wait() == ["b"]
    assert time.monotonic() - begun >= 0.05
