"""Chinese and Japanese: emphasis beside their punctuation, and line breaks without a blank.

CommonMark's flanking rule counts on blanks between words. In `**注意。**次は` the closing marks
stand between punctuation and a letter, and so would not close. Their own punctuation therefore
does not count as such, and their letters count as a blank beside other punctuation
(https://github.com/commonmark/commonmark-spec/issues/650).
"""

import re
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

# Korean is not among them: it is written with blanks between words.
_CJK = re.compile(
    "[\u2e80-\u2fdf\u3000-\u303f\u3040-\u30ff\u3100-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]"
)
_IN_A_LINE = {"text", "code_inline"}


def cjk_plugin(md: MarkdownIt) -> None:
    """Teach a parser Chinese and Japanese."""
    md.inline.ruler.at("emphasis", _emphasis)
    md.core.ruler.push("cjk_breaks", _breaks)


@lru_cache(maxsize=4096)
def sides(marker: str, before: str, after: str) -> tuple[bool, bool]:
    """Whether marks between two characters may open emphasis, and whether they may close it."""
    is_star = marker == "*"
    left, right = _flanks(after, before, is_star), _flanks(before, after, is_star)
    if is_star:
        return left, right
    # An underline is part of a word.
    return left and (not right or _is_punctuation(before)), right and (
        not left or _is_punctuation(after)
    )


def _emphasis(state: StateInline, silent: bool) -> bool:
    """The rule of markdown-it, with other ideas of what may open and close."""
    marker = state.src[state.pos]
    if silent or marker not in "_*":
        return False
    end = state.pos + 1
    while end < state.posMax and state.src[end] == marker:
        end += 1
    before = state.src[state.pos - 1] if state.pos else " "
    can_open, can_close = sides(marker, before, state.src[end] if end < state.posMax else " ")
    length = end - state.pos
    for _ in range(length):
        token = state.push("text", "", 0)
        token.content = marker
        place = len(state.tokens) - 1
        state.delimiters.append(Delimiter(ord(marker), length, place, -1, can_open, can_close))
    state.pos = end
    return True


def _flanks(inner: str, outer: str, is_star: bool) -> bool:
    """Whether a mark belongs to the text on its inner side."""
    if _is_blank(inner):
        return False
    if not _is_punctuation(inner) or (is_star and _CJK.match(inner)):
        return True
    return _is_blank(outer) or _is_punctuation(outer) or bool(is_star and _CJK.match(outer))


def _is_blank(char: str) -> bool:
    return isWhiteSpace(ord(char))


def _is_punctuation(char: str) -> bool:
    return isMdAsciiPunct(ord(char)) or isPunctChar(char)


def _breaks(state: StateCore) -> None:
    """Take out the breaks within a line of signs, which would show as a blank."""
    if state.src.isascii():
        return
    for token in state.tokens:
        children = token.children or []
        if any(child.type == "softbreak" for child in children):
            token.children = [
                child
                for at, child in enumerate(children)
                if child.type != "softbreak"
                or not (
                    _CJK.match(_sign(children[at - 1 :: -1] if at else [], -1))
                    and _CJK.match(_sign(children[at + 1 :], 0))
                )
            ]


def _sign(tokens: list[Token], end: int) -> str:
    """The first or last sign of the nearest text; marks between do not count."""
    for token in tokens:
        if token.type in _IN_A_LINE and token.content:
            return token.content[end]
        if not token.nesting and token.content != "":
            return ""
    return ""
