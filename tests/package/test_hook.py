"""The hook as pre-commit itself installs and runs it in another repository."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from packaged import ROOT, run
from runner import git

pytestmark = [pytest.mark.package, pytest.mark.slow]

GOOD = "---\ntitle: Good\ndate: 2020-01-01\n---\nText with $x$.\n"
WRONG = GOOD.replace("$x$", "$\\nosuch$")


def test_pre_commit_installs_the_hook_and_checks_what_has_changed(tmp_path: Path) -> None:
    venv.create(tmp_path / "environment", with_pip=True)
    python = tmp_path / "environment/bin/python"
    run([str(python), "-m", "pip", "install", "--quiet", "pre-commit"], cwd=tmp_path)
    blog = tmp_path / "blog"
    git("init", "-q", str(blog), cwd=tmp_path)
    run([sys.executable, "-m", "paperblog", "init", "."], cwd=blog)
    (blog / "notes/good.md").write_text(GOOD, encoding="utf-8")
    (blog / "notes/wrong.md").write_text(WRONG, encoding="utf-8")
    git("add", "--all", cwd=blog)

    def hook(*files: str) -> subprocess.CompletedProcess[str]:
        command = [str(python), "-m", "pre_commit", "try-repo", str(ROOT), "paperblog-check"]
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
        return subprocess.run(
            [*command, "--verbose", "--files", *files],
            cwd=blog,
            env=kept | {"PRE_COMMIT_HOME": str(tmp_path / "home")},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    whole = hook("notes/good.md", "paperblog.toml", ".gitignore")
    assert whole.returncode == 1, whole.stdout + whole.stderr
    assert "notes/wrong.md:5:12: error[math-undefined]" in whole.stdout
    good = hook("notes/good.md", ".gitignore")
    assert good.returncode == 0, good.stdout + good.stderr
    assert "1 note, 1 formula checked" in good.stdout
    wrong = hook("notes/good.md", "notes/wrong.md")
    assert wrong.returncode == 1
    assert "notes/wrong.md:5:12: error[math-undefined]" in wrong.stdout
    assert "(no files to check)Skipped" in hook(".gitignore").stdout
