"""What looks like a formula and is none by the rules: its author shall know."""

import re

from msgspec import Struct

_DOLLARS = re.compile(r"\$([^$\n`]+(?:\n[^$\n`]+){0,4})\$(?!\$)")
_DOUBLED = re.compile(r"\\\\(?:\((?:[^`]{1,2000}?)\\\\\)|\[(?:[^`]{1,2000}?)\\\\\])")
# Not in prose on prices and shells: a command, a script at a single letter or a bracket.
_TEX = re.compile(r"\\[A-Za-z]{2}|(?<![A-Za-z0-9_])[A-Za-z][_^][A-Za-z0-9{\\]|[)}\]][_^]")
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
    return _dollars(text, at, end) if text[at] == "$" else _doubled(text, at, end)


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


def _doubled(text: str, at: int, end: int) -> Lookalike | None:
    """`\\\\(x\\\\)`, as blogs have it whose Markdown takes one backslash away."""
    match = _DOUBLED.match(text, at, end)
    if match is None:
        return None
    opening = text[at + 1 : at + 3]
    message = f"this is no formula, here and further on: \\{opening} is an escaped backslash"
    return Lookalike(match.end(), message, f"write {opening} with one backslash", once=True)


def _short(tex: str) -> str:
    return tex if len(tex) <= _SHOWN else "…"
