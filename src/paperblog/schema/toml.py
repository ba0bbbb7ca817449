"""TOML configuration read as text with positions.

The standard library's `tomllib` decides what the text means; since it tells no positions, a scan
of the lines finds where each key stands.
"""

import re
import tomllib
from bisect import bisect_left
from datetime import date, datetime, time

from paperblog.schema.values import Listing, Scalar, Table, UnreadableError, Value

_HEADER = re.compile(r"^[ \t]*\[\[?[ \t]*([^\]\n]+?)[ \t]*\]\]?", re.MULTILINE)
_KEY = re.compile(
    r"^[ \t]*((?:[A-Za-z0-9_-]+|'[^'\n]*'|\"(?:\\.|[^\"\\\n])*\")"
    r"(?:[ \t]*\.[ \t]*(?:[A-Za-z0-9_-]+|'[^'\n]*'|\"[^\"\n]*\"))*)[ \t]*=[ \t]*",
    re.MULTILINE,
)
_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")
_PART = re.compile(r"'([^']*)'|\"((?:\\.|[^\"\\])*)\"|([A-Za-z0-9_-]+)")

_Places = dict[tuple[str, ...], list[tuple[int, int, int]]]


def read(content: str, table: tuple[str, ...] = ()) -> Table | None:
    """The named table of a TOML text, or None where the text has no such table.

    Raises:
        UnreadableError: the text is not TOML.
    """
    try:
        data: object = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise _unreadable(content, str(error)) from None
    for name in table:
        data = data.get(name) if isinstance(data, dict) else None
        if data is None:
            return None
    if not isinstance(data, dict):
        return None
    return _table(data, table, _places(content), content, 0)


def _unreadable(content: str, message: str) -> UnreadableError:
    place = _PLACE.search(message)
    offset = len(content)
    if place:
        starts = [0, *(match.end() for match in re.finditer("\n", content))]
        offset = starts[min(int(place[1]), len(starts)) - 1] + int(place[2]) - 1
    text = message.split(" (at ")[0]
    help = ""
    if "Unescaped" in text or "escape" in text.lower() or "hex" in text.lower():
        help = "in double quotes a backslash is an escape: use single quotes for TeX"
    return UnreadableError(max(0, min(offset, len(content))), text[:1].lower() + text[1:], help)


def _places(content: str) -> _Places:
    """For each key's path, every place where it stands: key start, value start, value end."""
    places: _Places = {}
    headers = [(match.start(), _parts(match[1])) for match in _HEADER.finditer(content)]
    for start, path in headers:
        places.setdefault(path, []).append((start, start, start + 1))
    starts = [start for start, _ in headers]
    for match in _KEY.finditer(content):
        above = bisect_left(starts, match.start())
        prefix = headers[above - 1][1] if above else ()
        line_end = content.find("\n", match.end())
        line = content[match.end() : None if line_end == -1 else line_end]
        value_end = match.end() + max(len(line.rstrip()), 1)
        places.setdefault(prefix + _parts(match[1]), []).append(
            (match.start(1), match.end(), value_end)
        )
    return places


def _parts(dotted: str) -> tuple[str, ...]:
    parts = []
    for match in _PART.finditer(dotted):
        literal, basic, bare = match.groups()
        if basic is not None:
            basic = basic.replace("\\\\", "\\").replace('\\"', '"')
        parts.append(next(part for part in (literal, basic, bare) if part is not None))
    return tuple(parts)


def _table(
    data: dict[str, object], path: tuple[str, ...], places: _Places, content: str, count: int
) -> Table:
    entries = []
    for key, value in data.items():
        found = places.get((*path, key), [])
        key_start, start, end = found[min(count, len(found) - 1)] if found else (0, 0, 1)
        name = Scalar(key, key_start, key_start + max(len(key), 1))
        entries.append((name, _value(value, (*path, key), places, content, (start, end))))
    own = places.get(path, [(0, 0, 1)])[0]
    return Table(tuple(entries), own[0], own[2])


def _value(
    data: object, path: tuple[str, ...], places: _Places, content: str, place: tuple[int, int]
) -> Value:
    start, end = place
    if isinstance(data, dict):
        return _table(data, path, places, content, 0)
    if isinstance(data, list):
        items: list[Value] = []
        for number, item in enumerate(data):
            if isinstance(item, dict):
                items.append(_table(item, path, places, content, number))
            else:
                items.append(_value(item, path, places, content, place))
        return Listing(tuple(items), start, end)
    quote = content[start] if content[start : start + 1] in ("'", '"') else ""
    return Scalar(_text(data), start, end, quote)


def _text(data: object) -> str:
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, datetime | date | time):
        return data.isoformat()
    return str(data)
