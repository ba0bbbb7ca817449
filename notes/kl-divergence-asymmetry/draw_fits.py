"""Draw fits.svg: one density with two humps and the two Gaussians that fit it best.

"Best" is meant in two ways. Minimising KL(p||q) over Gaussians q matches the mean and the
variance of p, which has a closed form. Minimising KL(q||p) has none, so the integral is summed
on a grid and its minimum searched for, once from each hump, since there is a minimum at each.
Run it with any Python from 3.11 on; it needs nothing else, writes beside itself and prints
the numbers that the note quotes.
"""

import math
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

STEP = 0.02
GRID = [STEP * i for i in range(-600, 601)]  # -12 to 12


class Gaussian(NamedTuple):
    """A normal density."""

    mean: float
    deviation: float

    def log(self, x: float) -> float:
        """Return the logarithm of the density at x."""
        z = (x - self.mean) / self.deviation
        return -0.5 * z * z - math.log(self.deviation * math.sqrt(2 * math.pi))


HUMPS = ((0.6, Gaussian(-2.0, 0.9)), (0.4, Gaussian(2.5, 0.6)))

LogDensity = Callable[[float], float]


def log_p(x: float) -> float:
    """Return the logarithm of the data's density, a mixture of the two humps."""
    terms = [math.log(weight) + hump.log(x) for weight, hump in HUMPS]
    top = max(terms)
    return top + math.log(sum(math.exp(term - top) for term in terms))


def divergence(log_f: LogDensity, log_g: LogDensity) -> float:
    """Return KL(f||g) in nats, summed over the grid."""
    return STEP * sum(math.exp(log_f(x)) * (log_f(x) - log_g(x)) for x in GRID)


def match_moments() -> Gaussian:
    """Return the Gaussian with the mean and variance of p, which minimises KL(p||q)."""
    mean = sum(weight * hump.mean for weight, hump in HUMPS)
    square = sum(weight * (hump.deviation**2 + hump.mean**2) for weight, hump in HUMPS)
    return Gaussian(mean, math.sqrt(square - mean**2))


def seek_mode(start: Gaussian) -> Gaussian:
    """Walk downhill on KL(q||p) from a start, halving the stride when no step helps."""
    best, lowest, stride = start, divergence(start.log, log_p), 0.25
    while stride > 1e-4:
        mean, deviation = best
        steps = (
            Gaussian(mean + stride, deviation),
            Gaussian(mean - stride, deviation),
            Gaussian(mean, deviation * (1 + stride)),
            Gaussian(mean, deviation / (1 + stride)),
        )
        value, step = min((divergence(q.log, log_p), q) for q in steps)
        if value < lowest:
            best, lowest = step, value
        else:
            stride /= 2
    return best


WIDTH, HEIGHT = 560, 300
LEFT, RIGHT, TOP, FLOOR = 20, 540, 24, 252
FIRST, LAST, CEILING = -6.5, 6.5, 0.46

INK, MUTED, TRACE, MARK = "#1B2024", "#5A6268", "#0B6156", "#8F4A00"
FONT = "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, monospace"


def across(x: float) -> float:
    """Return the horizontal place of x."""
    return LEFT + (RIGHT - LEFT) * (x - FIRST) / (LAST - FIRST)


def above(density: float) -> float:
    """Return the vertical place of a density."""
    return FLOOR - (FLOOR - TOP) * density / CEILING


def curve(log_density: LogDensity) -> str:
    """Return path data for a density."""
    points = [
        f"{across(x):.1f} {above(math.exp(log_density(x))):.1f}"
        for x in GRID[::4]
        if FIRST <= x <= LAST
    ]
    return "M" + "L".join(points)


def label(x: float, density: float, colour: str, *lines: str) -> str:
    """Return a label of a few lines whose first one starts at a place in the plot."""
    left, top = across(x), above(density)
    spans = (
        f'<tspan x="{left:.1f}" y="{top + 18 * i:.1f}">{line}</tspan>'
        for i, line in enumerate(lines)
    )
    return f'<text fill="{colour}">{"".join(spans)}</text>'


def axis() -> str:
    """Return the floor of the plot with ticks and their numbers."""
    ticks = "".join(f"M{across(x):.1f} {FLOOR}v6" for x in range(-6, 7, 2))
    numbers = "".join(
        f'<text x="{across(x):.1f}" y="{FLOOR + 24}" fill="{MUTED}" text-anchor="middle">'
        f"{x}</text>".replace(">-", ">\N{MINUS SIGN}")
        for x in range(-6, 7, 2)
    )
    return f'<path d="M{LEFT} {FLOOR}H{RIGHT}{ticks}" stroke="{MUTED}" fill="none"/>{numbers}'


def draw(cover: Gaussian, seek: Gaussian) -> str:
    """Return the whole drawing as SVG."""
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' width="{WIDTH}" height="{HEIGHT}" role="img" aria-labelledby="title desc"'
        f' font-family="{FONT}" font-size="14">',
        '<title id="title">Two Gaussian fits to a density with two humps</title>',
        '<desc id="desc">The data density p has a wide hump at -2 and a narrow one at 2.5.'
        " Minimising KL(p||q) gives a broad Gaussian over both, highest in the valley between"
        " them. Minimising KL(q||p) gives a narrow Gaussian on the left hump alone.</desc>",
        f'<path d="{curve(log_p)}Z" fill="{INK}" fill-opacity=".1" stroke="{INK}"/>',
        f'<path d="{curve(cover.log)}" fill="none" stroke="{MARK}" stroke-width="2.5"'
        ' stroke-dasharray="7 4"/>',
        f'<path d="{curve(seek.log)}" fill="none" stroke="{TRACE}" stroke-width="2.5"/>',
        axis(),
        label(3.25, 0.225, INK, "data p"),
        label(-0.35, 0.4, TRACE, "q from min KL(q||p)", "sits on one hump"),
        label(-0.45, 0.245, MARK, "q from min", "KL(p||q)"),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Fit both ways, print the numbers and write the drawing."""
    cover = match_moments()
    minima = [seek_mode(hump) for _, hump in HUMPS]
    seek = min(minima, key=lambda q: divergence(q.log, log_p))
    for q in (cover, *minima):
        forward, reverse = divergence(log_p, q.log), divergence(q.log, log_p)
        print(f"{q.mean:.2f} ± {q.deviation:.2f}: KL(p||q) {forward:.2f}, KL(q||p) {reverse:.2f}")
    Path(__file__).with_name("fits.svg").write_text(draw(cover, seek), encoding="utf-8")


if __name__ == "__main__":
    main()
