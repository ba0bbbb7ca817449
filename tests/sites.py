"""Small sites in temporary folders, and the command line run on them."""

import contextlib
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from paperblog.cli import main
from paperblog.model.formula import Formula, Outcome, Typeset

Files = Mapping[str, str | bytes]
MakeSite = Callable[[Files], "Site"]

TODAY = "1767225600"
"""The present in every test, as SOURCE_DATE_EPOCH has it: 1 January 2026, 0:00 UTC."""

ROOT = Path(__file__).parents[1]
"""The repository."""

_PAST = 1_500_000_000


@dataclass(frozen=True)
class Result:
    """What a command said, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def counts(self) -> str:
        """The summary line without the time that it took."""
        return self.out.splitlines()[-1].rpartition(" in ")[0]


class Site:
    """A site's folder; its output is `site/` in it, as by default.

    Files get times in the past, each later than the one before: what has just been written is
    not trusted to be unchanged, and that would hide what the gate and the store do.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.output = root / "site"
        self._writes = 0

    def write(self, files: Files) -> None:
        """Write files, given by their paths from the root."""
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
            self._writes += 1
            os.utime(path, (_PAST + self._writes, _PAST + self._writes))

    def remove(self, name: str) -> None:
        """Remove a file, or a folder with all that it holds."""
        path = self.root / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()

    def build(self, *arguments: str) -> Result:
        """Build this site, in this process."""
        return run("build", str(self.root), *_in_one_process(arguments))

    def check(self, *arguments: str) -> Result:
        """Check this site, in this process."""
        return run("check", str(self.root), *_in_one_process(arguments))

    def page(self, name: str) -> str:
        """The text of a file in the output; an address that ends with a slash names its page."""
        name = f"{name}index.html" if name == "" or name.endswith("/") else name
        return (self.output / name).read_text(encoding="utf-8")

    def has(self, name: str) -> bool:
        """Whether a file or folder is in the output."""
        return (self.output / name).exists()

    def written(self, output: Path | None = None) -> dict[str, bytes]:
        """All files of an output folder, by their paths."""
        folder = output or self.output
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }

    def stamps(self) -> dict[str, tuple[bytes, int]]:
        """Each file's content with its number in the file system, which a rewritten one changes."""
        return {
            path: (content, (self.output / path).stat().st_ino)
            for path, content in self.written().items()
        }


class FakeEngine:
    """A math engine for tests in which it does not matter how formulas look."""

    identity = "fake"

    def commands(self) -> Sequence[str]:
        """Knows no commands."""
        return ()

    def typeset(self, formulas: Sequence[Formula]) -> Sequence[Outcome]:
        """Each formula in brackets."""
        return [Typeset(f"[{formula.tex}]") for formula in formulas]


def run(*arguments: str) -> Result:
    """Run the command line in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = main(arguments)
        except SystemExit as leaving:
            status = int(leaving.code or 0)
    return Result(status, out.getvalue(), err.getvalue())


def process(
    *arguments: str, cwd: Path, python: Sequence[str] = ("-m", "paperblog"), **environment: str
) -> Result:
    """Run the command line, or what `python` says, in a process of its own."""
    done = subprocess.run(
        [sys.executable, *python, *arguments],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return Result(done.returncode, done.stdout, done.stderr)


def _in_one_process(arguments: tuple[str, ...]) -> tuple[str, ...]:
    """A test's process has threads, so it cannot fork safely unless it is asked to."""
    return arguments if "--jobs" in arguments else (*arguments, "--jobs", "1")
