"""Figures and videos: an image alone in its paragraph.

With a title it is a figure, the title its caption; the file of a video makes a video, whose
`poster` and `captions` are attributes: `![…](a.mp4 "Caption"){poster="a.png" captions="a.vtt"}`.
"""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML, RendererProtocol
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from paperblog.markdown.context import Context, Origin
from paperblog.markdown.links import Place, refer
from paperblog.markdown.plain import plain
from paperblog.markdown.slots import attribute, slot
from paperblog.tex.edits import apply

_ESCAPED_QUOTE = re.compile(r"\\[\"']")
_VIDEO_TYPES = {"mp4": "mp4", "m4v": "mp4", "webm": "webm", "ogv": "ogg", "mov": "quicktime"}


def figures_plugin(md: MarkdownIt) -> None:
    """Teach a parser figures and videos."""
    md.core.ruler.push("figures", _figures)
    md.add_render_rule("image", _render_image)


def _figures(state: StateCore) -> None:
    context = Context.of(state.env)
    tokens = state.tokens
    for number, token in enumerate(tokens):
        if token.type != "inline":
            continue
        context.enter(token)
        for child in token.children or []:
            if child.type == "image":
                _read_video(context, child)
        image = _alone(token)
        opening = tokens[number - 1]
        if image is None or opening.type != "paragraph_open" or opening.hidden:
            continue
        caption = _caption(state, token, image)
        if caption is None and not image.meta["video"]:
            continue
        _wrap(tokens, number, image, caption)
    state.tokens = [part for token in tokens for part in token.meta.pop("parts", [token])]


def _read_video(context: Context, image: Token) -> None:
    """Remember a video's type, and make references of its poster and captions."""
    image.meta["video"] = _video_type(image)
    if not image.meta["video"]:
        return
    place: Place | None = image.meta.get("place")
    for name in ("poster", "captions"):
        href = str(image.attrs.get(name, ""))
        if href and place:
            start, end = context.origin.at(place.start), context.origin.at(place.end - 1) + 1
            at = context.text.content.find(href, start, end + len(href) + 200)
            at = start if at == -1 else at
            index = refer(context, href, at, at + len(href))
            if index is not None:
                image.attrs[name] = slot("l", index)


def _alone(token: Token) -> Token | None:
    children = [c for c in token.children or [] if c.type != "text" or c.content.strip()]
    return children[0] if len(children) == 1 and children[0].type == "image" else None


def _caption(state: StateCore, inline: Token, image: Token) -> Token | None:
    """The title as a text of its own: it may hold formulas and emphasis."""
    place: Place | None = image.meta.get("place")
    title = place.title() if place else None
    if title is None:
        text = str(image.attrs.get("title", ""))
        return Token("inline", "", 0, content=text, children=_text(text)) if text else None
    context = Context.of(state.env)
    start, text = title
    origin = context.origin_of(inline).shifted(start)
    edits = [(m.start(), m.start() + 1, "") for m in _ESCAPED_QUOTE.finditer(text)]
    text, pieces = apply(text, origin.cut(0, len(text)), edits)
    origin, children = Origin(pieces), list[Token]()
    caption = Token("inline", "", 0, content=text, children=children, meta={"origin": origin})
    context.enter(caption)
    state.md.inline.parse(text, state.md, state.env, children)
    return caption


def _text(content: str) -> list[Token]:
    return [Token("text", "", 0, content=content)]


def _wrap(tokens: list[Token], number: int, image: Token, caption: Token | None) -> None:
    image.attrs.pop("title", None)
    kind = {"class": "video"} if image.meta["video"] else {}
    opening, closing = tokens[number - 1], tokens[number + 1]
    opening.type, opening.tag = "figure_open", "figure"
    opening.attrs.update(kind)
    closing.type = "figure_close"
    closing.tag = "figure"
    if caption is None:
        return
    closing.meta["parts"] = [
        Token("figcaption_open", "figcaption", 1, block=False),
        caption,
        Token("figcaption_close", "figcaption", -1, block=True),
        closing,
    ]


def _video_type(image: Token) -> str:
    source = str(image.attrs.get("src", "")).split("#")[0].split("?")[0]
    return _VIDEO_TYPES.get(source.rpartition(".")[2].lower(), "")


def _render_image(
    self: RendererProtocol,
    tokens: Sequence[Token],
    number: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    token = tokens[number]
    alt = plain(token.children or [])
    if not token.meta["video"]:
        token.attrs["alt"] = alt
        return f"<img{RendererHTML.renderAttrs(token)}>"
    source = attribute(str(token.attrs["src"]))
    poster = _attribute("poster", token)
    captions = ""
    if "captions" in token.attrs:
        captions = (
            f'<track kind="captions" label="Captions" default src="'
            f'{attribute(str(token.attrs["captions"]))}">'
        )
    label = f' aria-label="{attribute(alt)}"' if alt else ""
    return (
        f'<video controls preload="metadata" playsinline{poster}{label}>'
        f'<source src="{source}" type="video/{token.meta["video"]}">{captions}'
        f'<a href="{source}">{attribute(alt) or "Video"}</a></video>'
    )


def _attribute(name: str, token: Token) -> str:
    return f' {name}="{attribute(str(token.attrs[name]))}"' if name in token.attrs else ""
