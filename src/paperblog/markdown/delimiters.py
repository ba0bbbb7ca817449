"""Where formulas begin and end: the delimiters of the dialect, without any parser.

The rules: Pandoc's for `$`, Jetpack's for `$latex` and `[latex]` (its `latex` shortcode module),
TeX's for the rest.
"""

import re

from msgspec import Struct

from paperblog.markdown.brackets import is_escaped_bracket, is_interval
from paperblog.markdown.dollars import are_of_text
from paperblog.markdown.marks import ENVIRONMENTS, marks_of

_LATEX = re.compile(r"\$latex(?=[=\s])(?:=\s*|\s+)", re.IGNORECASE)
_LATEX_WORD = re.compile(r"\$latex", re.IGNORECASE)
_SHORTCODE = re.compile(
    r"\[latex(?:\s+\w+=(?:\"[^\"\n\]]*\"|'[^'\n\]]*'|[^\s\]\"'][^\s\]]*))*\s*\]"
)
_BEGIN = re.compile(r"\\begin\{(?:" + "|".join(ENVIRONMENTS) + r")\*?\}")
_BLANK_LINE = re.compile(r"\n[ \t>]*\n")
_HIDDEN = re.compile(r"(?<!\\)%[^\n]*|\\[A-Za-z]+\*?(?:\s*\{[^{}]*\})?|\\.", re.DOTALL)
_FOREIGN = re.compile(
    r"^[ \t>]*(?:#{1,6}[ \t]|```|~~~|</?[A-Za-z][^\n]*>)|\$|(?:\b[A-Za-z]{2,}[,;:]?\s+){4}",
    re.MULTILINE,
)
"""What no formula holds after a blank line: a heading, a fence, a tag, a `$`, a run of words."""
_WORDS, _SIGN = re.compile(r"\b[A-Za-z]{2,}[,;:]?[ \t]+[A-Za-z]{2,}"), re.compile(r"[\\^_=+<{}$|&]")
"""A paragraph of words has no sign of TeX."""
_OF_INTEREST = re.compile(r"[`$\\]|\[(?=latex)")
_QUOTED = re.compile(r"\$`(?=\s*[^\s`])([^`]+)`\$(?!\d)")
_DOLLARS = re.compile(r"\${3,}")
_IN_ADDRESS = re.compile(r"https?://[^\s<>()\[\]\"'{}|,;]*\Z")
_LONGEST_ADDRESS = 2000

OPENERS = "$\\["
"""The characters that a formula may begin with."""
SHORTCODES = ("$latex", "[latex]")
"""What WordPress opens a formula with: a blog's own markup, with entities and options in it."""


class Found(Struct, frozen=True):
    """A formula in a text: the whole from `start` to `end`, its TeX from `inner` to `inner_end`.

    `kind` is the opening delimiter: `$latex`, `[latex]`, `$`, `$$`, `\\(`, `\\[` or `\\begin`.
    """

    start: int
    end: int
    inner: int
    inner_end: int
    kind: str

    @property
    def display(self) -> bool:
        """Whether the delimiter asks for display style."""
        return self.kind in ("$$", "\\[", "\\begin")


class Unclosed(Struct, frozen=True):
    """An opening delimiter without its closing one; `end` is where the opening one ends."""

    start: int
    end: int
    kind: str


def may_hold(text: str) -> bool:
    """Whether a text has a character that formulas need."""
    return "$" in text or "\\" in text or "[latex" in text


def find(text: str, at: int, end: int) -> Found | Unclosed | None:
    """The formula that begins exactly at `at` and ends by `end`, if one does."""
    char = text[at]
    if char == "$":
        if text.startswith("$$", at):
            return None if _DOLLARS.match(text, at, end) else _dollar_pair(text, at, end)
        if text[at + 1 : at + 2] in "lL" and _LATEX_WORD.match(text, at):
            return _latex(text, at, end)
        return _dollar(text, at, end)
    if char == "\\":
        following = text[at + 1 : at + 2]
        if following == "(":
            found = _parenthesis(text, at, end, "\\(")
            if not isinstance(found, Found) or is_escaped_bracket(text, at, found.inner_end):
                return None
            return found
        if following == "[":
            found = _parenthesis(text, at, end, "\\[")
            if isinstance(found, Unclosed):
                # A link's text ends before the bracket that closes it.
                closed = marks_of(text).closing("]", at, len(text)) != -1
                return None if closed or is_interval(text, at, end) else found
            if found and is_escaped_bracket(text, at, found.inner_end):
                return None
            return found
        if following == "b":
            return _environment(text, at, end)
    if char == "[" and text.startswith("latex", at + 1):
        return _shortcode(text, at, end)
    return None


def is_in_address(text: str, at: int) -> bool:
    """Whether a character belongs to an address that stands bare in the text."""
    first = max(0, at - _LONGEST_ADDRESS)
    return "://" in text[first:at] and _IN_ADDRESS.search(text, first, at) is not None


def dollars(text: str, at: int) -> int:
    """How many dollar signs stand at `at` where they are too many to be a delimiter; else 0."""
    run = _DOLLARS.match(text, at)
    return run.end() - at if run else 0


def open_formula(text: str, at: int, place: int, end: int) -> tuple[Found | None, int]:
    """The formula that begins in `text[at:place]` and closes between `place` and `end`.

    Also returns where to go on from for a later place.
    """
    while match := _OF_INTEREST.search(text, at, place):
        at = match.start()
        if match[0] == "`":
            close = marks_of(text).code(at)
            if close > place:
                return None, at
            at = close if close != -1 else _after_ticks(text, at)
            continue
        found = find(text, at, end)
        if isinstance(found, Found):
            if found.end > place:
                return found, at
            at = found.end
        else:
            at += dollars(text, at) or (2 if match[0] == "\\" else 1)
    return None, place


def _after_ticks(text: str, at: int) -> int:
    while text.startswith("`", at):
        at += 1
    return at


def _dollar_pair(text: str, at: int, end: int) -> Found | Unclosed | None:
    """`$$…$$`; a next `$$` beyond headings or prose opens another formula instead."""
    inner = at + 2
    close = marks_of(text).math_closing("$$", inner, end)
    if close == -1 or _is_torn(text[inner:close]):
        return Unclosed(at, inner, "$$")
    return _found(text, at, close, "$$")


def _is_torn(inner: str) -> bool:
    """Whether what stands between two delimiters is text behind a blank line."""
    blank = _BLANK_LINE.search(inner)
    if blank is None:
        return False
    if _FOREIGN.search(_HIDDEN.sub("", inner[blank.start() :])):
        return True
    return any(_WORDS.search(part) and not _SIGN.search(part) for part in _BLANK_LINE.split(inner))


def _parenthesis(text: str, at: int, end: int, opening: str) -> Found | Unclosed | None:
    close = marks_of(text).parenthesis(at, end)
    return Unclosed(at, at + 2, opening) if close == -1 else _found(text, at, close, opening)


def _found(text: str, at: int, close: int, opening: str) -> Found | None:
    """The formula between two delimiters of two characters; none where nothing is between."""
    if not text[at + 2 : close].strip():
        return None
    return Found(at, close + 2, at + 2, close, opening)


def _environment(text: str, at: int, end: int) -> Found | Unclosed | None:
    begin = _BEGIN.match(text, at, end)
    if begin is None:
        return None
    close = marks_of(text).environment(at, end)
    if close == -1:
        return Unclosed(at, begin.end(), "\\begin")
    return Found(at, close, at, close, "\\begin")


def _latex(text: str, at: int, end: int) -> Found | Unclosed | None:
    opening = _LATEX.match(text, at, end)
    if opening is None:
        return None
    close = marks_of(text).math_closing("$", opening.end(), end)
    if close == -1 or _LATEX.match(text, close, end):
        return Unclosed(at, opening.end(), "$latex")
    if not text[opening.end() : close].strip():
        return None
    return Found(at, close + 1, opening.end(), close, "$latex")


def _shortcode(text: str, at: int, end: int) -> Found | Unclosed | None:
    """`[latex]…[/latex]`; without a closing one it may be a link."""
    opening = _SHORTCODE.match(text, at, end)
    if opening is None:
        return None
    close = marks_of(text).math_closing("[/latex]", opening.end(), end)
    if close == -1:
        return None
    if _SHORTCODE.search(text, opening.end(), close):
        return Unclosed(at, opening.end(), "[latex]")
    if not text[opening.end() : close].strip():
        return None
    return Found(at, close + len("[/latex]"), opening.end(), close, "[latex]")


def _dollar(text: str, at: int, end: int) -> Found | None:
    """Pandoc's `$…$`: no blank inside at either end, no digit after it; or GitHub's ``$`…`$``."""
    first = text[at + 1 : at + 2]
    if not first or first.isspace() or at + 1 >= end:
        return None
    if quoted := _QUOTED.match(text, at, end):
        return Found(at, quoted.end(), quoted.start(1), quoted.end(1), "$")
    close = marks_of(text).dollar(at + 1, end)
    if close == -1 or close == at + 1 or text[close - 1].isspace():
        return None
    if text[close + 1 : close + 2].isdigit() and close + 1 < end:
        return None
    if are_of_text(text, at, close):
        return None
    return Found(at, close + 1, at + 1, close, "$")
