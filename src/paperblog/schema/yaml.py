"""YAML front matter read as text with positions.

Nothing is typed here: YAML's own rules would make a float of `1706.03760` and False of `no`.
"""

import re
from typing import Protocol

import yaml

from paperblog.schema.values import Listing, Scalar, Table, UnreadableError, Value

_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_OPENING = re.compile(r"---[ \t]*\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_NULLS = {"", "~", "null", "Null", "NULL"}
_MOST_VALUES = 10_000
_DEEPEST = 50
_NO_CHARACTER = re.compile("[\0\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_QUOTE_HELP = "in double quotes a backslash is an escape: use single quotes for TeX"


class _Mark(Protocol):
    """A place, as both loaders of PyYAML tell it."""

    line: int
    column: int


def split(content: str) -> tuple[int, int, int]:
    """Where the front matter's YAML starts and ends, and where the body starts.

    All three are 0 where there is no front matter. An opening line without a closing one is a
    thematic break, as in CommonMark, unless a key follows it.

    Raises:
        UnreadableError: the front matter is opened and not closed.
    """
    opening = _OPENING.match(content)
    if opening is None:
        return 0, 0, 0
    closing = _CLOSING.search(content, opening.end())
    if closing is None:
        if re.match(r"[A-Za-z_]+:(\s|$)", content[opening.end() :]):
            message = "the front matter is opened and not closed"
            raise UnreadableError(0, message, "end it with a line of ---")
        return 0, 0, 0
    return opening.end(), closing.start(), min(closing.end() + 1, len(content))


def read(content: str, start: int, end: int) -> Table:
    """The table that stands in `content[start:end]`; places are offsets of `content`.

    Raises:
        UnreadableError: it is not YAML, not a table, or uses anchors (they could expand for ever).
    """
    loader = _Loader(content[start:end])
    try:
        value = _Reader(content, start, loader).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        offset = _offset(content, start, mark.line, mark.column) if mark else start
        eaten = "escape" in str(error.problem) or "hexdec" in str(error.problem)
        raise UnreadableError(
            min(offset, max(end - 1, start)),
            _sentence(str(error.problem or error.context)),
            _QUOTE_HELP if eaten else _yaml_help(str(error.problem)),
        ) from None
    except yaml.YAMLError as error:
        control = _CONTROL.search(content, start, end)
        offset = control.start() if control else start
        raise UnreadableError(offset, _sentence(str(error).splitlines()[0])) from None
    finally:
        loader.dispose()
    if value is None:
        return Table((), start, end)
    if not isinstance(value, Table):
        raise UnreadableError(
            value.start,
            "the front matter is not a list of keys and values",
            "if the first line is meant as a rule, write it as ***",
        )
    return value


class _Reader:
    """Makes values, with offsets of the whole file, of PyYAML's events.

    Composing nodes is left out: it recurses as deep as the text goes, in C without any limit.
    """

    def __init__(self, content: str, start: int, loader: yaml.SafeLoader) -> None:
        self.content = content
        self.loader = loader
        self.values = 0
        self.lines = [start]
        at = content.find("\n", start)
        while at != -1:
            self.lines.append(at + 1)
            at = content.find("\n", at + 1)

    def document(self) -> Value | None:
        """The only document of the text, None if there is none."""
        self.next()
        if self.loader.check_event(yaml.StreamEndEvent):
            return None
        self.next()
        value = self.value(self.next(), 1)
        self.next()
        if not self.loader.check_event(yaml.StreamEndEvent):
            raise UnreadableError(self.offset(self.next().start_mark), "a second text begins here")
        return value

    def next(self) -> yaml.Event:
        event = self.loader.get_event()  # type: ignore[no-untyped-call]
        assert isinstance(event, yaml.Event)
        return event

    def value(self, event: yaml.Event, depth: int) -> Value:
        start, end = self.offset(event.start_mark), self.offset(event.end_mark)
        self.values += 1
        if self.values > _MOST_VALUES:
            raise UnreadableError(start, "the front matter holds too many values")
        if depth > _DEEPEST:
            raise UnreadableError(start, "the front matter is nested too deep")
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event, start, max(end, start + 1))
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(item := self.next(), yaml.SequenceEndEvent):
                items.append(self.value(item, depth + 1))
            return Listing(tuple(items), start, self.offset(item.end_mark))
        if isinstance(event, yaml.MappingStartEvent):
            return self.table(start, depth)
        raise UnreadableError(start, "anchors and aliases (& and *) are not supported here")

    def table(self, start: int, depth: int) -> Table:
        entries = []
        while not isinstance(key := self.next(), yaml.MappingEndEvent):
            name = self.value(key, depth + 1)
            if not isinstance(name, Scalar):
                raise UnreadableError(name.start, "a key must be a word")
            entries.append((name, self.value(self.next(), depth + 1)))
        return Table(tuple(entries), start, self.offset(key.end_mark))

    def offset(self, mark: _Mark | None) -> int:
        if mark is None or mark.line >= len(self.lines):
            return len(self.content)
        return min(self.lines[mark.line] + mark.column, len(self.content))


def _scalar(event: yaml.ScalarEvent, start: int, end: int) -> Scalar:
    quote = event.style if event.style in ("'", '"') else ""
    is_plain = not quote and event.style not in ("|", ">")
    text = "" if is_plain and event.value in _NULLS else event.value
    # An escape can write what no text of ours may hold: NUL marks slots in HTML.
    return Scalar(_NO_CHARACTER.sub("\ufffd", text), start, end, quote)


def _offset(content: str, start: int, line: int, column: int) -> int:
    for _ in range(line):
        at = content.find("\n", start)
        if at == -1:
            return len(content)
        start = at + 1
    return start + column


def _sentence(problem: str) -> str:
    return problem.strip().rstrip(".") or "this is not YAML"


def _yaml_help(problem: str) -> str:
    if "mapping values are not allowed" in problem:
        return "a value that holds a colon and a space needs quotes around it"
    if "tab character" in problem:
        return "indent with spaces, not tabs"
    if "found character" in problem and "cannot start any token" in problem:
        return "quote a value that starts with a special character; indent with spaces, not tabs"
    return ""
