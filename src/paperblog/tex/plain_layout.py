"""A formula's parts set side by side in one line: where blanks, braces and parentheses stand.

Blanks follow TeX's classes (The TeXbook, chapter 18): around relations always, around binary
operators and behind commas where the author left one. `tight` is TeX's script style: none of these.
"""

import unicodedata
from collections.abc import Sequence
from enum import Enum, auto

from msgspec import Struct
from msgspec.structs import replace

from paperblog.tex.plain_symbols import RAISED, SUBSCRIPTS, SUPERSCRIPTS


class Kind(Enum):
    """What a part is; it decides what may touch it."""

    ORDINARY = auto()
    NAME = auto()
    """An operator that is a word: `log`."""
    BIG = auto()
    """An operator that is a sign: `Σ`."""
    BINARY = auto()
    PREFIX = auto()
    """A binary operator with nothing on its left: the sign of a number."""
    RELATION = auto()
    PUNCTUATION = auto()
    OPEN = auto()
    CLOSE = auto()
    FENCE = auto()
    """`|`, of which nobody knows whether it opens or closes."""
    SLASH = auto()
    FRACTION = auto()
    ROOT = auto()
    BLANK = auto()
    BREAK = auto()
    """The end of a row."""


class Part(Struct, frozen=True):
    """A piece of the line.

    `blank` tells that the author left one before it, `tail` that it ends in a script which a
    letter behind it would seem to belong to.
    """

    text: str
    kind: Kind = Kind.ORDINARY
    blank: bool = False
    tail: bool = False


Parts = list[Part]

_WORDS = (Kind.NAME, Kind.BIG)
_LOOSE = (Kind.FRACTION, Kind.ROOT)
_IN_LINE = (Kind.BIG, Kind.RELATION)
_WORDLIKE = (*_WORDS, Kind.BLANK)
_ENDS = (Kind.ORDINARY, Kind.CLOSE, Kind.FRACTION, Kind.ROOT)
_BEGINS = (Kind.ORDINARY, Kind.NAME, Kind.BIG, Kind.FRACTION, Kind.ROOT)
_NO_OPERAND = (Kind.OPEN, Kind.BINARY, Kind.RELATION, Kind.PUNCTUATION, Kind.BREAK, *_WORDS)
_LETTERS = ("Ll", "Lu", "Lo", "Nd", "Mn")

# Of an enumeration each is looked up anew wherever it is named; these are asked for at every part.
_ORDINARY, _BINARY, _BLANK, _BREAK = Kind.ORDINARY, Kind.BINARY, Kind.BLANK, Kind.BREAK
_NOTHING = (_BLANK, _BREAK)
_LETTER_BY_LETTER = (_ORDINARY, _ORDINARY)


def join(parts: Sequence[Part], tight: bool = False) -> str:
    """The line that parts make."""
    if len(parts) <= 1:
        return "".join([" ".join(p.text.split()) for p in parts if p.kind not in _NOTHING])
    pieces: list[str] = []
    left: Part | None = None
    for right in _settled(parts):
        if left is not None and _gap(left, right, tight):
            pieces.append(" ")
        pieces.append(right.text)
        left = right
    return " ".join("".join(pieces).split())


def _settled(parts: Sequence[Part]) -> Parts:
    """The parts with signs told from operators, and without needless blanks and ends of rows."""
    settled: Parts = []
    for part in parts:
        kind = part.kind
        if kind is _ORDINARY:
            settled.append(part)
            continue
        last = settled[-1] if settled else None
        if kind is _BINARY:
            operand = next((p for p in reversed(settled) if p.kind is not _BLANK), None)
            if operand is None or operand.kind in _NO_OPERAND:
                part = replace(part, kind=Kind.PREFIX)
            elif last is not None and last.kind is _BLANK:
                settled.pop()
                part = replace(part, blank=True)
        elif kind is _BLANK and (last is None or last.kind is _BLANK):
            continue
        elif kind is _BREAK and last is not None and last.text[-1:] in (",", ";", ""):
            part = Part("", _BLANK)
        elif kind is _BREAK and last is None:
            continue
        settled.append(part)
    while settled and settled[-1].kind in _NOTHING:
        settled.pop()
    return settled


def _gap(left: Part, right: Part, tight: bool) -> bool:
    """Whether a blank stands between two parts."""
    kinds = left.kind, right.kind
    if kinds == _LETTER_BY_LETTER:
        return left.tail and right.text[:1].isalnum()
    if Kind.BLANK in kinds or left.kind is Kind.BREAK:
        return True
    if Kind.RELATION in kinds:
        return not tight and kinds != (Kind.RELATION, Kind.RELATION)
    if left.kind is Kind.PUNCTUATION:
        return not tight and right.blank
    if Kind.BINARY in kinds:
        return not tight and (left if left.kind is Kind.BINARY else right).blank
    if left.tail and right.text[:1].isalnum():
        return True
    if left.kind is Kind.BIG and right.kind in (Kind.OPEN, Kind.FENCE, Kind.BIG):
        return left.tail
    if left.kind is Kind.NAME and right.kind is Kind.OPEN:
        return left.text.endswith("}")
    if left.kind in _WORDS:
        return right.kind in _BEGINS
    if left.kind in _LOOSE:
        return right.kind in _BEGINS or right.kind is Kind.OPEN
    return left.kind in _ENDS and right.kind in (*_WORDS, Kind.FRACTION)


def word(parts: Parts) -> Parts:
    """Letters as one part, so that a script behind them belongs to them all."""
    if len(parts) > 1 and all(part.kind is Kind.ORDINARY for part in parts):
        return [replace(parts[0], text=join(parts), tail=parts[-1].tail)]
    return parts


def with_scripts(base: Parts, below: Parts, above: Parts, primes: int) -> Parts:
    """The base with a subscript, a superscript and primes."""
    base = _one_base(base)
    in_line = base[-1].kind in _IN_LINE
    sub = join(below, tight=True)
    sup = join(above, tight=True)
    text, tail = "", False
    if primes:
        text = "′″‴"[primes - 1] if primes <= 3 else "′" * primes
    if sub:
        low = None if in_line else _translated(sub, SUBSCRIPTS)
        text, tail = text + (low or f"_{_braced(sub)}"), low is None
    if sup:
        high = None if in_line else _raised(sup)
        text, tail = text + (high or f"^{_braced(sup)}"), high in (None, "*", "†", "‡")
    return [*base[:-1], replace(base[-1], text=base[-1].text + text, tail=tail)]


def _one_base(base: Parts) -> Parts:
    """The base such that a script at its end belongs to all of it."""
    if not base:
        return [Part("")]
    if len(base) > 1 and all(part.kind in _WORDLIKE for part in base):
        return [replace(base[0], text=join(base), kind=Kind.NAME)]
    if (len(base) > 1 and not is_fenced(base)) or base[0].kind in _LOOSE:
        return [Part(f"({join(base, tight=True)})", blank=base[0].blank)]
    return base


def _translated(text: str, table: dict[str, str]) -> str | None:
    found = [table.get(char) for char in text]
    return None if None in found else "".join(filter(None, found))


def _raised(sup: str) -> str | None:
    """A superscript in raised characters: signs, digits and at most one letter."""
    if sup in RAISED:
        return RAISED[sup]
    return _translated(sup, SUPERSCRIPTS) if sum(map(str.isalpha, sup)) <= 1 else None


def _braced(script: str) -> str:
    """A script, in braces where it is more than a sign or a word."""
    if len(script) == 1 or all(unicodedata.category(char) in _LETTERS for char in script):
        return script
    return f"{{{script}}}"


def fraction(above: Parts, below: Parts) -> Part:
    """A fraction with a slash, in parentheses what would be misread."""
    over, under = join(above, tight=True), join(below, tight=True)
    over = over if _is_product(above) else f"({over})"
    under = under if _is_factor(below) else f"({under})"
    return Part(f"{over}/{under}", Kind.FRACTION)


def binomial(name: str, above: Parts, below: Parts) -> Part:
    """What two parts over each other are without a bar: `(n choose k)`."""
    between = " choose " if name == "choose" else "; "
    return Part(f"({join(above, tight=True)}{between}{join(below, tight=True)})")


def root(radicand: Parts, index: Parts) -> Part:
    """A root; its index is written before the sign."""
    degree = join(index, tight=True)
    sign = {"": "√", "2": "√", "3": "∛", "4": "∜"}.get(degree)
    if sign is None:
        sign = f"{_translated(degree, SUPERSCRIPTS) or degree}√"
    text = join(radicand, tight=True)
    raised = any(char == "^" or char in SUPERSCRIPTS.values() for char in text)
    bare = (not raised and (_is_number(radicand) or _is_one(radicand))) or is_fenced(radicand)
    return Part(sign + (text if bare else f"({text})"), Kind.ROOT)


def is_fenced(parts: Sequence[Part]) -> bool:
    """Whether one pair of parentheses holds all parts."""
    if len(parts) < 2 or parts[0].kind is not Kind.OPEN or parts[-1].kind is not Kind.CLOSE:
        return False
    return all(depth > 0 for depth in _depths(parts)[:-1])


def _depths(parts: Sequence[Part]) -> list[int]:
    """How many parentheses are open behind each part."""
    depths, depth = [], 0
    for part in parts:
        depth += (part.kind is Kind.OPEN) - (part.kind is Kind.CLOSE)
        depths.append(depth)
    return depths


def _is_number(parts: Sequence[Part]) -> bool:
    """Whether it is digits; behind the last one a script may stand."""
    if not parts or any(part.kind is not Kind.ORDINARY for part in parts):
        return False
    digits = "".join(part.text for part in parts[:-1]) + parts[-1].text[:1]
    return all(char.isdecimal() or char == "." for char in digits)


def _is_one(parts: Sequence[Part]) -> bool:
    """Whether it is a single sign or word."""
    kinds = (Kind.ORDINARY, *_WORDS)
    return len(parts) == 1 and parts[0].kind in kinds and " " not in parts[0].text


def _is_factor(parts: Sequence[Part]) -> bool:
    """Whether it may stand below a slash: `7`, `x_t`, `√x`, `(a+b)`, `|x|`, `f(x)`, `dx`."""
    if _is_number(parts) or _is_one(parts) or is_fenced(parts):
        return True
    fences = [index for index, part in enumerate(parts) if part.kind is Kind.FENCE]
    if fences == [0, len(parts) - 1] or [part.kind for part in parts] == [Kind.ROOT]:
        return True
    if len(parts) == 2 and parts[0].text in ("d", "∂"):
        return _is_one(parts[1:])
    return _is_one(parts[:1]) and is_fenced(parts[1:])


def _is_product(parts: Sequence[Part]) -> bool:
    """Whether it may stand above a slash: signs side by side, outside parentheses at least."""
    settled = _settled(parts)
    kinds = (Kind.ORDINARY, Kind.PREFIX, Kind.OPEN, Kind.CLOSE, Kind.FENCE)
    outside = zip(settled, [0, *_depths(settled)], strict=False)
    return _is_factor(parts) or all(
        part.kind in kinds and " " not in part.text for part, depth in outside if depth <= 0
    )
