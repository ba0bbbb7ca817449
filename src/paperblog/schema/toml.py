"""TOML configuration read as text with positions.

The standard library's `tomllib` decides what the text means; since it tells no positions, a scan
of the same text, known to be well-formed, finds where each key and value stands.
"""

import re
import tomllib
from datetime import date, datetime, time

from paperblog.schema.values import Listing, Scalar, Table, UnreadableError, Value

_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY = re.compile(r"\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*'|[A-Za-z0-9_-]+")
_DOT = re.compile(r"[ \t]*\.[ \t]*")
_SCALAR = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|[^,\]}#\n]+',
    re.DOTALL,
)

_Path = tuple[str | int, ...]
_Place = tuple[int, int, int]
"""Where a key starts, where its value starts, and where that ends."""


def read(content: str, table: tuple[str, ...] = ()) -> Table | None:
    """The named table of a TOML text, or None where the text has no such table.

    Raises:
        UnreadableError: the text is not TOML.
    """
    try:
        data: object = tomllib.loads(content)
        places = _Scan(content).places()
    except tomllib.TOMLDecodeError as error:
        raise _unreadable(content, str(error)) from None
    except RecursionError:
        raise UnreadableError(0, "this is nested too deep") from None
    for name in table:
        data = data.get(name) if isinstance(data, dict) else None
        if data is None:
            return None
    if not isinstance(data, dict):
        return None
    return _table(data, table, places, content)


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


class _Scan:
    """Finds the places of all keys and values; a list's items have numbers for keys."""

    def __init__(self, content: str) -> None:
        self._content = content
        self._at = 0
        self._places: dict[_Path, _Place] = {}
        self._counts: dict[_Path, int] = {}

    def places(self) -> dict[_Path, _Place]:
        """The place of each path of keys."""
        above: _Path = ()
        self._blank()
        while self._at < len(self._content):
            if self._content[self._at] == "[":
                above = self._header()
            else:
                self._pair(above)
            self._blank()
        return self._places

    def _header(self) -> _Path:
        start = self._at
        brackets = 2 if self._content.startswith("[[", start) else 1
        self._at += brackets
        self._blank()
        path = self._key(())
        self._blank()
        self._at += brackets
        if brackets == 2:
            self._counts[path] = number = self._counts.get(path, -1) + 1
            self._places.setdefault(path, (start, start, start + 1))
            path = (*path, number)
        self._places.setdefault(path, (start, start, start + 1))
        return path

    def _pair(self, above: _Path) -> None:
        start = self._at
        path = self._key(above)
        self._blank()
        self._at += 1
        self._blank()
        value = self._at
        self._value(path)
        for length in range(len(above) + 1, len(path)):
            self._places.setdefault(path[:length], (start, value, self._at))
        self._places[path] = start, value, self._at

    def _key(self, above: _Path) -> _Path:
        """The path that a dotted key names; a list of tables on the way means its latest."""
        path = above
        while match := _KEY.match(self._content, self._at):
            if path in self._counts:
                path = (*path, self._counts[path])
            path = (*path, _name(match[0]))
            self._at = match.end()
            dot = _DOT.match(self._content, self._at)
            if dot is None:
                break
            self._at = dot.end()
        return path

    def _value(self, path: _Path) -> None:
        opening = self._content[self._at]
        if opening not in "[{":
            match = _SCALAR.match(self._content, self._at)
            assert match is not None
            self._at += len(match[0].rstrip())
            return
        self._at += 1
        self._blank()
        number = 0
        while self._content[self._at] not in "]}":
            if opening == "{":
                self._pair(path)
            else:
                start = self._at
                self._value((*path, number))
                self._places[*path, number] = start, start, self._at
                number += 1
            self._blank()
            if self._content[self._at] == ",":
                self._at += 1
                self._blank()
        self._at += 1

    def _blank(self) -> None:
        match = _BLANK.match(self._content, self._at)
        self._at = match.end() if match else self._at


def _name(key: str) -> str:
    if key[0] == '"':
        return str(tomllib.loads(f"name = {key}")["name"])
    return key.strip("'")


def _table(
    data: dict[str, object], path: _Path, places: dict[_Path, _Place], content: str
) -> Table:
    entries = []
    for key, value in data.items():
        key_start, _, _ = places.get((*path, key), (0, 0, 1))
        quote = content[key_start : key_start + 1]
        end = key_start + max(len(key), 1)
        if quote in ("'", '"'):
            match = _KEY.match(content, key_start)
            end = match.end() if match else end
        name = Scalar(key, key_start, end, quote if quote in ("'", '"') else "")
        entries.append((name, _value(value, (*path, key), places, content)))
    _, start, end = places.get(path, (0, 0, 1))
    return Table(tuple(entries), start, end)


def _value(data: object, path: _Path, places: dict[_Path, _Place], content: str) -> Value:
    if isinstance(data, dict):
        return _table(data, path, places, content)
    _, start, end = places.get(path, (0, 0, 1))
    if isinstance(data, list):
        items = [_value(item, (*path, number), places, content) for number, item in enumerate(data)]
        return Listing(tuple(items), start, end)
    quote = content[start] if content[start : start + 1] in ("'", '"') else ""
    return Scalar(_text(data), start, end, quote)


def _text(data: object) -> str:
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, datetime | date | time):
        return data.isoformat()
    # An escape can write what no text of ours may hold: NUL marks slots in HTML.
    return str(data).replace("\0", "\ufffd")
