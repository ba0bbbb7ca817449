"""Typographic characters in a formula, as a page or a word processor has them: what TeX has."""

import re
import unicodedata
from collections.abc import Iterator

from paperblog.model import codes
from paperblog.tex.edits import Edit
from paperblog.tex.finding import Finding
from paperblog.tex.zones import Zoned, zoned

_DASHES = "‐‑‒–—―"
_PRIMES = {"′": 1, "″": 2, "‴": 3}
_INVISIBLE = "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff"
_REPLACEMENTS = {
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys(_INVISIBLE, ""),
    **dict.fromkeys("‘’", "'"),
    "“": "``",
    "”": "''",
    "…": "\\dots ",
    "−": "-",
}
_LOST = re.compile("\ufffd+")
_ODD_BLANK = r"[^\S \t\n\r\f\v]"
_PRIME = re.compile(f"[{''.join(_PRIMES)}]")
_TYPOGRAPHIC = re.compile(f"([{''.join(_REPLACEMENTS).replace('−', '')}]|{_ODD_BLANK})\\1*")
_REPLACED = re.compile(f"[{''.join(_REPLACEMENTS)}{''.join(_PRIMES)}]|{_ODD_BLANK}")


def typography_edits(tex: str) -> list[Edit]:
    """The edits that make typographic characters typeset right, ascending; none within text."""
    if tex.isascii() or not _REPLACED.search(tex):
        return []
    formula = zoned(tex)
    return [(at, at + 1, _replacement(formula, at)) for at, _ in formula.places(_REPLACED)]


def typography(tex: str) -> Iterator[Finding]:
    """The warnings: each run of one typographic character, each prime, each lost character."""
    if tex.isascii():
        return
    for lost in _LOST.finditer(tex):
        message = "a character that is none (U+FFFD, or NUL in the file) in a formula"
        yield Finding(codes.MATH_TYPOGRAPHY, *lost.span(), message, "write the sign that was lost")
    if not _REPLACED.search(tex):
        return
    formula = zoned(tex)
    for start, end in formula.places(_TYPOGRAPHIC):
        char = tex[start]
        new = _replacement(formula, start).strip()
        how = f"it is typeset as {new}" if new else "it is typeset as a blank"
        how = "it is left out" if char in _INVISIBLE else how
        yield Finding(codes.MATH_TYPOGRAPHY, start, end, f"{_described(char)} in a formula", how)
    for start, end in formula.places(_PRIME):
        base = tex[start - 1 : start]
        base = base if base.isalpha() and base.isascii() else ""
        how = f"write {base}{_replacement(formula, start).strip()}"
        message = f"{_described(tex[start])} in a formula"
        yield Finding(codes.MATH_PRIME, start, end, message, how)


def _replacement(formula: Zoned, at: int) -> str:
    """What TeX has for a character."""
    char = formula.tex[at]
    if char not in _REPLACEMENTS and char not in _PRIMES:
        return " "
    if char in _INVISIBLE and re.search(r"\\[A-Za-z@]+\Z", formula.before(at)):
        return " "  # Without it the command's name would run on.
    count = _PRIMES.get(char) or (char in "‘’”") + (char == "”")
    if count and re.search(r"\^\s*\{?\s*\Z", formula.before(at)):
        return "\\prime " * count
    return "'" * count or _REPLACEMENTS[char]


def _described(char: str) -> str:
    """`en dash (U+2013)`."""
    return f"{unicodedata.name(char, 'control character').lower()} (U+{ord(char):04X})"
