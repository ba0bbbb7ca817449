"""Notes that belong together, in a real browser: previews, backlinks, what machines read."""

import json
import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sites import Site

pytestmark = [pytest.mark.browser, pytest.mark.katex]

POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; media-src 'self'; frame-src 'none'; base-uri 'none'"
)
NOTES = {
    "notes/linking.md": "---\ntitle: Linking\ndate: 2020-02-02\n---\n"
    "As [the target](target.md) says. By [](target.md#eq-one) it holds, see "
    "[the plot](target.md#plot), [a part](target.md#part), [a tag](/tag/x/) and "
    "[another site](https://example.org/a/).[^1]\n\n[^1]: A footnote.\n",
    "notes/target.md": "---\ntitle: 'Target $x$'\ndate: 2020-01-01\ntags: x\n---\n"
    "The first paragraph with [a link](linking.md).\n\n"
    '$$\n a = b \\label{one}\n$$\n\n![plot](plot.svg "A plot."){#plot}\n\n## Part\n\nIts text.\n',
    "notes/plot.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
}


class Strict(SimpleHTTPRequestHandler):
    """Serves with the policy that the documents recommend."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        """Nothing: what is served is the tests' matter."""


@pytest.fixture(scope="module")
def home(
    still_environment: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """Two notes that link to each other, below a path of a server with a strict policy."""
    site = Site(tmp_path_factory.mktemp("relations"))
    site.write(NOTES)
    root = tmp_path_factory.mktemp("root")
    folder = root / "repo"
    handler = partial(Strict, directory=str(root))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        address = f"http://127.0.0.1:{server.server_address[1]}/repo/"
        result = site.build("-o", str(folder), "--base-url", address)
        assert result.status == 0, result.err
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield address, folder
        server.shutdown()
        thread.join()


@pytest.fixture
def page(browser: Any, home: tuple[str, Path]) -> Iterator[Any]:
    """The note that links, open in a tab; whatever the browser complains of fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    problems: list[str] = []
    tab.on("pageerror", lambda error: problems.append(str(error)))
    tab.on(
        "console",
        lambda message: problems.append(message.text) if message.type != "log" else None,
    )
    tab.goto(f"{home[0]}notes/linking/", wait_until="load")
    yield tab
    context.close()
    assert problems == []


def link(page: Any, text: str) -> Any:
    return page.locator(".prose a", has_text=text).first


def preview_of(page: Any, text: str) -> Any:
    link(page, text).hover()
    found = page.locator(".preview")
    found.wait_for()
    return found


def test_a_link_to_a_note_previews_its_title_date_and_beginning(page: Any) -> None:
    preview = preview_of(page, "the target")
    words = preview.inner_text()
    assert "Target" in words
    assert re.search(r"01\s*Jan\s*2020", words, re.IGNORECASE)
    assert "The first paragraph" in words
    # The link in the preview leads to the same place as on the page that it was copied from.
    assert preview.locator("p a").evaluate("a => a.href") == page.url
    assert link(page, "the target").get_attribute("aria-describedby") == "page-preview"
    assert page.evaluate("document.querySelectorAll('[id=page-preview]').length") == 1


def test_an_equation_a_figure_and_a_section_of_another_note_are_previewed(page: Any) -> None:
    assert preview_of(page, "(1)").locator(".katex-display").count() == 1
    page.keyboard.press("Escape")
    preview = preview_of(page, "the plot")
    assert "A plot." in preview.inner_text()
    assert preview.locator("img").evaluate("image => image.complete && image.naturalWidth") == 9
    page.keyboard.press("Escape")
    words = preview_of(page, "a part").inner_text()
    assert "Part" in words
    assert "Its text." in words


def test_formulas_in_a_preview_are_set_where_the_page_has_none_of_its_own(page: Any) -> None:
    preview_of(page, "(1)")
    page.wait_for_function(
        "() => getComputedStyle(document.querySelector('.preview .katex')).fontFamily"
        ".includes('KaTeX')"
    )


def test_a_preview_can_be_pointed_at_stays_and_is_put_away_by_escape(page: Any) -> None:
    preview = preview_of(page, "the target")
    box = preview.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 10)
    page.wait_for_timeout(400)
    assert preview.is_visible()
    page.keyboard.press("Escape")
    assert preview.count() == 0
    assert link(page, "the target").get_attribute("aria-describedby") is None


def test_a_preview_goes_when_the_pointer_leaves(page: Any) -> None:
    preview = preview_of(page, "the target")
    page.mouse.move(5, 5)
    preview.wait_for(state="detached")


def test_the_keyboard_opens_previews_and_the_link_still_works(page: Any) -> None:
    page.locator("main").focus()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "the target":
            break
    page.locator(".preview").wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") != "the target"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/notes/target/")


def test_links_to_lists_and_to_other_sites_have_no_preview(page: Any) -> None:
    for text in ("a tag", "another site"):
        link(page, text).hover()
        page.wait_for_timeout(400)
        assert page.locator(".preview").count() == 0


def test_a_footnote_is_previewed_without_a_request_but_for_the_script(page: Any) -> None:
    requests: list[str] = []
    # Where there is room, a footnote stands beside the text, and needs no preview.
    page.set_viewport_size({"width": 1000, "height": 800})
    page.on("request", lambda request: requests.append(request.url))
    page.locator(".footnote-ref a").hover()
    page.locator(".preview").wait_for()
    assert page.locator(".preview").inner_text().strip() == "A footnote."
    assert [url for url in requests if "/assets/" not in url] == []


def test_a_touch_opens_the_link_and_no_preview(browser: Any, home: tuple[str, Path]) -> None:
    context = browser.new_context(
        has_touch=True, is_mobile=True, viewport={"width": 360, "height": 640}
    )
    tab = context.new_page()
    tab.goto(f"{home[0]}notes/linking/")
    tab.locator(".prose a", has_text="the target").tap()
    tab.wait_for_url("**/notes/target/")
    assert tab.locator(".preview").count() == 0
    context.close()


def test_backlinks_show_their_sentences_without_scripts(
    browser: Any, home: tuple[str, Path]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{home[0]}notes/target/")
    assert tab.locator(".mention").inner_text() == "As the target says."
    context.close()


def test_the_policy_lets_structured_data_stand(page: Any) -> None:
    # Whatever the policy refuses is said in the console, which the fixture looks at.
    text = page.locator('script[type="application/ld+json"]').inner_text()
    assert json.loads(text)["@graph"][0]["@type"] == "BlogPosting"
