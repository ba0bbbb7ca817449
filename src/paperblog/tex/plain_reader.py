"""A cursor over a formula's tokens that reads groups, scripts, arguments and delimiters."""

from collections.abc import Callable, Mapping, Sequence
from string import ascii_letters, digits
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from paperblog.tex import plain_symbols as symbols
from paperblog.tex.plain_layout import Kind, Part, Parts, binomial, fraction, with_scripts
from paperblog.tex.tokens import TexToken, TokenKind, skip_blanks

Range = tuple[int, int]
"""The indices of tokens from the first up to the last, which is outside."""

BRACES: Final = (TokenKind.OPEN, TokenKind.CLOSE)
SPACES: Final = (TokenKind.BLANK, TokenKind.COMMENT)

_DEEPEST = 40
"""Groups nested deeper are read as if they had no structure, which needs no stack."""
_LONGEST_OPTION = 200
"""Tokens between brackets; more are no option, and looking for their end would cost too much."""
_SCRIPTS = frozenset(("^", "_", "'"))
_BEHIND = _SCRIPTS | {"\\limits", "\\nolimits", "\\displaylimits"}
"""What belongs to the base before it."""
_CLOSERS = {"}": "{", "\\end": "\\begin", "\\right": "\\left"}
_PAIRED = frozenset((*_CLOSERS, *_CLOSERS.values()))
_COMMAND, _OPEN, _CLOSE = TokenKind.COMMAND, TokenKind.OPEN, TokenKind.CLOSE

_SIGNS: dict[str, Part] = {
    **{char: Part(char, Kind.BINARY) for char in ("+", "*", *symbols.BINARIES.values())},
    **{char: Part(char, Kind.RELATION) for char in ("<", ">", "=", *symbols.RELATIONS.values())},
    **{char: Part(char, Kind.BIG) for char in ("∑", *symbols.BIG_OPERATORS.values())},
    **{char: Part(char, Kind.OPEN) for char in ("(", "[", *symbols.OPENING.values())},
    **{char: Part(char, Kind.CLOSE) for char in (")", "]", *symbols.CLOSING.values())},
    **{char: Part(char, Kind.PUNCTUATION) for char in ",;:"},
    **{char: Part("−", Kind.BINARY) for char in "-−‐‑‒–—―"},
    **{char: Part("") for char in "\u00ad\u200b\u200c\u200d\u2060\ufeff"},
    **{char: Part(char, Kind.FENCE) for char in "|‖"},
    **{char: Part(char) for char in "Σ&." + ascii_letters + digits},
    "’": Part("′"),
    "/": Part("/", Kind.SLASH),
    "~": Part("", Kind.BLANK),
}
COMMANDS: Final[dict[str, Part]] = {
    **{name: Part(text) for name, text in symbols.LETTERS.items()},
    **{name: Part(text, Kind.BINARY) for name, text in symbols.BINARIES.items()},
    **{name: Part(text, Kind.RELATION) for name, text in symbols.RELATIONS.items()},
    **{name: Part(text, Kind.BIG) for name, text in symbols.BIG_OPERATORS.items()},
    **{name: Part(text, Kind.NAME) for name, text in symbols.OPERATORS.items()},
    **{name: Part(text, Kind.OPEN) for name, text in symbols.OPENING.items()},
    **{name: Part(text, Kind.CLOSE) for name, text in symbols.CLOSING.items()},
    **{name: Part("", Kind.BLANK) for name in symbols.BLANKS},
    **{name: Part(text, Kind.FENCE) for name, text in (("|", "‖"), ("Vert", "‖"), ("vert", "|"))},
    **{name: Part(";", Kind.BREAK) for name in ("\\", "cr", "newline", "tabularnewline")},
    "colon": Part(":", Kind.PUNCTUATION),
}
"""What commands without arguments are, by their names."""


def ends_of(tokens: Sequence[TexToken]) -> dict[int, int]:
    """For each brace, `\\begin` and `\\left` the index of what closes it."""
    ends: dict[int, int] = {}
    stacks: dict[str, list[int]] = {opener: [] for opener in _CLOSERS.values()}
    for index, token in enumerate(tokens):
        if token.text not in _PAIRED:
            continue
        if token.text in stacks:
            stacks[token.text].append(index)
        elif stacks[_CLOSERS[token.text]]:
            ends[stacks[_CLOSERS[token.text]].pop()] = index
    return ends


def sign(token: TexToken) -> Part:
    """A token by itself; of an unknown command its name."""
    if token.kind is not _COMMAND:
        return _SIGNS.get(token.text) or Part(token.text)
    name = token.text[1:]
    if name in symbols.DROPPED:
        return Part("")
    return COMMANDS.get(name) or Part(name, Kind.NAME if name.isalpha() else Kind.ORDINARY)


class Reader(Struct):
    """Reads the tokens from `at` up to `last`.

    `ends` are those of all tokens. `handlers` read what follows a command, whose token is the one
    before `at` when they are called with its name.
    """

    tokens: Sequence[TexToken]
    ends: dict[int, int]
    handlers: "Mapping[str, Handler]"
    at: int
    last: int
    depth: int = 0

    def read(self) -> Parts:
        """The parts of the whole range."""
        if self.depth > _DEEPEST:
            return self._flat()
        infix, over = "", Parts()
        parts = Parts()
        blank = False
        while self.at < self.last:
            token = self.tokens[self.at]
            if token.kind in SPACES:
                blank = blank or token.kind is TokenKind.BLANK
                self.at += 1
            elif token.kind is _COMMAND and token.text[1:] in symbols.INFIXES:
                self.at += 1
                infix, over, parts = token.text[1:], _combined(infix, over, parts), []
            else:
                base = self._base(token)
                if base and base[0].blank is not blank:
                    base = [replace(base[0], blank=blank), *base[1:]]
                blank = blank and not base
                parts += self._scripted(base)
        return _combined(infix, over, parts)

    def _flat(self) -> Parts:
        """The range sign by sign."""
        rest = self.tokens[self.at : self.last]
        self.at = self.last
        return [sign(token) for token in rest if token.kind not in (*BRACES, *SPACES)]

    def inside(self, place: Range) -> Parts:
        """The parts of a range inside this one."""
        first, last = place
        last = min(last, self.last)
        return Reader(self.tokens, self.ends, self.handlers, first, last, self.depth + 1).read()

    def _base(self, token: TexToken) -> Parts:
        """What begins at the next token, which is no blank, without the scripts behind it."""
        text, kind = token.text, token.kind
        if text in _SCRIPTS:
            return []
        self.at += 1
        if kind is _OPEN:
            return self._group()
        if kind is _CLOSE:
            return []
        if kind is _COMMAND:
            return self._command(token)
        if text == "&":
            return self._column()
        if text == ":" and self.at < self.last and self.tokens[self.at].text == "=":
            self.at += 1
            return [Part(":=", Kind.RELATION)]
        return [_SIGNS.get(text) or Part(text)]

    def _group(self) -> Parts:
        """The group whose brace was just read; alone in braces any sign is an ordinary one."""
        parts = self.inside(self._enclosed(self.at - 1))
        if len(parts) == 1 and parts[0].kind in (Kind.BINARY, Kind.RELATION, Kind.PUNCTUATION):
            return [replace(parts[0], kind=Kind.ORDINARY)]
        return parts

    def _enclosed(self, opening: int) -> Range:
        """The range that the token at an index opens; reading goes on behind it."""
        closing = min(self.ends.get(opening, self.last), self.last)
        self.at = min(closing + 1, self.last)
        return opening + 1, closing

    def _column(self) -> Parts:
        """`&`: a blank, unless what stands there sets its own."""
        at = skip_blanks(self.tokens, self.at)
        if at < self.last and sign(self.tokens[at]).kind is Kind.RELATION:
            return []
        return [Part("", Kind.BLANK)]

    def _command(self, token: TexToken) -> Parts:
        handler = self.handlers.get(token.text[1:])
        if handler is not None:
            return handler(self, token.text[1:])
        part = sign(token)
        if part.kind is Kind.BREAK:
            self.option()
        return [part]

    def operand(self) -> Parts:
        """A mandatory argument: a group, a sign, or a command with what belongs to it."""
        self.at = skip_blanks(self.tokens, self.at)
        if self.at >= self.last:
            return []
        token = self.tokens[self.at]
        if token.kind is _CLOSE:
            return []
        if self.depth > _DEEPEST or token.text in _SCRIPTS or token.text == "&":
            self.at += 1
            return [sign(token)]
        self.depth += 1
        parts = self._base(token)
        self.depth -= 1
        return parts

    def argument(self) -> Range:
        """The tokens of a mandatory argument that is not read as a formula."""
        first = min(skip_blanks(self.tokens, self.at), self.last)
        if first < self.last and self.tokens[first].kind is TokenKind.OPEN:
            return self._enclosed(first)
        closed = first == self.last or self.tokens[first].kind is TokenKind.CLOSE
        self.at = first if closed else first + 1
        return first, self.at

    def option(self) -> Range | None:
        """The tokens of an argument in brackets, if one comes next."""
        first = skip_blanks(self.tokens, self.at)
        if first >= self.last or self.tokens[first].text != "[":
            return None
        index = first + 1
        while index < min(self.last, first + _LONGEST_OPTION):
            if self.tokens[index].text == "]":
                self.at = index + 1
                return first + 1, index
            index = self.ends.get(index, index) + 1
        return None

    def delimited(self) -> Parts:
        """`\\left(` with all up to its `\\right)`."""
        begin = self.at - 1
        opening = self.delimiter(Kind.OPEN)
        if begin not in self.ends or not opening:
            return opening
        first = self.at
        _, closing = self._enclosed(begin)
        parts = opening + self.inside((first, closing))
        return parts + self.delimiter(Kind.CLOSE) if closing < self.last else parts

    def delimiter(self, kind: Kind) -> Parts:
        """The delimiter that comes next; `.` is none."""
        at = skip_blanks(self.tokens, self.at)
        if at >= self.last or self.tokens[at].kind in BRACES:
            return []
        self.at = at + 1
        text = {".": "", "<": "⟨", ">": "⟩"}.get(self.tokens[at].text)
        return [Part(sign(self.tokens[at]).text if text is None else text, kind)]

    def environment(self) -> tuple[str, Range]:
        """The name and body of the environment whose `\\begin` was just read."""
        begin = self.at - 1
        name = self.source(self.argument())
        if name.rstrip("*") in symbols.WITH_COLUMNS:
            self.option()
            self.argument()
        elif name in symbols.PLACED or name.endswith("matrix*"):
            self.option()
        first = self.at
        _, closing = self._enclosed(begin)
        if closing < self.last:
            self.argument()
        return name.rstrip("*"), (min(first, closing), closing)

    def source(self, place: Range) -> str:
        """The tokens of a range as they are written."""
        return "".join(token.text for token in self.tokens[slice(*place)]).strip()

    def _scripted(self, base: Parts) -> Parts:
        """The base with the scripts that follow it."""
        at = skip_blanks(self.tokens, self.at)
        if at >= self.last or self.tokens[at].text not in _BEHIND:
            return base
        below, above = Parts(), Parts()
        primes = 0
        while (at := skip_blanks(self.tokens, self.at)) < self.last:
            text = self.tokens[at].text
            if text not in _BEHIND:
                break
            self.at = at + 1
            if text == "'":
                primes += 1
            elif text == "_":
                below += self.operand()
            elif text == "^":
                above += self.operand()
        while above and above[0].text == "′":
            above, primes = above[1:], primes + 1
        scripted = below or above or primes
        return with_scripts(base, below, above, primes) if scripted else base


Handler = Callable[[Reader, str], Parts]
"""Reads the arguments of a command, given its name."""


def _combined(infix: str, over: Parts, parts: Parts) -> Parts:
    """The two sides of `\\over` or its kin as one part; without one the parts themselves."""
    if not infix:
        return parts
    return [fraction(over, parts) if infix == "over" else binomial(infix, over, parts)]
