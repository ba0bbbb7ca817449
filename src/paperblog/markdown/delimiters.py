"""Where formulas begin and end: the delimiters of the dialect, without any parser.

The rules: Pandoc's for `$`, Jetpack's for `$latex` (its `latex` shortcode module), TeX's for the
rest.
"""

import re
from dataclasses import dataclass

ENVIRONMENTS = (
    "equation",
    "align",
    "gather",
    "alignat",
    "multline",
    "flalign",
    "eqnarray",
    "displaymath",
    "math",
    "CD",
    "subequations",
)

_LATEX = re.compile(r"\$latex(?=[=\s])(?:=\s*|\s+)", re.IGNORECASE)
_LATEX_WORD = re.compile(r"\$latex", re.IGNORECASE)
_BEGIN = re.compile(r"\\begin\{(" + "|".join(ENVIRONMENTS) + r")(\*?)\}")
_TEXT_GROUP = re.compile(r"\\(?:text[a-z]*|mbox|hbox|fbox|tag\*?)\s*$")


@dataclass(frozen=True, slots=True)
class Found:
    """A formula in a text: the whole from `start` to `end`, its TeX from `inner` to `inner_end`.

    `kind` is the opening delimiter: `$latex`, `$`, `$$`, `\\(`, `\\[` or `\\begin`.
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


@dataclass(frozen=True, slots=True)
class Unclosed:
    """An opening delimiter without its closing one; `end` is where the opening one ends."""

    start: int
    end: int
    kind: str


def find(text: str, at: int, end: int) -> Found | Unclosed | None:
    """The formula that begins exactly at `at` and ends by `end`, if one does."""
    char = text[at]
    if char == "$":
        if text.startswith("$$", at):
            return _pair(text, at, end, "$$", "$$")
        if text[at + 1 : at + 2] in "lL" and _LATEX_WORD.match(text, at):
            return _latex(text, at, end)
        return _dollar(text, at, end)
    if char == "\\":
        following = text[at + 1 : at + 2]
        if following == "(":
            found = _pair(text, at, end, "\\(", "\\)")
            return found if isinstance(found, Found) else None
        if following == "[":
            found = _pair(text, at, end, "\\[", "\\]")
            if isinstance(found, Unclosed) and text.find("]", at, end) != -1:
                return None
            return found
        if following == "b":
            return _environment(text, at, end)
    return None


def opens_display(text: str) -> bool:
    """Whether a paragraph's text ends inside display math that it has opened."""
    at = 0
    while at < len(text):
        if text[at] == "`":
            run = len(text) - len(text[at:].lstrip("`")) - at
            close = re.compile(rf"(?<!`)`{{{run}}}(?!`)").search(text, at + run)
            at = close.end() if close else at + run
        elif text[at] in "$\\":
            found = find(text, at, len(text))
            if isinstance(found, Unclosed):
                return found.kind != "$latex"
            at = found.end if found else at + (2 if text[at] == "\\" else 1)
        else:
            at += 1
    return False


def _pair(text: str, at: int, end: int, opening: str, closing: str) -> Found | Unclosed | None:
    inner = at + len(opening)
    close = _unescaped(text, closing, inner, end)
    if close == -1:
        return Unclosed(at, inner, opening)
    if not text[inner:close].strip():
        return None
    return Found(at, close + len(closing), inner, close, opening)


def _unescaped(text: str, closing: str, at: int, end: int) -> int:
    """Where the closing delimiter stands first with no backslash before it that counts."""
    while True:
        at = text.find(closing, at, end)
        if at == -1:
            return -1
        before = at
        while before and text[before - 1] == "\\":
            before -= 1
        if (at - before) % 2 == 0:
            return at
        at += 1


def _environment(text: str, at: int, end: int) -> Found | Unclosed | None:
    begin = _BEGIN.match(text, at, end)
    if begin is None:
        return None
    name = begin[1] + begin[2]
    depth = 1
    marks = re.compile(r"\\(begin|end)\{" + re.escape(name) + r"\}")
    for mark in marks.finditer(text, begin.end(), end):
        depth += 1 if mark[1] == "begin" else -1
        if depth == 0:
            return Found(at, mark.end(), at, mark.end(), "\\begin")
    return Unclosed(at, begin.end(), "\\begin")


def _latex(text: str, at: int, end: int) -> Found | Unclosed | None:
    opening = _LATEX.match(text, at, end)
    if opening is None:
        return None
    close = _unescaped(text, "$", opening.end(), end)
    if close == -1:
        return Unclosed(at, opening.end(), "$latex")
    if not text[opening.end() : close].strip():
        return None
    return Found(at, close + 1, opening.end(), close, "$latex")


def _dollar(text: str, at: int, end: int) -> Found | None:
    """Pandoc's `$…$`: no blank inside at either end, no digit after it."""
    first = text[at + 1 : at + 2]
    if not first or first.isspace() or at + 1 >= end:
        return None
    close = _dollar_close(text, at + 1, end)
    if close == -1 or close == at + 1 or text[close - 1].isspace():
        return None
    if text[close + 1 : close + 2].isdigit() and close + 1 < end:
        return None
    return Found(at, close + 1, at + 1, close, "$")


def _dollar_close(text: str, at: int, end: int) -> int:
    """The closing `$`; one inside the braces of `\\text{…}` and its kin belongs to the text."""
    start = at
    depth = 0
    groups: list[bool] = []
    first = -1
    while at < end:
        char = text[at]
        if char == "\\":
            at += 2
            continue
        if char == "{":
            groups.append(depth > 0 or bool(_TEXT_GROUP.search(text, max(start, at - 12), at)))
            depth += groups[-1]
        elif char == "}" and groups:
            depth -= groups.pop()
        elif char == "$":
            if depth == 0:
                return at
            first = at if first == -1 else first
        at += 1
    return first
