"""Ids that authors give by attributes, so that links can name them and pages keep them unique."""

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from paperblog.markdown.context import Context
from paperblog.markdown.slots import slot


def ids_plugin(md: MarkdownIt) -> None:
    """Make slots of the ids that attributes give."""
    md.core.ruler.push("ids", _ids)


def _ids(state: StateCore) -> None:
    context = Context.of(state.env)
    for token in state.tokens:
        _id(context, token)
        for child in token.children or []:
            _id(context, child)


def _id(context: Context, token: Token) -> None:
    name = token.attrs.get("id")
    if name is not None and token.type != "heading_open":
        context.anchors.append(str(name))
        token.attrs["id"] = slot("i", name)
