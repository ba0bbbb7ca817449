"""Load: what is looked at again when some files were touched."""

import os
import time
from pathlib import Path

import pytest

from paperblog.adapters.store import NoStore
from paperblog.steps.load import Found, load, look_again


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("notes/a.md", "notes/b.md", "notes/p.svg", "static/x.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    return tmp_path


def found(root: Path) -> Found:
    return load(root, NoStore(), 0, {})


def test_files_that_were_touched_are_looked_at_again_and_no_other(root: Path) -> None:
    before = found(root)
    for name in ("notes/a.md", "notes/b.md", "static/x.txt"):
        (root / name).write_text("changed", encoding="utf-8")
    again = look_again(before, root, ["notes/a.md", "static/x.txt"])
    assert again is not None
    now = found(root)
    assert again.sources == (now.sources[0], before.sources[1])
    assert again.assets == now.assets
    assert look_again(before, root, ["notes/a.md", "notes/b.md", "static/x.txt"]) == now


def test_what_came_or_went_takes_a_look_at_everything(root: Path) -> None:
    before = found(root)
    (root / "notes/c.md").write_text("new", encoding="utf-8")
    (root / "notes/b.md").unlink()
    (root / "notes/p.svg").unlink()
    (root / "notes/p.svg").symlink_to(root / "notes/a.md")
    for name in ("notes/c.md", "notes/b.md", "notes/p.svg", "notes", "templates/note.html"):
        assert look_again(before, root, [name]) is None
    assert look_again(before, root, []) == before


def test_what_could_not_be_read_takes_a_look_at_everything(root: Path) -> None:
    (root / "notes/l.md").symlink_to(root / "nowhere")
    before = found(root)
    assert before.diagnostics
    assert look_again(before, root, ["notes/a.md"]) is None


def test_a_file_that_is_as_it_was_by_its_stat_is_not_looked_at_once_more(root: Path) -> None:
    store = NoStore()
    stats = {}
    for name in ("notes/a.md", "notes/b.md"):
        os.utime(root / name, (1_500_000_000, 1_500_000_000))
        stat = (root / name).stat()
        stats[name] = [stat.st_mtime_ns, stat.st_size]
    before = load(root, store, time.time_ns(), {})
    for name in ("notes/a.md", "notes/b.md"):
        (root / name).write_text("changed", encoding="utf-8")
    # What is not as it was is looked at now: its content is never taken for that of another time.
    given = stats | {"notes/b.md": [0, 0]}
    now = load(root, store, time.time_ns(), given)
    assert now.sources[0] == before.sources[0]
    assert now.sources[1] == found(root).sources[1] != before.sources[1]
    assert load(root, store, time.time_ns(), {}) == found(root)
