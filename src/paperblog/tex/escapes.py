r"""Backslashes of a formula that another Markdown would have taken away, or put there.

Blogs write `x\_1`, `\\{` and `\\\\` where their Markdown sees the text before TeX does, and
converters escape what was TeX: `\\frac`. KaTeX typesets all of it, as something else.
"""

import re
from collections.abc import Iterator

from paperblog.model import codes
from paperblog.tex.finding import Finding
from paperblog.tex.lint_words import ALWAYS_COMMANDS, WITH_GROUP, WITH_SCRIPT
from paperblog.tex.zones import Zone, zoned

_GATE = re.compile(r"\\[\\_]")
_UNDERSCORE = re.compile(
    r"(?:(?<![A-Za-z])[A-Za-z]|[})\]']|\\[A-Za-z]+)\s*(\\_)"
    r"(?=\{|\\[A-Za-z]|[A-Za-z0-9](?![A-Za-z0-9]))"
)
_WORD = re.compile(r"\\(?:math(?:rm|sf|tt|it|bf)|text[a-z]*|operatorname)\{[^{}]*\}\s*\Z")
_NEXT_WORD = re.compile(r"\\_\s*\\(?:math(?:rm|sf|tt|it|bf)|text)")
_LONGEST = 80
"""Characters of a word with its command."""
_NAMES = WITH_GROUP | WITH_SCRIPT | ALWAYS_COMMANDS | {"left", "right", "in", "quad"}
# Two backslashes before which none stands; to look for them first is quickest.
_TWO = r"\\\\(?<!\\\\\\)"
_COMMAND = re.compile(_TWO + "(" + "|".join(sorted(_NAMES)) + r")(?![A-Za-z])")
_BRACE = re.compile(_TWO + "([{}])")
_ROW = re.compile(r"(\\+)(?=\s|\[|\Z)")


def escapes(tex: str) -> Iterator[Finding]:
    """The warnings about one kind of escape, at the first place of each."""
    if not _GATE.search(tex):
        return
    for pattern in (_UNDERSCORE, _COMMAND) if "\\_" in tex else (_COMMAND,):
        for match in pattern.finditer(tex):
            start = match.start(1) if pattern is _UNDERSCORE else match.start()
            if pattern is _UNDERSCORE and _is_name(tex, start):
                continue
            if zoned(tex).zone_at(start) is Zone.MATH:
                yield _finding(start, match.end(), tex[start : match.end()])
                break
    braces = {match[1]: match for match in _BRACE.finditer(tex)}
    if len(braces) == 2:
        first = min(match.start() for match in _BRACE.finditer(tex))
        yield _finding(first, first + 3, tex[first : first + 3])
    rows = [match for match in _ROW.finditer(tex) if len(match[1]) > 1]
    if rows and all(len(match[1]) == 4 for match in rows) and "\\begin" in tex:
        yield _finding(*rows[0].span(1), rows[0][1])


def _is_name(tex: str, at: int) -> bool:
    r"""Whether `\_` at an offset stands between two words: `\mathsf{min}\_\mathsf{cost}`."""
    return bool(_WORD.search(tex[max(at - _LONGEST, 0) : at]) and _NEXT_WORD.match(tex, at))


def _finding(start: int, end: int, written: str) -> Finding:
    means = written[1:] if written.startswith("\\\\") else "_"
    shows = {"\\_": "an underscore", "\\\\\\\\": "an empty row"}.get(written, "a new row")
    message = f"{written} is {shows}, not {means}"
    return Finding(codes.MATH_ESCAPE, start, end, message, f"write {means}")
