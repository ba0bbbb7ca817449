"""Which tokens of a formula are math, and which stand in text or in a command's bookkeeping."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from functools import cached_property, lru_cache

from paperblog.tex.plain_symbols import FONTS, SWITCHES, TEXTS
from paperblog.tex.tokens import TexToken, TokenKind, tokenize


class Zone(Enum):
    """What a token stands in."""

    MATH = auto()
    WORD = auto()
    """Letters set as a word, in math: `\\mathrm{…}`, `\\operatorname{…}`, `{\\rm …}`."""
    TEXT = auto()
    """Text, in which dashes and quotation marks are right."""
    NAME = auto()
    """No part of what is read: labels, environments' names, addresses, colours, lengths."""


_NAMES = (
    *("label", "ref", "eqref", "cref", "Cref", "begin", "end", "color", "url", "includegraphics"),
    *("cline", "hspace", "hspace*", "vspace", "vspace*"),
)
_ARGUMENTS: dict[str, tuple[Zone, ...]] = {
    **dict.fromkeys(FONTS - {"boldsymbol", "bm", "pmb", "ensuremath"}, (Zone.WORD,)),
    **dict.fromkeys(("operatorname", "operatorname*", "operatornamewithlimits"), (Zone.WORD,)),
    **dict.fromkeys((*TEXTS, "tag", "tag*"), (Zone.TEXT,)),
    **dict.fromkeys(_NAMES, (Zone.NAME,)),
    **dict.fromkeys(("textcolor", "href", "raisebox"), (Zone.NAME,)),
    **dict.fromkeys(("htmlId", "htmlClass", "htmlStyle", "htmlData"), (Zone.NAME,)),
    "colorbox": (Zone.NAME, Zone.TEXT),
    "fcolorbox": (Zone.NAME, Zone.NAME, Zone.TEXT),
    "multicolumn": (Zone.NAME, Zone.NAME),
    "rule": (Zone.NAME, Zone.NAME),
}
_UPRIGHT = SWITCHES - {"cal", "scr", "mit"}


def zones_of(tokens: Sequence[TexToken]) -> list[Zone]:
    """The zone of each token; a formula within text, `\\text{if $x$}`, is math again."""
    zones: list[Zone] = []
    zone = Zone.MATH
    waiting: tuple[Zone, ...] = ()
    outer: list[tuple[Zone, tuple[Zone, ...], bool]] = []
    quoted = False
    for token in tokens:
        if token.kind is TokenKind.OPEN:
            outer.append((zone, waiting[1:], quoted))
            zone, waiting, quoted = waiting[0] if waiting else zone, (), False
            zones.append(zone)
        elif token.kind is TokenKind.CLOSE:
            zones.append(zone)
            if outer:
                zone, waiting, quoted = outer.pop()
        elif token.kind is TokenKind.COMMAND:
            zones.append(zone)
            name = token.text[1:]
            waiting = _ARGUMENTS.get(name, ())
            if name in _UPRIGHT and zone is Zone.MATH:
                zone = Zone.WORD
        elif token.text == "$" and (zone is Zone.TEXT or quoted):
            zones.append(Zone.TEXT)
            zone, quoted = (Zone.TEXT, False) if quoted else (Zone.MATH, True)
        else:
            zones.append(zone)
            if token.kind is TokenKind.SIGN and token.text not in "\u200b\u200c\u200d\ufeff":
                waiting = waiting[1:]
    return zones


@lru_cache(maxsize=8)
def zoned(tex: str) -> "Zoned":
    """A formula with its zones; those of the latest formulas are kept."""
    return Zoned(tex)


class Zoned:
    """A formula with its tokens, and what each is in."""

    def __init__(self, tex: str) -> None:
        self.tex = tex
        self.tokens = tokenize(tex)
        self.zones = zones_of(self.tokens)

    def places(self, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
        """Where characters match, outside text, comments, names and commands."""
        for match in pattern.finditer(self.tex):
            number = self._number(match.start())
            token = self.tokens[number]
            is_sign = token.kind is not TokenKind.COMMAND or token.text[1:].isspace()
            if (
                self.zones[number] in (Zone.MATH, Zone.WORD)
                and token.kind is not TokenKind.COMMENT
                and is_sign
            ):
                yield match.span()

    def token_at(self, at: int) -> TexToken:
        """The token that holds a character."""
        return self.tokens[self._number(at)]

    def zone_at(self, at: int) -> Zone:
        """What a character stands in."""
        return self.zones[self._number(at)]

    def before(self, at: int) -> str:
        """The text just before an offset, as far as rules look back."""
        return self.tex[max(at - 64, 0) : at]

    def _number(self, at: int) -> int:
        return bisect_right(self._starts, at) - 1

    @cached_property
    def _starts(self) -> list[int]:
        return [token.start for token in self.tokens]
