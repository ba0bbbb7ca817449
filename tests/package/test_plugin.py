"""The example plugin as a package: installed beside the wheel, found without configuration."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from packaged import ROOT, run

pytestmark = [pytest.mark.package, pytest.mark.slow]

WATER = "---\ntitle: Water\ndate: 2020-01-01\n---\nH~2~O and $x$.\n"


def test_the_example_plugin_installs_works_and_leaves_no_trace(
    programs: Path, tmp_path: Path
) -> None:
    pip = [str(programs / "python"), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    run([str(programs / "paperblog"), "init", "blog"], cwd=tmp_path)
    blog = tmp_path / "blog"
    (blog / "notes/water.md").write_text(WATER, encoding="utf-8")

    def build() -> str:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
        done = subprocess.run(
            [str(programs / "paperblog"), "build", str(blog)],
            cwd=tmp_path,
            env=kept,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stderr

    page = blog / "site/notes/water/index.html"
    assert "no-paper" not in build()
    assert "H<sub>2</sub>O" not in page.read_text(encoding="utf-8")
    run([*pip, "install", str(ROOT / "docs/examples/plugin")], cwd=tmp_path)
    try:
        assert "notes/water.md: warning[no-paper]: the note names no paper" in build()
        assert "H<sub>2</sub>O" in page.read_text(encoding="utf-8")
        index = (blog / "site/formulas/index.html").read_text(encoding="utf-8")
        assert "Notes by their formulas" in index
        assert 'href="../notes/water/"' in index
    finally:
        run([*pip, "uninstall", "--yes", "paperblog-formula-index"], cwd=tmp_path)
    assert "no-paper" not in build()
    assert "H<sub>2</sub>O" not in page.read_text(encoding="utf-8")
    assert not (blog / "site/formulas").exists()
