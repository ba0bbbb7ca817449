"""The tokens of a formula, as TeX's own rules cut them (The TeXbook, chapters 7 and 8)."""

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

_STARRED = ("operatorname", "DeclareMathOperator", "tag", "newcommand", "renewcommand")
_TOKEN = re.compile(
    rf"\\(?:(?:{'|'.join(_STARRED)})\*|[A-Za-z@]+|[^A-Za-z@]|\Z)"
    r"|%[^\n]*(?:\n[ \t]*|\Z)"
    r"|\s+"
    r"|#+\d?"
    r"|.",
    re.DOTALL,
)


class TokenKind(StrEnum):
    """What a token is."""

    COMMAND = "command"
    """A control sequence, its backslash included; with its star where it has a starred form."""
    COMMENT = "comment"
    BLANK = "blank"
    OPEN = "open"
    CLOSE = "close"
    PARAMETER = "parameter"
    SIGN = "sign"


_SIGN = TokenKind.SIGN
_SKIPPED = (TokenKind.BLANK, TokenKind.COMMENT)
_KINDS = {
    "\\": TokenKind.COMMAND,
    "%": TokenKind.COMMENT,
    "{": TokenKind.OPEN,
    "}": TokenKind.CLOSE,
    "#": TokenKind.PARAMETER,
}
"""What the first character of a token makes it; any other is a blank or a sign."""
_LONGEST_OPTION = 300
"""Tokens between brackets; more are no option, and looking for their end would take long."""


class TexToken(Struct, frozen=True, gc=False):
    """A token with its text, which is `tex[start:end]`.

    `closed_by` is the index of the brace that closes this one, -1 where there is none.
    """

    kind: TokenKind
    text: str
    start: int
    end: int
    closed_by: int = -1


@lru_cache(maxsize=8)
def tokenize(tex: str) -> tuple[TexToken, ...]:
    """The tokens of a formula; joined, their texts are the formula.

    Those of the latest formulas are kept: several readers look at each.
    """
    tokens: list[TexToken] = []
    open_braces: list[int] = []
    at = 0
    for text in _TOKEN.findall(tex):
        kind = _KINDS.get(text[0])
        if kind is None:
            kind = TokenKind.BLANK if text[0].isspace() else _SIGN
        elif text == "{":
            open_braces.append(len(tokens))
        elif text == "}" and open_braces:
            opening = open_braces.pop()
            tokens[opening] = replace(tokens[opening], closed_by=len(tokens))
        start, at = at, at + len(text)
        tokens.append(TexToken(kind, text, start, at))
    return tuple(tokens)


def skip_blanks(tokens: Sequence[TexToken], at: int) -> int:
    """The index of the first token from `at` on that is no blank or comment."""
    while at < len(tokens) and tokens[at].kind in _SKIPPED:
        at += 1
    return at


def group_end(tokens: Sequence[TexToken], at: int) -> int | None:
    """The index of the brace that closes the one at index `at`; None where none does."""
    close = tokens[at].closed_by
    return None if close == -1 else close


class Argument(Struct, frozen=True):
    """An argument of a command: the tokens `first` up to `last` inside it, and what follows.

    For a braced or bracketed argument the delimiters are outside `first` and `last`; `after` is
    the index of the first token behind the argument.
    """

    first: int
    last: int
    after: int

    def text(self, tex: str, tokens: Sequence[TexToken]) -> str:
        """The argument's text."""
        if self.first >= self.last:
            return ""
        return tex[tokens[self.first].start : tokens[self.last - 1].end]


def read_argument(tokens: Sequence[TexToken], at: int) -> Argument | None:
    """The mandatory argument that begins at or after index `at`: a group or a single token."""
    at = skip_blanks(tokens, at)
    if at >= len(tokens) or tokens[at].kind is TokenKind.CLOSE:
        return None
    if tokens[at].kind is TokenKind.OPEN:
        end = group_end(tokens, at)
        return None if end is None else Argument(at + 1, end, end + 1)
    return Argument(at, at + 1, at + 1)


def read_optional(tokens: Sequence[TexToken], at: int) -> Argument | None:
    """The bracketed argument that begins at or after index `at`, if one does."""
    at = skip_blanks(tokens, at)
    if at >= len(tokens) or tokens[at].text != "[":
        return None
    depth = 0
    for index in range(at + 1, min(len(tokens), at + _LONGEST_OPTION)):
        token = tokens[index]
        if token.kind is TokenKind.OPEN:
            depth += 1
        elif token.kind is TokenKind.CLOSE:
            depth -= 1
            if depth < 0:
                return None
        elif token.text == "]" and depth == 0:
            return Argument(at + 1, index, index + 1)
    return None
