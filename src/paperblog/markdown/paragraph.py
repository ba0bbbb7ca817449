"""Paragraphs, setext headings and inline texts, with what markdown-it's own rules lack.

A line inside a formula that a paragraph has opened starts no other block; and every inline text
knows where in the file it comes from.
"""

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore

from paperblog.markdown.context import Context
from paperblog.markdown.delimiters import open_formula

_UNDERLINES = {"=": "h1", "-": "h2"}


def paragraph_plugin(md: MarkdownIt) -> None:
    """Replace a parser's paragraph, setext heading and inline rules."""
    md.disable("lheading")
    md.block.ruler.at("paragraph", _paragraph)
    md.block.ruler.before("paragraph", "formula", _formula_over_lines)
    md.core.ruler.at("inline", _inline)


def _inline(state: StateCore) -> None:
    context = Context.of(state.env)
    for token in state.tokens:
        if token.type == "inline":
            context.enter(token)
            token.children = token.children or []
            state.md.inline.parse(token.content, state.md, state.env, token.children)


def _paragraph(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """A paragraph: lines up to a blank one, or to one that starts another block.

    A line of `=` or `-` under it makes it a heading.
    """
    rules = state.md.block.ruler.getRules("paragraph")
    parent, state.parentType = state.parentType, "paragraph"
    formulas = _Formulas(state, start_line, end_line)
    line, tag = start_line + 1, "p"
    while line < end_line and not state.isEmpty(line):
        # An indented line continues the paragraph, and so does one that a quote's rule has
        # already looked at (its indentation is negative).
        if state.sCount[line] - state.blkIndent <= 3:
            underlined = _underline(state, line)
            if underlined and not formulas.hold(line):
                tag = underlined
                break
            if (
                state.sCount[line] >= 0
                and any(rule(state, line, end_line, True) for rule in rules)
                and not formulas.hold(line)
            ):
                break
        line += 1
    state.parentType = parent
    _push(state, start_line, line, tag)
    return True


def _formula_over_lines(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """A paragraph whose formula goes on in a line that else were a definition of its first."""
    line = start_line + 1
    if silent or line >= end_line or state.isEmpty(line):
        return False
    if state.src[state.bMarks[line] + state.tShift[line]] not in ":~":
        return False
    if not _Formulas(state, start_line, end_line).hold(line):
        return False
    return _paragraph(state, start_line, end_line, silent)


def _push(state: StateBlock, start_line: int, line: int, tag: str) -> None:
    name = "paragraph" if tag == "p" else "heading"
    state.line = line if tag == "p" else line + 1
    opening = state.push(f"{name}_open", tag, 1)
    opening.map = [start_line, state.line]
    inline = state.push("inline", "", 0)
    inline.content = state.getLines(start_line, line, state.blkIndent, False).strip(" \t\n")
    inline.map, inline.children = [start_line, line], []
    closing = state.push(f"{name}_close", tag, -1)
    if tag != "p":
        opening.markup = closing.markup = "=" if tag == "h1" else "-"


def _underline(state: StateBlock, line: int) -> str:
    """The tag of the heading that a line makes of the paragraph above it, if it does."""
    if state.sCount[line] < state.blkIndent:
        return ""
    text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip(" \t")
    return _UNDERLINES.get(text[:1], "") if text.strip(text[:1]) == "" else ""


class _Formulas:
    """The formulas of one paragraph, found as far as its lines have been looked at.

    They are looked for in the source itself: the marks of quotes hold no delimiter.
    """

    def __init__(self, state: StateBlock, start_line: int, end_line: int) -> None:
        self._state, self._end_line = state, end_line
        self._at = state.bMarks[start_line] + state.tShift[start_line]
        self._ends = 0

    def hold(self, line: int) -> bool:
        """Whether one is open where the line begins, and closed before a blank line.

        A line that is out of the paragraph's container is never held. Lines are asked for in
        ascending order.
        """
        state = self._state
        if state.sCount[line] < state.blkIndent:
            return False
        if self._ends <= state.bMarks[line]:
            end = state.eMarks[_last_line(state, line, self._end_line)]
            found, self._at = open_formula(state.src, self._at, state.bMarks[line], end)
            self._ends = found.end if found else 0
        return self._ends > 0


def _last_line(state: StateBlock, line: int, end_line: int) -> int:
    """The last line before a blank one; remembered, as all lines before it share it."""
    ends = Context.of(state.env).paragraph_ends
    key = state.level, end_line
    first, last = ends.get(key, (0, -1))
    if not first <= line <= last:
        first, last = line, line
        while last + 1 < end_line and not state.isEmpty(last + 1):
            last += 1
        ends[key] = first, last
    return last
