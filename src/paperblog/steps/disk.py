"""Disk: what writing asks of an output folder, file by file."""

import contextlib
import os
from collections.abc import Set
from pathlib import Path

_KEPT = {"CNAME"}


def files_of_site(folder: Path) -> set[str]:
    """All files below an output folder; dotfiles and `CNAME` belong to the host."""
    found = set()
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = (Path(place) / name).relative_to(folder).as_posix()
            if not name.startswith(".") and path not in _KEPT:
                found.add(path)
    return found


def in_the_way(gone: set[str], paths: set[str]) -> set[str]:
    """Files that stand where a folder must, or below what must be a file."""
    if not gone:
        return set()
    folders = {folder for path in paths for folder in folders_of(path)}
    return {path for path in gone if path in folders or not paths.isdisjoint(folders_of(path))}


def folders_of(path: str) -> list[str]:
    """The folders that a path leads through, the outermost first."""
    return [path[:at] for at, char in enumerate(path) if char == "/"]


def first_new(path: str, there: Set[str]) -> str:
    """The outermost folder of a path that is not there; the path itself where all are."""
    return next((folder for folder in folders_of(path) if folder not in there), path)


def leads_into(place: str | Path, folder: Path) -> bool:
    """Whether a path ends in a folder, whatever symbolic links it goes by."""
    return Path(place).resolve().is_relative_to(folder.resolve())


def holds(place: str, size: int, content: bytes) -> bool:
    """Whether a file of a size holds a content already."""
    with contextlib.suppress(OSError):
        return size == len(content) and Path(place).read_bytes() == content
    return False


def put(stage: str, path: str, content: bytes) -> tuple[int, int]:
    """Write a file below a folder that is there, and say its time and size."""
    for folder in folders_of(path):
        with contextlib.suppress(FileExistsError):
            os.mkdir(f"{stage}/{folder}")
    with open(f"{stage}/{path}", "wb") as file:
        file.write(content)
    stat = os.stat(f"{stage}/{path}")
    return stat.st_mtime_ns, stat.st_size


def stat_of(path: str) -> tuple[int, int] | None:
    """A file's time, in nanoseconds, and size; None where there is none."""
    try:
        stat = os.stat(path)
    except (OSError, ValueError):  # a damaged record may hold NUL
        return None
    return stat.st_mtime_ns, stat.st_size


def remove_empty(folder: Path) -> bool:
    """Remove a folder if it is empty, and say whether it is gone."""
    try:
        folder.rmdir()
    except OSError:
        return False
    return True
