"""Pictures: an image as it stands on a page, with the smaller forms that a browser may take."""

from collections.abc import Callable
from html import escape

from paperblog.model.part import Placed
from paperblog.model.picture import Picture

Url = Callable[[str], str]

# The theme's column of text, and the blank beside it on a narrow screen, in pixels.
_COLUMN = 648
_GUTTERS = 32
# How far into a note, in characters of its HTML, an image may be seen before anyone scrolls.
_FIRST_SCREEN = 3000


def picture_slot(letter: str, value: str, placed: Placed, url: Url, lazy: bool) -> str:
    """What stands for a slot of an image: its attributes (d), or the start or end around it."""
    index, width, height, *kind = value.split(" ")
    picture = dict(placed.pictures).get(int(index), Picture(0, 0))
    size = _size(picture, int(width), int(height))
    if kind == ["size"]:
        return _attributes(size)
    if letter == "d":
        source = escape(url(placed.targets[int(index)])) if placed.targets[int(index)] else ""
        loading = ' loading="lazy"' if lazy else ""
        behaviour = "" if placed.feed else f'{loading} decoding="async"'
        return f' src="{source}"{_attributes(size)}{behaviour}'
    if placed.feed or not picture.sources:
        return ""
    if letter == "q":
        return "</picture>"
    shown = min(size[0] or _COLUMN, _COLUMN)
    sizes = f"(min-width: {shown + _GUTTERS}px) {shown}px, calc(100vw - {_GUTTERS}px)"
    sources = "".join(
        f'<source type="{kind}" srcset="{_srcset(variants, url)}" sizes="{sizes}">'
        for kind, variants in picture.sources
    )
    return f"<picture>{sources}"


def is_seen_first(placed: Placed, offset: int) -> bool:
    """Whether an image at an offset of a text is seen when its page opens, so it must not wait."""
    return not placed.id_prefix and not placed.feed and offset < _FIRST_SCREEN


def without_dark(parts: list[str]) -> None:
    """Take the images for dark pages out of a text's parts, slots at odd places."""
    inside = False
    for number, part in enumerate(parts):
        if number % 2 and part[0] in "pq" and part.endswith(" dark"):
            inside = part[0] == "p"
            parts[number] = "-"
        elif inside:
            parts[number] = "-" if number % 2 else ""


def _size(picture: Picture, width: int, height: int) -> tuple[int, int]:
    """The size at which an image is shown: what is given of it, the rest by its own shape."""
    if not (picture.width and picture.height):
        return width, height
    if width and not height:
        return width, max(1, round(width * picture.height / picture.width))
    if height and not width:
        return max(1, round(height * picture.width / picture.height)), height
    return width or picture.width, height or picture.height


def _attributes(size: tuple[int, int]) -> str:
    pairs = zip(("width", "height"), size, strict=True)
    return "".join(f' {name}="{pixels}"' for name, pixels in pairs if pixels)


def _srcset(variants: tuple[tuple[str, int], ...], url: Url) -> str:
    return ", ".join(f"{escape(url(address))} {width}w" for address, width in variants)
