"""Reading in a real browser: tabs, notes beside the text, languages, and the heaviest page."""

import re
import shutil
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sites import ROOT, Site

pytestmark = [pytest.mark.browser, pytest.mark.katex]

# What a careful publisher sends along with every page; docs/security.md gives it.
POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; media-src 'self'; frame-src 'none'; base-uri 'none'"
)
KINDS = (
    "",
    "notes/components/",
    "notes/heavy/",
    "notes/linformer/",
    "notes/covid-per-capita/",
    "notes/hebrew/",
    "notes/numpy-vs-matlab-reshape/",
    "about/",
    "archive/",
    "2020/07/",
    "category/transformers/",
    "tags/",
    "papers/",
    "404.html",
)

STANDS_STILL = """async () => {
    for (let frames = 0, last = -1; frames < 20; frames++) {
        await new Promise(requestAnimationFrame);
        if (scrollY !== last) frames = 0;
        last = scrollY;
    }
}"""


def heavy_note() -> str:
    """A note of a hundred formulas, in parts."""
    block = "$$\n\\sum_{i=0}^{n} \\frac{x_i^2}{\\sqrt{1 + y_i}} \\le \\int_0^1 f(t)\\,dt\n$$\n\n"
    parts = [f"## Part {n}\n\nWord{n} and $a_{{{n}}}$.[^{n}]\n\n{block * 5}" for n in range(1, 21)]
    notes = "".join(f"[^{n}]: Note {n} of the heavy text.\n" for n in range(1, 21))
    return f"---\ntitle: Heavy\ndate: 2020-01-01\n---\n{''.join(parts)}{notes}"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The blog with notes that hold everything, served with the policy."""
    site = Site(tmp_path_factory.mktemp("reading"))
    for name in ("notes", "pages"):
        shutil.copytree(ROOT / name, site.root / name)
    shutil.copytree(ROOT / "tests/audit/notes", site.root / "notes", dirs_exist_ok=True)
    shutil.copy(ROOT / "pyproject.toml", site.root)
    site.write({"notes/heavy.md": heavy_note()})
    assert site.build("--base-url", "https://example.org/").status == 0
    handler = partial(Guarded, directory=str(site.output))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


class Guarded(SimpleHTTPRequestHandler):
    """Sends the policy with every answer."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        """Nothing: what is served is the tests' matter."""


@pytest.fixture
def tab(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield context.new_page()
    context.close()


def box(tab: Any, selector: str) -> dict[str, float]:
    found: dict[str, float] = tab.locator(selector).first.bounding_box()
    return found


def test_no_kind_of_page_violates_the_policy(home: str, tab: Any) -> None:
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    for address in KINDS:
        tab.goto(home + address, wait_until="networkidle")
        tab.locator(".theme-switch").click()
    assert said == []


def test_tabs_show_one_block_and_open_by_keyboard(home: str, tab: Any) -> None:
    tab.goto(f"{home}notes/numpy-vs-matlab-reshape/")
    blocks = tab.locator(".tabs .code")
    assert [blocks.nth(i).is_visible() for i in range(2)] == [True, False]
    tab.locator(".tabs summary").first.focus()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab") if tab.evaluate("document.activeElement.tagName") != "SUMMARY" else 0
    assert tab.evaluate("document.activeElement.textContent") == "NumPy"
    tab.keyboard.press("Enter")
    assert [blocks.nth(i).is_visible() for i in range(2)] == [False, True]
    first, second = (box(tab, f".tabs summary >> nth={i}") for i in range(2))
    assert first["y"] == second["y"]


def test_printed_tabs_are_all_open(home: str, tab: Any) -> None:
    tab.goto(f"{home}notes/numpy-vs-matlab-reshape/")
    tab.emulate_media(media="print")
    blocks = tab.locator(".tabs .code")
    assert all(blocks.nth(i).is_visible() for i in range(2))


def test_footnotes_stand_beside_their_references_and_not_on_each_other(home: str, tab: Any) -> None:
    tab.goto(f"{home}notes/components/")
    text, contents = box(tab, ".note .prose"), box(tab, ".contents")
    notes = [box(tab, f"#fn{number}") for number in (1, 2, 3)]
    reference = box(tab, "#fnref3")
    assert all(note["x"] > text["x"] + text["width"] for note in notes)
    assert notes[0]["y"] >= contents["y"] + contents["height"]
    assert notes[1]["y"] >= notes[0]["y"] + notes[0]["height"]
    assert abs(notes[2]["y"] - reference["y"]) < 16
    tab.set_viewport_size({"width": 1000, "height": 900})
    assert box(tab, "#fn1")["x"] < text["x"] + text["width"]


def test_a_note_in_hebrew_runs_from_right_to_left_within_the_frame_of_the_site(
    home: str, tab: Any
) -> None:
    tab.goto(f"{home}notes/hebrew/")
    prose, contents = box(tab, ".note .prose"), box(tab, ".contents")
    assert contents["x"] < prose["x"]
    assert tab.evaluate("getComputedStyle(document.querySelector('.prose p')).direction") == "rtl"
    assert tab.evaluate("getComputedStyle(document.querySelector('.band')).direction") == "ltr"
    assert tab.evaluate("getComputedStyle(document.querySelector('.code pre')).direction") == "ltr"
    badge = box(tab, ".badge")
    assert badge["x"] > prose["x"] + prose["width"]
    for width in (320, 820, 1440):
        tab.set_viewport_size({"width": width, "height": 800})
        assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_a_line_never_breaks_between_a_formula_and_its_full_stop(home: str, tab: Any) -> None:
    tab.goto(f"{home}notes/linformer/")
    parted = tab.evaluate(
        """() => {
            const parted = [], range = document.createRange();
            let seen = 0;
            for (let width = 300; width < 700; width += 7) {
                document.querySelector(".prose").style.width = width + "px";
                for (const glued of document.querySelectorAll(".glued")) {
                    const last = glued.lastChild;
                    const formula = glued.querySelector(".katex-html > :last-child");
                    if (last.nodeType !== Node.TEXT_NODE || !formula) continue;
                    seen += 1;
                    range.setStart(last, 0);
                    range.setEnd(last, 1);
                    const rects = formula.getClientRects(), end = rects[rects.length - 1];
                    if (range.getBoundingClientRect().left < end.right - 3)
                        parted.push(width + ": " + glued.textContent);
                }
            }
            return [seen, parted];
        }"""
    )
    assert parted[0] > 500
    assert parted[1] == []


def test_what_is_far_in_a_heavy_text_is_found_linked_to_and_printed(home: str, tab: Any) -> None:
    tab.goto(f"{home}notes/heavy/")
    skipped = tab.evaluate(
        "!document.querySelectorAll('.equation .katex')[60]"
        ".checkVisibility({contentVisibilityAuto: true})"
    )
    assert skipped
    assert tab.evaluate("find('Part 19')")
    tab.click(".contents a[href='#part-17']")
    tab.wait_for_function(
        "Math.abs(document.querySelector('#part-17').getBoundingClientRect().top - 24) < 8"
    )
    current = tab.locator(".contents [aria-current]")
    current.wait_for()
    assert current.inner_text() == "Part 17"
    pdf = tab.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) > 4


def test_the_contents_mark_the_part_that_is_read_by_keyboard(home: str, tab: Any) -> None:
    tab.goto(f"{home}notes/heavy/")
    tab.locator(".contents a", has_text="Part 12").focus()
    tab.keyboard.press("Enter")
    # From there on by the keys that scroll, to the last part and back to the first.
    for key, part in (("", "Part 12"), ("End", "Part 20"), ("Home", "Part 1")):
        if key:
            tab.keyboard.press(key)
        tab.wait_for_function(
            "part => document.querySelector('.contents [aria-current]')?.textContent === part",
            arg=part,
        )
        # A part is marked on the way already, and a browser that scrolls loses a key that scrolls.
        tab.evaluate(STANDS_STILL)


def test_no_letter_of_a_byline_is_cut_off(home: str, tab: Any) -> None:
    tab.set_viewport_size({"width": 360, "height": 800})
    tab.goto(home)
    left = box(tab, "main")["x"]
    lines = tab.locator(".byline a").evaluate_all(
        "links => links.flatMap(link => [...link.getClientRects()].map(line => line.left))"
    )
    assert len(lines) > tab.locator(".byline a").count(), "no byline is long enough to break"
    assert min(lines) >= left - 1


def test_a_wide_formula_breaks_on_paper(home: str, tab: Any) -> None:
    """On a screen it scrolls; paper cannot, and a browser would shrink the whole page."""
    terms = "<span class='katex-base'><span class='mord'>wide + </span></span>" * 60
    tab.goto(f"{home}notes/linformer/")
    wide = tab.locator(".equation").first
    wide.evaluate(f"(e) => e.querySelector('.katex-html').innerHTML = `{terms}`")
    assert wide.evaluate("e => e.scrollWidth > e.clientWidth")
    tab.emulate_media(media="print")
    assert wide.evaluate("e => e.scrollWidth <= e.clientWidth")


def test_the_card_of_a_paper_leads_to_how_the_note_is_cited(home: str, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{home}notes/linformer/")
    citation = page.locator(".citation .code").first
    assert not citation.is_visible()
    page.click(".paper a[href='#note-citation']")
    citation.wait_for()
    context.close()


def test_an_equation_gets_its_copy_button_when_it_is_pointed_at(home: str, tab: Any) -> None:
    tab.goto(f"{home}notes/heavy/")
    assert tab.locator(".copyable").count() == 0
    tab.locator("div.equation").first.hover()
    assert tab.locator(".copyable > .copy").inner_text() == "copy TeX"


def test_no_layout_shifts_while_a_page_loads(home: str, tab: Any) -> None:
    tab.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach("
        "e => shift += e.value)).observe({type: 'layout-shift', buffered: true})"
    )
    for address in ("", "notes/components/", "notes/heavy/", "notes/linformer/"):
        tab.goto(home + address, wait_until="networkidle")
        assert tab.evaluate("shift") < 0.02, address


def test_the_policy_is_that_of_the_documents() -> None:
    documents = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    for part in POLICY.split("; "):
        assert part in " ".join(documents.split()), part
    assert Path(ROOT / "tests/audit/host.py").read_text(encoding="utf-8").count("base-uri 'none'")
