"""Latency of serving: from a saved note to its file, and to the page that a browser has redrawn."""

import os
import shutil
import socket
import statistics
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from corpus import Corpus, file_name
from generators import Generator
from measure import FailedError, end_group, measure
from results import Result

_EDITS = 11
_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
_LONGEST = 60.0
# In each page that is loaded: the time at which the text of the last edit is on the screen.
_WATCH = """
window.seen = {};
(function look() {
  const text = document.body ? document.body.textContent : "";
  for (const [word] of text.matchAll(/savedtext\\d+x/g))
    if (!(word in window.seen)) {
      window.seen[word] = 0;
      requestAnimationFrame(() => setTimeout(() => { window.seen[word] = Date.now(); }));
    }
  requestAnimationFrame(look);
})();
"""


def serve(generator: Generator, blog: Path, corpus: Corpus) -> Iterator[Result]:
    """The medians of some edits: until the file is written, and until a browser shows it."""
    if generator.serve is None:
        return
    measure(generator.build, blog, generator.surroundings(blog))
    number = corpus.notes // 2
    note, stem = generator.note(blog, number), file_name(number).removesuffix(".md")
    page = blog / generator.served.format(stem)
    port = _free_port()
    with _server(generator, blog, port):
        address = f"http://127.0.0.1:{port}/{generator.note_address.format(stem)}"
        _await(lambda: _answers(address) and page.is_file(), "the server's first page")
        _await_quiet(page)
        written = [_until_written(note, page, edit) for edit in range(_EDITS)]
        yield _result(generator, corpus, "written", written)
        with suppress(ImportError):
            redrawn = _until_redrawn(address, note)
            yield _result(generator, corpus, "redrawn", redrawn)


def _result(generator: Generator, corpus: Corpus, work: str, seconds: list[float]) -> Result:
    middle = statistics.median(seconds)
    return Result(generator.name, generator.version(), corpus, work, middle, 0.0, 0.0, len(seconds))


@contextmanager
def _server(generator: Generator, blog: Path, port: int) -> Iterator[None]:
    assert generator.serve
    with (blog / ".bench-log").open("wb") as log:
        process = subprocess.Popen(
            generator.serve(port),
            cwd=blog,
            env={**os.environ, **generator.surroundings(blog)},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield
        finally:
            end_group(process.pid)
            process.poll()


def _until_written(note: Path, page: Path, edit: int) -> float:
    """Seconds from a save until the page holds the new text."""
    time.sleep(0.5)
    word = f"savedtext{edit}x"
    text = note.read_text(encoding="utf-8") + f"\n\nHere is {word}.\n"
    begun = time.perf_counter()
    _save(note, text)
    _await(lambda: word in _text(page), word, 0.001)
    return time.perf_counter() - begun


def _until_redrawn(address: str, note: Path) -> list[float]:
    """Seconds from each save until the browser has drawn the new text.

    Raises:
        FailedError: it never shows one, since the server did not tell it of a change.
    """
    from playwright.sync_api import TimeoutError as PlaywrightTimeoutError
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=_OPTIONS)
        tab = browser.new_page()
        tab.add_init_script(_WATCH)
        tab.goto(address)
        seconds = []
        for edit in range(_EDITS):
            tab.wait_for_timeout(700)
            word = f"savedtext{100 + edit}x"
            text = note.read_text(encoding="utf-8") + f"\n\nHere is {word}.\n"
            begun = time.time()
            _save(note, text)
            try:
                shown = tab.wait_for_function(
                    "word => window.seen && window.seen[word]", arg=word, timeout=_LONGEST * 1000
                )
            except PlaywrightTimeoutError as error:
                raise FailedError(f"waited in vain for {word} on the screen") from error
            seconds.append(shown.json_value() / 1000 - begun)
        browser.close()
    return seconds


def _save(note: Path, text: str) -> None:
    """Save as editors do that write in place."""
    note.write_text(text, encoding="utf-8")


def _await(holds: Callable[[], bool], what: str, pause: float = 0.05) -> None:
    end = time.monotonic() + _LONGEST * 3
    while not holds():
        if time.monotonic() > end:
            raise FailedError(f"waited in vain for {what}")
        time.sleep(pause)


def _await_quiet(page: Path) -> None:
    """Wait until the server has built for the first time, and is idle."""
    before = 0
    for _ in range(60):
        time.sleep(1)
        now = page.stat().st_mtime_ns if page.exists() else 0
        if now == before:
            return
        before = now


def _answers(address: str) -> bool:
    with suppress(OSError), urllib.request.urlopen(address, timeout=5) as answer:
        return bool(answer.status == 200)
    return False


def _text(page: Path) -> str:
    with suppress(OSError):
        return page.read_text(encoding="utf-8", errors="replace")
    return ""


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
