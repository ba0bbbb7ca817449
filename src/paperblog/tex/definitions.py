"""Definitions that formulas make: `\\newcommand`, `\\def`, `\\DeclareMathOperator` and their kin.

KaTeX keeps them inside one formula, in some forms only; here they are read, taken out of the
formula, and hold from their place to the end of the note.
"""

from collections.abc import Sequence

from msgspec import Struct

from paperblog.tex.edits import Edit
from paperblog.tex.tokens import (
    Argument,
    TexToken,
    TokenKind,
    read_argument,
    read_optional,
    skip_blanks,
)

_NEW = {"\\newcommand", "\\renewcommand", "\\providecommand"}
_NEW |= {f"{name}*" for name in _NEW}
_DEF = {"\\def", "\\gdef", "\\edef", "\\xdef"}
_OPERATOR = {"\\DeclareMathOperator", "\\DeclareMathOperator*"}
_LONGEST_NAME = 3
"""Tokens of a name: the command, with a blank on either side."""
_PREFIXES = {"\\global", "\\long"}
SETTING = "\\arraystretch"
"""How far rows stand apart: no command that is used, and set for its formula where it has more."""


class Definition(Struct, frozen=True):
    """A macro: its name with the backslash, what it stands for, and the place of its name.

    `optional` is the default of its first, optional argument, None where it has none.
    `provides` tells that an earlier definition stands.
    """

    name: str
    body: str
    start: int
    end: int
    optional: str | None = None
    provides: bool = False

    def macros(self) -> tuple[tuple[str, str], ...]:
        """The definition as KaTeX's macros, those with an optional argument by a helper.

        A name that holds a parameter text (`\\x@opt[#1]#2`) is for a definition by `\\gdef`.
        """
        if self.optional is None:
            return ((self.name, self.body),)
        helper = f"{self.name}@opt"
        count = max((int(n) for n in "123456789" if f"#{n}" in self.body), default=1)
        parameters = "".join(f"#{number}" for number in range(2, count + 1))
        return (
            (self.name, rf"\@ifnextchar[{{{helper}}}{{{helper}[{self.optional}]}}"),
            (f"{helper}[#1]{parameters}", self.body),
        )


def take_definitions(
    tex: str, tokens: Sequence[TexToken]
) -> tuple[tuple[Definition, ...], tuple[Edit, ...]]:
    """The definitions in a formula, and the edits that take them out of it."""
    found: list[Definition] = []
    edits: list[Edit] = []
    rest, at = "", 0
    while at < len(tokens):
        first = at
        while at < len(tokens) and tokens[at].text in _PREFIXES:
            at = skip_blanks(tokens, at + 1)
        read = _read(tex, tokens, at) if at < len(tokens) else None
        if read is None:
            at = max(at, first) + 1
            rest = rest or "".join(token.text for token in tokens[first:at]).strip()
            continue
        definition, at = read
        found.append(definition)
        edits.append((tokens[first].start, tokens[at - 1].end, ""))
    if rest and any(definition.name == SETTING for definition in found):
        return _with_settings(found, edits)
    return tuple(found), tuple(edits)


def _with_settings(
    found: Sequence[Definition], edits: Sequence[Edit]
) -> tuple[tuple[Definition, ...], tuple[Edit, ...]]:
    """Leave settings in their formula, in the form that KaTeX knows."""
    return tuple(definition for definition in found if definition.name != SETTING), tuple(
        (start, end, rf"\def{SETTING}{{{definition.body}}}" if definition.name == SETTING else "")
        for definition, (start, end, _) in zip(found, edits, strict=True)
    )


def _read(tex: str, tokens: Sequence[TexToken], at: int) -> tuple[Definition, int] | None:
    command = tokens[at].text
    if command in _NEW:
        return _read_new(tex, tokens, at)
    if command in _DEF:
        return _read_def(tex, tokens, at)
    if command in _OPERATOR:
        return _read_operator(tex, tokens, at)
    return None


def _read_new(tex: str, tokens: Sequence[TexToken], at: int) -> tuple[Definition, int] | None:
    provides = tokens[at].text.startswith("\\provide")
    name = read_argument(tokens, at + 1)
    command = _command(tokens, name)
    if name is None or command is None:
        return None
    after = name.after
    count = read_optional(tokens, after)
    default = None
    if count is not None:
        after = count.after
        default = read_optional(tokens, after)
        after = default.after if default else after
    body = read_argument(tokens, after)
    if body is None:
        return None
    optional = default.text(tex, tokens) if default else None
    text = body.text(tex, tokens)
    return _definition(command, text, optional, provides), body.after


def _read_def(tex: str, tokens: Sequence[TexToken], at: int) -> tuple[Definition, int] | None:
    """TeX's own form; parameters that are delimited by other signs are left to KaTeX."""
    at_name = skip_blanks(tokens, at + 1)
    if at_name >= len(tokens) or tokens[at_name].kind is not TokenKind.COMMAND:
        return None
    after = at_name + 1
    while after < len(tokens) and tokens[after].kind is TokenKind.PARAMETER:
        after += 1
    if after >= len(tokens) or tokens[after].kind is not TokenKind.OPEN:
        return None
    body = read_argument(tokens, after)
    if body is None:
        return None
    return _definition(tokens[at_name], body.text(tex, tokens)), body.after


def _read_operator(tex: str, tokens: Sequence[TexToken], at: int) -> tuple[Definition, int] | None:
    star = "*" if tokens[at].text.endswith("*") else ""
    name = read_argument(tokens, at + 1)
    command = _command(tokens, name)
    if name is None or command is None:
        return None
    body = read_argument(tokens, name.after)
    if body is None:
        return None
    text = rf"\operatorname{star}{{{body.text(tex, tokens)}}}"
    return _definition(command, text), body.after


def _command(tokens: Sequence[TexToken], name: Argument | None) -> TexToken | None:
    """The command that an argument consists of, blanks apart."""
    if name is None or name.last - name.first > _LONGEST_NAME:
        return None
    inside = [t for t in tokens[name.first : name.last] if t.kind is not TokenKind.BLANK]
    return inside[0] if len(inside) == 1 and inside[0].kind is TokenKind.COMMAND else None


def _definition(
    command: TexToken, body: str, optional: str | None = None, provides: bool = False
) -> Definition:
    name = command.text.removesuffix("*")
    return Definition(name, body, command.start, command.start + len(name), optional, provides)
