"""Formulas and the signs that stand against them, which no line break may part.

To a browser a typeset formula is a box, and lines may break on either side of a box.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_OPENING = "([{“‘„‚«‹\"'（［｛「『【《〈"
_CLOSING = re.compile(
    r"(?:[)\]}.,;:!?…”’»›\"'%–—-]|[）］｝」』】》〉。、，．；：！？])+|[A-Za-z]{1,3}(?![A-Za-z])"
)


def glue_plugin(md: MarkdownIt) -> None:
    """Teach a parser to keep formulas and the signs around them together."""
    md.core.ruler.push("glue", _glue)


def _glue(state: StateCore) -> None:
    for token in state.tokens:
        children = token.children
        if token.type == "inline" and children and any(c.type == "math" for c in children):
            token.children = _glued(children)


def _glued(children: list[Token]) -> list[Token]:
    out: list[Token] = []
    formulas = [number for number, token in enumerate(children) if token.type == "math"]
    at = 0
    while at < len(children):
        if formulas and formulas[0] < at:
            formulas.pop(0)
        first, last = _around(children, at, formulas[0]) if formulas else (len(children),) * 2
        if first > at:
            out.append(children[at])
            at += 1
            continue
        before = _taken_before(out[-1]) if out else ""
        after = _taken_behind(children[last + 1]) if last + 1 < len(children) else ""
        whole = children[at : last + 1]
        if before or after:
            if before:
                whole.insert(0, _cut(out[-1], 0, len(out[-1].content) - len(before), before))
            if after:
                whole.append(_cut(children[last + 1], len(after), None, after))
            opening = Token("glue_open", "span", 1, attrs={"class": "glued"})
            whole = [opening, *whole, Token("glue_close", "span", -1)]
        out += whole
        at = last + 1
    return out


def _around(children: list[Token], at: int, formula: int) -> tuple[int, int]:
    """A formula, the next from `at` on, with the marks that hold nothing but it: `**$x$**`."""
    first = last = formula
    while (
        first > at
        and last + 1 < len(children)
        and children[first - 1].nesting == 1
        and children[last + 1].nesting == -1
    ):
        first, last = first - 1, last + 1
    return first, last


def _taken_before(token: Token) -> str:
    """The signs of a text that belong to the formula behind it."""
    if token.type != "text":
        return ""
    return token.content[len(token.content.rstrip(_OPENING)) :]


def _taken_behind(token: Token) -> str:
    """The signs of a text that belong to the formula before it."""
    found = _CLOSING.match(token.content) if token.type == "text" else None
    return found[0] if found else ""


def _cut(token: Token, start: int, end: int | None, signs: str) -> Token:
    """Take the signs out of a text, as one of their own that counts for no word."""
    token.content = token.content[start:end]
    return Token("text", "", 0, content=signs, meta={"glue": True})
