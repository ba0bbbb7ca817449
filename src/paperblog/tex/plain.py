"""A formula as one line of Unicode text: for titles, slugs, search, cards and descriptions."""

import re
import unicodedata
from collections.abc import Mapping

from msgspec.structs import replace

from paperblog.tex import plain_symbols as symbols
from paperblog.tex.compatibility import character
from paperblog.tex.plain_layout import (
    Kind,
    Part,
    Parts,
    binomial,
    fraction,
    join,
    root,
    with_scripts,
    word,
)
from paperblog.tex.plain_macros import expand
from paperblog.tex.plain_reader import (
    BRACES,
    COMMANDS,
    Handler,
    Range,
    Reader,
    ends_of,
    sign,
)
from paperblog.tex.plain_tables import begin, braced_table, end
from paperblog.tex.tokens import TexToken, TokenKind, skip_blanks

_MARKED = re.compile("[^\u0300-\u036f\u20d0-\u20ff][\u0300-\u036f\u20d0-\u20ff]*")
"""A letter with the accents that it has."""
_LONGEST_ACCENTED = 20
_NO_MACROS: Mapping[str, str] = {}
_CLASSES = {
    "mathop": Kind.NAME,
    "mathbin": Kind.BINARY,
    "mathrel": Kind.RELATION,
    "mathopen": Kind.OPEN,
    "mathclose": Kind.CLOSE,
    "mathpunct": Kind.PUNCTUATION,
}


def plain_text(tex: str, macros: Mapping[str, str] = _NO_MACROS) -> str:
    """A formula as one line of Unicode text: `\\frac{a+b}{c}` → `(a+b)/c`.

    `macros` maps names to bodies with `#1` … `#9`. Any text gives a line, in bounded time; of
    what is not known the name is shown.
    """
    tokens = expand(tex, macros)
    return join(Reader(tokens, ends_of(tokens), _HANDLERS, 0, len(tokens)).read())


def _nothing(reader: Reader, name: str) -> Parts:
    return []


def _left(reader: Reader, name: str) -> Parts:
    return reader.delimited()


def _right(reader: Reader, name: str) -> Parts:
    return reader.delimiter(Kind.CLOSE)


def _length(reader: Reader, name: str) -> Parts:
    """A command with `3pt`, `{1em}` or `-2mu` behind it."""
    tokens, last = reader.tokens, reader.last
    at = skip_blanks(tokens, reader.at)
    if at < last and tokens[at].kind is TokenKind.OPEN:
        reader.argument()
    else:
        while at < last and tokens[at].text in "+-.0123456789 ":
            at += 1
        unit = "".join(token.text for token in tokens[at : at + 2])
        reader.at = min(at + 2 * unit.isalpha(), last)
    return [COMMANDS[name]] if name in COMMANDS else []


def _dropped(reader: Reader, name: str) -> Parts:
    reader.option()
    for _ in range(symbols.DROPPED_WITH[name]):
        reader.argument()
    return []


def _passing(reader: Reader, name: str) -> Parts:
    reader.option()
    for _ in range(symbols.PASSING[name] - 1):
        reader.argument()
    parts = reader.operand()
    if name not in _CLASSES:
        return parts
    return [Part(join(parts, tight=True), _CLASSES[name])]


def _font(reader: Reader, name: str) -> Parts:
    return word(reader.operand())


def _alphabet(reader: Reader, name: str) -> Parts:
    return word([_lettered(part, name) for part in reader.operand()])


def _switch(reader: Reader, name: str) -> Parts:
    """`\\bf` and its kin, which hold to the end of the group."""
    rest = reader.inside((reader.at, reader.last))
    reader.at = reader.last
    return word([_lettered(part, name) for part in rest])


def _lettered(part: Part, name: str) -> Part:
    """A part in the letters of an alphabet, where it is one that plain text can tell."""
    if name not in symbols.ALPHABETS or part.kind is not Kind.ORDINARY:
        return part
    upper, lower, digits, others = symbols.ALPHABETS[name]
    apart = dict(zip(others[::2], others[1::2], strict=True))

    def letter(char: str) -> str:
        if char in apart or not char.isascii():
            return apart.get(char, char)
        if char.isupper():
            return chr(upper + ord(char) - ord("A"))
        if char.islower():
            return chr(lower + ord(char) - ord("a"))
        return chr(digits + int(char)) if char.isdecimal() and digits else char

    return replace(part, text="".join(map(letter, part.text)))


def _text(reader: Reader, name: str) -> Parts:
    """Text as it stands, with the blanks at its ends."""
    reader.option()
    text = _verbatim(reader, reader.argument())
    blank = [Part("", Kind.BLANK)]
    middle = [Part(" ".join(text.split()))] if text.strip() else []
    return [*blank * text[:1].isspace(), *middle, *blank * text[-1:].isspace()]


def _operator(reader: Reader, name: str) -> Parts:
    text = " ".join(_verbatim(reader, reader.argument()).split())
    return [Part(text, Kind.NAME)] if text else []


def _verbatim(reader: Reader, place: Range) -> str:
    """Text as it stands; formulas in it are read as such."""
    pieces: list[str] = []
    mark = ""
    at, last = place
    while at < last:
        token = reader.tokens[at]
        at += 1
        if token.text == "$":
            end = next((i for i in range(at, last) if reader.tokens[i].text == "$"), last)
            pieces.append(join(reader.inside((at, end))))
            at = end + 1
        elif token.kind is TokenKind.COMMAND and token.text[1:] in symbols.TEXT_ACCENTS:
            mark = chr(int(symbols.TEXT_ACCENTS[token.text[1:]], 16))
        elif token.kind is TokenKind.COMMAND:
            pieces.append(_in_text(token))
        elif token.kind not in (*BRACES, TokenKind.COMMENT):
            pieces.append(" " if token.text == "~" else token.text + mark)
            mark = ""
    return unicodedata.normalize("NFC", "".join(pieces))


def _in_text(token: TexToken) -> str:
    """A command within text: a blank, a sign, or nothing where it only says how it looks."""
    name = token.text[1:]
    if name in symbols.BLANKS:
        return " "
    return "" if name in _HANDLERS else sign(token).text


def _accent(reader: Reader, name: str) -> Parts:
    """The accent on each letter; what holds more than letters gets the accent's name instead."""
    parts = reader.operand()
    text = join(parts, tight=True)
    if (len(parts) > 1 and not text.isalnum()) or len(text) > _LONGEST_ACCENTED:
        return [Part(f"{name}({text})")]
    mark = chr(int(symbols.ACCENTS[name], 16))
    marked = _MARKED.sub(rf"\g<0>{mark}", text.replace("ı", "i").replace("ȷ", "j"))
    return [Part(unicodedata.normalize("NFC", marked))]


def _not(reader: Reader, name: str) -> Parts:
    text = unicodedata.normalize("NFC", join(reader.operand()) + "\u0338")
    return [Part(text, Kind.RELATION)]


def _fraction(reader: Reader, name: str) -> Parts:
    return [fraction(reader.operand(), reader.operand())]


def _general_fraction(reader: Reader, name: str) -> Parts:
    for _ in range(4):
        reader.argument()
    return _fraction(reader, name)


def _binomial(reader: Reader, name: str) -> Parts:
    return [binomial("choose", reader.operand(), reader.operand())]


def _root(reader: Reader, name: str) -> Parts:
    option = reader.option()
    index = reader.inside(option) if option else []
    return [root(reader.operand(), index)]


def _plain_root(reader: Reader, name: str) -> Parts:
    """`\\root 3 \\of x`."""
    index = reader.operand()
    at = skip_blanks(reader.tokens, reader.at)
    if at < reader.last and reader.tokens[at].text == "\\of":
        reader.at = at + 1
    return [root(reader.operand(), index)]


def _overset(reader: Reader, name: str) -> Parts:
    above = reader.operand()
    return with_scripts(reader.operand(), [], above, 0)


def _underset(reader: Reader, name: str) -> Parts:
    below = reader.operand()
    return with_scripts(reader.operand(), below, [], 0)


def _long_arrow(reader: Reader, name: str) -> Parts:
    """An arrow that stretches: what stands below it is an option."""
    option = reader.option()
    below = reader.inside(option) if option else []
    return with_scripts([COMMANDS[name]], below, reader.operand(), 0)


def _modulus(reader: Reader, name: str) -> Parts:
    number = join(reader.operand(), tight=True)
    return [Part("", Kind.BLANK), Part(f"(mod {number})" if name == "pmod" else f"({number})")]


def _unicode(reader: Reader, name: str) -> Parts:
    reader.option()
    char = character(_verbatim(reader, reader.argument()))
    return [Part(char)] if char else []


def _stack(reader: Reader, name: str) -> Parts:
    comma = Part(",", Kind.PUNCTUATION)
    return [comma if part.kind is Kind.BREAK else part for part in reader.operand()]


def _bracket(reader: Reader, name: str) -> Parts:
    inside = join(reader.operand(), tight=True)
    return [Part({"bra": f"⟨{inside}|", "ket": f"|{inside}⟩"}.get(name.lower(), f"⟨{inside}⟩"))]


_HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(symbols.DROPPED, _nothing),
    **dict.fromkeys(symbols.LENGTHS, _length),
    **dict.fromkeys(symbols.DROPPED_WITH, _dropped),
    **dict.fromkeys(symbols.PASSING, _passing),
    **dict.fromkeys(symbols.SWITCHES, _switch),
    **dict.fromkeys(symbols.ALPHABETS, _alphabet),
    **dict.fromkeys(("cal", "scr"), _switch),
    **dict.fromkeys(symbols.FONTS, _font),
    **dict.fromkeys(symbols.TEXTS, _text),
    **dict.fromkeys(symbols.ACCENTS, _accent),
    **dict.fromkeys(symbols.FRACTIONS, _fraction),
    **dict.fromkeys(symbols.BINOMIALS, _binomial),
    **dict.fromkeys((*symbols.MATRICES, *symbols.CASES), braced_table),
    **{name: _long_arrow for name in symbols.RELATIONS if name.startswith("x")},
    **dict.fromkeys(("operatorname", "operatorname*", "operatornamewithlimits"), _operator),
    **dict.fromkeys(("overset", "stackrel"), _overset),
    **dict.fromkeys(("bra", "ket", "braket", "Bra", "Ket", "Braket"), _bracket),
    **dict.fromkeys(("pmod", "pod"), _modulus),
    "underset": _underset,
    "left": _left,
    "right": _right,
    "not": _not,
    "genfrac": _general_fraction,
    "sqrt": _root,
    "root": _plain_root,
    "unicode": _unicode,
    "substack": _stack,
    "begin": begin,
    "end": end,
}
