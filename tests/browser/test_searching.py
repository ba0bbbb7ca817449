"""The search in a real browser, at a domain and below a path, under a strict policy."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sites import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.katex]

AXE = ROOT / "node_modules/axe-core/axe.min.js"
FIELD = "main .search-form input"


def hits(tab: Any) -> list[str]:
    return list(tab.page.locator(".search-results h2").all_inner_texts())


def said(tab: Any, text: str) -> None:
    """Wait until the search says something."""
    tab.page.wait_for_function(
        "text => document.querySelector('.search-state')?.textContent === text", arg=text
    )


@pytest.mark.parametrize("query", ["\\nabla", "∇", "derivatives of signals"])
def test_a_formula_is_found_by_its_tex_by_its_sign_and_by_its_words(
    served: Any, visit: Any, query: str
) -> None:
    with visit(served.home) as tab:
        tab.open(served.home + "search/")
        tab.page.fill(FIELD, query)
        tab.page.wait_for_selector(".search-results li")
        assert any(hit.startswith("SIREN") for hit in hits(tab))
        tab.page.click(".search-results h2 a >> nth=0")
        tab.page.wait_for_url(served.home + "notes/**")
        assert tab.page.locator("article.note").count() == 1
    assert tab.problems == []


def test_a_query_and_its_filters_stand_in_the_address_and_can_be_shared(
    served: Any, visit: Any
) -> None:
    with visit(served.home) as tab:
        tab.open(served.home + "search/?q=attention")
        said(tab, "Found: 3")
        assert len(hits(tab)) == 3
        tab.page.select_option("main select[name=category]", "Transformers")
        said(tab, "Found: 2")
        address = tab.page.url
        assert parse_qs(urlsplit(address).query) == {
            "q": ["attention"],
            "category": ["Transformers"],
        }
        shared = hits(tab)
        tab.open("about:blank")
        tab.open(address)
        said(tab, "Found: 2")
        assert hits(tab) == shared
        assert tab.page.input_value("main select[name=category]") == "Transformers"
    assert tab.problems == []


def test_only_what_leaves_a_choice_can_be_chosen(served: Any, visit: Any) -> None:
    """The lab's blog has one author and one year; what there is to choose is in the page."""
    with visit(served.home) as tab:
        tab.open(served.home + "search/")
        asked: list[str] = []
        tab.page.on("request", lambda request: asked.append(request.url))
        names = tab.page.locator("main select").evaluate_all("all => all.map(one => one.name)")
        assert names == ["category"]
        assert tab.page.locator("select[name=category] option").count() > 5
        assert not any("pagefind" in url for url in asked)
        tab.page.select_option("main select[name=category]", "Transformers")
        said(tab, "Found: 2")
    assert tab.problems == []


def test_a_part_of_a_note_is_shown_once(served: Any, visit: Any) -> None:
    with visit(served.home) as tab:
        tab.open(served.home + "search/?q=attention")
        tab.page.wait_for_selector(".search-results li")
        shown = tab.page.locator(".search-results p:not(.label)").all_inner_texts()
        assert len(shown) == len(set(shown)) > 2
    assert tab.problems == []


def test_what_is_not_there_is_said(served: Any, visit: Any) -> None:
    with visit(served.home) as tab:
        tab.open(served.home + "search/")
        tab.page.fill(FIELD, "жжж")
        said(tab, "Nothing found")
        assert tab.page.get_attribute(".search-state", "role") == "status"
        tab.page.fill(FIELD, "")
        said(tab, "")
        assert hits(tab) == []
    assert tab.problems == []


def test_the_key_of_the_slash_searches_on_any_page_by_keyboard_alone(
    served: Any, visit: Any
) -> None:
    with visit(served.home) as tab:
        asked: list[str] = []
        tab.page.on("request", lambda request: asked.append(request.url))
        tab.open(served.home + "notes/linformer/")
        assert [url for url in asked if "search" in url or "pagefind" in url] == []
        tab.page.keyboard.press("/")
        tab.page.wait_for_selector("dialog[open] input:focus")
        tab.page.keyboard.type("hashing")
        tab.page.wait_for_selector("dialog li")
        tab.page.keyboard.press("ArrowDown")
        first = tab.page.evaluate("document.activeElement.textContent")
        assert first == hits(tab)[0] == "Reformer: attention by hashing"
        tab.page.keyboard.press("ArrowUp")
        assert tab.page.evaluate("document.activeElement.name") == "q"
        tab.page.keyboard.press("Escape")
        assert tab.page.locator("dialog[open]").count() == 0
        tab.page.keyboard.press("/")
        tab.page.wait_for_selector("dialog[open] input:focus")
        tab.page.keyboard.press("Enter")
        tab.page.wait_for_selector("dialog h2 a:focus")
        tab.page.keyboard.press("Enter")
        tab.page.wait_for_url(served.home + "notes/reformer/")
    assert tab.problems == []


def test_a_slash_in_a_field_is_a_slash(served: Any, visit: Any) -> None:
    with visit(served.home) as tab:
        tab.open(served.home)
        tab.page.focus("#sidebar-query")
        tab.page.keyboard.type("a/b")
        assert tab.page.input_value("#sidebar-query") == "a/b"
        assert tab.page.locator("dialog").count() == 0


def test_the_sidebar_leads_to_the_search(served: Any, visit: Any) -> None:
    with visit(served.home) as tab:
        tab.open(served.home + "notes/byol/")
        tab.page.fill("#sidebar-query", "hashing")
        tab.page.keyboard.press("Enter")
        tab.page.wait_for_url(served.home + "search/?q=hashing")
        tab.page.wait_for_selector(".search-results li")
    assert tab.problems == []


def test_without_scripts_the_search_says_where_to_look_instead(served: Any, visit: Any) -> None:
    with visit(served.home, java_script_enabled=False) as tab:
        tab.open(served.home)
        tab.page.click("nav a:text('Search')")
        tab.page.wait_for_url(served.home + "search/")
        assert "needs JavaScript" in tab.page.inner_text("main")
        assert not tab.page.locator(FIELD).is_visible()
        tab.page.click("main a:text('Archive')")
        tab.page.wait_for_url(served.home + "archive/")


def test_an_index_that_does_not_come_is_said(served: Any, visit: Any) -> None:
    with visit(served.home) as tab:
        tab.page.route("**/pagefind.js", lambda route: route.abort())
        tab.open(served.home + "search/?q=attention")
        said(tab, "The search cannot be loaded.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_search_is_accessible(served: Any, visit: Any, require: Any, scheme: str) -> None:
    require(AXE.exists(), "axe-core (node_modules; make test fetches it)")
    with visit(served.home, color_scheme=scheme, bypass_csp=True) as tab:
        tab.open(served.home + "search/?q=attention")
        said(tab, "Found: 3")
        tab.page.add_script_tag(path=str(AXE))
        found = tab.page.evaluate("axe.run()")
    assert [fault["id"] for fault in found["violations"]] == []
