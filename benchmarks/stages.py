"""Where the time of a build goes, stage by stage, beside the floor of each: `make profile`.

A floor is what the bare library takes for the same input, in one process, without anything of
ours. Builds run in one process here, so that the stages add up; seconds are of the processor.
"""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from corpus import Corpus
from generators import PACKAGES, clear_up, ours, put_aside
from results import PAGE, placed

BLOG = PACKAGES / "blogs" / "profile"
_EVERY = 0.002
_OTHER_THREADS = "KaTeX in V8"
# The first that a frame of the stack fits, from the innermost frame outwards, is its stage.
_STAGES = (
    ("imports", "<frozen importlib"),
    ("Pygments", "/pygments/"),
    ("formulas: reading, preparing", "/paperblog/tex/"),
    ("formulas: reading, preparing", "/paperblog/markdown/math"),
    ("formulas: reading, preparing", "/paperblog/markdown/equations"),
    ("formulas: reading, preparing", "/paperblog/markdown/delimiters"),
    ("Markdown", "/markdown_it/"),
    ("Markdown", "/mdit_py_plugins/"),
    ("Markdown", "/paperblog/markdown/"),
    ("front matter", "/yaml/"),
    ("front matter", "/paperblog/schema/"),
    ("Jinja", "/jinja2/"),
    ("Jinja", "/markupsafe/"),
    ("Jinja", "/templates/"),
    ("store", "/paperblog/adapters/store"),
    ("store", "/paperblog/model/packing"),
    ("KaTeX: our side", "/paperblog/adapters/katex"),
    ("KaTeX: our side", "/py_mini_racer/"),
    ("KaTeX: our side", "/paperblog/steps/typeset"),
    ("style sheet of formulas", "/paperblog/steps/dress"),
    ("load", "/paperblog/steps/load"),
    ("resolve", "/paperblog/steps/resolve"),
    ("resolve", "/paperblog/steps/references"),
    ("resolve", "/paperblog/steps/relate"),
    ("resolve", "/paperblog/steps/terms"),
    ("resolve", "/paperblog/steps/addresses"),
    ("plan", "/paperblog/steps/plan"),
    ("plan", "/paperblog/features/"),
    ("plan", "/paperblog/steps/keys"),
    ("render: filling bodies in", "/paperblog/steps/filling"),
    ("render: filling bodies in", "/paperblog/steps/linking"),
    ("render: filling bodies in", "/paperblog/steps/render"),
    ("write", "/paperblog/steps/write"),
    ("write", "/paperblog/steps/listing"),
    ("parse: the rest", "/paperblog/steps/pars"),
    ("freshness", "/paperblog/freshness"),
)


def main() -> int:
    """Profile builds of a made-up blog, and print a table for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, default=1000)
    parser.add_argument("--formulas", type=int, default=10)
    parser.add_argument("--record", action="store_true", help="write the tables into docs/")
    parser.add_argument("--watched", nargs=2, metavar=("BLOG", "RESULT"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.watched:
        return _watched(*arguments.watched)
    corpus = Corpus(arguments.notes, arguments.formulas)
    generator = ours()
    put_aside(BLOG)
    BLOG.mkdir(parents=True)
    generator.write(BLOG, corpus)
    start = _cpu([sys.executable, "-c", "pass"])
    floors = _floors(BLOG / generator.notes)
    tables = [_table(f"Cold, {corpus.name}", start, _profile(), floors)]
    note = generator.note(BLOG, corpus.notes // 2)
    note.write_text(note.read_text(encoding="utf-8") + "\nOne more line.\n", encoding="utf-8")
    time.sleep(0.1)
    tables.append(_table(f"One note's text changed, {corpus.name}", start, _profile(), {}))
    tables.append(_table(f"Nothing changed, {corpus.name}", start, _profile(), {}))
    put_aside(BLOG)
    clear_up()
    print("\n\n".join(tables))
    if arguments.record:
        page = placed(PAGE.read_text(encoding="utf-8"), "stages", "\n\n".join(tables))
        PAGE.write_text(page, encoding="utf-8")
    return 0


def _profile() -> dict[str, float]:
    result = PACKAGES / "profile.json"
    command = [sys.executable, __file__, "--watched", str(BLOG), str(result)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    seconds: dict[str, float] = json.loads(result.read_text())
    return seconds


def _watched(blog: str, result: str) -> int:
    """Build in this process, and look at regular times what it is doing."""
    seconds: Counter[str] = Counter()
    begun, last = time.process_time(), time.thread_time()

    def look(_: int, frame: FrameType | None) -> None:
        nonlocal last
        now = time.thread_time()
        seconds[_stage(frame)] += now - last
        last = now

    signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, _EVERY, _EVERY)
    from paperblog.cli import main as paperblog

    status = paperblog(["build", blog, "--jobs", "1"])
    signal.setitimer(signal.ITIMER_PROF, 0)
    here = sum(seconds.values())
    seconds[_OTHER_THREADS] = max(0.0, time.process_time() - begun - here)
    Path(result).write_text(json.dumps(seconds))
    return status


def _stage(frame: FrameType | None) -> str:
    while frame is not None:
        name = frame.f_code.co_filename.replace(os.sep, "/")
        for stage, part in _STAGES:
            if part in name:
                return stage
        frame = frame.f_back
    return "the rest"


def _table(title: str, start: float, stages: dict[str, float], floors: dict[str, float]) -> str:
    total = start + sum(stages.values())
    lines = [
        f"{title}: {total:.2f} s of processor time in one process.",
        "",
        "| stage | CPU | share | floor | CPU / floor |",
        "| --- | --: | --: | --: | --: |",
    ]
    rows = {"start of Python": start, **dict(sorted(stages.items(), key=lambda item: -item[1]))}
    for stage, seconds in rows.items():
        if seconds < total / 500:
            continue
        floor = floors.get(stage)
        near = f"{floor:.2f} s | {seconds / floor:.1f}" if floor else "– | –"
        lines.append(f"| {stage} | {seconds:.2f} s | {seconds / total:.0%} | {near} |")
    return "\n".join(lines)


# ---------------------------------------------------------------- the floors


def _floors(notes: Path) -> dict[str, float]:
    """What bare libraries take for what is in the notes."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(notes.glob("*.md"))]
    bodies = [text.split("---\n", 2)[2] for text in texts]
    heads = [text.split("---\n", 2)[1] for text in texts]
    codes = [match for body in bodies for match in re.findall(r"```(\w+)\n(.*?)```", body, re.S)]
    formulas = sorted({tex for body in bodies for tex in re.findall(r"\$+([^$]+)\$+", body)})
    pages: list[str] = []
    return {
        "Markdown": _timed(lambda: _markdown(bodies, pages)),
        "Pygments": _timed(lambda: _pygments(codes)),
        _OTHER_THREADS: _timed(lambda: _katex(formulas)),
        "front matter": _timed(lambda: _yaml(heads)),
        "Jinja": _timed(lambda: _jinja(pages)),
        "load": _timed(lambda: _read(notes)),
        "write": _timed(lambda: _write(pages)),
    }


def _markdown(bodies: Sequence[str], pages: list[str]) -> None:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin

    md = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(footnote_plugin)
    pages.extend(md.render(body) for body in bodies)


def _pygments(codes: Sequence[tuple[str, str]]) -> None:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name

    lexers: dict[str, Any] = {name: get_lexer_by_name(name) for name, _ in codes}
    formatter: Any = HtmlFormatter(nowrap=True)
    for name, code in codes:
        highlight(code, lexers[name], formatter)


def _katex(formulas: Sequence[str]) -> None:
    from py_mini_racer import MiniRacer

    from paperblog.adapters.katex import katex_folder

    context = MiniRacer()
    context.eval((katex_folder() / "katex.min.js").read_text(encoding="utf-8"))
    context.eval("function all(list) { return list.map((tex) => katex.renderToString(tex)); }")
    for first in range(0, len(formulas), 100):
        context.call("all", formulas[first : first + 100])
    context.close()


def _yaml(heads: Sequence[str]) -> None:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for head in heads:
        yaml.load(head, loader)


def _jinja(pages: Sequence[str]) -> None:
    from jinja2 import Environment

    template = Environment(autoescape=True).from_string(
        "<!doctype html><title>{{ title }}</title><nav>{% for link in links %}"
        '<a href="{{ link }}">{{ link }}</a>{% endfor %}</nav><main>{{ body|safe }}</main>'
    )
    links = [f"../note-{number}/" for number in range(20)]
    for number, page in enumerate(pages):
        template.render(title=f"Note {number}", links=links, body=page)


def _read(notes: Path) -> None:
    from hashlib import blake2b

    for entry in os.scandir(notes):
        with open(entry.path, "rb") as file:
            blake2b(file.read(), digest_size=16).hexdigest()


def _write(pages: Sequence[str]) -> None:
    folder = BLOG / "floor"
    for number, page in enumerate(pages):
        (folder / str(number)).mkdir(parents=True)
        (folder / str(number) / "index.html").write_text(page, encoding="utf-8")
    put_aside(folder)


def _timed(work: Callable[[], None]) -> float:
    """Processor seconds of some work in a process of its own, without its imports of Python."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _cpu(command: Sequence[str]) -> float:
    before = os.times()
    subprocess.run(command, check=True)
    after = os.times()
    cpu = after.children_user + after.children_system
    return cpu - before.children_user - before.children_system


if __name__ == "__main__":
    sys.exit(main())
