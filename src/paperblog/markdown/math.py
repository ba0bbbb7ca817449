"""Formulas: those of WordPress, `$…$`, `$$…$$`, `\\(…\\)`, `\\[…\\]` and bare amsmath environments.

Rules find formulas and leave tokens; a core rule at the end gives each its key, since only then
is it known whether a `$latex` stands alone in its paragraph.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML, RendererProtocol
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from msgspec import Struct
from msgspec.structs import replace

from paperblog.markdown.context import Context, Origin
from paperblog.markdown.delimiters import (
    OPENERS,
    SHORTCODES,
    Found,
    Unclosed,
    dollars,
    find,
    is_in_address,
)
from paperblog.markdown.equations import add_formula
from paperblog.markdown.remarks import (
    say_displayed,
    say_doubt,
    say_no_formula,
    say_refused,
    say_unclosed,
)
from paperblog.markdown.slots import attribute, slot
from paperblog.markdown.wordpress import Shortcode, decode_entities, read_shortcode

_WORD = re.compile(r"\w")
_SHORT, _MANY = 40, 3
"""Formulas of so few characters, displayed within lines so often, are not meant so."""


class Written(Struct, frozen=True):
    """A formula as it was found: its TeX, its place and how it was delimited."""

    shortcode: Shortcode
    display: bool
    start: int
    end: int
    kind: str

    @property
    def wants_display(self) -> bool:
        """Whether it is to be displayed wherever it stands alone."""
        is_large = self.shortcode.tex.startswith("\\displaystyle")
        return self.display or (is_large and self.kind in SHORTCODES)

    def displayed(self) -> "Written":
        """The same formula in display style."""
        return replace(self, display=True)


def math_plugin(md: MarkdownIt) -> None:
    """Teach a parser the dialect's formulas."""
    md.block.ruler.before(
        "code", "math", _block, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    md.inline.ruler.before("escape", "math", _inline)
    md.core.ruler.push("formulas", _register)
    md.add_render_rule("math", _render_inline)
    md.add_render_rule("math_block", _render_block)


def written(text: str, found: Found, origin: Origin, is_html: bool = False) -> Written:
    """The formula that was found in a text.

    In raw HTML entities are decoded in every formula, in Markdown only in those of WordPress.
    """
    raw = text[found.inner : found.inner_end]
    lead = len(raw) - len(raw.lstrip())
    tex = raw.strip().replace("\n", " ") if found.kind in SHORTCODES else raw.strip()
    pieces = origin.cut(found.inner + lead, found.inner + lead + len(tex))
    if found.kind in SHORTCODES:
        shortcode = read_shortcode(tex, pieces, text[found.start : found.inner])
    elif is_html:
        shortcode = Shortcode(*decode_entities(tex, pieces))
    else:
        shortcode = Shortcode(tex, pieces)
    start, end = origin.at(found.start), origin.at(found.end - 1) + 1
    return Written(shortcode, found.display, start, end, found.kind)


def in_sentence(context: Context, formula: Written) -> Written:
    """A formula that stands in a text, as the site has them there."""
    if formula.kind == "$$" and context.has_kramdown:
        return replace(formula, display=False)
    return formula


def markup(context: Context, formula: Written, tag: str = "") -> str:
    """The HTML of a formula with its slot, after adding the formula to the context.

    `tag` wraps a display formula: a `div` between blocks, a `span` in a sentence.
    """
    shortcode = formula.shortcode
    say_refused(context, shortcode)
    html, display, ids, form = add_formula(
        context, shortcode.tex, shortcode.pieces, formula.display, formula.start, formula.end
    )
    style = ""
    if shortcode.color:
        style += f"color:#{shortcode.color};"
    if shortcode.background:
        style += f"background-color:#{shortcode.background};"
    if shortcode.size or style:
        size = f' class="math-size-{shortcode.size}"' if shortcode.size else ""
        colours = f' style="{style}"' if style else ""
        html = f"<span{size}{colours}>{html}</span>"
    if not display:
        return html
    tag = tag or "span"
    more = "".join(f'<span id="{slot("i", name)}"></span>' for name in ids[1:])
    data = f' data-form="{form}"' if form else ""
    opening = f'<{tag} class="equation"{data} id="{slot("i", ids[0])}">'
    return f"{opening}{more}{html}{_link(ids[0])}</{tag}>"


def _link(name: str) -> str:
    """The equation's link to itself, shown on hover and focus."""
    label = slot("w", "link_to_equation")
    return f'<a class="anchor" href="{slot("n", name)}" aria-label="{label}">#</a>'


def _inline(state: StateInline, silent: bool) -> bool:
    char = state.src[state.pos]
    if char not in OPENERS and char != "{":
        return False
    context = Context.of(state.env)
    if context.code_depth:
        return False
    if run := dollars(state.src, state.pos):
        state.pos += run
        if not silent:
            state.pending += "$" * run
        return True
    found = find(state.src, state.pos, state.posMax)
    if found is None or (char == "$" and is_in_address(state.src, state.pos)):
        if not silent:
            say_no_formula(context, state.src, state.pos, state.posMax, context.origin)
        return False
    if isinstance(found, Unclosed):
        if not silent:
            say_unclosed(context, found, context.origin)
            state.pending += state.src[state.pos : found.end]
        state.pos = found.end
        return True
    if not silent:
        say_doubt(context, state.src, found, context.origin)
        token = state.push("math", "", 0)
        formula = in_sentence(context, written(state.src, found, context.origin))
        token.meta = {"formula": formula, "macros": context.macros}
        token.content = token.meta["formula"].shortcode.tex
    # A link that is looked for in silence takes a bracket which is more than text for another link.
    state.pos = state.pos + 1 if silent and found.kind == "[latex]" else found.end
    return True


def _block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Display math whose opening delimiter begins a line and whose closing one ends a line.

    Anything else that is display math belongs to a paragraph.
    """
    if state.is_code_block(start_line):
        return False
    start = state.bMarks[start_line] + state.tShift[start_line]
    if state.src[start : start + 2] not in ("$$", "\\[", "\\b"):
        return False
    # The marks of containers hold no delimiter, so the formula's end is looked for in the source.
    whole = find(state.src, start, state.eMarks[end_line - 1])
    if not isinstance(whole, Found):
        return False
    last = bisect_right(state.bMarks, whole.end - 1) - 1
    rest = state.src[whole.end : state.eMarks[last]]
    if rest.strip() or last >= _container_end(state, start_line, end_line):
        return False
    if silent:
        return True
    text, origin = _lines(state, Context.of(state.env).base, start_line, last)
    found = find(text, 0, len(text))
    if not isinstance(found, Found):
        return False
    token = state.push("math_block", "", 0)
    token.map = [start_line, last + 1]
    token.meta = {"formula": written(text, found, origin)}
    token.content = token.meta["formula"].shortcode.tex
    state.line = last + 1
    return True


def _container_end(state: StateBlock, line: int, end_line: int) -> int:
    """The first line that is no longer in the container; all lines before it share it."""
    ends = Context.of(state.env).container_ends
    key = state.level, state.blkIndent, end_line
    first, end = ends.get(key, (0, 0))
    if not first <= line < end:
        first, end = line, line + 1
        while end < end_line and (state.sCount[end] >= state.blkIndent or state.isEmpty(end)):
            end += 1
        ends[key] = first, end
    return end


def _lines(state: StateBlock, base: int, first: int, last: int) -> tuple[str, Origin]:
    """Lines without their containers' marks and indentation, and where they come from."""
    pieces, parts, at = [], [], 0
    for number in range(first, last + 1):
        start = state.bMarks[number] + state.tShift[number]
        pieces.append((at, base + start))
        parts.append(state.src[start : state.eMarks[number]])
        at += len(parts[-1]) + 1
    return "\n".join(parts), Origin(tuple(pieces))


def _register(state: StateCore) -> None:
    """Give every formula its key, in the order of the tokens."""
    context = Context.of(state.env)
    previous: Token | None = None
    amid: list[Written] = []
    for number, token in enumerate(state.tokens):
        if token.type == "fence" and token.info.strip() == "math" and token.content.strip():
            _read_fence(context, token)
        if token.type == "math_block":
            token.meta["markup"] = markup(context, token.meta["formula"], "div")
        elif token.type == "inline" and token.children:
            alone = _alone(token) if previous and _is_paragraph(previous) else None
            if alone and previous and (alone.wants_display or not previous.hidden):
                _promote(state.tokens, number, alone)
                token.meta["markup"] = markup(context, alone.displayed(), "div")
            else:
                for child in token.children:
                    if child.type == "math":
                        child.meta["markup"] = markup(context, child.meta["formula"])
                amid += _amid(token.children)
        previous = token
    if len(amid) >= _MANY:
        say_displayed(context, amid[0].start, amid[0].end, len(amid))
    state.tokens = [token for token in state.tokens if token.type != "dropped"]


def _read_fence(context: Context, token: Token) -> None:
    """Turn GitHub's code block of the language `math` into a math block."""
    assert token.map is not None
    inner = token.copy(map=[token.map[0] + 1, token.map[1]])
    found = Found(0, len(token.content), 0, len(token.content), "$$")
    token.meta = {"formula": written(token.content, found, context.origin_of(inner))}
    token.type, token.tag, token.info = "math_block", "", ""
    token.content = token.meta["formula"].shortcode.tex


def _is_paragraph(opening: Token) -> bool:
    """Whether a formula may be displayed in what opens: not in the title of a callout."""
    return opening.type == "paragraph_open" and "title" not in opening.meta


def _alone(token: Token) -> Written | None:
    """The formula of WordPress that is all of a paragraph, as display math."""
    children = token.children or []
    if len(children) == 1 and children[0].type == "math":
        formula: Written = children[0].meta["formula"]
        if formula.kind in (*SHORTCODES, "$$") or formula.display:
            return formula
    return None


def _amid(children: list[Token]) -> Iterator[Written]:
    """The formulas that are displayed between words of one line."""
    for before, token, after in zip(children, children[1:], children[2:], strict=False):
        if token.type == "math" and before.type == after.type == "text":
            formula: Written = token.meta["formula"]
            between = before.content.strip() and _WORD.search(after.content)
            is_short = len(formula.shortcode.tex) <= _SHORT
            if formula.kind == "$$" and formula.display and is_short and between:
                yield formula


def _promote(tokens: list[Token], number: int, formula: Written) -> None:
    """Turn a paragraph that is one formula into a math block."""
    tokens[number - 1].type = tokens[number + 1].type = "dropped"
    block = tokens[number]
    block.attrs = tokens[number - 1].attrs
    block.type, block.children = "math_block", None
    block.content = formula.shortcode.tex


def _render_inline(
    self: RendererProtocol,
    tokens: Sequence[Token],
    number: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    html: str = tokens[number].meta["markup"]
    return html


def _render_block(
    self: RendererProtocol,
    tokens: Sequence[Token],
    number: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    token = tokens[number]
    html: str = token.meta["markup"]
    if token.attrs:
        # The equation has an id already, so one of the author's stands inside.
        if name := token.attrs.pop("id", ""):
            html = html.replace(">", f'><span id="{attribute(str(name))}"></span>', 1)
        classes = f"equation {token.attrs.pop('class', '')}".rstrip()
        written = f' class="{attribute(classes)}"{RendererHTML.renderAttrs(token)}'
        html = html.replace(' class="equation"', written, 1)
    return html + "\n"
