"""Draw compute.svg: the training compute of four language models on a logarithmic axis.

The numbers are petaflop/s-days from table D.1 of Brown et al. (2020), arXiv:2005.14165.
Run it with any Python from 3.11 on; it needs nothing else and writes beside itself.
"""

import math
from collections.abc import Iterator
from pathlib import Path

COMPUTE = {"BERT-base": 1.89, "BERT-large": 6.16, "T5-11B": 382.0, "GPT-3": 3640.0}

WIDTH, HEIGHT = 560, 240
LEFT, RIGHT = 112, 530  # the axis runs from 1 to 10,000 between these
TOP, ROW = 40, 42
DECADES = 4

INK, MUTED, RULE, TRACE, MARK = "#1B2024", "#5A6268", "#B9B5A8", "#0B6156", "#8F4A00"
FONT = "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, monospace"


def across(value: float) -> float:
    """Return the x coordinate of a value on the logarithmic axis."""
    return LEFT + (RIGHT - LEFT) * math.log10(value) / DECADES


def text(x: float, y: float, words: str, colour: str = INK, anchor: str = "start") -> str:
    """Return one line of text."""
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}">{words}</text>'


def grid(bottom: float) -> Iterator[str]:
    """Yield a vertical rule and its label for each power of ten."""
    for decade in range(DECADES + 1):
        x = across(10**decade)
        yield f'<path d="M{x:.1f} {TOP - 22}V{bottom:.1f}" stroke="{RULE}"/>'
        yield text(x, bottom + 20, f"{10**decade:,}", MUTED, "middle")


def row(index: int, model: str, value: float) -> Iterator[str]:
    """Yield one model: its name, a dot at its compute and the number beside the dot."""
    x, y = across(value), TOP + ROW * index
    colour = MARK if model == "GPT-3" else TRACE
    yield text(LEFT - 14, y + 5, model, anchor="end")
    yield f'<path d="M{LEFT} {y}H{x:.1f}" stroke="{colour}" stroke-width="2" opacity=".45"/>'
    yield f'<circle cx="{x:.1f}" cy="{y}" r="6" fill="{colour}"/>'
    yield text(x, y - 12, f"{value:,g}", colour, "middle")


def draw() -> str:
    """Return the whole drawing as SVG."""
    bottom = TOP + ROW * (len(COMPUTE) - 1) + 24
    numbers = ", ".join(f"{model} {value:,g}" for model, value in COMPUTE.items())
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' width="{WIDTH}" height="{HEIGHT}" role="img" aria-labelledby="title desc"'
        f' font-family="{FONT}" font-size="15">',
        '<title id="title">Training compute of four language models</title>',
        f'<desc id="desc">Petaflop/s-days on a logarithmic axis: {numbers}.</desc>',
        *grid(bottom),
        *(part for i, item in enumerate(COMPUTE.items()) for part in row(i, *item)),
        text((LEFT + RIGHT) / 2, bottom + 42, "petaflop/s-days", MUTED, "middle"),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    Path(__file__).with_name("compute.svg").write_text(draw(), encoding="utf-8")
