"""What looks like a formula and is none by the rules: its author shall know."""

import re
from difflib import get_close_matches

from msgspec import Struct

from paperblog.markdown.marks import ENVIRONMENTS

_DOLLARS = re.compile(r"\$([^$\n`]+(?:\n[^$\n`]+){0,4})\$(?!\$)")
_DOUBLED = re.compile(r"\\\\(?:\((?:[^`]{1,2000}?)\\\\\)|\[(?:[^`]{1,2000}?)\\\\\])")
# Not in prose on prices and shells: a command, a script at a single letter or a bracket.
_TEX = re.compile(r"\\[A-Za-z]{2}|(?<![A-Za-z0-9_])[A-Za-z][_^][A-Za-z0-9{\\]|[)}\]][_^]")
_PRIMED = re.compile(
    r"\$(?=[^\s$`])([^$`\n]{0,40}[A-Za-z0-9)}\]])`(?=[(\s^_={,\\]|\$)[^$`\n]{0,80}\$"
)
_ENVIRONMENT = re.compile(r"\\begin\{([A-Za-z]{2,20})\*?\}")
_LONGEST = 4000
"""Characters within which an environment of a text ends."""
_BRACKETS = re.compile(r"\[(math|katex|tex|mathjax)\]([^\[\]`]{1,2000})\[/\1\]")
_OPEN_SHORTCODE = re.compile(r"\[/?latex\](?![(\[:])")
_TAG = re.compile(
    r"\{%-?\s*(?:katex|latex|math|mathjax|mathjax_block|(raw))\b[^%\n]{0,80}%\}"
    r"|\{\{[<%]\s*(?:katex|latex|math|mathjax|tex)\b[^\n]{0,80}?[>%]\}\}"
)
_LETTER = re.compile(r"\s*[A-Za-z]\s*(?:[=<>+-]\s*[A-Za-z0-9]\s*)?")
_SHOWN = 30


class Lookalike(Struct, frozen=True):
    """A text that ends at `end`, and what to say of it; `once` is enough for a note."""

    end: int
    message: str
    help: str
    once: bool = False


def lookalike(text: str, at: int, end: int) -> Lookalike | None:
    """What at `at` looks like a formula, given that none begins there."""
    match text[at]:
        case "$":
            return _dollars(text, at, end) or _primed(text, at, end)
        case "[":
            return _shortcode(text, at, end)
        case "{":
            return _tag(text, at, end)
    return _doubled(text, at, end) or _environment(text, at, end)


def _dollars(text: str, at: int, end: int) -> Lookalike | None:
    """`$ x $`, and `$\\times$` before a digit."""
    match = _DOLLARS.match(text, at, end)
    if match is None:
        return None
    inner = match[1].strip()
    if inner != match[1]:
        if not _TEX.search(inner) and not _LETTER.fullmatch(inner):
            return None
        message = "this is no formula: a blank stands inside its dollar signs"
        return Lookalike(match.end(), message, f"write ${_short(inner)}$")
    if not _TEX.search(inner):
        return None
    message = "this is no formula: a digit follows its dollar sign"
    return Lookalike(match.end(), message, f"write \\({_short(inner)}\\)")


def _primed(text: str, at: int, end: int) -> Lookalike | None:
    """``$f`(x)$``, where a backtick is no prime but begins code."""
    match = _PRIMED.match(text, at, end)
    if match is None:
        return None
    message = "this is no formula: its backtick begins code"
    return Lookalike(match.end(), message, f"write ${_short(match[1])}' for a prime")


def _doubled(text: str, at: int, end: int) -> Lookalike | None:
    """`\\\\(x\\\\)`, as blogs have it whose Markdown takes one backslash away."""
    match = _DOUBLED.match(text, at, end)
    if match is None:
        return None
    opening = text[at + 1 : at + 3]
    message = f"this is no formula, here and further on: \\{opening} is an escaped backslash"
    return Lookalike(match.end(), message, f"write {opening} with one backslash", once=True)


def _environment(text: str, at: int, end: int) -> Lookalike | None:
    """`\\begin{algin}`, and the environments of LaTeX's texts."""
    match = _ENVIRONMENT.match(text, at, end)
    if match is None or text.find("\\end{", match.end(), min(end, at + _LONGEST)) == -1:
        return None
    near = get_close_matches(match[1], ENVIRONMENTS, 1, 0.8)
    message = f"this is no formula: there is no environment {match[1]} for formulas"
    help = f"did you mean {near[0]}?" if near else "write it in Markdown, or as math between $$"
    return Lookalike(match.end(), message, help)


def _shortcode(text: str, at: int, end: int) -> Lookalike | None:
    """`[math]x[/math]`, and a `[latex]` that lacks its other half."""
    if match := _BRACKETS.match(text, at, end):
        message = f"this is no formula, here and further on: [{match[1]}] is no delimiter"
        return Lookalike(match.end(), message, f"write ${_short(match[2].strip())}$", once=True)
    match = _OPEN_SHORTCODE.match(text, at, end)
    if match is None or not (text[at + 1] == "/" or _TEX.search(text, at, min(end, at + 200))):
        return None
    other = "[latex]" if text[at + 1] == "/" else "[/latex]"
    return Lookalike(match.end(), f"this is no formula: {match[0]} stands without {other}", "")


def _tag(text: str, at: int, end: int) -> Lookalike | None:
    """The tags that Jekyll, Hexo and Hugo have for formulas."""
    match = _TAG.match(text, at, end)
    if match is None:
        return None
    message = f"this is no formula, here and further on: {match[0]} is of another generator"
    help = "write $…$, or $$…$$ to display it"
    if match[1]:
        help = "take it out: braces in formulas need no protection here"
    return Lookalike(match.end(), message, help, once=True)


def _short(tex: str) -> str:
    return tex if len(tex) <= _SHOWN else "…"
