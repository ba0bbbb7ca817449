"""Callouts: quotes that begin with `[!NOTE]` or another of GitHub's five kinds.

A text after the kind is the callout's title.
"""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML, RendererProtocol
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from paperblog.markdown.context import Context
from paperblog.markdown.plain import plain
from paperblog.markdown.slots import attribute, slot

_MARKER = re.compile(r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*", re.IGNORECASE)


def callouts_plugin(md: MarkdownIt) -> None:
    """Teach a parser callouts."""
    md.core.ruler.before("inline", "callouts", _callouts)
    md.add_render_rule("callout_open", _render_open)


def _callouts(state: StateCore) -> None:
    tokens = state.tokens
    if not any(token.type == "blockquote_open" for token in tokens):
        return
    for number, token in enumerate(tokens[:-3]):
        inline = tokens[number + 2]
        if token.type != "blockquote_open" or tokens[number + 1].type != "paragraph_open":
            continue
        marker = _MARKER.match(inline.content)
        if marker:
            _open(Context.of(state.env), tokens, number, marker)
    state.tokens = [part for token in tokens for part in token.meta.pop("parts", [token])]


def _open(context: Context, tokens: list[Token], number: int, marker: re.Match[str]) -> None:
    quote, paragraph, inline, closing = tokens[number : number + 4]
    kind = marker[1].lower()
    origin = context.origin_of(inline)
    first, _, rest = inline.content.partition("\n")
    title = first[marker.end() :]
    quote.type, quote.tag = "callout_open", "aside"
    quote.meta["kind"] = kind
    _close(tokens, number)
    heading = Token("inline", "", 0, content=title, children=[])
    if not title:
        heading.children = [Token("html_inline", "", 0, content=_name_of(kind))]
    heading.meta["origin"] = origin.shifted(marker.end())
    quote.meta["title"] = heading
    opening = Token("paragraph_open", "p", 1, attrs={"class": "callout-title"}, block=True)
    opening.meta["title"] = True
    quote.meta["parts"] = [
        quote,
        opening,
        heading,
        Token("paragraph_close", "p", -1, block=True),
    ]
    if rest:
        inline.content = rest
        inline.meta["origin"] = origin.shifted(len(first) + 1)
    else:
        for token in (paragraph, inline, closing):
            token.meta["parts"] = []


def _name_of(kind: str) -> str:
    return slot("w", f"callout_{kind}")


def _close(tokens: list[Token], number: int) -> None:
    """Find the end of the quote that opens at `number` and make it a callout's."""
    level = tokens[number].level
    for token in tokens[number:]:
        if token.type == "blockquote_close" and token.level == level:
            token.type, token.tag = "callout_close", "aside"
            return


def _render_open(
    self: RendererProtocol,
    tokens: Sequence[Token],
    number: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    token = tokens[number]
    title = attribute(plain(token.meta["title"].children or []))
    label = title or _name_of(token.meta["kind"])
    classes = f"callout callout-{token.meta['kind']} {token.attrs.pop('class', '')}".rstrip()
    rest = RendererHTML.renderAttrs(token)
    return f'<aside class="{attribute(classes)}" aria-label="{label}"{rest}>\n'
