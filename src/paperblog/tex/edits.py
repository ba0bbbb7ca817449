"""Edits of a text that remember where its characters come from."""

from collections.abc import Iterable

Pieces = tuple[tuple[int, int], ...]
"""Pairs of an offset of a text and the offset of its source, ascending, the first at 0.

Between two pairs both run on alike.
"""

Edit = tuple[int, int, str]
"""Replace `text[start:end]` by a new text."""


def source_offset(pieces: Pieces, offset: int) -> int:
    """Where in the source the character at an offset of the text stands."""
    best = pieces[0]
    for piece in pieces:
        if piece[0] > offset:
            break
        best = piece
    return best[1] + offset - best[0]


def apply(text: str, pieces: Pieces, edits: Iterable[Edit]) -> tuple[str, Pieces]:
    """Apply edits; of those at one place the given order holds.

    An edit that begins inside another is dropped, with what the other replaces.
    """
    parts: list[str] = []
    result: dict[int, int] = {}
    length = at = 0
    for start, end, new in (*sorted(edits, key=_start), (len(text), len(text), "")):
        if start < at:
            continue
        result[length] = source_offset(pieces, at)
        result |= {length + p - at: s for p, s in pieces if at < p < start}
        parts.append(text[at:start])
        length += start - at
        if new:
            result[length] = source_offset(pieces, min(start, max(len(text) - 1, 0)))
            parts.append(new)
            length += len(new)
        at = end
    return "".join(parts), tuple(sorted(result.items()))


def _start(edit: Edit) -> int:
    return edit[0]
