"""Images, videos and quotations in a real browser, and a search through hostile text."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFilter
from sites import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.katex]

AXE = ROOT / "node_modules/axe-core/axe.min.js"
TEXT = """---
title: Media
date: 2020-01-01
---
![A photograph of noise](photo.jpg)

![A circle](plot.png "A circle."){dark="plot-dark.png"}

https://youtu.be/Q2fLWGBeaiI

![The talk](https://vimeo.com/123456 "The talk."){poster="photo.jpg"}

![Elsewhere](https://other.example/a.png)

{.post author="Ada Sample" handle="@ada@social.example" date="2020-09-09" url="https://social.example/@ada/1"}
> Nobody wrote this.

Do not run this: `<img src=x onerror="document.title='run'">`.
"""


def saved(image: Image.Image, form: str) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form)
    return buffer.getvalue()


def circle(shade: int) -> bytes:
    image = Image.new("RGBA", (900, 600), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((300, 200, 500, 400), outline=(shade,) * 3 + (255,), width=5)
    return saved(image, "PNG")


@pytest.fixture(scope="module")
def media(publish: Callable[..., Any]) -> Any:
    noise = Image.effect_noise((1600, 1200), 50).filter(ImageFilter.GaussianBlur(2))
    return publish(
        {
            "paperblog.toml": "title = 'Media'\n",
            "notes/media.md": TEXT,
            "notes/photo.jpg": saved(noise.convert("RGB"), "JPEG"),
            "notes/plot.png": circle(20),
            "notes/plot-dark.png": circle(230),
        }
    )


def shown(tab: Any) -> list[str]:
    """Which of the two images of a pair is seen."""
    return [
        name for name in ("light", "dark") if tab.page.locator(f".prose .on-{name}").is_visible()
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_image_for_dark_pages_follows_the_system_and_the_switch(
    media: Any, visit: Any, scheme: str
) -> None:
    with visit(media.home, color_scheme=scheme) as tab:
        tab.open(media.home + "notes/media/")
        assert shown(tab) == [scheme]
        tab.page.click(".theme-switch")  # from auto to light
        assert shown(tab) == ["light"]
        tab.page.click(".theme-switch")
        assert shown(tab) == ["dark"]
    assert tab.problems == []


def test_an_image_for_dark_pages_stands_as_the_light_one_does_and_is_not_printed(
    media: Any, visit: Any
) -> None:
    places = []
    for scheme in ("light", "dark"):
        with visit(media.home, color_scheme=scheme) as tab:
            tab.open(media.home + "notes/media/")
            places.append(tab.page.locator(f".prose .on-{scheme}").bounding_box())
            tab.page.emulate_media(media="print")
            assert shown(tab) == ["light"]
    assert places[0] == places[1]


def test_without_scripts_an_image_for_dark_pages_follows_the_system(media: Any, visit: Any) -> None:
    with visit(media.home, color_scheme="dark", java_script_enabled=False) as tab:
        tab.open(media.home + "notes/media/")
        assert shown(tab) == ["dark"]


def test_a_phone_takes_the_smallest_form_and_a_wide_screen_a_larger_one(
    media: Any, visit: Any
) -> None:
    taken = []
    for width, density in ((360, 1), (1280, 2)):
        size = {"width": width, "height": 700}
        with visit(media.home, viewport=size, device_scale_factor=density) as tab:
            tab.open(media.home + "notes/media/")
            taken.append(tab.page.evaluate("document.querySelector('.prose img').currentSrc"))
        assert tab.problems == []
    assert taken[0].endswith("-480.avif")
    assert taken[1].endswith("-1600.avif")


def test_a_page_keeps_room_for_images_that_have_not_come(media: Any, visit: Any) -> None:
    boxes = "[...document.querySelectorAll('.prose img')].map(i => i.offsetHeight)"
    with visit(media.home) as tab:
        tab.open(media.home + "notes/media/")
        loaded = tab.page.evaluate(boxes)
        assert len([height for height in loaded if height > 100]) == 3
    with visit(media.home) as tab:
        for pattern in ("**/*.avif", "**/*.webp", "**/*.jpg", "**/*.png"):
            tab.page.route(pattern, lambda route: None)
        tab.page.goto(media.home + "notes/media/", wait_until="domcontentloaded")
        assert tab.page.evaluate(boxes) == loaded


def test_what_is_quoted_from_other_sites_links_there_and_asks_nothing(
    media: Any, visit: Any
) -> None:
    with visit(media.home) as tab:
        tab.open(media.home + "notes/media/")
        links = tab.page.evaluate("[...document.querySelectorAll('.prose a')].map(a => a.href)")
        assert tab.page.locator("iframe, .prose script").count() == 0
        assert "Ada Sample" in tab.page.inner_text("figure.post")
    assert {"https://youtu.be/Q2fLWGBeaiI", "https://vimeo.com/123456"} <= set(links)
    assert {"https://social.example/@ada/1", "https://other.example/a.png"} <= set(links)
    assert tab.problems == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_shown_and_quoted_is_accessible(
    media: Any, visit: Any, require: Any, scheme: str
) -> None:
    require(AXE.exists(), "axe-core (node_modules; make test fetches it)")
    with visit(media.home, color_scheme=scheme, bypass_csp=True) as tab:
        tab.open(media.home + "notes/media/")
        tab.page.add_script_tag(path=str(AXE))
        found = tab.page.evaluate("axe.run()")
    assert [fault["id"] for fault in found["violations"]] == []


def test_a_text_that_was_found_is_text_whatever_it_holds(media: Any, visit: Any) -> None:
    with visit(media.home) as tab:
        tab.open(media.home + "search/?q=onerror")
        tab.page.wait_for_selector(".search-results li")
        assert tab.page.locator(".search-results img").count() == 0
        found = tab.page.inner_text(".search-results")
        assert "<img src=x onerror=\"document.title='run'\">" in found
        assert tab.page.title() != "run"
    assert tab.problems == []
