"""What a formula says that its author cannot have meant, and that no renderer complains of.

Most formulas say nothing of the kind: each rule first asks one regular expression whether it has
anything to look at, and only then are tokens made.
"""

import html
import re
from collections.abc import Collection, Iterator
from html.entities import html5

from paperblog.model import codes
from paperblog.tex.escapes import escapes
from paperblog.tex.finding import Finding
from paperblog.tex.lint_words import (
    ALWAYS_COMMANDS,
    CURRENCY_WORDS,
    FUNCTION_WORDS,
    SWITCHES,
    WITH_GROUP,
    WITH_SCRIPT,
)
from paperblog.tex.tokens import TokenKind
from paperblog.tex.typography import typography
from paperblog.tex.zones import Zone, Zoned, zoned

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_TAG = re.compile(r"</?(?:br|em|strong|sub|sup|span|div)(?:\s[^<>]{0,200}|\s*/)?>", re.IGNORECASE)
_AMOUNT = re.compile(r"\s*\d[\d.,]*(?:\s?(?:k|m|bn))?\s+([^\W\d_]{2,})(?![\w{^])")
_LETTER = re.compile(r"\s{1,8}(?:[A-Za-z](?![A-Za-z])|\\[A-Za-z])")
"""What stands behind an old switch of font: a single letter or a command."""
_IN_GROUP = re.compile(r"\s{1,8}[^\s}]")
"""The same where the switch begins a group."""


_WORD = re.compile(r"(?<![\\A-Za-z@])[A-Za-z]{2,}")
# A blank is sooner found than a letter, of which there are many.
_TWO_WORDS = re.compile(r"\s(?<=[^\W\d_][^\W\d_]\s)\s*+[^\W\d_]{2}")
_COMMANDS = ALWAYS_COMMANDS | SWITCHES | WITH_GROUP | WITH_SCRIPT


def lint(tex: str, macros: Collection[str]) -> list[Finding]:
    """The warnings about a formula, by place; `macros` are names of the author's own."""
    found = [*typography(tex), *_entities(tex), *_tags(tex), *_prose(tex), *escapes(tex)]
    words = set(_WORD.findall(tex))
    if words:
        own = frozenset(name.removeprefix("\\") for name in macros)
        if not words.isdisjoint(_COMMANDS) or not words.isdisjoint(own):
            found += _bare_commands(zoned(tex), own)
    if len(found) > 1:
        found.sort(key=lambda finding: (finding.start, finding.end, finding.code.name))
    return found


def _entities(tex: str) -> Iterator[Finding]:
    for match in _ENTITY.finditer(tex):
        entity, formula = match[0], zoned(tex)
        if formula.token_at(match.start()).text != "&":
            continue
        if formula.zone_at(match.start()) is Zone.NAME:
            continue
        if "#" not in entity and entity[1:] not in html5:
            continue
        char = html.unescape(entity)
        help = "write a blank or ~" if char.isspace() else f"write {char}"
        yield Finding(
            codes.MATH_ENTITY, *match.span(), f"{entity} is an HTML entity, in TeX it is none", help
        )


def _tags(tex: str) -> Iterator[Finding]:
    for match in _TAG.finditer(tex):
        if zoned(tex).zone_at(match.start()) is not Zone.NAME:
            message = f"{match[0]} is an HTML tag, in TeX it is none"
            yield Finding(codes.MATH_ENTITY, *match.span(), message, "take it out")


def _bare_commands(formula: Zoned, own: Collection[str]) -> Iterator[Finding]:
    for start, end in _words(formula):
        name = formula.tex[start:end]
        if _is_bare_command(formula.tex, start, end, own):
            message = f"{name} is typeset as letters: the backslash is missing"
            yield Finding(codes.MATH_BARE_COMMAND, start, end, message, f"write \\{name}")


def _is_bare_command(tex: str, start: int, end: int, own: Collection[str]) -> bool:
    name, following = tex[start:end], tex[end : end + 1]
    if tex.endswith("\\\\", 0, start):  # `escapes` tells of it
        return False
    if name in ALWAYS_COMMANDS:
        return True
    if name in SWITCHES:
        if start > 0 and tex[start - 1] == "{":
            return _IN_GROUP.match(tex, end) is not None
        # The exponent of a wave, `-it H`, holds no switch.
        return name != "it" and _LETTER.match(tex, end) is not None
    if following == "{":
        is_own = len(name) > 2 and name in own
        return is_own or name in WITH_GROUP or name in WITH_SCRIPT
    return following in ("_", "^") and name in WITH_SCRIPT


def _words(formula: Zoned) -> list[tuple[int, int]]:
    """The places of the runs of letters in math, each as long as it goes."""
    places: list[tuple[int, int]] = []
    for token, zone in zip(formula.tokens, formula.zones, strict=True):
        if token.kind is not TokenKind.SIGN or zone is not Zone.MATH or not token.text.isalpha():
            continue
        if places and places[-1][1] == token.start:
            places[-1] = (places[-1][0], token.end)
        else:
            places.append((token.start, token.end))
    return places


def _prose(tex: str) -> Iterator[Finding]:
    """The first place that reads like prose: a run of words, or a number with a word of money."""
    amount = _AMOUNT.match(tex)
    if amount and amount[1].casefold() in CURRENCY_WORDS:
        yield _prose_at(amount.start(1), amount.end(1))
        return
    if not _TWO_WORDS.search(tex):
        return
    formula = zoned(tex)
    run: list[tuple[int, int]] = []
    for start, end in _words(formula):
        if end - start < 2:
            run = []
            continue
        if run and not formula.tex[run[-1][1] : start].isspace():
            run = []
        run.append((start, end))
        said = {formula.tex[first:last].casefold() for first, last in run}
        if len(run) >= 3 or (len(run) == 2 and said & FUNCTION_WORDS):
            yield _prose_at(run[0][0], end)
            return


def _prose_at(start: int, end: int) -> Finding:
    help = "write \\$ for a dollar sign, and words within a formula as \\text{…}"
    return Finding(codes.MATH_PROSE, start, end, "this formula reads like prose", help)
