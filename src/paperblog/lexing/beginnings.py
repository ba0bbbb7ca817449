"""Beginnings: with which characters a text may begin that a regular expression matches."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

_LAST = 127
ASCII = frozenset(map(chr, range(_LAST + 1)))

_CATEGORIES = {
    "CATEGORY_DIGIT": r"\d",
    "CATEGORY_NOT_DIGIT": r"\D",
    "CATEGORY_SPACE": r"\s",
    "CATEGORY_NOT_SPACE": r"\S",
    "CATEGORY_WORD": r"\w",
    "CATEGORY_NOT_WORD": r"\W",
}
_REPEATS = {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}
_WITHOUT_WIDTH = {"AT", "ASSERT", "ASSERT_NOT"}

_Part = tuple[Any, Any]
_Found = tuple[frozenset[str], bool]
"""The characters that a match may begin with, and whether it may be empty."""


@cache
def beginnings(pattern: str, flags: int) -> frozenset[str]:
    """The ASCII characters that a match of a pattern may begin with; all, if it may be empty.

    What is not understood counts as all. `re` has no public way to see what it has read.
    """
    try:
        from re import _parser  # type: ignore[attr-defined]

        tree = _parser.parse(pattern, flags & ~re.DEBUG)
        found, may_be_empty = _sequence(tree, tree.state.flags)
    except (ImportError, AttributeError, KeyError, TypeError, ValueError, re.error):
        return ASCII
    return ASCII if may_be_empty else found & ASCII


def _sequence(parts: Iterable[_Part], flags: int) -> _Found:
    found: frozenset[str] = frozenset()
    for part in parts:
        first, may_be_empty = _part(part, flags)
        found |= first
        if not may_be_empty:
            return found, False
    return found, True


def _part(part: _Part, flags: int) -> _Found:
    name, value = str(part[0]), part[1]
    if name == "LITERAL":
        return _literal(value, flags), False
    if name == "IN":
        return _set(value, flags), False
    if name == "BRANCH":
        branches = [_sequence(branch, flags) for branch in value[1]]
        return frozenset[str]().union(*(first for first, _ in branches)), any(
            may_be_empty for _, may_be_empty in branches
        )
    if name == "SUBPATTERN":
        _, added, removed, inner = value
        return _sequence(inner, (flags | added) & ~removed)
    if name == "ATOMIC_GROUP":
        return _sequence(value, flags)
    if name in _REPEATS:
        least, _, inner = value
        first, may_be_empty = _sequence(inner, flags)
        return first, may_be_empty or least == 0
    if name in _WITHOUT_WIDTH:
        return frozenset(), True
    return ASCII, name not in ("ANY", "NOT_LITERAL")


def _literal(code: int, flags: int) -> frozenset[str]:
    character = chr(code)
    if not flags & re.IGNORECASE:
        return frozenset(character)
    # A few signs beyond ASCII are another case of a letter in it, such as the Kelvin sign.
    return frozenset((character.lower(), character.upper())) if code <= _LAST else ASCII


def _set(members: Iterable[_Part], flags: int) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    is_negated = False
    for part, value in members:
        name = str(part)
        if name == "NEGATE":
            is_negated = True
        elif name == "LITERAL":
            found |= _literal(value, flags)
        elif name == "RANGE":
            first, last = value
            codes = [*range(first, min(last, _LAST) + 1), *([last] if last > _LAST else [])]
            found = found.union(*(_literal(code, flags) for code in codes))
        elif name == "CATEGORY":
            found |= _category(str(value), flags)
        else:
            return ASCII
    if not is_negated:
        return found
    # Without regard to case, or of a category that is not known, what is found may be too much.
    return ASCII if flags & re.IGNORECASE else ASCII - found


def _category(name: str, flags: int) -> frozenset[str]:
    # A few control characters are blanks of Unicode and none of ASCII.
    return frozenset(re.findall(_CATEGORIES[name], "".join(ASCII), flags & re.ASCII))
