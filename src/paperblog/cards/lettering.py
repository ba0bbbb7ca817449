"""Lettering: texts and formulas set in the fonts that come along, sign by sign where one lacks."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

from msgspec import Struct
from PIL import ImageDraw, ImageFont

_SCRIPTS = ("latin", "latin-ext", "greek", "cyrillic", "cyrillic-ext", "vietnamese")
_SERIF = tuple(f"SourceSerif4-{script}.woff2" for script in _SCRIPTS)
_MONO = "DejaVuSansMono.ttf"
_MAIN, _AMS, _ITALIC = "KaTeX_Main-Regular", "KaTeX_AMS-Regular", "KaTeX_Math-Italic"
_ALPHABETS = {
    "DOUBLE-STRUCK": _AMS,
    "SCRIPT": "KaTeX_Caligraphic-Regular",
    "FRAKTUR": "KaTeX_Fraktur-Regular",
    "BOLD": "KaTeX_Main-Bold",
}
"""Alphabets of mathematics, each a font of its own in which plain letters stand for them."""
_SMALL, _RAISED, _LOWERED = 0.7, 0.36, 0.2
_PARTS = re.compile(
    r"(?P<mark>[_^])(?:\{(?P<braced>[^{}]*(?:\{[^{}]*\}[^{}]*)*)\}|(?P<bare>[^\W_]+|\S))"
    r"|[^\W\d_]+|.",
    re.DOTALL,
)
"""Small signs with their mark, words, and all other signs one by one."""
_LONGEST_VARIABLE = 2
"""Longer words are names of functions, and upright."""


class Glyphs(Struct, frozen=True):
    """Signs in one font, at a size and with a rise, both in parts of the line's size."""

    text: str
    font: str
    size: float = 1.0
    rise: float = 0.0


class Lettering:
    """Sets lines of text with fonts from the folders of the package."""

    def __init__(self, fonts: Path, katex: Path) -> None:
        self._fonts = fonts
        self._katex = katex
        self._font = cache(self._load)
        self._has = cache(self._find)
        self._width = cache(self._measure)

    def serif(self, text: str) -> list[Glyphs] | None:
        """A line of text; None where a letter of it is in no font."""
        return self._line(text, (*_SERIF, _MAIN, _AMS, _MONO))

    def mono(self, text: str) -> list[Glyphs] | None:
        """A line as on a terminal; None where a letter of it is in no font."""
        return self._line(text, (_MONO,))

    def formula(self, text: str) -> list[Glyphs] | None:
        """A formula in plain Unicode: variables slanted, what stands behind `_` and `^` small.

        None where a sign of it is in no font.
        """
        found = self._signs(unicodedata.normalize("NFC", text), 1.0, 0.0)
        return None if found is None else _joined(found)

    def _signs(self, text: str, size: float, rise: float) -> list[Glyphs] | None:
        found: list[Glyphs] = []
        for match in _PARTS.finditer(text):
            if match["mark"]:
                shift = _RAISED if match["mark"] == "^" else -_LOWERED
                inside = match["braced"] if match["braced"] is not None else match["bare"]
                part = self._signs(inside, size * _SMALL, rise + shift * size)
            else:
                word = match[0]
                slanted = sum(map(str.isalpha, word)) <= _LONGEST_VARIABLE
                signs = [self._sign(char, slanted and char.isalpha()) for char in word]
                part = (
                    None
                    if None in signs
                    else [
                        Glyphs(s.text, s.font, s.size * size, s.rise * size + rise)
                        for s in signs
                        if s
                    ]
                )
            if part is None:
                return None
            found += part
        return found

    def width(self, line: Sequence[Glyphs], size: int) -> float:
        """How wide a line is, in pixels."""
        return sum(self._width(part, size) for part in line)

    def draw(
        self,
        drawing: ImageDraw.ImageDraw,
        line: Sequence[Glyphs],
        place: tuple[float, float],
        size: int,
        colour: str,
    ) -> float:
        """Draw a line from the left end of its baseline; where it ends."""
        x, y = place
        for part in line:
            font = self._sized(part, size)
            drawing.text((x, y - part.rise * size), part.text, colour, font, anchor="ls")
            x += self._width(part, size)
        return x

    def _line(self, text: str, fonts: Sequence[str]) -> list[Glyphs] | None:
        found: list[Glyphs] = []
        for char in unicodedata.normalize("NFC", text):
            glyphs = self._plain(char, fonts)
            if glyphs is not None:
                found.append(glyphs)
            elif not _can_go(char):
                return None
        return _joined(found)

    def _plain(self, char: str, fonts: Sequence[str]) -> Glyphs | None:
        small = _small(char)
        if small and not self._has(fonts[0], char):
            base, rise = small
            glyphs = self._plain(base, fonts)
            return Glyphs(glyphs.text, glyphs.font, _SMALL, rise) if glyphs else None
        for shown in (char, unicodedata.normalize("NFKC", char)):
            for font in fonts:
                if all(self._has(font, part) for part in shown):
                    return Glyphs(shown, font)
        return None

    def _sign(self, char: str, slanted: bool) -> Glyphs | None:
        if small := _small(char):
            inner = self._sign(small[0], slanted)
            return Glyphs(inner.text, inner.font, _SMALL, small[1]) if inner else None
        kind, _, base = unicodedata.decomposition(char).partition(" ")
        if kind == "<font>":
            name = unicodedata.name(char, "")
            letter = chr(int(base, 16))
            for alphabet, font in _ALPHABETS.items():
                if alphabet in name and self._has(font, letter):
                    return Glyphs(letter, font)
        fonts = (_MAIN, _AMS, _SERIF[0], _MONO)
        return self._plain(char, (_ITALIC, *fonts) if slanted else fonts)

    def _sized(self, part: Glyphs, size: int) -> ImageFont.FreeTypeFont:
        return self._font(part.font, round(size * part.size))

    def _measure(self, part: Glyphs, size: int) -> float:
        return self._sized(part, size).getlength(part.text)

    def _load(self, name: str, size: int) -> ImageFont.FreeTypeFont:
        path = self._fonts / name
        if name.startswith("KaTeX_"):
            path = self._katex / "fonts" / f"{name}.woff2"
        # The other layout engine is not part of every build of Pillow.
        return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)

    def _find(self, name: str, char: str) -> bool:
        """Whether a font has a sign; signs written from right to left would need more than that."""
        if char == " ":
            return True
        if not char.isprintable() or unicodedata.bidirectional(char) in ("R", "AL"):
            return False
        font = self._font(name, 32)
        return _shape(font, char) != _shape(font, "\U0010ffff")


def _small(char: str) -> tuple[str, float] | None:
    """The sign that a raised or lowered one is a small form of, and its rise."""
    kind, _, base = unicodedata.decomposition(char).partition(" ")
    if kind not in ("<super>", "<sub>") or " " in base:
        return None
    return chr(int(base, 16)), _RAISED if kind == "<super>" else -_LOWERED


def _shape(font: ImageFont.FreeTypeFont, char: str) -> tuple[bytes, float]:
    return bytes(font.getmask(char)), font.getlength(char)


def _joined(signs: Sequence[Glyphs]) -> list[Glyphs]:
    """Neighbours of one kind together, so that they are kerned."""

    def kind(part: Glyphs) -> tuple[str, float, float]:
        return part.font, part.size, part.rise

    return [
        Glyphs("".join(part.text for part in group), *key) for key, group in groupby(signs, kind)
    ]


def _can_go(char: str) -> bool:
    """Whether a line still says the same without a sign: an emoji, a mark, a joiner."""
    return unicodedata.category(char) in ("So", "Sk", "Mn", "Me", "Cf", "Cs", "Co", "Cn", "Cc")
