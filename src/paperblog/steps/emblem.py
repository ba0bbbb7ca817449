"""Emblem: the formula that stands for a note on its social card."""

import unicodedata
from collections.abc import Iterable

from paperblog.model.formula import Formula
from paperblog.tex.plain import plain_text

_SHORTEST, _LONGEST = 5, 56
_LONGEST_TEX = 400
_MOST_TRIED = 8


def emblem_of(formulas: Iterable[Formula]) -> str:
    """The first display formula that makes a line of plain text without accents to be placed."""
    displayed = [f for f in formulas if f.display and len(f.tex) <= _LONGEST_TEX]
    for formula in displayed[:_MOST_TRIED]:
        text = plain_text(formula.tex, dict(formula.macros)).strip(" .,;")
        accented = any(map(unicodedata.combining, unicodedata.normalize("NFC", text)))
        if _SHORTEST <= len(text) <= _LONGEST and not accented:
            return text
    return ""
