"""Edits of a text that remember where its characters come from."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from operator import itemgetter

from paperblog.model.formula import Pieces, source_offset

Edit = tuple[int, int, str]
"""Replace `text[start:end]` by a new text."""


_start = itemgetter(0)


def _place(edit: Edit) -> tuple[int, bool]:
    start, end, _ = edit
    return start, end > start


def apply(text: str, pieces: Pieces, edits: Iterable[Edit]) -> tuple[str, Pieces]:
    """Apply edits; of those at one place insertions come first, and else the given order holds.

    An edit that begins inside another is dropped, with what the other replaces.
    """
    parts: list[str] = []
    result: dict[int, int] = {}
    length = at = 0
    for start, end, new in (*sorted(edits, key=_place), (len(text), len(text), "")):
        if start < at:
            continue
        result[length] = source_offset(pieces, at)
        first, last = bisect_right(pieces, at, key=_start), bisect_left(pieces, start, key=_start)
        result |= {length + p - at: s for p, s in pieces[first:last]}
        parts.append(text[at:start])
        length += start - at
        if new:
            result[length] = source_offset(pieces, min(start, max(len(text) - 1, 0)))
            parts.append(new)
            length += len(new)
        at = end
    return "".join(parts), tuple(sorted(result.items()))
