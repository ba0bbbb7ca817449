"""A page that `paperblog serve` shows, while its note is written."""

import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sites import Site

pytestmark = [pytest.mark.browser, pytest.mark.katex]

_TEXT = (
    "A first paragraph, long enough to be one.\n\nIt says one.\n\n"
    '<noscript><img alt="" src="https://example.org/unseen.png"></noscript>\n\n'
)
_REST = "Then $x^2$ and\n\n$$\ny = x\n$$\n\n```python\nprint(1)\n```\n\n" + "\n\n".join(
    f"Paragraph {number} of many." for number in range(60)
)
_NOTE = f"---\ntitle: First\ndate: 2020-01-01\n---\n{_TEXT}{_REST}\n"


class Author:
    """Writes a note that a tab shows."""

    def __init__(self, note: Path, tab: Any) -> None:
        self.note = note
        self.tab = tab

    def write(self, old: str, new: str) -> None:
        text = self.note.read_text(encoding="utf-8")
        assert old in text
        self.note.write_text(text.replace(old, new, 1), encoding="utf-8")

    def sees(self, text: str) -> None:
        self.tab.wait_for_function(
            "text => document.querySelector('main')?.innerText.includes(text)", arg=text
        )

    def is_same_page(self) -> bool:
        return bool(self.tab.evaluate("window.isSamePage === true"))


@pytest.fixture
def author(tmp_path: Path, visit: Callable[..., Any]) -> Iterator[Author]:
    site = Site(tmp_path)
    site.write({"notes/first.md": _NOTE, "notes/second.md": _NOTE.replace("First", "Second")})
    command = [sys.executable, "-m", "paperblog", "serve", str(tmp_path), "--port", "0"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    try:
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found is not None
        assert "files written" in process.stdout.readline()
        with visit(found[0]) as tab:
            tab.open(f"{found[0]}notes/first/")
            # One that is opened before the first build is told of learns that it is behind.
            tab.page.wait_for_function("document.querySelector('[data-build=\"1\"]') !== null")
            tab.page.evaluate("window.isSamePage = true")
            yield Author(tmp_path / "notes/first.md", tab.page)
            assert tab.problems == []
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_changed_text_is_exchanged_where_it_stands(author: Author) -> None:
    author.tab.evaluate("scrollTo(0, 900)")
    before = author.tab.evaluate("scrollY")
    author.write("It says one.", "It says **two**.")
    author.sees("It says two.")
    author.write("It says **two**.", "It says three.\n\nAnd a paragraph more with $z$.")
    author.sees("And a paragraph more")
    text = author.note.read_text(encoding="utf-8")
    text = text.replace("\n\nAnd a paragraph more with $z$.", "")
    author.write(author.note.read_text(encoding="utf-8"), f"{text}\n\n- A list.\n")
    author.sees("A list.")
    text = author.tab.inner_text("main")
    assert "It says three." in text
    assert "two" not in text
    assert "a paragraph more" not in text
    assert author.is_same_page()
    assert before > 0
    assert abs(author.tab.evaluate("scrollY") - before) < 200


def test_a_page_brought_up_to_date_is_as_one_that_is_loaded(author: Author) -> None:
    author.write("A first paragraph,", "Another first paragraph with $x_1$,")
    author.sees("Another first paragraph")
    author.write("y = x", "y = x + 1")
    author.tab.wait_for_function("document.querySelector('div.equation').textContent.includes('+')")
    assert author.is_same_page()
    shown = "document.querySelector('main').outerHTML"
    patched = author.tab.evaluate(shown)
    author.tab.reload()
    assert author.tab.evaluate(shown) == patched


def test_what_a_script_has_to_see_to_is_loaded_anew(author: Author) -> None:
    author.write("```python", "```python\nprint(2)\n```\n\n```python")
    author.sees("print(2)")
    author.tab.wait_for_function("document.querySelectorAll('.prose .code .copy').length === 2")
    assert not author.is_same_page()


def test_another_notes_text_leaves_the_page_alone(author: Author) -> None:
    second = Author(author.note.with_name("second.md"), author.tab)
    second.write("It says one.", "It says something else.")
    second.tab.wait_for_timeout(500)
    author.write("It says one.", "It says two.")
    author.sees("It says two.")
    assert author.is_same_page()
