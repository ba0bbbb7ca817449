"""Verification: a site beside what a cold build of it gives, byte for byte."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from paperblog.model.diagnostic import PaperblogError
from paperblog.model.status import ERRORS, OK
from paperblog.steps.disk import files_of_site

_SHOWN = 20


def verify(output: Path, arguments: Sequence[str]) -> list[str]:
    """What differs in an output folder from a cold build's, a sentence for each file.

    `arguments` are those of `paperblog build`, without an output. The cold build is a process of
    its own that remembers nothing and writes beside the output, so that nothing is shared.

    Raises:
        PaperblogError: the cold build could not be made.
    """
    with _folder_beside(output) as folder:
        _build(folder, arguments)
        ours, cold = files_of_site(output), files_of_site(folder)
        differences = [f"{output / name} is missing" for name in sorted(cold - ours)]
        differences += [f"{output / name} is not of this site" for name in sorted(ours - cold)]
        for name in sorted(ours & cold):
            place = _difference((output / name).read_bytes(), (folder / name).read_bytes())
            if place:
                differences.append(f"{output / name}:{place} differs from a cold build")
        return differences


def as_text(differences: Sequence[str]) -> str:
    """The differences, and what they may come from, for people."""
    if not differences:
        return "verified: a cold build gives the same files, byte for byte\n"
    more = len(differences) - _SHOWN
    lines = [f"error: {line}" for line in differences[:_SHOWN]]
    lines += [f"… and {more} more"] if more > 0 else []
    lines.append(
        "  help: a plugin may read what it does not declare, or files may have been changed by "
        "hand; --clean deletes what is not of this site. Else it is a bug in paperblog"
    )
    return "\n".join(lines) + "\n"


@contextmanager
def _folder_beside(output: Path) -> Iterator[Path]:
    try:
        made = tempfile.mkdtemp(prefix=".paperblog-cold-", dir=output.parent)
    except OSError as error:
        raise PaperblogError(f"{output.parent} cannot be written: {error.strerror}") from error
    try:
        yield Path(made)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _build(folder: Path, arguments: Sequence[str]) -> None:
    command = [sys.executable, "-P", "-m", "paperblog", "build", "--no-cache", "-o", str(folder)]
    done = subprocess.run(
        [*command, *arguments],
        # Plugins are found where this process finds them.
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode not in (OK, ERRORS):
        raise PaperblogError(f"the site cannot be verified: a cold build fails\n{done.stderr}")


def _difference(ours: bytes, cold: bytes) -> str:
    """The line and column, in bytes from 1, of the first difference; empty without one."""
    if ours == cold:
        return ""
    shorter = min(len(ours), len(cold))
    at = next((n for n in range(shorter) if ours[n] != cold[n]), shorter)
    line, column = ours.count(b"\n", 0, at) + 1, at - ours.rfind(b"\n", 0, at)
    return f"{line}:{column}"
