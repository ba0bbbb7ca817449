"""Paragraphs and inline texts, with the two things that markdown-it's own rules lack.

A line inside display math that a paragraph has opened starts no other block; and every inline
text knows where in the file it comes from.
"""

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.lheading import lheading
from markdown_it.rules_core import StateCore

from paperblog.markdown.context import Context
from paperblog.markdown.delimiters import opens_display


def paragraph_plugin(md: MarkdownIt) -> None:
    """Replace a parser's paragraph, setext heading and inline rules."""
    md.block.ruler.at("paragraph", _paragraph)
    md.block.ruler.at("lheading", _setext_heading)
    md.core.ruler.at("inline", _inline)


def _inline(state: StateCore) -> None:
    context = Context.of(state.env)
    for token in state.tokens:
        if token.type == "inline":
            context.enter(token)
            token.children = token.children or []
            state.md.inline.parse(token.content, state.md, state.env, token.children)


def _setext_heading(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """markdown-it's rule, unless the text that it would underline is display math."""
    if _math_from(state, start_line, end_line):
        return False
    return lheading(state, start_line, end_line, silent)


def _math_from(state: StateBlock, start_line: int, end_line: int) -> bool:
    return any(
        _inside_math(state, start_line, line, end_line)
        for line in range(start_line + 1, _blank(state, start_line, end_line))
        if state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip("-= \t")
        == ""
    )


def _blank(state: StateBlock, line: int, end_line: int) -> int:
    while line < end_line and not state.isEmpty(line):
        line += 1
    return line


def _paragraph(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """A paragraph: lines up to a blank one, or to one that starts another block."""
    rules = state.md.block.ruler.getRules("paragraph")
    parent, state.parentType = state.parentType, "paragraph"
    line = start_line + 1
    while line < state.lineMax and not state.isEmpty(line):
        # An indented line continues the paragraph, and so does one that a quote's rule has
        # already looked at (its indentation is negative).
        continues = state.sCount[line] - state.blkIndent > 3 or state.sCount[line] < 0
        if (
            not continues
            and any(rule(state, line, state.lineMax, True) for rule in rules)
            and not _inside_math(state, start_line, line, state.lineMax)
        ):
            break
        line += 1
    content = state.getLines(start_line, line, state.blkIndent, False).strip(" \t\n\r\f\v")
    state.line = line
    state.parentType = parent
    opening = state.push("paragraph_open", "p", 1)
    opening.map = [start_line, line]
    inline = state.push("inline", "", 0)
    inline.content, inline.map, inline.children = content, [start_line, line], []
    state.push("paragraph_close", "p", -1)
    return True


def _inside_math(state: StateBlock, start_line: int, line: int, end_line: int) -> bool:
    """Whether display math is open where `line` begins, and is closed before a blank line."""
    before = state.src[state.bMarks[start_line] + state.tShift[start_line] : state.bMarks[line]]
    if "$$" not in before and "\\[" not in before and "\\begin{" not in before:
        return False
    if not opens_display(before):
        return False
    last = _blank(state, line, end_line) - 1
    whole = before + state.src[state.bMarks[line] : state.eMarks[last]]
    return not opens_display(whole)
