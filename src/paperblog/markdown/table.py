"""Tables of GitHub Flavored Markdown (spec section 4.10) whose cells may hold formulas.

A pipe inside a formula is TeX's; anywhere else `\\|` is a pipe. The cells remember where their
characters come from.
"""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML, RendererProtocol
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from paperblog.markdown.context import Context, Origin
from paperblog.markdown.delimiters import OPENERS, Found, find

_MOST_COLUMNS = 1000
_MOST_FILLED = 65_536  # cells that a table's rows may leave out, as in cmark and markdown-it
_DELIMITER = re.compile(r"[ \t]*(:?)-+(:?)[ \t]*")

Cell = tuple[str, Origin]


def table_plugin(md: MarkdownIt) -> None:
    """Replace a parser's table rule."""
    md.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    md.add_render_rule("table_open", _render_open)
    md.add_render_rule("table_close", _render_close)


def split_row(line: str, start: int) -> list[Cell]:
    """The cells of a row whose first character stands at offset `start` of the file."""
    end = len(line.rstrip())
    at = len(line) - len(line.lstrip())
    if line[at : at + 1] == "|":
        at += 1
    cells = []
    first = at
    escapes: list[int] = []
    while at < end:
        if line[at] == "|":
            cells.append(_cell(line, first, at, escapes, start))
            first, escapes = at + 1, []
        elif line[at] in OPENERS:
            found = find(line, at, end)
            if isinstance(found, Found):
                at = found.end
                continue
            if line.startswith("\\|", at):
                escapes.append(at)
                at += 1
            elif line[at] == "\\":
                at += 1
        at += 1
    if first < end:
        cells.append(_cell(line, first, end, escapes, start))
    return cells


def _cell(line: str, first: int, end: int, escapes: list[int], start: int) -> Cell:
    raw = line[first:end]
    first += len(raw) - len(raw.lstrip())
    end = first + len(raw.strip())
    text, pieces, at = "", [], first
    for escape in escapes:
        pieces.append((len(text), start + at))
        text += line[at:escape]
        at = escape + 1
    pieces.append((len(text), start + at))
    return text + line[at:end], Origin(tuple(pieces))


def _alignments(line: str) -> list[str] | None:
    """The columns' alignments that a delimiter row gives, or None if it is none."""
    text = line.strip()
    if not text or set(text) - set("|-: \t") or "-" not in text:
        return None
    alignments = []
    for part in text.removeprefix("|").removesuffix("|").split("|"):
        match = _DELIMITER.fullmatch(part)
        if match is None:
            return None
        left, right = match.groups()
        alignments.append(
            "center" if left and right else "left" if left else "right" if right else ""
        )
    return alignments


def _table(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    if start_line + 2 > end_line or state.sCount[start_line + 1] < state.blkIndent:
        return False
    if state.is_code_block(start_line) or state.is_code_block(start_line + 1):
        return False
    delimiter = _line(state, start_line + 1)
    alignments = _alignments(delimiter)
    if alignments is None or ("|" not in delimiter and ":" not in delimiter):
        return False
    header = _line(state, start_line)
    if "|" not in header:
        return False
    columns = _row(state, start_line)
    if not columns or len(columns) != len(alignments) or len(columns) > _MOST_COLUMNS:
        return False
    if silent:
        return True
    parent, state.parentType = state.parentType, "table"
    table = state.push("table_open", "table", 1)
    state.push("thead_open", "thead", 1)
    _push_row(state, start_line, columns, alignments, "th")
    state.push("thead_close", "thead", -1)
    line = _push_body(state, start_line + 2, end_line, alignments)
    state.push("table_close", "table", -1)
    table.map = [start_line, line]
    state.parentType = parent
    state.line = line
    return True


def _push_body(state: StateBlock, first: int, end_line: int, alignments: list[str]) -> int:
    rules = state.md.block.ruler.getRules("blockquote")
    line, filled = first, 0
    while (
        line < end_line
        and filled < _MOST_FILLED
        and state.sCount[line] >= state.blkIndent
        and not state.isEmpty(line)
    ):
        if state.is_code_block(line) or any(rule(state, line, end_line, True) for rule in rules):
            break
        if line == first:
            state.push("tbody_open", "tbody", 1)
        cells = _row(state, line)
        _push_row(state, line, cells, alignments, "td")
        filled += max(0, len(alignments) - len(cells))
        line += 1
    if line > first:
        state.push("tbody_close", "tbody", -1)
    return line


def _push_row(
    state: StateBlock, line: int, cells: list[Cell], alignments: list[str], tag: str
) -> None:
    state.push("tr_open", "tr", 1).map = [line, line + 1]
    for number, alignment in enumerate(alignments):
        opening = state.push(f"{tag}_open", tag, 1)
        if alignment:
            opening.attrSet("style", f"text-align:{alignment}")
        if tag == "th":
            opening.attrSet("scope", "col")
        inline = state.push("inline", "", 0)
        inline.map, inline.children = [line, line + 1], []
        if number < len(cells):
            inline.content, inline.meta = cells[number][0], {"origin": cells[number][1]}
        state.push(f"{tag}_close", tag, -1)
    state.push("tr_close", "tr", -1)


def _row(state: StateBlock, line: int) -> list[Cell]:
    start = state.bMarks[line] + state.tShift[line]
    return split_row(_line(state, line), Context.of(state.env).base + start)


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _render_open(
    self: RendererProtocol, tokens: Sequence[Token], number: int, options: OptionsDict, env: EnvType
) -> str:
    return f'<div class="table"><table{RendererHTML.renderAttrs(tokens[number])}>\n'


def _render_close(
    self: RendererProtocol, tokens: Sequence[Token], number: int, options: OptionsDict, env: EnvType
) -> str:
    return "</table></div>\n"
