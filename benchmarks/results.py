"""What was measured: kept as JSON, shown as Markdown and as curves, in docs/performance/."""

import json
import os
import platform
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from corpus import Corpus
from curves import Curve, draw

DOCS = Path(__file__).parents[1] / "docs"
DATA = DOCS / "performance" / "results.json"
PAGE = DOCS / "performance.md"
OURS = "paperblog"
WORKS = {
    "cold": "cold",
    "nothing": "nothing changed",
    "text": "one note's text changed",
    "title": "the newest note's title changed",
    "asset": "the style sheet changed",
    "written": "serving: saved → file written",
    "redrawn": "serving: saved → browser has redrawn",
}
_SHORT_WORDS = 100


@dataclass(frozen=True)
class Result:
    """What some work cost: the median of seconds, and the highest memory in MiB."""

    generator: str
    version: str
    corpus: Corpus
    work: str
    wall: float
    cpu: float
    memory: float
    runs: int


def machine() -> str:
    """What the measurements were made on."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    model = "a processor"
    info = Path("/proc/cpuinfo")
    if info.exists():
        found = re.search(r"model name\s*: (.*)", info.read_text())
        model = re.sub(r"\s+", " ", found[1]) if found else model
    return f"{cores} cores of {model}, {platform.system()}, Python {platform.python_version()}"


def table(results: Iterable[Result]) -> str:
    """A row for each kind of work, a column for each generator, and ours over the best peer's."""
    results = list(results)
    names = list(dict.fromkeys(result.generator for result in results))
    peers = [name for name in names if name != OURS]
    head = ["work", "notes × formulas", *names, *(["ours / best"] if OURS in names else [])]
    lines = [_line(head), _line("---" if at < 2 else "--:" for at in range(len(head)))]
    for work, corpus in dict.fromkeys((result.work, result.corpus) for result in results):
        found = {r.generator: r for r in results if (r.work, r.corpus) == (work, corpus)}
        cells = [_cell(found.get(name)) for name in names]
        if OURS in names:
            cells.append(_ratio(found, peers))
        lines.append(_line([WORKS[work], corpus.name, *cells]))
    return "\n".join(lines)


def record(results: Sequence[Result], where: str) -> None:
    """Put results beside those that were recorded, in place of the same ones; draw the curves."""
    DATA.parent.mkdir(exist_ok=True)
    known = read() if DATA.exists() else []
    merged = {_key(result): result for result in [*known, *results]}
    ordered = sorted(merged.values(), key=_order)
    day = datetime.now(UTC).date().isoformat()
    data = {"machine": where, "day": day, "results": [asdict(result) for result in ordered]}
    DATA.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for name, svg in curves(ordered).items():
        (DATA.parent / f"{name}.svg").write_text(svg, encoding="utf-8")
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def read() -> list[Result]:
    """What was recorded."""
    found = json.loads(DATA.read_text(encoding="utf-8"))["results"]
    return [Result(**{**item, "corpus": Corpus(**item["corpus"])}) for item in found]


def with_table(page: str) -> str:
    """The page with the tables of what was recorded."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    results = read()
    versions = dict.fromkeys(f"{r.generator} {r.version}" for r in results)
    parts = {
        "circumstances": f"Measured on {data['day']} on {data['machine']}: {', '.join(versions)}.",
        "notes": table(r for r in results if r.corpus.words != _SHORT_WORDS),
        "short notes": table(r for r in results if r.corpus.words == _SHORT_WORDS),
    }
    for name, text in parts.items():
        page = placed(page, name, text)
    return page


def placed(page: str, name: str, text: str) -> str:
    """The page with a text in the place that bears a name."""
    begin, end = f"<!-- measured: {name} -->\n", f"\n<!-- end: {name} -->"
    before, mark, rest = page.partition(begin)
    _, stop, after = rest.partition(end)
    if not mark or not stop:
        raise ValueError(f"{PAGE} has no place for: {name}")
    return f"{before}{begin}\n{text}\n{end}{after}"


def curves(results: Sequence[Result]) -> dict[str, str]:
    """The curves over the number of short notes, as SVG by name."""
    short = [result for result in results if result.corpus.words == _SHORT_WORDS]
    drawn = {}
    for name, title, unit in (
        ("cold", "Cold build of short notes", "seconds"),
        ("text", "One note's text changed", "seconds"),
        ("nothing", "Nothing changed", "seconds"),
        ("memory", "Peak memory of a cold build", "MiB"),
    ):
        work = "cold" if name == "memory" else name
        lines = []
        for generator in dict.fromkeys(result.generator for result in short):
            points = sorted(
                (r.corpus.notes, r.memory if name == "memory" else r.wall)
                for r in short
                if r.generator == generator and r.work == work
            )
            lines.append(Curve(generator, tuple(points)))
        drawn[name] = draw(title, "notes", unit, [line for line in lines if line.points])
    return drawn


def _key(result: Result) -> tuple[object, ...]:
    return result.generator, result.corpus, result.work


def _order(result: Result) -> tuple[object, ...]:
    corpus = result.corpus
    size = (-corpus.words, corpus.notes, -corpus.formulas)
    order = [OURS, "Eleventy", "Hugo", "Pelican"]
    return size, list(WORKS).index(result.work), order.index(result.generator)


def _cell(result: Result | None) -> str:
    if result is None:
        return "–"
    if not result.cpu:
        return f"{result.wall * 1000:.0f} ms"
    return f"{_seconds(result.wall)}, {_seconds(result.cpu)} CPU, {result.memory:.0f} MiB"


def _ratio(found: dict[str, Result], peers: list[str]) -> str:
    others = [found[name] for name in peers if name in found]
    if OURS not in found or not others:
        return "–"
    mine = found[OURS]
    wall = mine.wall / min(other.wall for other in others)
    if not mine.cpu:
        return f"{wall:.2f}"
    return f"{wall:.2f}, {mine.cpu / min(other.cpu for other in others):.2f} CPU"


def _seconds(value: float) -> str:
    return f"{value:.2f} s" if value < 10 else f"{value:.0f} s"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
