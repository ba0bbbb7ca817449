"""Measure builds of made-up blogs: `make bench`, or `make bench ARGS="--notes 1000"`.

Each size is built cold, with nothing changed, and with the text of one note changed; seconds are
of the wall and of the processor, the command's own start included.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from corpus import write_corpus

_SIZES = ((12, 10), (100, 10), (1000, 10))


def main() -> None:
    """Print a table of times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, help="one size instead of 12, 100 and 1000 notes")
    parser.add_argument("--formulas", type=int, default=10, help="formulas a note (default: 10)")
    arguments = parser.parse_args()
    sizes = [(arguments.notes, arguments.formulas)] if arguments.notes else list(_SIZES)
    print("| notes × formulas | build | wall s | CPU s | said |")
    print("|---|---|---|---|---|")
    for notes, formulas in sizes:
        with tempfile.TemporaryDirectory() as folder:
            _measure(Path(folder), notes, formulas)


def _measure(folder: Path, notes: int, formulas: int) -> None:
    write_corpus(folder, notes, formulas)
    _settle()
    _print(notes, formulas, "cold", _build(folder))
    _settle()
    _print(notes, formulas, "nothing changed", _build(folder))
    changed = folder / "notes" / "note-000003.md"
    changed.write_text(changed.read_text(encoding="utf-8") + "\nOne more line.\n", encoding="utf-8")
    _settle()
    _print(notes, formulas, "one note changed", _build(folder))


def _settle() -> None:
    """Let the files grow older than the clock's resolution, as an author's are."""
    time.sleep(0.1)


def _build(folder: Path) -> tuple[float, float, str]:
    """Wall and processor seconds of a build, and its closing line."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "paperblog", "build", str(folder)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        check=True,
    )
    wall = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, done.stdout.strip().splitlines()[-1]


def _print(notes: int, formulas: int, name: str, result: tuple[float, float, str]) -> None:
    wall, cpu, said = result
    print(f"| {notes} × {formulas} | {name} | {wall:.2f} | {cpu:.2f} | {said} |", flush=True)


if __name__ == "__main__":
    main()
