"""Where the characters of a text of the front matter come from."""

import re

from paperblog.markdown.context import Origin

_ESCAPE = re.compile(r"\\(?:x..|u.{4}|U.{8}|.)", re.DOTALL)
_BREAK = re.compile(r"\\\n[ \t]*")
_BLOCK = re.compile(r"[|>][^\n]*\n\s*")
_BLANKS = re.compile(r"\s+")


def folded_origin(content: str, line: str, place: int) -> Origin:
    """The origin of a line that YAML has made of the text at `place`, behind its quote if any.

    YAML joins lines, writes `''` for a quote in single quotes and escapes in double ones; an
    escape's place is that of its last character.
    """
    quote = content[place - 1 : place]
    at = place
    if block := _BLOCK.match(content, at):
        at = block.end()
    elif blanks := _BLANKS.match(content, at):
        at = blanks.end()
    pieces = [(0, at)]
    for number, char in enumerate(line):
        start, at = _read(content, at, char, quote)
        if start == -1:
            return Origin(((0, place),))
        before, source = pieces[-1]
        if start != source + number - before:
            pieces.append((number, start))
    return Origin(tuple(dict(pieces).items()))


def _read(content: str, at: int, char: str, quote: str) -> tuple[int, int]:
    """Where a character that YAML gave stands, and where the next one does; -1 if not there."""
    if quote == '"' and (escaped := _BREAK.match(content, at)):
        at = escaped.end()
    if char == " " and (blanks := _BLANKS.match(content, at)):
        return at, blanks.end()
    if quote == '"' and (escape := _ESCAPE.match(content, at)):
        return escape.end() - 1, escape.end()
    if quote == "'" and char == "'" and content.startswith("''", at):
        return at + 1, at + 2
    return (at, at + 1) if content.startswith(char, at) else (-1, at)
