"""The lab's blog in a real browser: links, looks, reading without scripts, accessibility."""

from typing import Any
from urllib.parse import unquote, urldefrag

import pytest
from sites import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.katex]

AXE = ROOT / "node_modules/axe-core/axe.min.js"
# The corner of a table in Markdown may be empty, and is a header all the same.
RULES = {"empty-table-header": {"enabled": False}}
NARROW = {"width": 320, "height": 640}
KINDS = {
    "home": "",
    "a note with math": "notes/linformer/",
    "a note with code": "notes/numpy-vs-matlab-reshape/",
    "a note with a video": "notes/covid-per-capita/",
    "a category": "category/transformers/",
    "categories": "categories/",
    "the archive": "archive/",
    "a month": "2020/07/",
    "papers": "papers/",
    "about": "about/",
}


def crawl(tab: Any, home: str) -> dict[str, set[str]]:
    """Open every page that can be reached from the home page by links, with the ids on each."""
    base = home.removesuffix("index.html")
    waiting, wanted, ids = [home], set(), {}
    while waiting:
        address = waiting.pop()
        if address in ids:
            continue
        response = tab.open(address)
        assert response is None or response.status in (0, 200), address
        ids[address] = set(
            tab.page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
        )
        for link in tab.page.evaluate("[...document.links].map(a => a.href)"):
            target, fragment = urldefrag(link)
            if not target.startswith(base):
                continue
            if fragment:
                wanted.add((address, target, unquote(fragment)))
            if target.endswith(("/", ".html")):
                waiting.append(target)
        width = tab.page.evaluate("document.documentElement.scrollWidth")
        if width > tab.page.viewport_size["width"]:
            tab.problems.append(f"{address} is {width} wide")
    for address, target, fragment in wanted:
        if target in ids and fragment not in ids[target]:
            tab.problems.append(f"{address}: {target}#{fragment} is not there")
    return ids


@pytest.mark.slow
def test_every_page_opens_on_a_narrow_screen_without_a_fault(served: Any, visit: Any) -> None:
    with visit(served.home, viewport=NARROW) as tab:
        pages = crawl(tab, served.home)
    assert tab.problems == []
    built = {path for path in served.folder.rglob("*.html") if "http-equiv" not in path.read_text()}
    assert len(pages) == len(built) - 1  # all but the page of a missing address


@pytest.mark.slow
def test_every_page_opens_from_disk_without_a_fault(portable: Any, visit: Any) -> None:
    with visit(portable.home) as tab:
        pages = crawl(tab, portable.home)
    assert tab.problems == []
    assert len(pages) > 50


def test_a_missing_address_has_a_page_with_its_style_at_any_depth(served: Any, visit: Any) -> None:
    with visit(served.home) as tab:
        for address in ("nothing", "notes/nothing/here/"):
            response = tab.open(served.home + address)
            assert response.status == 404
            assert tab.page.evaluate("document.styleSheets.length") >= 1
            tab.page.click("main a >> nth=0")
            tab.page.wait_for_url(served.home)
    assert [problem for problem in tab.problems if "404 (" not in problem] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", [*KINDS, "a missing address"])
def test_a_kind_of_page_is_accessible(
    portable: Any, visit: Any, require: Any, kind: str, scheme: str
) -> None:
    require(AXE.exists(), "axe-core (node_modules; make test fetches it)")
    name = f"{KINDS[kind]}index.html" if kind in KINDS else "404.html"
    with visit(portable.home, color_scheme=scheme) as tab:
        page = (portable.folder / name).read_text(encoding="utf-8")
        if kind not in KINDS:
            # From disk, the root that it links from is the disk's.
            page = page.replace('="/', '="')
            (portable.folder / "missing.html").write_text(page, encoding="utf-8")
            name = "missing.html"
        tab.open((portable.folder / name).as_uri())
        tab.page.add_script_tag(path=str(AXE))
        found = tab.page.evaluate("rules => axe.run({rules})", RULES)
    faults = [
        f"{fault['id']}: {node['html'][:160]} {node['failureSummary']}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]
    assert faults == []


def test_a_page_reads_without_scripts(portable: Any, visit: Any) -> None:
    with visit(portable.home, java_script_enabled=False, viewport=NARROW) as tab:
        for address in KINDS.values():
            tab.open((portable.folder / address / "index.html").as_uri())
            assert tab.page.locator("h1").count() == 1
            assert len(tab.page.locator("main").inner_text()) > 20
        tab.open((portable.folder / KINDS["a note with math"] / "index.html").as_uri())
        formula = tab.page.locator(".katex-display .katex-html").first.bounding_box()
        assert formula["width"] > 50
        assert formula["height"] > 15
    assert tab.problems == []


def test_formulas_are_set_in_the_fonts_of_katex(served: Any, visit: Any) -> None:
    with visit(served.home) as tab:
        tab.open(served.home + KINDS["a note with math"])
        tab.page.evaluate("document.fonts.ready")
        faces = tab.page.evaluate("[...document.fonts].map(f => [f.family, f.status])")
    loaded = {family.strip('"') for family, status in faces if status == "loaded"}
    assert {"KaTeX_Main", "KaTeX_Math"} <= loaded
    assert [family for family, status in faces if status == "error"] == []
    assert tab.problems == []


def test_a_wide_formula_scrolls_in_its_own_box(served: Any, visit: Any) -> None:
    with visit(served.home, viewport=NARROW) as tab:
        tab.open(served.home + KINDS["a note with math"])
        cut_off = tab.page.evaluate(
            """[...document.querySelectorAll(".katex-display > .katex")].filter(formula => {
                if (formula.getBoundingClientRect().right <= innerWidth) return false;
                for (let box = formula; box.tagName != "MAIN"; box = box.parentElement)
                    if (/auto|scroll/.test(getComputedStyle(box).overflowX)) return false;
                return true;
            }).map(formula => formula.textContent)"""
        )
    assert cut_off == []


def test_print_leaves_the_text_and_drops_what_is_for_screens(portable: Any, visit: Any) -> None:
    with visit(portable.home) as tab:
        tab.open((portable.folder / KINDS["a note with math"] / "index.html").as_uri())
        tab.page.emulate_media(media="print")
        assert tab.page.locator("article").first.is_visible()
        assert not tab.page.locator("nav.navigation").first.is_visible()
