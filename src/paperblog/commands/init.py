"""`paperblog init`: begin a blog: configuration, a first note, and a place for templates."""

import argparse
from importlib.resources import files
from pathlib import Path

from paperblog.commands.workshop import present
from paperblog.model.config import Config
from paperblog.model.diagnostic import PaperblogError

# What a new blog holds, and the file of `skeleton/` that each begins as.
_FILES = {
    "paperblog.toml": "paperblog.toml",
    "notes/a-first-note.md": "a-first-note.md",
    "templates/README.md": "templates.md",
    ".gitignore": "gitignore",
}


def run(arguments: argparse.Namespace) -> int:
    """Write a new blog's files; nothing is written where one of them is in the way."""
    folder = Path(arguments.folder)
    there = [name for name in _FILES if (folder / name).exists()]
    if there:
        raise PaperblogError(
            f"{folder} already holds {', '.join(there)}; nothing was written. "
            "Begin in another folder, or move what is there"
        )
    try:
        for name, beginning in _FILES.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_text(beginning), encoding="utf-8")
    except OSError as error:
        raise PaperblogError(f"{error.filename} cannot be written: {error.strerror}") from error
    step = f"cd {folder} && " if arguments.folder != "." else ""
    print(f"A new blog is in {folder}/. Next: {step}paperblog serve")
    return 0


def _text(name: str) -> str:
    """A file of the skeleton; today is that of a new blog's time zone, lest the note be early."""
    text = (files("paperblog") / "skeleton" / name).read_text(encoding="utf-8")
    return text.replace("DATE", f"{present(Config()):%Y-%m-%d}")
