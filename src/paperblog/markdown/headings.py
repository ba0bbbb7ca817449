"""Headings with ids that links can name."""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML, RendererProtocol
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.attrs.parse import ParseError, parse
from msgspec.structs import replace

from paperblog.markdown.context import Context
from paperblog.markdown.plain import plain
from paperblog.markdown.slots import slot
from paperblog.model.note import Heading, Phrase
from paperblog.model.slug import slugify

_ATTRIBUTES = re.compile(r"\s*(\{[^{}]*[#.=][^{}]*\})\s*\Z")
# Tags whose addresses are slots of the body that they stand in.
_LINK_OR_IMAGE = re.compile(r"</?(?:a|img|picture|source|video|audio|iframe)\b", re.IGNORECASE)
# The ids of the page around the text.
FRAME_IDS = ("page-main", "page-navigation", "note-series", "note-citation", "sidebar-query")
_NOT_IN_CONTENTS = {"link_open", "link_close", "footnote_ref"}


def headings_plugin(md: MarkdownIt) -> None:
    """Give headings their ids: written as `{#id}` at their end, or made from their text."""
    md.core.ruler.before("inline", "heading_attributes", _attributes)
    md.core.ruler.push("headings", _headings)
    md.add_render_rule("heading_open", _render_open)
    md.add_render_rule("heading_close", _render_close)


def phrase(md: MarkdownIt, children: Sequence[Token], env: EnvType) -> Phrase:
    """A line of inline tokens without its links and images, in HTML and in plain text."""
    shown = [
        Token("text", "", 0, content=plain(child.children or []))
        if child.type == "image"
        else child
        for child in children
        if child.type not in _NOT_IN_CONTENTS
        and not (child.type == "html_inline" and _LINK_OR_IMAGE.search(child.content))
    ]
    html = md.renderer.render([Token("inline", "", 0, children=shown)], md.options, env)
    return Phrase(str(html).strip(), plain(shown))


def lower_headings(tokens: Sequence[Token], context: Context) -> None:
    """Move all headings down by a level where one would stand beside the title, at its level."""
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    if all(token.tag != "h1" for token in headings):
        return
    for token in headings:
        token.tag = _below(token.tag)
    context.headings[:] = [
        replace(heading, level=min(6, heading.level + 1)) for heading in context.headings
    ]


def _below(tag: str) -> str:
    return f"h{min(6, int(tag[1]) + 1)}"


def _attributes(state: StateCore) -> None:
    for opening, inline in zip(state.tokens, state.tokens[1:], strict=False):
        if opening.type != "heading_open" or not inline.content.endswith("}"):
            continue
        match = _ATTRIBUTES.search(inline.content)
        if match is None:
            continue
        try:
            _, attributes = parse(match[1])
        except ParseError:
            continue
        origin = Context.of(state.env).origin_of(inline)
        inline.meta = {"origin": origin}
        inline.content = inline.content[: match.start()]
        opening.attrs.update({k: v for k, v in attributes.items() if not k.startswith("on")})


def _headings(state: StateCore) -> None:
    context = Context.of(state.env)
    used: dict[str, int] = dict.fromkeys(FRAME_IDS, 1)
    for opening, inline in zip(state.tokens, state.tokens[1:], strict=False):
        if opening.type != "heading_open":
            continue
        text = phrase(state.md, inline.children or [], state.env)
        written = str(opening.attrs.pop("id", ""))
        name = _unused(written or slugify(text.plain) or "section", used)
        opening.meta = {"id": name}
        context.headings.append(Heading(int(opening.tag[1]), name, text))


def _unused(name: str, used: dict[str, int]) -> str:
    """The name, numbered if it is taken; `used` counts how often each was asked for."""
    found = name
    while found in used:
        used[name] += 1
        found = f"{name}-{used[name]}"
    used[found] = 1
    return found


def _render_open(
    self: RendererProtocol,
    tokens: Sequence[Token],
    number: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    token = tokens[number]
    level, name = slot("h", token.tag[1]), slot("i", token.meta["id"])
    return f'<{level} id="{name}"{RendererHTML.renderAttrs(token)}>'


def _render_close(
    self: RendererProtocol,
    tokens: Sequence[Token],
    number: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    opening = tokens[number - 2]
    link = slot("n", opening.meta["id"])
    label = slot("w", "link_to_section")
    anchor = f'<a class="anchor" href="{link}" aria-label="{label}">#</a>'
    return f"{anchor}</{slot('h', tokens[number].tag[1])}>\n"
