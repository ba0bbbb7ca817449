"""Lexers: Pygments' own, which try only the rules that may fit the next character."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from pygments.lexer import Lexer, RegexLexer

from paperblog.lexing.beginnings import ASCII, beginnings

_PATIENCE = 500
"""How often a state is met before its rules are sorted, which takes as long as some hundred do."""

_Rule = tuple[Callable[..., "re.Match[str] | None"], Any, Any]
"""What has to match, what becomes of it, and the state that follows."""


@cache
def quickened(kind: type[Lexer]) -> type[Lexer]:
    """A lexer that gives the same tokens as `kind`, sooner; `kind` itself where there is none.

    For each token a lexer of Pygments tries the rules of its state, up to a hundred, one after the
    other until one matches. Most need some character to begin with that is not there.
    """
    rules: object = vars(kind).get("_tokens")
    if not issubclass(kind, RegexLexer) or not isinstance(rules, dict):
        return kind
    states = {name: _State(those) for name, those in rules.items()}
    make: Any = type(kind)
    quick: type[Lexer] = make(kind.__name__, (kind,), {"_tokens": states})
    return quick


class _State:
    """The rules of a state, for a lexer that goes through them up to the first that matches."""

    def __init__(self, rules: Sequence[_Rule]) -> None:
        self._rules = rules
        self._met = 0
        self._sorted: Mapping[str, Sequence[_Rule]] = {}

    def __iter__(self) -> Iterator[_Rule]:
        if self._met < _PATIENCE:
            self._met += 1
            return iter(self._rules)
        if not self._sorted:
            self._sorted = _sorted(self._rules)
        return self._fitting()

    def _fitting(self) -> Iterator[_Rule]:
        first = ""

        def look(text: str, place: int, *_: int) -> None:
            nonlocal first
            first = text[place : place + 1]

        # A rule that never matches: only by trying one does a lexer tell where it is.
        yield look, None, None
        yield from self._sorted.get(first, self._rules)


def _sorted(rules: Sequence[_Rule]) -> dict[str, Sequence[_Rule]]:
    """The rules that may match by the character that comes next; all, if it is not in the list."""
    firsts = [_firsts(rule) for rule in rules]
    return {
        character: tuple(
            rule for rule, first in zip(rules, firsts, strict=True) if character in first
        )
        for character in ASCII
    }


def _firsts(rule: _Rule) -> frozenset[str]:
    pattern = getattr(rule[0], "__self__", None)
    if isinstance(pattern, re.Pattern) and isinstance(pattern.pattern, str):
        return beginnings(pattern.pattern, pattern.flags)
    return ASCII
