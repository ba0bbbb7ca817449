"""References to equations in the text: `\\eqref{eq:loss}` and `\\ref{eq:loss}`."""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from paperblog.markdown.context import Context
from paperblog.markdown.slots import slot
from paperblog.model.note import ReferenceKind

_REFERENCE = re.compile(r"\\(eq)?ref\{([^{}\n]+)\}")


def references_plugin(md: MarkdownIt) -> None:
    """Teach a parser references to equations."""
    md.inline.ruler.before("escape", "equation_reference", _refer)
    md.add_render_rule("equation_reference", _render)


def _refer(state: StateInline, silent: bool) -> bool:
    match = _REFERENCE.match(state.src, state.pos, state.posMax)
    context = Context.of(state.env)
    if match is None or context.code_depth:
        return False
    if not silent:
        start, end = context.origin.at(match.start()), context.origin.at(match.end() - 1) + 1
        index = context.reference(ReferenceKind.EQUATION, match[2].strip(), "", start, end)
        token = state.push("equation_reference", "", 0)
        token.content = match[2]
        token.meta = {
            "reference": index,
            "parentheses": match[1] is not None,
            "labels": context.labels,
        }
    state.pos = match.end()
    return True


def _render(
    self: RendererProtocol,
    tokens: Sequence[Token],
    number: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    meta = tokens[number].meta
    text = slot("t", meta["reference"])
    shown = f"({text})" if meta["parentheses"] else text
    return f"<a{slot('a', meta['reference'])}>{shown}</a>"
