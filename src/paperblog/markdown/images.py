"""Images: their alternative text, their size, a second one for dark pages, and remote ones."""

import re

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from paperblog.markdown.context import Context
from paperblog.markdown.links import Place
from paperblog.markdown.plain import plain
from paperblog.markdown.slots import attribute, slot
from paperblog.model import codes
from paperblog.model.config import own_path

_GIVEN_ALT = re.compile(r"\{[^{}\n]*\balt=")
_PIXELS = re.compile(r"[1-9]\d{0,4}")
_WEB = re.compile(r"(?:https?:)?//", re.IGNORECASE)


def read_image(context: Context, image: Token) -> None:
    """Say what an image lacks, and keep the size that its author gives."""
    place: Place | None = image.meta.get("place")
    if place is None:
        return
    start, end = context.origin.at(place.start), context.origin.at(place.end - 1) + 1
    if is_remote(context, image):
        at, to = place.destination()
        context.say(
            codes.REMOTE_FILE,
            context.origin.at(at),
            context.origin.at(at) + to - at,
            "this file is on another site, so readers get a link to it",
            "save it beside the note, if its licence allows",
        )
    elif not plain(image.children or []).strip() and not _has_alt(context.text.content, end):
        context.say(
            codes.MISSING_ALT,
            start,
            end,
            "this image has no alternative text",
            'say what it shows: ![text](file), or {alt=""} after it if it only decorates',
        )
    for name in ("width", "height"):
        if _PIXELS.fullmatch(str(image.attrs.get(name, ""))):
            image.meta[name] = image.attrs.pop(name)


def is_remote(context: Context, image: Token) -> bool:
    """Whether an image lies on another site."""
    address = str(image.attrs.get("src", ""))
    return is_web(address) and own_path(context.own, address) is None


def is_web(address: str) -> bool:
    """Whether an address leads to another site."""
    return bool(_WEB.match(address))


def render_image(context: Context, image: Token, alt: str) -> str:
    """An image of the site; one that has a form for dark pages is there twice."""
    attrs = {"src": image.attrs.get("src", ""), "alt": alt}
    attrs |= {k: v for k, v in image.attrs.items() if k not in ("src", "alt", "dark")}
    dark: int | None = image.meta.get("dark")
    if dark is None:
        return _rendered(context, image, image.meta.get("reference"), attrs)
    classes = str(attrs.get("class", ""))
    light = _rendered(
        context,
        image,
        image.meta.get("reference"),
        attrs | {"class": f"{classes} on-light".lstrip()},
    )
    attrs |= {"src": slot("l", dark), "class": f"{classes} on-dark".lstrip()}
    attrs.pop("id", None)
    return light + _rendered(context, image, dark, attrs, " dark")


def image_slots(context: Context, index: int, width: str = "", height: str = "") -> str:
    """The attributes of an image of the site, its address among them."""
    context.images[index] = None
    return slot("d", f"{index} {width or 0} {height or 0}")


def picture_slots(index: int, width: str = "", height: str = "", kind: str = "") -> tuple[str, str]:
    """The start and the end around an image of the site."""
    value = f"{index} {width or 0} {height or 0}{kind}"
    return slot("p", value), slot("q", value)


def render_remote(image: Token, alt: str) -> str:
    """A link to an image on another site: a page asks no other for anything."""
    source = str(image.attrs.get("src", ""))
    return f'<a href="{attribute(source)}">{attribute(alt or source)}</a>'


def _rendered(
    context: Context,
    image: Token,
    index: int | None,
    attrs: dict[str, str | int | float],
    kind: str = "",
) -> str:
    width, height = str(image.meta.get("width", "")), str(image.meta.get("height", ""))
    if index is None:
        attrs |= {"width": width} if width else {}
        attrs |= {"height": height} if height else {}
        return f"<img{RendererHTML.renderAttrs(Token('', '', 0, attrs=attrs))}>"
    rest = RendererHTML.renderAttrs(
        Token("", "", 0, attrs={k: v for k, v in attrs.items() if k != "src"})
    )
    start, end = picture_slots(index, width, height, kind)
    return f"{start}<img{image_slots(context, index, width, height)}{rest}>{end}"


def _has_alt(content: str, end: int) -> bool:
    """Whether an alternative text is given among the attributes after an image, be it empty."""
    return bool(_GIVEN_ALT.match(content, end))
