"""What a formula says that its author cannot have meant, and that no renderer complains of."""

import html
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from html.entities import html5

from paperblog.model import codes
from paperblog.model.diagnostic import Code
from paperblog.tex.edits import Edit
from paperblog.tex.lint_words import (
    ALWAYS_COMMANDS,
    CURRENCY_WORDS,
    FUNCTION_WORDS,
    SWITCHES,
    WITH_GROUP,
    WITH_SCRIPT,
)
from paperblog.tex.tokens import TexToken, TokenKind, tokenize
from paperblog.tex.zones import Zone, zones_of

_DASHES = "‐‑‒–—―"
_PRIMES = {"′": 1, "″": 2, "‴": 3}
_INVISIBLE = "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff"
_PLAIN_BLANKS = " \t\n\r\f\v"
_UNUSUAL = re.compile(r"[^\t-\r -~]")
"""What most formulas hold none of: characters that may be typographic, or primes, or odd blanks."""
_REPLACEMENTS = {
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys(_INVISIBLE, ""),
    **dict.fromkeys("‘’", "'"),
    "“": "``",
    "”": "''",
    "…": "\\dots ",
    "−": "-",
}
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_AMOUNT = re.compile(r"\s*\d[\d.,]*(?:\s?(?:k|m|bn))?\s+([^\W\d_]{2,})(?![\w{^])")
_LETTER = re.compile(r"\s{1,8}(?:[A-Za-z](?![A-Za-z])|\\[A-Za-z])")
"""What stands behind an old switch of font: a single letter or a command."""
_IN_GROUP = re.compile(r"\s{1,8}[^\s}]")
"""The same where the switch begins a group."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to warn of, at `tex[start:end]`."""

    code: Code
    start: int
    end: int
    message: str
    help: str = ""


def lint(tex: str, macros: Collection[str]) -> list[Finding]:
    """The warnings about a formula, by place; `macros` are names of the author's own."""
    formula = _Formula(tex, tokenize(tex))
    rules = (_typography, _primes) if _UNUSUAL.search(tex) else ()
    found = [finding for rule in (*rules, _entities, _prose) for finding in rule(formula)]
    own = frozenset(name.removeprefix("\\") for name in macros)
    found += _bare_commands(formula, own)
    return sorted(found, key=lambda finding: (finding.start, finding.end, finding.code.name))


def typography_edits(tex: str) -> list[Edit]:
    """The edits that make typographic characters typeset right, ascending; none within text."""
    formula = _Formula(tex, tokenize(tex))
    return [(at, at + 1, _replacement(formula, at)) for at in formula.places(_is_replaced)]


class _Formula:
    """A formula with its tokens, and what each is in: math, a word set upright, text, a name."""

    def __init__(self, tex: str, tokens: Sequence[TexToken]) -> None:
        self.tex = tex
        self.tokens = tokens
        self.zones = zones_of(tokens)
        self.words = _words(self)

    def places(self, wanted: Callable[[str], bool]) -> Iterator[int]:
        """The offsets of wanted characters, outside text, comments and names."""
        for token, zone in zip(self.tokens, self.zones, strict=True):
            if zone not in (Zone.MATH, Zone.WORD) or token.kind is TokenKind.COMMENT:
                continue
            if token.kind is TokenKind.COMMAND and not token.text[1:].isspace():
                continue
            for at in range(token.start, token.end):
                if wanted(self.tex[at]):
                    yield at

    def before(self, at: int) -> str:
        """The text just before an offset, as far as rules look back."""
        return self.tex[max(at - 64, 0) : at]


def _is_odd_blank(char: str) -> bool:
    return char.isspace() and char not in _PLAIN_BLANKS


def _is_replaced(char: str) -> bool:
    return char in _REPLACEMENTS or char in _PRIMES or _is_odd_blank(char)


def _is_typographic(char: str) -> bool:
    return char != "−" and (char in _REPLACEMENTS or _is_odd_blank(char))


def _replacement(formula: _Formula, at: int) -> str:
    """What TeX has for a character."""
    char = formula.tex[at]
    if _is_odd_blank(char):
        return " "
    if char in _INVISIBLE and re.search(r"\\[A-Za-z@]+\Z", formula.before(at)):
        return " "  # Without it the command's name would run on.
    count = _PRIMES.get(char) or (char in "‘’”") + (char == "”")
    if count and re.search(r"\^\s*\{?\s*\Z", formula.before(at)):
        return "\\prime " * count
    return "'" * count or _REPLACEMENTS[char]


def _typography(formula: _Formula) -> Iterator[Finding]:
    """Each run of one typographic character."""
    end = -1
    for at in formula.places(_is_typographic):
        if at < end:
            continue
        char, end = formula.tex[at], at + 1
        while formula.tex[end : end + 1] == char:
            end += 1
        new = _replacement(formula, at).strip()
        how = f"it is typeset as {new}" if new else "it is typeset as a blank"
        how = "it is left out" if char in _INVISIBLE else how
        yield Finding(codes.MATH_TYPOGRAPHY, at, end, f"{_described(char)} in a formula", how)


def _described(char: str) -> str:
    """`en dash (U+2013)`."""
    return f"{unicodedata.name(char, 'control character').lower()} (U+{ord(char):04X})"


def _primes(formula: _Formula) -> Iterator[Finding]:
    for at in formula.places(lambda char: char in _PRIMES):
        char = formula.tex[at]
        base = formula.tex[at - 1 : at] if at else ""
        base = base if base.isalpha() and base.isascii() else ""
        new = base + _replacement(formula, at).strip()
        yield Finding(
            codes.MATH_PRIME, at, at + 1, f"{_described(char)} in a formula", f"write {new}"
        )


def _entities(formula: _Formula) -> Iterator[Finding]:
    if "&" not in formula.tex:
        return
    literal = {
        token.start
        for token, zone in zip(formula.tokens, formula.zones, strict=True)
        if token.text == "&" and zone is not Zone.NAME
    }
    for match in _ENTITY.finditer(formula.tex):
        entity = match[0]
        if match.start() not in literal or ("#" not in entity and entity[1:] not in html5):
            continue
        char = html.unescape(entity)
        help = "write a blank or ~" if char.isspace() else f"write {char}"
        yield Finding(
            codes.MATH_ENTITY, *match.span(), f"{entity} is an HTML entity, in TeX it is none", help
        )


def _words(formula: _Formula) -> list[tuple[int, int]]:
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


def _bare_commands(formula: _Formula, own: Collection[str]) -> Iterator[Finding]:
    for start, end in formula.words:
        name = formula.tex[start:end]
        if _is_bare_command(formula.tex, start, end, own):
            message = f"{name} is typeset as letters: the backslash is missing"
            yield Finding(codes.MATH_BARE_COMMAND, start, end, message, f"write \\{name}")


def _is_bare_command(tex: str, start: int, end: int, own: Collection[str]) -> bool:
    name, following = tex[start:end], tex[end : end + 1]
    if name in ALWAYS_COMMANDS:
        return True
    if name in SWITCHES:
        opened = start > 0 and tex[start - 1] == "{"
        return (_IN_GROUP if opened else _LETTER).match(tex, end) is not None
    if following == "{":
        is_own = len(name) > 2 and name in own
        return is_own or name in WITH_GROUP or name in WITH_SCRIPT
    return following in ("_", "^") and name in WITH_SCRIPT


def _prose(formula: _Formula) -> Iterator[Finding]:
    """The first place that reads like prose: a run of words, or a number with a word of money."""
    amount = _AMOUNT.match(formula.tex)
    if amount and amount[1].casefold() in CURRENCY_WORDS:
        yield _prose_at(amount.start(1), amount.end(1))
        return
    run: list[tuple[int, int]] = []
    for start, end in formula.words:
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
