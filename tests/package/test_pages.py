"""Publishing on GitHub Pages: the workflow's steps as written, in clean clones, from the wheel."""

from __future__ import annotations

import shutil
import sys
import venv
from pathlib import Path

import pytest
from packaged import ROOT, run
from runner import GitHub, git

pytestmark = [pytest.mark.package, pytest.mark.slow]

WHO = ("-c", "user.name=Ada", "-c", "user.email=ada@lab.example")
WRONG = "---\ntitle: Wrong\ndate: 2020-01-01\n---\nText with $\\nosuch$.\n"
SOON = "---\ntitle: Soon\ndate: 2026-01-02\n---\nText.\n"
TODAY, TOMORROW = "1767225600", "1767312000"


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """The programs of a Python that has nothing but pip, as the runner has it."""
    venv.create(tmp_path / "python", with_pip=True)
    return tmp_path / "python" / "bin"


def commit(folder: Path, message: str) -> None:
    git("add", "--all", cwd=folder)
    git(*WHO, "commit", "-q", "-m", message, cwd=folder)


def test_a_new_blog_gets_published_and_follows_its_notes(
    wheel: Path, python: Path, tmp_path: Path
) -> None:
    blog = tmp_path / "blog"
    git("init", "-q", "-b", "main", str(blog), cwd=tmp_path)
    (blog / "tools").mkdir()
    shutil.copy(wheel, blog / "tools")
    init = [sys.executable, "-m", "paperblog", "init", "--github-pages", "--install"]
    run([*init, f"tools/{wheel.name}"], cwd=blog)
    github = GitHub(blog, tmp_path, "https://octocat.github.io/blog", python)

    # What `init` dates by the clock is in the future of this test's present.
    note = blog / "notes/a-first-note.md"
    dated = "".join(
        "date: 2025-12-31\n" if line.startswith("date:") else line
        for line in note.read_text(encoding="utf-8").splitlines(keepends=True)
    )
    note.write_text(dated, encoding="utf-8")
    commit(blog, "Begin")
    first = github.run("push", SOURCE_DATE_EPOCH=TODAY)
    assert first.done == ["build", "deploy"], first.log
    page = (github.published / "notes/a-first-note/index.html").read_text(encoding="utf-8")
    assert 'class="katex"' in page
    assert "https://octocat.github.io/blog/notes/a-first-note/" in page
    missing = (github.published / "404.html").read_text(encoding="utf-8")
    assert 'href="/blog/' in missing
    assert not list(github.published.glob(".*"))

    (blog / "notes/wrong.md").write_text(WRONG, encoding="utf-8")
    commit(blog, "Break a formula")
    broken = github.run("push", SOURCE_DATE_EPOCH=TODAY)
    assert broken.done == []
    assert "::error file=notes/wrong.md,line=5," in broken.log
    assert "error[math-undefined]" in broken.summary
    assert not (github.published / "notes/wrong").exists()

    (blog / "notes/wrong.md").unlink()
    (blog / "notes/soon.md").write_text(SOON, encoding="utf-8")
    commit(blog, "Plan a note")
    proposed = github.run("pull_request", "refs/pull/1/merge", SOURCE_DATE_EPOCH=TODAY)
    assert proposed.done == ["build"]
    pushed = github.run("push", SOURCE_DATE_EPOCH=TODAY)
    assert pushed.done == ["build", "deploy"]
    assert "The next note is due on 2026-01-02" in pushed.summary
    daily = github.run("schedule", SOURCE_DATE_EPOCH=TODAY)
    assert daily.done == ["build"]
    assert not (github.published / "notes/soon").exists()
    due = github.run("schedule", SOURCE_DATE_EPOCH=TOMORROW)
    assert due.done == ["build", "deploy"]
    assert (github.published / "notes/soon/index.html").exists()
    assert github.run("schedule", SOURCE_DATE_EPOCH=TOMORROW).done == ["build"]


def test_this_repository_publishes_the_blog_of_its_lab(python: Path, tmp_path: Path) -> None:
    github = GitHub(ROOT, tmp_path, "https://octocat.github.io/paperblog", python)
    done = github.run("push")
    assert done.done == ["build", "deploy"], done.log
    page = (github.published / "notes/linformer/index.html").read_text(encoding="utf-8")
    assert "https://octocat.github.io/paperblog/notes/linformer/" in page
