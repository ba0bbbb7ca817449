"""The list of what was written, kept in the output folder itself, as its marker."""

import json
import os
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path, PurePath

from msgspec import Struct

MARKER = ".paperblog-output"
_PLAIN = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_./-]*")
_WORD = "paperblog writes this folder and may delete what it wrote here:\n"


class Listed(Struct, frozen=True):
    """The paths that a marker lists; it is `sound` where it holds these once and nothing else."""

    paths: set[str]
    sound: bool


def listing(paths: Iterable[str]) -> bytes:
    """The marker's content: a word for those who find it, and a path a line."""
    lines = "".join(f"{json.dumps(path)}\n" for path in sorted(paths))
    return (_WORD + lines).encode()


def listed(folder: Path) -> Listed | None:
    """What the marker of a folder lists; None where there is no marker."""
    try:
        return listed_in((folder / MARKER).read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return None


def listed_in(content: str) -> Listed:
    """What a marker lists.

    A line that is damaged counts for nothing, and so does a path that leads out of the folder.
    """
    lines = content.splitlines()[1:]
    paths = {path for path in _decoded(lines) if isinstance(path, str) and is_inside(path)}
    return Listed(paths, content.startswith(_WORD) and len(paths) == len(lines))


def _decoded(lines: Sequence[str]) -> Iterable[object]:
    """The values of lines, those that are damaged left out; mostly none is."""
    try:
        # No string of JSON goes over a line's end, so two damaged lines do not make one whole.
        values: list[object] = json.loads("[" + ",\n".join(lines) + "]")
        return values
    except ValueError:
        if len(lines) == 1:
            return ()
    return chain.from_iterable(_decoded([line]) for line in lines)


@lru_cache(maxsize=1 << 17)
def is_inside(path: str) -> bool:
    """Whether a relative path stays within the folder that it starts from.

    A list or a record may come from someone else's machine, and what it names is deleted.
    """
    if _PLAIN.fullmatch(path) and ".." not in path:
        return True
    pure = PurePath(path)
    return bool(pure.parts) and not (os.path.isabs(path) or pure.drive or ".." in pure.parts)
