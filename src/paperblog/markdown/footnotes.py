"""Footnotes: Pandoc's, by mdit-py-plugins, with our HTML and ids that fit any page."""

import re
from collections.abc import Sequence
from functools import partial
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_def, footnote_inline, footnote_ref

from paperblog.markdown.context import Context
from paperblog.markdown.links import is_closed
from paperblog.markdown.slots import slot
from paperblog.model import codes

_REFERENCE = re.compile(r"\[\^([^\[\]\s]+)\]")


def footnotes_plugin(md: MarkdownIt) -> None:
    """Teach a parser footnotes."""
    footnote_plugin(md)
    md.block.ruler.at("footnote_def", _definition, {"alt": ["paragraph", "reference"]})
    md.inline.ruler.at("footnote_inline", _located_inline)
    md.inline.ruler.at("footnote_ref", _reference)
    md.core.ruler.after("footnote_tail", "footnote_places", _place)
    md.inline.ruler.after("footnote_ref", "footnote_undefined", _undefined)
    for name, render in _RENDER.items():
        md.add_render_rule(name, render)


def _definition(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """The plugin's rule, but for a definition within another, which it would tear apart: a text."""
    context = Context.of(state.env)
    found = footnote_def(state, start_line, end_line, True)
    if silent or not found:
        return found
    if context.in_footnote:
        paragraph = state.md.block.ruler.getRules("")[-1]
        return paragraph(state, start_line, end_line, False)
    context.in_footnote = True
    footnote_def(state, start_line, end_line, False)
    context.in_footnote = False
    return True


def _located_inline(state: StateInline, silent: bool) -> bool:
    """The plugin's rule; the note's text is parsed as a text within the text."""
    if not state.src.startswith("^[", state.pos) or not is_closed(state, state.pos):
        return False
    if silent:
        return footnote_inline(state, silent)
    context = Context.of(state.env)
    notes = _notes(state.env)
    number, origin = len(notes), context.origin.shifted(state.pos + 2)
    found = context.within(state.pos + 2, partial(footnote_inline, state, silent))
    if found:
        notes[number]["origin"] = origin
    return found


def _reference(state: StateInline, silent: bool) -> bool:
    """The plugin's rule, tried only where it can succeed."""
    if not _REFERENCE.match(state.src, state.pos, state.posMax):
        return False
    return footnote_ref(state, silent)


def _place(state: StateCore) -> None:
    """Tell the inline texts of footnotes within the text where they come from."""
    notes = _notes(state.env)
    for opening, inline in zip(state.tokens, state.tokens[2:], strict=False):
        if opening.type == "footnote_open":
            note = notes[opening.meta["id"]]
            if "origin" in note:
                inline.meta["origin"] = note["origin"]


def _notes(env: EnvType) -> dict[int, dict[str, Any]]:
    """The footnotes of a text, as the plugin keeps them."""
    notes: dict[int, dict[str, Any]] = env.setdefault("footnotes", {}).setdefault("list", {})
    return notes


def _undefined(state: StateInline, silent: bool) -> bool:
    """Say that a footnote is defined nowhere; the text stays as it is."""
    if silent or not state.src.startswith("[^", state.pos):
        return False
    match = _REFERENCE.match(state.src, state.pos, state.posMax)
    if match:
        context = Context.of(state.env)
        start = context.origin.at(match.start())
        context.say(
            codes.UNDEFINED_FOOTNOTE,
            start,
            start + len(match[0]),
            f"no footnote {match[1]} is defined",
            f"define it on a line of its own, [^{match[1]}]: …, or write \\[ for a bracket",
        )
    return False


def _number(token: Token) -> str:
    return str(token.meta["id"] + 1)


def _reference_id(token: Token) -> str:
    again = token.meta.get("subId", 0)
    return f"fnref{_number(token)}" + (f"-{again + 1}" if again else "")


def _render_reference(
    self: RendererProtocol, tokens: Sequence[Token], number: int, options: OptionsDict, env: EnvType
) -> str:
    token = tokens[number]
    link, name = slot("n", f"fn{_number(token)}"), slot("i", _reference_id(token))
    # On a wide screen the note stands beside its first reference; the style sheet ties the two.
    tie = "" if token.meta.get("subId", 0) else f' style="--here:--fnref{_number(token)}"'
    return f'<sup class="footnote-ref"{tie}><a href="{link}" id="{name}">{_number(token)}</a></sup>'


def _render_block_open(
    self: RendererProtocol, tokens: Sequence[Token], number: int, options: OptionsDict, env: EnvType
) -> str:
    return f'<section class="footnotes" aria-label="{slot("w", "footnotes")}">\n<ol>\n'


def _render_block_close(
    self: RendererProtocol, tokens: Sequence[Token], number: int, options: OptionsDict, env: EnvType
) -> str:
    return "</ol>\n</section>\n"


def _render_open(
    self: RendererProtocol, tokens: Sequence[Token], number: int, options: OptionsDict, env: EnvType
) -> str:
    count = tokens[number].meta["id"] + 1
    below = f"--fn{count - 1}" if count > 1 else "--contents"
    ties = f"--here:--fn{count};--beside:--fnref{count};--below:{below}"
    return f'<li id="{slot("i", f"fn{count}")}" style="{ties}">\n'


def _render_anchor(
    self: RendererProtocol, tokens: Sequence[Token], number: int, options: OptionsDict, env: EnvType
) -> str:
    token = tokens[number]
    link_name = _reference_id(token)
    link = slot("n", link_name)
    label = slot("w", f"back_to_reference {link_name.removeprefix('fnref')}")
    return f' <a href="{link}" class="footnote-backref" aria-label="{label}">\u21a9\ufe0e</a>'


_RENDER = {
    "footnote_ref": _render_reference,
    "footnote_block_open": _render_block_open,
    "footnote_block_close": _render_block_close,
    "footnote_open": _render_open,
    "footnote_anchor": _render_anchor,
}
