"""YAML front matter read as text with positions.

Nothing is typed here: YAML's own rules would make a float of `1706.03760` and False of `no`.
"""

import re

import yaml

from paperblog.schema.values import Listing, Scalar, Table, UnreadableError, Value

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_OPENING = re.compile(r"---[ \t]*\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_NULLS = {"", "~", "null", "Null", "NULL"}
_MOST_NODES = 10_000
_QUOTE_HELP = "in double quotes a backslash is an escape: use single quotes for TeX"


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
    source = content[start:end]
    try:
        loader = _Loader(source)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        offset = _offset(content, start, mark.line, mark.column) if mark else start
        eaten = "escape" in str(error.problem)
        raise UnreadableError(
            min(offset, max(end - 1, start)),
            _sentence(str(error.problem or error.context)),
            _QUOTE_HELP if eaten else _yaml_help(str(error.problem)),
        ) from None
    except yaml.YAMLError as error:
        raise UnreadableError(start, _sentence(str(error).splitlines()[0])) from None
    except RecursionError:
        raise UnreadableError(start, "the front matter is nested too deep") from None
    if node is None:
        return Table((), start, end)
    value = _Converter(content, start).value(node)
    if not isinstance(value, Table):
        raise UnreadableError(value.start, "the front matter is not a list of keys and values")
    return value


class _Converter:
    """Turns PyYAML's nodes into values with offsets of the whole file."""

    def __init__(self, content: str, start: int) -> None:
        self.content = content
        self.start = start
        self.nodes = 0
        self.seen: set[int] = set()
        self.lines = [start]
        at = content.find("\n", start)
        while at != -1:
            self.lines.append(at + 1)
            at = content.find("\n", at + 1)

    def value(self, node: yaml.Node) -> Value:
        start, end = self.offset(node.start_mark), self.offset(node.end_mark)
        self.nodes += 1
        if id(node) in self.seen:
            raise UnreadableError(start, "anchors and aliases (& and *) are not supported here")
        self.seen.add(id(node))
        if self.nodes > _MOST_NODES:
            raise UnreadableError(start, "the front matter holds too many values")
        if isinstance(node, yaml.ScalarNode):
            quote = node.style if node.style in ("'", '"') else ""
            text = node.value
            if not quote and node.style is None and text in _NULLS:
                text = ""
            return Scalar(text, start, max(end, start + 1), quote)
        if isinstance(node, yaml.SequenceNode):
            return Listing(tuple(self.value(item) for item in node.value), start, end)
        entries = []
        for key, item in node.value:
            name = self.value(key)
            if not isinstance(name, Scalar):
                raise UnreadableError(name.start, "a key must be a word")
            entries.append((name, self.value(item)))
        return Table(tuple(entries), start, end)

    def offset(self, mark: yaml.Mark) -> int:
        if mark.line >= len(self.lines):
            return len(self.content)
        return min(self.lines[mark.line] + mark.column, len(self.content))


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
    if "found character" in problem and "cannot start any token" in problem:
        return "quote a value that starts with a special character; indent with spaces, not tabs"
    return ""
