"""Measure builds of made-up blogs, ours beside those of others: `make bench`.

make bench                                   a short run: 12 and 100 notes
make bench ARGS="--rows cold --notes 1000"   some of the rows
make bench ARGS="--generators paperblog"     some of the generators
make bench ARGS="--all --record"             all rows, written into docs/
make bench ARGS="--words 100 --limit 900"    the curves, from 12 notes to 100,000
"""

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus import Corpus, newest
from generators import (
    GENERATORS,
    HERE,
    PACKAGES,
    Generator,
    MissingError,
    clear_up,
    put_aside,
)
from measure import FailedError, measure
from results import Result, machine, record, table
from serving import serve

BLOG = PACKAGES / "blogs"
_LONG = 100_000


@dataclass(frozen=True)
class Row:
    """A kind of work on a blog; `generators` are those that are measured at this size."""

    work: str
    corpus: Corpus
    generators: tuple[str, ...]


_ALL = ("paperblog", "eleventy", "hugo", "pelican")
_WARM = ("nothing", "text")
ROWS = [
    *(Row(work, Corpus(12, 10), _ALL) for work in ("cold", *_WARM)),
    *(Row(work, Corpus(1000, 10), _ALL) for work in ("cold", *_WARM)),
    *(Row(work, Corpus(1000, 10), ("paperblog",)) for work in ("title", "asset")),
    *(Row(work, Corpus(1000, 10), ("paperblog", "eleventy", "hugo")) for work in ("serve",)),
    Row("cold", Corpus(1000, 0), ("paperblog", "eleventy", "hugo")),
    *(Row(work, Corpus(10_000, 3), ("paperblog", "eleventy")) for work in ("cold", "text")),
    Row("nothing", Corpus(10_000, 3), ("paperblog",)),
    # The curves: what grows with the number of notes.
    *(Row(work, Corpus(12, 1, 100), _ALL) for work in ("cold", *_WARM)),
    *(Row(work, Corpus(100, 1, 100), _ALL) for work in ("cold", *_WARM)),
    *(Row(work, Corpus(1000, 1, 100), _ALL) for work in ("cold", *_WARM)),
    *(Row(work, Corpus(10_000, 1, 100), ("paperblog", "eleventy")) for work in ("cold", *_WARM)),
    *(Row(work, Corpus(_LONG, 1, 100), ("paperblog",)) for work in ("cold", *_WARM)),
]
_SHORT = [
    *(Row(work, Corpus(12, 10), _ALL) for work in ("cold", *_WARM)),
    *(Row(work, Corpus(100, 10), _ALL) for work in ("cold", *_WARM)),
]


def main() -> int:
    """Measure what is asked for, and print a table."""
    arguments = _arguments()
    rows = list(_chosen(arguments))
    results: list[Result] = []
    for corpus in dict.fromkeys(row.corpus for row in rows):
        for name in _ALL:
            works = [r.work for r in rows if r.corpus == corpus and name in r.generators]
            if works:
                results += _measured(name, corpus, works, arguments)
        if arguments.record:
            record(results, machine())
    clear_up()
    print(table(results))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--all", action="store_true", help="all rows; else a short run")
    parser.add_argument("--rows", nargs="+", help="cold, nothing, text, title, asset, serve")
    parser.add_argument("--generators", nargs="+", choices=_ALL, default=_ALL)
    parser.add_argument("--notes", nargs="+", type=int, help="the numbers of notes")
    parser.add_argument("--formulas", nargs="+", type=int, help="the numbers of formulas a note")
    parser.add_argument("--words", nargs="+", type=int, help="600, or 100 for short notes")
    parser.add_argument("--repeat", type=int, help="how often each is measured")
    parser.add_argument(
        "--limit", type=float, default=1800, help="seconds after which a build has failed (1800)"
    )
    parser.add_argument("--record", action="store_true", help="write what was measured into docs/")
    return parser.parse_args()


def _chosen(arguments: argparse.Namespace) -> Iterator[Row]:
    narrowed = arguments.notes or arguments.formulas or arguments.rows or arguments.words
    for row in ROWS if arguments.all or narrowed else _SHORT:
        generators = tuple(name for name in row.generators if name in arguments.generators)
        corpus = row.corpus
        wanted = (
            (arguments.rows, row.work),
            (arguments.notes, corpus.notes),
            (arguments.formulas, corpus.formulas),
            (arguments.words, corpus.words),
        )
        if generators and all(not values or value in values for values, value in wanted):
            yield Row(row.work, corpus, generators)


def _measured(
    name: str, corpus: Corpus, works: list[str], arguments: argparse.Namespace
) -> list[Result]:
    """What some work on one blog costs one generator."""
    try:
        generator = GENERATORS[name]()
    except MissingError as error:
        print(f"{name}: {error}", file=sys.stderr)
        return []
    blog = BLOG / name
    put_aside(blog)
    blog.mkdir(parents=True)
    generator.write(blog, corpus)
    results = []
    for work in sorted(works, key=list(_PREPARE).index):
        print(f"{generator.name}: {work}, {corpus.name} …", file=sys.stderr, flush=True)
        try:
            if work == "serve":
                # What was measured before a failure counts.
                for result in serve(generator, blog, corpus):
                    results.append(result)
            else:
                times = 3 if corpus.notes <= (100 if work == "cold" else 1000) else 1
                times = arguments.repeat or times
                results.append(_build(generator, blog, corpus, work, times, arguments.limit))
        except FailedError as error:
            print(f"{generator.name}: {error}", file=sys.stderr)
            break
    put_aside(blog)
    return results


def _build(
    generator: Generator, blog: Path, corpus: Corpus, work: str, times: int, limit: float
) -> Result:
    """The median of some builds, each after the change that the work names."""
    costs = []
    environment = generator.surroundings(blog)
    for _ in range(times):
        if work != "cold" and not (blog / generator.page.format("note-000000")).exists():
            measure(generator.build, blog, environment, limit)
        _PREPARE[work](generator, blog, corpus)
        # Files grow older than the clock's resolution, as an author's are.
        time.sleep(0.1)
        costs.append(measure(generator.build, blog, environment, limit))
        page = blog / generator.page.format("note-000000")
        if not page.is_file():
            raise FailedError(f"{page} was not written")
    middle = sorted(costs, key=lambda cost: cost.wall)[len(costs) // 2]
    return Result(
        generator=generator.name,
        version=generator.version(),
        corpus=corpus,
        work=work,
        wall=middle.wall,
        cpu=statistics.median(cost.cpu for cost in costs),
        memory=max(cost.memory for cost in costs),
        runs=times,
    )


def _change_nothing(generator: Generator, blog: Path, corpus: Corpus) -> None:
    pass


def _forget(generator: Generator, blog: Path, corpus: Corpus) -> None:
    generator.forget(blog)


def _change_text(generator: Generator, blog: Path, corpus: Corpus) -> None:
    """Add a line to the end of a note."""
    note = generator.note(blog, corpus.notes // 2)
    text = f"\nOne more line, {random.random()}.\n"
    note.write_text(note.read_text(encoding="utf-8") + text, encoding="utf-8")


def _change_title(generator: Generator, blog: Path, corpus: Corpus) -> None:
    """Change the title of the newest note, which every page shows in its list of these."""
    note = generator.note(blog, newest(corpus))
    text = note.read_text(encoding="utf-8")
    note.write_text(text.replace("title: ", f"title: {random.randrange(100)} ", 1), "utf-8")


def _change_asset(generator: Generator, blog: Path, corpus: Corpus) -> None:
    """Change the style sheet, whose name holds its digest, so that every page changes."""
    sheet = blog / "templates" / "assets" / "style.css"
    sheet.parent.mkdir(parents=True, exist_ok=True)
    theme = HERE.parent / "templates" / "assets" / "style.css"
    rule = f"\n.x {{ order: {random.randrange(10_000)} }}\n"
    sheet.write_text(theme.read_text(encoding="utf-8") + rule, encoding="utf-8")


_PREPARE: dict[str, Callable[[Generator, Path, Corpus], None]] = {
    "cold": _forget,
    "nothing": _change_nothing,
    "text": _change_text,
    "title": _change_title,
    "asset": _change_asset,
    "serve": _change_nothing,
}


if __name__ == "__main__":
    sys.exit(main())
