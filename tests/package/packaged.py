"""Commands run outside of the checkout, as on a machine that has nothing but the package."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(command: list[str], cwd: Path, path: Path | None = None) -> None:
    """Runs a command outside the checkout; `path`, if given, is all that it finds programs in."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    if path is not None:
        environment["PATH"] = str(path)
    result = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=600, check=False
    )
    assert result.returncode == 0, f"{command}\n{result.stdout}\n{result.stderr}"


def only(paths: Iterable[Path]) -> Path:
    (path,) = paths
    return path
