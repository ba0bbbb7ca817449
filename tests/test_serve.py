"""`paperblog serve`, as a browser and an author meet it."""

import json
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

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

    def write(self, path: str, text: str) -> None:
        """Save a file of the site."""
        (self.root / path).write_text(text, encoding="utf-8")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A site with one note and a draft, being served."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "static").mkdir()
    (tmp_path / "notes" / "first.md").write_text(_NOTE, encoding="utf-8")
    draft = "---\ntitle: Unfinished\ndraft: true\n---\nA draft.\n"
    (tmp_path / "notes" / "draft.md").write_text(draft, encoding="utf-8")
    (tmp_path / "static" / "clip.mp4").write_bytes(bytes(range(256)))
    command = [sys.executable, "-m", "paperblog", "serve", str(tmp_path), "--port", "0"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
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


def test_pages_carry_the_script_and_files_do_not(served: Served) -> None:
    page = served.get("notes/first/")[2]
    assert '<script src="/_paperblog/client.js" data-note="notes/first.md"></script>' in page
    assert served.get("_paperblog/client.js")[0] == 200


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
