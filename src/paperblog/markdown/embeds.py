"""Videos on other sites: a poster that leads to them, so that no page asks another site."""

import re

from markdown_it.token import Token

from paperblog.markdown.context import Context
from paperblog.markdown.images import image_slots
from paperblog.markdown.slots import attribute, slot

_HOSTS = {
    "YouTube": re.compile(
        r"https?://(?:(?:www\.|m\.)?youtube(?:-nocookie)?\.com/"
        r"(?:watch\?\S*\bv=|embed/|shorts/|live/)|youtu\.be/)[\w-]+\S*"
    ),
    "Vimeo": re.compile(r"https?://(?:www\.|player\.)?vimeo\.com/(?:[a-z]+/)*\d+\S*"),
}


def host_of(address: str) -> str:
    """The site of an address that names a video there; empty for any other address."""
    return next((name for name, form in _HOSTS.items() if form.fullmatch(address)), "")


def bare_address(inline: Token) -> str:
    """The address of a video that is all of a paragraph's text, in `<…>` or without."""
    text = inline.content.strip()
    if text.startswith("<") and text.endswith(">"):
        text = text[1:-1]
    return text if host_of(text) else ""


def poster(context: Context, image: Token, title: str) -> str:
    """A link to a video on the poster that its author gives, else on one drawn by the theme."""
    host, index = str(image.meta["host"]), image.meta.get("poster")
    shown = attribute(title) or slot("w", f"video_on {host}")
    source = attribute(str(image.attrs["src"]))
    drawn = "" if index is None else f'<img{image_slots(context, index)} alt="">'
    return (
        f'<a class="embed-link" href="{source}">{drawn}'
        f'<span class="embed-title">{shown}</span> <span class="embed-host">{host}</span></a>'
    )
