"""Curves on two logarithmic axes, as SVG that is readable in light and dark."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 640, 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 112, 40, 44
_COLOURS = ("#c2410c", "#2563eb", "#15803d", "#7c3aed")
_INK = "#767676"


@dataclass(frozen=True)
class Curve:
    """A name, and points from the left to the right."""

    name: str
    points: tuple[tuple[float, float], ...]


def draw(title: str, across: str, up: str, curves: Sequence[Curve]) -> str:
    """A picture of curves; each bears its name at its end, so it is readable without colours."""
    right = max(x for curve in curves for x, _ in curve.points)
    left = min(x for curve in curves for x, _ in curve.points)
    low = min(y for curve in curves for _, y in curve.points)
    high = max(y for curve in curves for _, y in curve.points)
    horizontal = _Axis(left, right, _LEFT, _WIDTH - _RIGHT)
    vertical = _Axis(low / 1.3, high * 1.3, _HEIGHT - _BOTTOM, _TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="12">',
        f"<title>{escape(title)}</title>",
        f'<text x="{_LEFT}" y="20" font-size="14" fill="{_INK}">{escape(title)}</text>',
        *_grid(horizontal, vertical),
        f'<text x="{_WIDTH - _RIGHT}" y="{_HEIGHT - 10}" text-anchor="end" fill="{_INK}">'
        f"{escape(across)}</text>",
        f'<text x="8" y="{_TOP - 8}" fill="{_INK}">{escape(up)}</text>',
        *_lines(curves, horizontal, vertical),
        "</svg>\n",
    ]
    return "\n".join(parts)


@dataclass(frozen=True)
class _Axis:
    low: float
    high: float
    begin: float
    end: float

    def at(self, value: float) -> float:
        span = math.log(self.high / self.low) or 1.0
        share = math.log(value / self.low) / span
        return round(self.begin + share * (self.end - self.begin), 1)

    def ticks(self) -> Iterator[float]:
        """The powers of ten within; where there are fewer than two, their halves and fifths."""
        first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
        whole = [10.0**power for power in range(first, last + 1)]
        inside = [value for value in whole if self.low <= value <= self.high]
        if len(inside) < 2:
            fine = [value * part for value in whole for part in (1, 2, 5)]
            inside = [value for value in fine if self.low <= value <= self.high]
        yield from inside


def _grid(horizontal: _Axis, vertical: _Axis) -> Iterator[str]:
    line = f'<path stroke="{_INK}" stroke-opacity=".25" d="{{}}"/>'
    for value in horizontal.ticks():
        x = horizontal.at(value)
        yield line.format(f"M{x} {vertical.begin}V{vertical.end}")
        yield (
            f'<text x="{x}" y="{vertical.begin + 16}" text-anchor="middle" fill="{_INK}">'
            f"{value:,.0f}</text>"
        )
    for value in vertical.ticks():
        y = vertical.at(value)
        yield line.format(f"M{horizontal.begin} {y}H{horizontal.end}")
        yield (
            f'<text x="{horizontal.begin - 6}" y="{y + 4}" text-anchor="end" fill="{_INK}">'
            f"{value:,g}</text>"
        )


def _lines(curves: Sequence[Curve], horizontal: _Axis, vertical: _Axis) -> Iterator[str]:
    taken: list[float] = []
    for curve, colour in zip(curves, _COLOURS, strict=False):
        points = [(horizontal.at(x), vertical.at(y)) for x, y in curve.points]
        path = "L".join(f"{x} {y}" for x, y in points)
        yield f'<path fill="none" stroke="{colour}" stroke-width="2" d="M{path}"/>'
        for x, y in points:
            yield f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>'
        x, y = points[-1]
        while any(abs(y - other) < 13 for other in taken):
            y += 13
        taken.append(y)
        yield f'<text x="{x + 8}" y="{y + 4}" fill="{colour}">{escape(curve.name)}</text>'
