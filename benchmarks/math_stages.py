"""Measure what a formula costs beside KaTeX itself: `make bench-math`.

Each stage of a formula's way is timed by itself, in seconds of the processor. The measure of all
things is KaTeX in a V8 as it comes, in a process of its own, given the same prepared formulas and
asked for nothing else.
"""

import argparse
import gc
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from formulas import INLINE, WRAPS, formula
from py_mini_racer import MiniRacer

from paperblog.adapters.highlighter import Pygments
from paperblog.adapters.katex import Katex, katex_folder
from paperblog.adapters.store import SqliteStore
from paperblog.adapters.workers import InProcess
from paperblog.markdown import plain
from paperblog.markdown.context import used_macros
from paperblog.model.config import Config
from paperblog.model.formula import Formula, Outcome, Typeset
from paperblog.model.note import Kind, Note, Source
from paperblog.steps import emblem
from paperblog.steps.parser import Parser, Tools
from paperblog.steps.typeset import Typesetter
from paperblog.tex.compatibility import MACROS
from paperblog.tex.lint import lint
from paperblog.tex.plain import plain_text
from paperblog.tex.prepare import prepare

_A_NOTE = 20
_BATCH = 100
_REPEAT = 5
_DRIVER = """
globalThis.console ??= { warn() {}, log() {}, error() {} };
let kept, macros;
function keep(texts, common) { kept = JSON.parse(texts); macros = JSON.parse(common); return 0; }
function typesetKept() {
  let sum = 0;
  for (const [tex, displayMode] of kept) {
    const html = katex.renderToString(tex, { displayMode, macros, strict: "ignore" });
    // V8 joins the pieces of a text when a character is asked for; before, there is none.
    sum += html.charCodeAt(html.length >> 1);
  }
  return sum;
}
"""


def main() -> None:
    """Print a table of stages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--formulas", type=int, default=4000, help="distinct ones (default: 4000)")
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.alone:
        print(_alone(sys.stdin.read()))
        return
    gc.set_threshold(2_000_000, 50, 100)  # As a build does.
    texts = _distinct(arguments.formulas)
    engine = Katex(katex_folder(), MACROS)
    try:
        _measure(engine, texts)
    finally:
        engine.close()


def _distinct(count: int) -> list[str]:
    rng = random.Random(1)
    texts: dict[str, None] = {}
    while len(texts) < count:
        texts[formula(rng)] = None
    return list(texts)


def _measure(engine: Katex, texts: Sequence[str]) -> None:
    tools = Tools(Config(), engine.identity, Pygments(), (), "benchmark", "")
    written = [texts[at : at + _A_NOTE] for at in range(0, len(texts), _A_NOTE)]
    notes = [Parser(tools).parse(_source(), _note(note), {}).note for note in written]
    formulas = [one for note in notes for one in note.formulas]
    assert len(formulas) == len(texts), "each formula is found"
    batches = [formulas[at : at + _BATCH] for at in range(0, len(formulas), _BATCH)]
    outcomes = [outcome for batch in batches for outcome in engine.typeset(batch)]
    assert all(isinstance(one, Typeset) for one in outcomes), "each formula is typeset"

    contents = [_note(note) for note in written]
    read = _read_as_text(tools, contents)
    words = [_note(["word"] * len(note)) for note in written]
    with_math, without = _in_turns(
        lambda: _parse(tools, contents), lambda: _parse(tools, words), repeat=3 * _REPEAT
    )
    heard = _seconds(lambda: [plain_text(tex, {}) for tex in read])
    lints = _seconds(lambda: [lint(tex, {}) for tex in texts])
    prepared = _seconds(lambda: [prepare(one.tex, ((0, 0),), one.display) for one in formulas])
    macros = _seconds(lambda: [used_macros(one.prepared, {}) for one in formulas])
    katex, sent = _katex_and_sent(engine, batches)
    spoken = _seconds(lambda: [plain_text(tex, {}) for tex in texts])
    ready = _Ready(dict(zip((one.key for one in formulas), outcomes, strict=True)))
    stored = _seconds(lambda: _store(ready, notes))
    found = with_math - without - heard - lints - prepared
    rows = {
        "to V8, KaTeX, its classes, and back": sent,
        "finding it in the Markdown, its place and key": found,
        "warnings": lints,
        "definitions, rows, labels, rewrites": prepared + macros,
        "to the worker and back, storing it": stored,
    }
    around = {
        "KaTeX in a V8 as it comes, nothing else": katex,
        **rows,
        "all of it": sum(rows.values()),
        "reading it as text, where that is asked for": spoken,
        f"the same of the {len(read)} that a summary or a card shows, shared by all": heard,
    }
    print(f"{len(texts)} formulas, milliseconds of the processor for each\n")
    print("| stage | ms | share of KaTeX |\n| --- | --- | --- |")
    for name, seconds in around.items():
        print(f"| {name} | {1000 * seconds / len(texts):.3f} | {seconds / katex:.1%} |")


def _source() -> Source:
    return Source("notes/benchmark.md", Kind.NOTE, "")


def _note(texts: Sequence[str]) -> str:
    """A note with its formulas in sentences, and every third displayed."""
    parts = ["---\ntitle: A benchmark\n---\n"]
    for number, tex in enumerate(texts):
        wrap = WRAPS[number % len(WRAPS)]
        written = tex if tex == "word" else wrap.replace("{}", tex)
        in_line = number % len(WRAPS) < INLINE
        parts.append(f"Some words before {written} and some behind." if in_line else written)
    return "\n\n".join(parts)


def _parse(tools: Tools, contents: Sequence[str]) -> None:
    parser = Parser(tools)
    for content in contents:
        parser.parse(_source(), content, {})


def _read_as_text(tools: Tools, contents: Sequence[str]) -> Sequence[str]:
    """The formulas that are read as text while notes are parsed."""
    read: list[str] = []

    def listen(tex: str, macros: Mapping[str, str]) -> str:
        read.append(tex)
        return plain_text(tex, macros)

    plain.plain_text = emblem.plain_text = listen
    _parse(tools, contents)
    plain.plain_text = emblem.plain_text = plain_text
    return read


def _katex_and_sent(engine: Katex, batches: Sequence[Sequence[Formula]]) -> tuple[float, float]:
    """Seconds for KaTeX alone and by way of the engine, in turns, so that both are disturbed alike.

    KaTeX alone has a process of its own: V8's options hold for all of one.
    """
    texts = json.dumps([(one.prepared, one.display) for batch in batches for one in batch])
    command = [sys.executable, __file__, "--alone"]
    alone = sent = float("inf")
    for _ in range(_REPEAT):
        done = subprocess.run(command, input=texts, check=True, capture_output=True, text=True)
        alone = min(alone, float(done.stdout))
        sent = min(sent, _sent(engine, batches))
    return alone, sent


def _alone(texts: str) -> float:
    """Seconds for some formulas through `katex.renderToString`, in a V8 that is new.

    The process is as used to it as ours: the first V8 of a process has more to load.
    """
    least = float("inf")
    for _ in range(3):
        context = MiniRacer()
        context.eval((katex_folder() / "katex.min.js").read_text(encoding="utf-8"))
        context.eval(_DRIVER)
        context.call("keep", texts, json.dumps(dict(MACROS)))
        begun = time.process_time()
        context.call("typesetKept")
        least = min(least, time.process_time() - begun)
        context.close()
    return least


def _sent(engine: Katex, batches: Sequence[Sequence[Formula]]) -> float:
    """The same by way of the engine, in a V8 that is new and has set one formula."""
    engine.close()
    engine.typeset(batches[0][:1])
    begun = time.process_time()
    for batch in batches:
        engine.typeset(batch)
    return time.process_time() - begun


class _Ready:
    """A math engine that has typeset everything before."""

    identity = "ready"

    def __init__(self, outcomes: Mapping[str, Outcome]) -> None:
        self._outcomes = outcomes

    def commands(self) -> Sequence[str]:
        return ()

    def typeset(self, formulas: Sequence[Formula]) -> Sequence[Outcome]:
        return [self._outcomes[formula.key] for formula in formulas]


def _store(engine: _Ready, notes: Sequence[Note]) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        SqliteStore(Path(folder)) as store,
        InProcess() as workers,
    ):
        typesetter = Typesetter(engine, store, workers)
        for note in notes:
            typesetter.submit([note])
        typesetter.collect()


def _seconds(work: Callable[[], object]) -> float:
    """The least time of the processor that some runs take, all threads together."""
    return _in_turns(work)[0]


def _in_turns(*works: Callable[[], object], repeat: int = _REPEAT) -> list[float]:
    """The same for each of some works, done by turns: what disturbs one disturbs the others."""
    least = [float("inf")] * len(works)
    for _ in range(repeat):
        for number, work in enumerate(works):
            begun = time.process_time()
            work()
            least[number] = min(least[number], time.process_time() - begun)
    return least


if __name__ == "__main__":
    sys.exit(main())
