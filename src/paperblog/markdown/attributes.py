"""Attributes in braces, `{.a #b}`: those of mdit-py-plugins, but for the line that is one alone."""

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from mdit_py_plugins.attrs import attrs_block_plugin, attrs_plugin
from mdit_py_plugins.attrs.parse import ParseError, parse


def attributes_plugin(md: MarkdownIt) -> None:
    """Teach a parser attributes of spans, of what stands before them, and of the next block."""
    attrs_plugin(md, spans=True)
    attrs_block_plugin(md)
    md.block.ruler.at("attr", _block)


def _block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """A line that is attributes from its first brace to its last.

    The plugin's own rule would take all of `{.a} text {.b}` away, and the tags of other generators,
    `{% include a.html %}`, as comments.
    """
    if state.is_code_block(start_line):
        return False
    start = state.bMarks[start_line] + state.tShift[start_line]
    line = state.src[start : state.eMarks[start_line]].rstrip(" \t")
    if not line.startswith("{") or not line.endswith("}") or line.startswith("{%"):
        return False
    try:
        end, attributes = parse(line)
    except ParseError:
        return False
    if end != len(line) - 1:
        return False
    if not silent:
        token = state.push("attrs_block", "", 0)
        token.attrs = {**attributes}
        token.map = [start_line, start_line + 1]
        state.line = start_line + 1
    return True
