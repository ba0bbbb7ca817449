"""What the syntaxes gather while a text is parsed, and where its characters come from."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from operator import itemgetter
from typing import Any

from markdown_it.token import Token
from msgspec import Struct

from paperblog.model import codes
from paperblog.model.diagnostic import Code, Diagnostic, Span
from paperblog.model.formula import Formula, Label, formula_key
from paperblog.model.note import Heading, Outside, Reference, ReferenceKind
from paperblog.model.text import Text
from paperblog.ports import Highlighter
from paperblog.tex.definitions import SETTING

_KEY = "paperblog"
_COMMAND = re.compile(r"\\(?:[A-Za-z@]+|.)", re.DOTALL)
_DEEPEST_TEXT = 20
_first = itemgetter(0)


class Origin(Struct, frozen=True):
    """Where the characters of a piece of text come from.

    `pieces` pairs offsets of the piece with offsets of the file, ascending and starting at 0:
    between two pairs both run on alike. The first `skipped` characters are not part of the text.
    """

    pieces: tuple[tuple[int, int], ...]
    skipped: int = 0

    def at(self, offset: int) -> int:
        """The offset in the file of a character of the piece."""
        offset += self.skipped
        number = 0
        if len(self.pieces) > 1:
            number = max(bisect_right(self.pieces, offset, key=_first) - 1, 0)
        start, source = self.pieces[number]
        return source + offset - start

    def cut(self, start: int, end: int) -> tuple[tuple[int, int], ...]:
        """The pieces of `piece[start:end]`, counted from its start."""
        if len(self.pieces) == 1:
            return ((0, self.at(start)),)
        first, last = start + self.skipped, end + self.skipped
        after = bisect_right(self.pieces, first, key=_first)
        before = max(after, bisect_left(self.pieces, last, key=_first))
        inner = [(at - first, source) for at, source in self.pieces[after:before]]
        return ((0, self.at(start)), *inner)

    def shifted(self, by: int) -> "Origin":
        """The origin of the same text without its first `by` characters."""
        return Origin(self.pieces, self.skipped + by)


class Context(Struct):
    """The state of parsing one text: what it holds, and what is wrong with it.

    `macros` are the definitions that hold: the site's, of which `site_macros` names those that the
    note has not replaced, and the note's own, of which `unused_macros` gives the places of those
    that no formula has used yet.

    `base` is the offset in the file at which the parsed text starts. `origin` belongs to the
    inline text that is being parsed, computed when first asked for. The ends of paragraphs and
    containers are remembered while blocks are parsed, for the rules that look ahead. In a text
    that `has_kramdown`, `$$` in a sentence is a formula within the line. A text that `sanitizes` is
    cleared of HTML that does more than be read. `own` are the addresses on the web
    that mean the site itself (see `Config`).
    """

    text: Text
    base: int
    highlighter: Highlighter
    engine: str
    output: str
    macros: dict[str, str]
    has_kramdown: bool = False
    sanitizes: bool = False
    own: tuple[str, ...] = ()
    site_macros: set[str] = set()
    unused_macros: dict[str, Span] = {}
    used_site_macros: set[str] = set()
    diagnostics: list[Diagnostic] = []
    formulas: list[Formula] = []
    references: list[Reference] = []
    images: dict[int, None] = {}
    outside: list[Outside] = []
    headings: list[Heading] = []
    anchors: list[str] = []
    labels: dict[str, Label] = {}
    numbers: int = 0
    equation_ids: dict[str, int] = {}
    code_depth: int = 0
    in_footnote: bool = False
    drawing_depth: int = 0
    lookalikes_end: int = 0
    said_once: set[str] = set()
    paragraph_ends: dict[tuple[int, int], tuple[int, int]] = {}
    container_ends: dict[tuple[int, int, int], tuple[int, int]] = {}
    _origin: Origin | None = None
    _token: Token | None = None
    _depth: int = 0

    @staticmethod
    def of(env: MutableMapping[str, Any]) -> "Context":
        """The context in a parser's environment."""
        context = env[_KEY]
        assert isinstance(context, Context)
        return context

    def environment(self) -> dict[str, Any]:
        """A parser's environment that holds this context."""
        return {_KEY: self}

    @property
    def origin(self) -> Origin:
        """Where the inline text being parsed comes from."""
        if self._origin is None:
            assert self._token is not None
            self._origin = self.origin_of(self._token)
        return self._origin

    def enter(self, token: Token) -> None:
        """Begin the inline text of a block's token."""
        self._token, self._origin, self.code_depth, self.drawing_depth = token, None, 0, 0

    def within(self, start: int, parse: Callable[[], bool]) -> bool:
        """Call `parse` while the text is the one that begins at `start` of the inline text.

        False, with a diagnostic, where such texts are nested too deep.
        """
        outer = self.origin
        if self._depth == _DEEPEST_TEXT:
            self.too_deep(outer.at(start))
            return False
        self._origin = outer.shifted(start)
        self._depth += 1
        try:
            return parse()
        finally:
            self._origin = outer
            self._depth -= 1

    def origin_of(self, token: Token) -> Origin:
        """Where a block token's content comes from.

        markdown-it drops container marks and indentation at the start of each line and blanks at
        its end; so each line of the content is found at the end of its source line, or after the
        marks of an ATX heading.
        """
        if "origin" in token.meta:
            origin = token.meta["origin"]
            assert isinstance(origin, Origin)
            return origin
        if token.map is None:
            return Origin(((0, self.base),))
        first_line = self.text.line_of(self.base) - 1 + token.map[0]
        if "\n" not in token.content and token.content.strip() == token.content:
            return Origin(((0, self._find(first_line, token.content)[1]),))
        pieces = []
        at = 0
        for number, line in enumerate(token.content.split("\n")):
            stripped = line.strip()
            lead = len(line) - len(line.lstrip())
            start, found = self._find(first_line + number, stripped)
            pieces.append((at, max(found - lead, start)))
            if lead > found - start:  # a tab of which the content keeps a part, as spaces
                pieces.append((at + lead, found))
            at += len(line) + 1
        return Origin(tuple(pieces))

    def _find(self, line: int, stripped: str) -> tuple[int, int]:
        """The offsets in the file of a line, and of its text without its blanks."""
        starts = self.text.line_starts
        start = starts[min(line, len(starts) - 1)]
        end = self.text.content.find("\n", start)
        source = self.text.content[start : end if end != -1 else None].rstrip()
        if source.endswith(stripped):
            return start, start + len(source) - len(stripped)
        return start, start + max(source.rfind(stripped), 0)

    def say(self, code: Code, start: int, end: int, message: str, help: str = "") -> None:
        """Add a diagnostic at offsets of the file."""
        self.diagnostics.append(code.at(self.text.span(start, end), message, help))

    def formula(
        self,
        tex: str,
        prepared: str,
        display: bool,
        pieces: Sequence[tuple[int, int]],
        start: int,
        end: int,
    ) -> str:
        """Add a formula and return its key."""
        macros = used_macros(prepared, self.macros)
        for name, _ in macros:
            self.unused_macros.pop(name, None)
            if name in self.site_macros:
                self.used_site_macros.add(name)
        key = formula_key(self.engine, tex, prepared, self.output, display, macros)
        self.formulas.append(
            Formula(key, tex, prepared, self.output, display, macros, start, end, tuple(pieces))
        )
        return key

    def define(self, name: str, macros: Iterable[tuple[str, str]], start: int, end: int) -> None:
        """Let a macro of a formula hold from here on, given what it is for the engine."""
        self._say_unused(name)
        self.unused_macros[name] = self.text.span(start, end)
        self.site_macros.discard(name)
        self.macros.update(macros)

    def say_unused_macros(self) -> None:
        """Report the note's own macros that no formula has used; call at the note's end."""
        for name in tuple(self.unused_macros):
            self._say_unused(name)

    def reference(
        self,
        kind: ReferenceKind,
        target: str,
        fragment: str,
        start: int,
        end: int,
        query: str = "",
    ) -> int:
        """Add a reference and return its index."""
        self.references.append(Reference(kind, target, fragment, start, end, query))
        return len(self.references) - 1

    def _say_unused(self, name: str) -> None:
        if span := self.unused_macros.pop(name, None):
            self.diagnostics.append(codes.UNUSED_MACRO.at(span, f"no formula uses {name}"))

    def too_deep(self, offset: int) -> None:
        """Say, once, that the text is nested too deep to be parsed."""
        if not any(diagnostic.code == codes.TOO_DEEP.name for diagnostic in self.diagnostics):
            self.say(codes.TOO_DEEP, offset, offset + 1, "this is nested too deep to be read")


def used_macros(tex: str, macros: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The definitions that a formula uses, directly or through each other, sorted by name.

    A name may hold a parameter text, `\\x@opt[#1]`, which follows the command's own name.
    """
    if not macros or "\\" not in tex:
        return ()
    used: dict[str, str] = {}
    waiting = [tex]
    while waiting:
        commands = {*_COMMAND.findall(waiting.pop())}
        if "\\begin" in commands:
            commands.add(SETTING)
        for name, definition in macros.items():
            if name not in used and name.partition("[")[0] in commands:
                used[name] = definition
                waiting.append(definition)
    return tuple(sorted(used.items()))
