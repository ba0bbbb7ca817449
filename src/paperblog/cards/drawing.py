"""Drawing: a social card as a picture, in the theme's look."""

import io
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from math import pi, sin

from PIL import Image, ImageColor, ImageDraw

from paperblog.cards.lettering import Glyphs, Lettering
from paperblog.model.card import CARD_SIZE, CardView

_BAND, _TEXT, _MUTED, _TRACE, _CURSOR = "#10181c", "#dde3e1", "#97a3a3", "#5fd3b4", "#f0b35a"
_LEFT = 72
_WIDTH = CARD_SIZE[0] - 2 * _LEFT
_TITLE_SIZES = ((76, 3), (68, 3), (60, 4), (52, 4))
"""Sizes, each with the most lines that a title may have in it."""
_FORMULA_SIZES = (52, 46, 40, 34)
_SMALL = 30
_BASELINE = 530
"""Where the trace lies flat."""
_PULSE, _LOBE, _HEIGHT = 960, 40, 120
_FINE = 4
"""Lines are drawn so many times as large, since Pillow's own have hard edges."""
_SHADES = 16
"""Steps from the band to each colour: the edges of letters are no plain colours."""


def draw_card(letters: Lettering, card: CardView) -> bytes:
    """A PNG of `CARD_SIZE`: the prompt, the title, a formula, the lab's name below the trace.

    What holds a letter that no font has is left out as a whole.
    """
    image = _ground().copy()
    drawing = ImageDraw.Draw(image)
    _draw_prompt(drawing, letters, card.prompt)
    y = _draw_title(drawing, letters, card.title)
    _draw_formula(drawing, letters, card.formula, y)
    name = _shortened(letters, letters.mono(card.site) or [], _SMALL, _WIDTH)
    letters.draw(drawing, name, (_LEFT, 590), _SMALL, _MUTED)
    file = io.BytesIO()
    # A palette of its own for each card, and the closest packing, would take six times as long.
    image.quantize(palette=_palette(), dither=Image.Dither.NONE).save(file, "PNG")
    return file.getvalue()


def _draw_prompt(drawing: ImageDraw.ImageDraw, letters: Lettering, prompt: str) -> None:
    name = letters.mono(prompt)
    parts = (("~/", _MUTED), (prompt, _TEXT), (" $ ", _MUTED)) if name else (("$ ", _MUTED),)
    x: float = _LEFT
    for text, colour in parts:
        line = _shortened(letters, letters.mono(text) or [], _SMALL, 800)
        x = letters.draw(drawing, line, (x, 100), _SMALL, colour)
    drawing.rectangle((x, 75, x + 17, 106), _CURSOR)


def _draw_title(drawing: ImageDraw.ImageDraw, letters: Lettering, title: str) -> float:
    """Draw the title as large as it fits; the last baseline."""
    words = [letters.serif(word) for word in title.split()]
    y = 130.0
    if any(word is None for word in words):
        return y
    size, lines = _set_title(letters, [word for word in words if word])
    for line in lines:
        y += size * 1.16
        letters.draw(drawing, _shortened(letters, line, size, _WIDTH), (_LEFT, y), size, _TEXT)
    return y


def _set_title(letters: Lettering, words: Sequence[list[Glyphs]]) -> tuple[int, list[list[Glyphs]]]:
    """The title's size and lines; what does not fit at the smallest size is cut."""
    for size, most in _TITLE_SIZES:
        lines = _broken(letters, words, size)
        if len(lines) <= most:
            return size, lines
    lines[most - 1] += letters.serif(" …") or []
    return size, lines[:most]


def _draw_formula(
    drawing: ImageDraw.ImageDraw, letters: Lettering, text: str, above: float
) -> None:
    """Draw the formula between the title and the trace, if it fits there in one line."""
    line = letters.formula(text) if text else None
    for size in _FORMULA_SIZES:
        y = above + 40 + size
        room = _WIDTH if y < _BASELINE - _HEIGHT - 20 else _PULSE - 2 * _LOBE - _LEFT
        if line and y < _BASELINE - 24 and letters.width(line, size) <= room:
            letters.draw(drawing, line, (_LEFT, y), size, _TRACE)
            return


def _broken(letters: Lettering, words: Sequence[list[Glyphs]], size: int) -> list[list[Glyphs]]:
    """Words in lines as short as the number of lines allows, so that none is left with one word."""
    lines = _filled(letters, words, size, _WIDTH)
    low, high = _WIDTH // 3, _WIDTH
    while high - low > 16:
        middle = (low + high) // 2
        if len(_filled(letters, words, size, middle)) == len(lines):
            high = middle
        else:
            low = middle
    return _filled(letters, words, size, high)


def _filled(
    letters: Lettering, words: Sequence[list[Glyphs]], size: int, width: int
) -> list[list[Glyphs]]:
    blank = letters.serif(" ") or []
    lines: list[list[Glyphs]] = []
    for word in words:
        longer = [*lines[-1], *blank, *word] if lines else word
        if lines and letters.width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _shortened(letters: Lettering, line: Sequence[Glyphs], size: int, width: float) -> list[Glyphs]:
    """A line cut to a width, with an ellipsis where something is lost."""
    line = list(line)
    if letters.width(line, size) <= width:
        return line
    ellipsis = Glyphs("…", line[-1].font)
    while line and letters.width([*line, ellipsis], size) > width:
        last = line.pop()
        if len(last.text) > 1:
            line.append(Glyphs(last.text[:-1], last.font, last.size, last.rise))
    return [*line, ellipsis]


@cache
def _palette() -> Image.Image:
    """An image with the colours of all cards, and their shades on the band."""
    band = ImageColor.getrgb(_BAND)
    shades = [
        round(low + (high - low) * step / (_SHADES - 1))
        for colour in (_TEXT, _MUTED, _TRACE, _CURSOR)
        for step in range(_SHADES)
        for low, high in zip(band, ImageColor.getrgb(colour), strict=True)
    ]
    palette = Image.new("P", (1, 1))
    palette.putpalette(shades)
    return palette


@cache
def _ground() -> Image.Image:
    """The band with the theme's mark: a flat line with one pulse, and its samples."""
    width, height = CARD_SIZE
    image = Image.new("RGB", CARD_SIZE, _BAND)
    fine = Image.new("L", (width * _FINE, height * _FINE))
    drawing = ImageDraw.Draw(fine)
    points = [(float(x), _level(x)) for x in range(-8, width + 9, 2)]
    for start, end in pairwise(points):
        _stroke(drawing, *start, *end, 3)
    for number in range(-5, 6):
        x = _PULSE + number * _LOBE / 2
        y = _level(x)
        _stroke(drawing, x, _BASELINE, x, y, 1.5)
        radius = 6 * _FINE
        centre = x * _FINE, y * _FINE
        drawing.ellipse(
            (centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius), 255
        )
    image.paste(_TRACE, (0, 0), fine.reduce(_FINE))
    return image


def _stroke(
    drawing: ImageDraw.ImageDraw, x: float, y: float, to_x: float, to_y: float, width: float
) -> None:
    ends = (x * _FINE, y * _FINE, to_x * _FINE, to_y * _FINE)
    drawing.line(ends, 255, round(width * _FINE))


def _level(x: float) -> float:
    """The height of the trace: a sinc under a window that is zero five lobes away."""
    distance = (x - _PULSE) / _LOBE
    if distance == 0:
        return _BASELINE - _HEIGHT
    window = max(0.0, 1 - abs(distance) / 5)
    return _BASELINE - _HEIGHT * window * sin(pi * distance) / (pi * distance)
