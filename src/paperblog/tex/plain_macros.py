"""Macros of a formula expanded, for reading only: within bounds, and without an error."""

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from paperblog.tex.definitions import take_definitions
from paperblog.tex.edits import apply
from paperblog.tex.tokens import TexToken, TokenKind, tokenize

_MOST_EXPANSIONS = 1000
_MOST_WORK = 100_000
"""Tokens moved in all: macros may double their arguments at each step."""
_DEFINES = re.compile(r"\\(?:[egx]?def|(?:re)?newcommand|providecommand|DeclareMathOperator)\b")
_PARAMETER_TEXT = re.compile(r"(\\?[^\[#]+)(\[#1\])?(?:#\d)*")
_IF_NEXT = "\\@ifnextchar"


class _Macro(Struct, frozen=True):
    body: Sequence[TexToken]
    arguments: int
    bracketed: bool


def expand(tex: str, macros: Mapping[str, str]) -> Sequence[TexToken]:
    """The formula's tokens, macros and its own definitions expanded; their offsets mean nothing.

    A macro takes as many arguments as its body has parameters. Its name may lack the backslash or
    hold a parameter text with a bracketed first argument (`\\x[#1]#2`). What would expand without
    end stays as it is.
    """
    tokens = tokenize(tex)
    table = dict(macros)
    if _DEFINES.search(tex):
        definitions, edits = take_definitions(tex, tokens)
        for definition in definitions:
            table |= definition.macros()
        tokens = tokenize(apply(tex, ((0, 0),), edits)[0])
    if not table:
        return tokens
    return _Expansion(list(reversed(tokens)), _read(table)).run()


def _read(table: Mapping[str, str]) -> dict[str, _Macro]:
    macros = {}
    for key, body in table.items():
        match = _PARAMETER_TEXT.fullmatch(key.strip())
        if match is None:
            continue
        count = max((int(n) for n in "123456789" if f"#{n}" in body), default=0)
        name = match[1] if match[1].startswith("\\") else f"\\{match[1]}"
        macros[name] = _Macro(tokenize(body), count, match[2] is not None)
    return macros


class _Expansion(Struct):
    """An expansion under way; `ahead` holds the tokens to come, the next one last."""

    ahead: list[TexToken]
    macros: dict[str, _Macro]
    done: list[TexToken] = []
    expansions: int = 0
    work: int = 0

    def run(self) -> list[TexToken]:
        while self.ahead:
            token = self.ahead.pop()
            macro = self.macros.get(token.text) if token.kind is TokenKind.COMMAND else None
            if not (self._may_go_on() and self._expanded(token, macro)):
                self.done.append(token)
        return self.done

    def _may_go_on(self) -> bool:
        return self.expansions < _MOST_EXPANSIONS and self.work < _MOST_WORK

    def _expanded(self, token: TexToken, macro: _Macro | None) -> bool:
        """Whether a token was replaced by what it stands for."""
        if token.text == _IF_NEXT:
            return self._chose()
        if macro is None:
            return False
        self.expansions += 1
        arguments = []
        for number in range(macro.arguments):
            bracketed = macro.bracketed and number == 0
            arguments.append(self._bracketed() if bracketed else self._argument())
        body: list[TexToken] = []
        for part in macro.body:
            if part.kind is TokenKind.PARAMETER and part.text[1:].isdecimal():
                body += arguments[int(part.text[1:]) - 1] if part.text != "#0" else []
            else:
                body.append(part)
        self._push(body)
        return True

    def _chose(self) -> bool:
        """`\\@ifnextchar x{a}{b}`: a if an x comes next, else b."""
        self.expansions += 1
        sign, yes, no = self._argument(), self._argument(), self._argument()
        self._skip_blanks()
        following = self.ahead[-1].text if self.ahead else ""
        self._push(yes if sign and following == sign[0].text else no)
        return True

    def _push(self, tokens: list[TexToken]) -> None:
        self.work += len(tokens)
        self.ahead += reversed(tokens)

    def _skip_blanks(self) -> None:
        while self.ahead and self.ahead[-1].kind in (TokenKind.BLANK, TokenKind.COMMENT):
            self.ahead.pop()

    def _argument(self) -> list[TexToken]:
        """The next argument; of a group that nothing closes, all that follows."""
        self._skip_blanks()
        if not self.ahead or self.ahead[-1].kind is TokenKind.CLOSE:
            return []
        if self.ahead[-1].kind is not TokenKind.OPEN:
            return [self.ahead.pop()]
        return self._until(TokenKind.CLOSE, "}")[1:]

    def _bracketed(self) -> list[TexToken]:
        self._skip_blanks()
        if not self.ahead or self.ahead[-1].text != "[":
            return []
        return self._until(TokenKind.SIGN, "]")[1:]

    def _until(self, kind: TokenKind, text: str) -> list[TexToken]:
        """The tokens up to an end outside all inner groups; the end itself is dropped."""
        taken: list[TexToken] = []
        depth = 0 if kind is TokenKind.CLOSE else 1
        while self.ahead:
            token = self.ahead.pop()
            depth += (token.kind is TokenKind.OPEN) - (token.kind is TokenKind.CLOSE)
            if token.kind is kind and token.text == text and depth == (kind is TokenKind.SIGN):
                break
            taken.append(token)
        self.work += len(taken)
        return taken
