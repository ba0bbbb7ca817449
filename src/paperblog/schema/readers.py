"""From a value as written to a value of a type, or a clear word on what is wrong with it."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta, timezone
from difflib import get_close_matches
from typing import Generic, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from msgspec import Struct

from paperblog.model import codes
from paperblog.model.diagnostic import Diagnostic
from paperblog.model.text import Text
from paperblog.schema.values import Listing, Scalar, Table, Value, WrongError

T = TypeVar("T")
Reader = Callable[[Value], T]

_TRUE, _FALSE = {"true", "yes", "on"}, {"false", "no", "off"}
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]+(\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(\S.*)?)?")
_EATEN = re.compile(r"\\[0abefnrtvNLP_\n ]")


class Field(Struct, Generic[T], frozen=True):
    """A key that authors may write: how it is read, and what the reference says of it."""

    name: str
    read: Reader[T]
    default: T
    form: str
    meaning: str
    also: str = ""


class Fields:
    """Reads the keys of one table, gathering diagnostics instead of stopping at the first."""

    def __init__(self, table: Table, text: Text, diagnostics: list[Diagnostic]) -> None:
        self._text = text
        self._diagnostics = diagnostics
        self._values: dict[str, tuple[Scalar, Value]] = {}
        for key, value in table.entries:
            if key.text in self._values:
                self._say(
                    codes.DUPLICATE_KEY.at(
                        text.span(key.start, key.end), f"the key {key.text} stands twice"
                    )
                )
            self._values[key.text] = (key, value)

    def get(self, field: Field[T]) -> T:
        """The value of a field; its default where it is absent, empty or wrong."""
        found = self._values.get(field.name) or self._values.get(field.also)
        if found is None or found[1] == Scalar("", found[1].start, found[1].end):
            return field.default
        try:
            return field.read(found[1])
        except WrongError as wrong:
            span = self._text.span(wrong.place.start, wrong.place.end)
            self._say(wrong.code.at(span, f"{found[0].text}: {wrong.message}", wrong.help))
            return field.default

    def value(self, field: Field[T]) -> Value | None:
        """The value of a field as it was written."""
        found = self._values.get(field.name) or self._values.get(field.also)
        return found[1] if found else None

    def misspells(self, field: Field[bool], known: tuple[Field[object], ...]) -> bool:
        """Whether a key that no field knows was most likely meant to be this one."""
        names = _names(known)
        return any(_nearest(key, names) == field.name for key in self._values if key not in names)

    def warn_of_unknown(
        self, known: tuple[Field[object], ...], where: str, meanwhile: Mapping[str, str]
    ) -> None:
        """Say which keys no field knows, with the nearest one that does, and what holds till then.

        `meanwhile` says the latter by the names of keys.
        """
        names = _names(known)
        for key, _ in self._values.values():
            if key.text not in names:
                near = _nearest(key.text, names)
                help = "keys of your own go under extra"
                if near:
                    help = " ".join(filter(None, (f"did you mean {near}?", meanwhile.get(near))))
                span = self._text.span(key.start, key.end)
                self._say(codes.UNKNOWN_KEY.at(span, f"unknown key {key.text} in {where}", help))

    def _say(self, diagnostic: Diagnostic) -> None:
        self._diagnostics.append(diagnostic)


class Section:
    """A table of the configuration that holds known keys and no others.

    Raises:
        WrongError: it is no table, or has another key.
    """

    def __init__(self, value: Value, name: str, known: tuple[str, ...]) -> None:
        if not isinstance(value, Table):
            message = f"a table is expected here, such as [{name}] with {known[0]}"
            raise WrongError(codes.WRONG_VALUE, value, message)
        self._values = {key.text: item for key, item in value.entries}
        for key, _ in value.entries:
            if key.text not in known:
                near = _nearest(key.text, list(known)) or known[0]
                message = f"unknown key {name}.{key.text}"
                raise WrongError(codes.WRONG_VALUE, key, message, f"did you mean {near}?")

    def get(self, key: str, read: Reader[T], default: T) -> T:
        """The value of a key; the default where it is absent.

        Raises:
            WrongError: the reader refuses it.
        """
        return read(self._values[key]) if key in self._values else default


def _names(known: tuple[Field[object], ...]) -> list[str]:
    return [name for field in known for name in (field.name, field.also) if name]


def _nearest(key: str, names: list[str]) -> str:
    return next(iter(get_close_matches(key.lower(), names, 1, 0.6)), "")


def line(value: Value) -> str:
    """One line of text."""
    text = scalar(value, "a text").text
    return " ".join(text.split())


def tex_line(source: Text) -> Reader[str]:
    """One line of text that may hold TeX: in double quotes an escape is refused."""

    def read(value: Value) -> str:
        refuse_eaten_backslash(value, source)
        return line(value)

    return read


def refuse_eaten_backslash(value: Value, source: Text) -> None:
    """Refuse a double-quoted text in which an escape has eaten a backslash.

    Raises:
        WrongError: with the place of the escape.
    """
    if not isinstance(value, Scalar) or value.quote != '"':
        return
    raw = source.content[value.start : value.end].replace("\\\\", "\0\0")
    if match := _EATEN.search(raw):
        at = value.start + match.start()
        word = re.match(r"\\[A-Za-z]*", source.content[at:])
        raise WrongError(
            codes.EATEN_BACKSLASH,
            Scalar("", at, at + len(word[0] if word else "\\")),
            f"in double quotes {word[0] if word else 'this'!r} is an escape, not TeX".replace(
                "\\\\", "\\"
            ),
            "use single quotes",
        )


def scalar(value: Value, what: str) -> Scalar:
    """The value as a single one.

    Raises:
        WrongError: it is a list or a table.
    """
    if isinstance(value, Scalar):
        return value
    kind = "a list" if isinstance(value, Listing) else "a table"
    raise WrongError(codes.WRONG_VALUE, value, f"{what} is expected here, not {kind}")


def boolean(value: Value) -> bool:
    """`true` or `false` (also yes, no, on, off)."""
    text = scalar(value, "true or false").text.lower()
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    raise WrongError(codes.WRONG_VALUE, value, f"true or false is expected here, not {text!r}")


def integer(least: int, most: int) -> Reader[int]:
    """A whole number in a range, both ends included."""

    def read(value: Value) -> int:
        text = scalar(value, "a whole number").text
        if re.fullmatch(r"[+-]?\d{1,9}", text) and least <= int(text) <= most:
            return int(text)
        raise WrongError(
            codes.WRONG_VALUE,
            value,
            f"a whole number from {least} to {most} is expected here, not {text!r}",
        )

    return read


def optional(read: Reader[T]) -> Reader[T | None]:
    """The same reader for a field that may be absent."""

    def read_optional(value: Value) -> T | None:
        return read(value)

    return read_optional


def one_of(*names: str) -> Reader[str]:
    """One of some words."""

    def read(value: Value) -> str:
        text = scalar(value, "a word").text
        if text in names:
            return text
        near = get_close_matches(text, names, 1)
        raise WrongError(
            codes.WRONG_VALUE,
            value,
            f"one of {', '.join(names)} is expected here, not {text!r}",
            f"did you mean {near[0]}?" if near else "",
        )

    return read


def several(read: Reader[T], split: bool = False) -> Reader[tuple[T, ...]]:
    """A list, or a single value for a list of one; `split` also takes `a, b` in one text."""

    def read_several(value: Value) -> tuple[T, ...]:
        if isinstance(value, Listing):
            return tuple(read(item) for item in value.items)
        if split and isinstance(value, Scalar) and not value.quote and "," in value.text:
            parts = [part.strip() for part in value.text.split(",")]
            return tuple(read(Scalar(part, value.start, value.end)) for part in parts if part)
        return (read(value),)

    return read_several


def pairs(read: Reader[T], what: str) -> Reader[tuple[tuple[str, T], ...]]:
    """A table of names with their values, in the author's order."""

    def read_pairs(value: Value) -> tuple[tuple[str, T], ...]:
        if not isinstance(value, Table):
            raise WrongError(codes.WRONG_VALUE, value, f"{what} are expected here, as a table")
        return tuple((key.text, read(item)) for key, item in value.entries)

    return read_pairs


def web_address(value: Value) -> str:
    """An absolute http, https or mailto URL."""
    text = scalar(value, "a web address").text.strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if (parts.scheme in ("http", "https") and parts.netloc) or parts.scheme == "mailto":
        return text
    raise WrongError(
        codes.WRONG_VALUE,
        value,
        f"{text!r} is not a web address",
        "write it whole, with https:// at its start",
    )


def moment(zone: ZoneInfo) -> Reader[datetime]:
    """A date or a date with a time (ISO 8601), in `zone` where it names none."""

    def read(value: Value) -> datetime:
        text = scalar(value, "a date").text.strip()
        found = parse_moment(text, zone)
        if found is None:
            raise WrongError(
                codes.WRONG_DATE,
                value,
                f"{text!r} is not a date",
                "write it as 2020-07-02, or 2020-07-02 14:30 with a time",
            )
        return found

    return read


def parse_moment(text: str, zone: ZoneInfo) -> datetime | None:
    """The moment that an ISO 8601 text names, or None."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    day, clock, offset = match.groups()
    try:
        found = datetime.combine(date.fromisoformat(day), _clock(clock))
        if offset:
            found = datetime.fromisoformat(f"{found.isoformat()}{offset.strip()}").astimezone(zone)
        else:
            found = found.replace(tzinfo=zone)
        return _fixed(found)
    except (ValueError, OverflowError):
        return None


def _fixed(moment: datetime) -> datetime:
    """The same moment at a fixed offset of whole minutes, as it can be written down."""
    offset = moment.utcoffset() or timedelta()
    return moment.replace(tzinfo=timezone(timedelta(minutes=round(offset.total_seconds() / 60))))


def _clock(text: str | None) -> time:
    if not text:
        return time()
    return time.fromisoformat(text if len(text.split(":")[0]) == 2 else f"0{text}")


def anything(value: Value) -> dict[str, object]:
    """A table of the author's own, typed by the looks of its values."""
    if not isinstance(value, Table):
        raise WrongError(codes.WRONG_VALUE, value, "a table of keys and values is expected here")
    return {key.text: _guess(item) for key, item in value.entries}


def _guess(value: Value) -> object:
    if isinstance(value, Table):
        return {key.text: _guess(item) for key, item in value.entries}
    if isinstance(value, Listing):
        return [_guess(item) for item in value.items]
    text = value.text
    if value.quote:
        return text
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    if re.fullmatch(r"[+-]?(0|[1-9]\d{0,17})", text):
        return int(text)
    if re.fullmatch(r"[+-]?\d{1,17}\.\d{1,17}", text):
        return float(text)
    return text or None
