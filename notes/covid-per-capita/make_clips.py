# /// script
# requires-python = ">=3.11"
# dependencies = ["imageio-ffmpeg==0.8.1", "pillow==13.0.0"]
# ///
"""Make the two clips of the note, with their posters and captions, from made-up numbers.

Six invented states have two epidemic waves each, drawn by a seeded generator: every run gives the
same numbers and, with the pinned packages, the same frames. Deaths are a small share of the
cases, three weeks later. A frame shows one day: on the left the count, on the right the count per
100,000 people; the bar is the mean of the last seven days, the tick that day's own number.

    uv run make_clips.py        writes cases.mp4 .png .vtt and deaths.mp4 .png .vtt beside itself
"""

import math
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

import imageio_ffmpeg
from PIL import Image, ImageDraw, ImageFont

HERE = Path(__file__).parent
SEED = 2020
DAYS, FRAMES_A_SECOND, WEEK = 192, 24, 7
LAG, FATAL = 21, 0.015
REPORTING = (1.22, 1.16, 1.10, 1.06, 1.02, 0.80, 0.64)  # Monday to Sunday; the mean is 1
PEOPLE = 100_000


class Wave(NamedTuple):
    """One wave of cases, bell-shaped in time, its height per 100,000 people a day."""

    day: float
    width: float
    height: float


@dataclass(frozen=True)
class State:
    """An invented state: its inhabitants and its two waves."""

    name: str
    population: int
    waves: tuple[Wave, Wave]

    def rate(self, day: float) -> float:
        """Return the expected new cases per 100,000 people on a day."""
        bells = (
            wave.height * math.exp(-0.5 * ((day - wave.day) / wave.width) ** 2)
            for wave in self.waves
        )
        return 1.0 + sum(bells)


STATES = (
    State("State A", 30_200_000, (Wave(52, 17, 13), Wave(140, 22, 17))),
    State("State B", 19_600_000, (Wave(38, 13, 22), Wave(160, 26, 9))),
    State("State C", 9_800_000, (Wave(60, 20, 8), Wave(128, 20, 20))),
    State("State D", 4_500_000, (Wave(70, 18, 11), Wave(150, 18, 31))),
    State("State E", 1_600_000, (Wave(34, 10, 34), Wave(170, 24, 14))),
    State("State F", 800_000, (Wave(80, 14, 9), Wave(156, 16, 52))),
)


@dataclass(frozen=True)
class Clip:
    """One measure: its title and, for each state, its numbers from six days before the clip."""

    slug: str
    title: str
    poster_day: int
    counts: tuple[tuple[int, ...], ...]

    def day(self, state: int, day: int) -> float:
        """Return a state's own number on a day, counted from 0."""
        return self.counts[state][day + WEEK - 1]

    def average(self, state: int, day: int) -> float:
        """Return the mean of the seven days that end on a day."""
        return sum(self.counts[state][day : day + WEEK]) / WEEK


def poisson(random: Random, mean: float) -> int:
    """Draw from a Poisson distribution; above 50 the normal one is near enough."""
    if mean > 50:
        return max(0, round(random.gauss(mean, math.sqrt(mean))))
    count, product, limit = 0, random.random(), math.exp(-mean)
    while product > limit:
        count, product = count + 1, product * random.random()
    return count


def simulate(random: Random, state: State, share: float, lag: int) -> tuple[int, ...]:
    """Return a state's daily numbers: a share of its cases of so many days ago, as reported."""
    counts = []
    for day in range(1 - WEEK, DAYS):
        expected = state.rate(day - lag) * state.population / PEOPLE * share
        noise = math.exp(random.gauss(0, 0.08))
        counts.append(poisson(random, expected * REPORTING[day % WEEK] * noise))
    return tuple(counts)


def make_clips() -> tuple[Clip, Clip]:
    """Return the two clips, always the same ones."""
    random = Random(SEED)
    cases = tuple(simulate(random, state, 1.0, 0) for state in STATES)
    deaths = tuple(simulate(random, state, FATAL, LAG) for state in STATES)
    return (
        Clip("cases", "Daily new cases", 150, cases),
        Clip("deaths", "Daily deaths", 150 + LAG, deaths),
    )


SCALE = 2  # drawn at twice the size, then halved, for smooth edges
WIDTH, HEIGHT = 960, 540
TOP, ROW, BAR = 132, 58, 30
PANEL = 310
PAPER, INK, MUTED, RULE = "#FBFAF6", "#1B2024", "#5A6268", "#DDD9CD"
COUNT, RATE, TICK = "#1F5A93", "#0B6156", "#8F4A00"


@cache
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return Pillow's own font, the same on every machine."""
    return ImageFont.load_default(size * SCALE)


@dataclass(frozen=True)
class Canvas:
    """A drawing in the coordinates of the finished frame."""

    image: Image.Image

    @classmethod
    def blank(cls) -> "Canvas":
        """Return an empty frame."""
        return cls(Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), PAPER))

    def box(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        """Fill a rectangle, the right and bottom edges excluded."""
        corners = [round(v * SCALE) for v in (left, top, right, bottom)]
        if corners[2] > corners[0]:
            corners[2:] = [corners[2] - 1, corners[3] - 1]
            ImageDraw.Draw(self.image).rectangle(corners, fill=colour)

    def text(
        self, x: float, y: float, words: str, size: int, colour: str = INK, anchor: str = "ls"
    ) -> None:
        """Write a line of text; the anchor is Pillow's, by default left and on the baseline."""
        at = (x * SCALE, y * SCALE)
        ImageDraw.Draw(self.image).text(at, words, fill=colour, font=font(size), anchor=anchor)

    def finish(self) -> Image.Image:
        """Return the frame at its finished size."""
        return self.image.resize((WIDTH, HEIGHT), Image.Resampling.BOX)


@dataclass(frozen=True)
class Panel:
    """One column of bars on a scale of its own, which stays the same through the clip."""

    left: float
    heading: str
    colour: str
    factors: Sequence[float]  # what each state's count is multiplied by
    digits: int

    def draw(self, canvas: Canvas, clip: Clip, day: int) -> None:
        """Draw the bars of one day."""
        canvas.text(self.left, TOP - 24, self.heading, 17, self.colour)
        canvas.box(self.left - 2, TOP - 10, self.left, TOP + ROW * len(STATES) - 18, RULE)
        scale = PANEL / self.longest(clip)
        for i, factor in enumerate(self.factors):
            top = TOP + ROW * i
            mean = clip.average(i, day) * factor
            tick = self.left + clip.day(i, day) * factor * scale
            canvas.box(self.left, top, self.left + mean * scale, top + BAR, self.colour)
            canvas.box(tick - 3, top - 4, tick + 3, top + BAR + 4, PAPER)
            canvas.box(tick - 1.5, top - 4, tick + 1.5, top + BAR + 4, TICK)
            number = f"{mean:,.{self.digits}f}"
            canvas.text(self.left + PANEL + 60, top + BAR - 9, number, 17, INK, "rs")

    def longest(self, clip: Clip) -> float:
        """Return the number that fills the panel: the highest of the clip."""
        days = range(DAYS)
        peaks = (
            max(max(clip.average(i, day), clip.day(i, day)) for day in days) * factor
            for i, factor in enumerate(self.factors)
        )
        return max(peaks)


def panels(clip: Clip) -> tuple[Panel, Panel]:
    """Return the two columns of a clip: the counts and the rates."""
    digits = 0 if clip.slug == "cases" else 1
    return (
        Panel(150, "count", COUNT, [1.0] * len(STATES), digits),
        Panel(560, "per 100,000 people", RATE, [PEOPLE / s.population for s in STATES], digits + 1),
    )


def draw_frame(clip: Clip, columns: Sequence[Panel], day: int) -> Image.Image:
    """Draw one day of a clip."""
    canvas = Canvas.blank()
    canvas.text(30, 52, clip.title, 28)
    canvas.text(30, 78, "made-up numbers, invented states", 16, MUTED)
    canvas.text(WIDTH - 30, 52, f"day {day + 1}", 28, INK, "rs")
    for i, state in enumerate(STATES):
        middle = TOP + ROW * i + BAR / 2
        canvas.text(30, middle - 2, state.name, 18)
        canvas.text(30, middle + 16, f"{state.population / 1e6:.1f} million", 14, MUTED)
    for column in columns:
        column.draw(canvas, clip, day)
    canvas.text(30, HEIGHT - 28, "bar: mean of the last seven days", 15, MUTED)
    canvas.text(290, HEIGHT - 28, "tick: the day's own number", 15, TICK)
    canvas.box(0, HEIGHT - 6, WIDTH * (day + 1) / DAYS, HEIGHT, RULE)
    return canvas.finish()


def encode(frames: Sequence[Image.Image], path: Path) -> None:
    """Write frames as H.264, with one thread and no metadata, so that the bytes repeat."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-loglevel", "error"]
    command += ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}"]
    command += ["-r", str(FRAMES_A_SECOND), "-i", "-", "-threads", "1"]
    command += ["-c:v", "libx264", "-preset", "veryslow", "-crf", "26", "-tune", "animation"]
    command += ["-vf", "scale=out_color_matrix=bt709:out_range=tv", "-pix_fmt", "yuv420p"]
    command += ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]
    command += ["-fflags", "+bitexact", "-flags:v", "+bitexact", "-map_metadata", "-1"]
    command += ["-movflags", "+faststart", str(path)]
    subprocess.run(command, input=b"".join(frame.tobytes() for frame in frames), check=True)


def leader(clip: Clip, days: range, factors: Sequence[float]) -> str:
    """Return the name of the state with the highest sum over some days."""
    totals = [sum(clip.day(i, day) for day in days) * f for i, f in enumerate(factors)]
    return STATES[totals.index(max(totals))].name


def write_captions(clip: Clip, columns: Sequence[Panel], path: Path) -> None:
    """Say in words, for each third of the clip, which state leads on either side."""
    third = DAYS // 3
    lines = ["WEBVTT"]
    for start in range(0, DAYS, third):
        days = range(start, start + third)
        count, rate = (leader(clip, days, column.factors) for column in columns)
        who = f"both ways: {count}" if count == rate else f"by count: {count}, per head: {rate}"
        begin, end = days.start / FRAMES_A_SECOND, days.stop / FRAMES_A_SECOND
        lines += ["", f"00:{begin:06.3f} --> 00:{end:06.3f}"]
        lines += [f"Highest in days {days.start + 1} to {days.stop}, {who}."]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Make both clips."""
    for clip in make_clips():
        columns = panels(clip)
        frames = [draw_frame(clip, columns, day) for day in range(DAYS)]
        encode(frames, HERE / f"{clip.slug}.mp4")
        poster = frames[clip.poster_day - 1].quantize(32, dither=Image.Dither.NONE)
        poster.save(HERE / f"{clip.slug}.png", optimize=True)
        write_captions(clip, columns, HERE / f"{clip.slug}.vtt")


if __name__ == "__main__":
    main()
