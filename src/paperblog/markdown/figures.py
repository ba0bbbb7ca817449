"""Figures, videos and what stands for those of other sites: an image alone in its paragraph.

With a title it is a figure, the title its caption; the file of a video makes a video, whose
`poster` and `captions` are attributes: `![…](a.mp4 "Caption"){poster="a.png" captions="a.vtt"}`;
the address of a video on another site makes a poster that leads there.
"""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from paperblog.markdown.context import Context, Origin
from paperblog.markdown.embeds import bare_address, host_of, poster
from paperblog.markdown.images import is_remote, is_web, read_image, render_image, render_remote
from paperblog.markdown.links import Place, refer
from paperblog.markdown.plain import plain
from paperblog.markdown.slots import attribute, slot
from paperblog.model import codes
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
        opening, closing = tokens[number - 1], tokens[number + 1]
        alone = opening.type == "paragraph_open" and not opening.hidden
        # The last paragraph of a footnote holds the way back as well.
        alone = alone and closing.type == "paragraph_close"
        if alone and (address := bare_address(token)):
            token.children = [Token("image", "", 0, attrs={"src": address}, children=[])]
        for child in token.children or []:
            if child.type == "image":
                _read(context, child)
        image = _alone(token)
        if image is None or not alone:
            continue
        caption = _caption(state, token, image)
        if caption is None and not image.meta["video"] and not image.meta["host"]:
            continue
        _wrap(tokens, number, image, caption)
    state.tokens = [part for token in tokens for part in token.meta.pop("parts", [token])]


def _read(context: Context, image: Token) -> None:
    """Find out what an image is, and make references of the files that its attributes name."""
    image.meta["host"] = host_of(str(image.attrs.get("src", "")))
    is_elsewhere = image.meta["host"] or is_remote(context, image)
    image.meta["video"] = "" if is_elsewhere else _video_type(image)
    if image.meta["video"]:
        image.meta["poster"] = _refer(context, image, "poster")
        _refer(context, image, "captions")
    elif image.meta["host"]:
        image.meta["poster"] = _refer(context, image, "poster")
    else:
        image.meta["dark"] = _refer(context, image, "dark")
        read_image(context, image)


def _refer(context: Context, image: Token, name: str) -> int | None:
    """Make a reference of an attribute; its index."""
    place: Place | None = image.meta.get("place")
    href = str(image.attrs.get(name, ""))
    if not href or not place:
        return None
    start, end = context.origin.at(place.start), context.origin.at(place.end - 1) + 1
    at = context.text.content.find(href, end, end + len(href) + 200)
    at = start if at == -1 else at
    index = refer(context, href, at, at + len(href), is_file=True)
    if index is not None:
        image.attrs[name] = slot("l", index)
    elif is_web(href):
        message = f"this file for {name} is on another site and is left out"
        context.say(codes.REMOTE_FILE, at, at + len(href), message, "save it beside the note")
        image.attrs.pop(name)
    return index


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
    image.meta["alone"] = True
    kind = {"class": "video"} if image.meta["video"] else {}
    if image.meta["host"]:
        kind = {"class": "embed"}
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
    if token.meta["host"] and token.meta.get("alone"):
        return poster(Context.of(env), token, alt)
    if is_remote(Context.of(env), token):
        in_link = sum(other.nesting for other in tokens[:number] if other.tag == "a") > 0
        return attribute(alt) if in_link else render_remote(token, alt)
    if not token.meta["video"]:
        return render_image(Context.of(env), token, alt)
    source = attribute(str(token.attrs["src"]))
    still, poster_index = _attribute("poster", token), token.meta["poster"]
    if poster_index is not None:
        # The still has the shape of the clip, and is enough until somebody plays it.
        Context.of(env).images[poster_index] = None
        still += slot("d", f"{poster_index} 0 0 size")
    captions = ""
    if "captions" in token.attrs:
        captions = (
            f'<track kind="captions" label="{slot("w", "captions")}" default src="'
            f'{attribute(str(token.attrs["captions"]))}">'
        )
    label = f' aria-label="{attribute(alt)}"' if alt else ""
    return (
        f'<video controls preload="{"none" if still else "metadata"}" playsinline{still}{label}>'
        f'<source src="{source}" type="video/{token.meta["video"]}">{captions}'
        f'<a href="{source}">{attribute(alt) or slot("w", "video")}</a></video>'
    )


def _attribute(name: str, token: Token) -> str:
    return f' {name}="{attribute(str(token.attrs[name]))}"' if name in token.attrs else ""
