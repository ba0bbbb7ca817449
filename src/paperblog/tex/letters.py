"""The letters of MathML's `mathvariant` as characters of their own.

Of the values of the attribute, MathML Core keeps `normal` alone, and so does Chromium; a script L
then is ℒ (https://www.w3.org/TR/mathml-core/#italic-mappings, Unicode's block Mathematical
Alphanumeric Symbols).
"""

import re

_VARIANT = re.compile(r'<(m[ino]) mathvariant="([a-z-]+)">([^<&]+)</\1>')
# Where A, a, 0, Α and α of a variant stand; 0 where Unicode has none.
_FIRST = {
    "bold": (0x1D400, 0x1D41A, 0x1D7CE, 0x1D6A8, 0x1D6C2),
    "bold-italic": (0x1D468, 0x1D482, 0, 0x1D71C, 0x1D736),
    "script": (0x1D49C, 0x1D4B6, 0, 0, 0),
    "bold-script": (0x1D4D0, 0x1D4EA, 0, 0, 0),
    "fraktur": (0x1D504, 0x1D51E, 0, 0, 0),
    "bold-fraktur": (0x1D56C, 0x1D586, 0, 0, 0),
    "double-struck": (0x1D538, 0x1D552, 0x1D7D8, 0, 0),
    "sans-serif": (0x1D5A0, 0x1D5BA, 0x1D7E2, 0, 0),
    "bold-sans-serif": (0x1D5D4, 0x1D5EE, 0x1D7EC, 0x1D756, 0x1D770),
    "sans-serif-italic": (0x1D608, 0x1D622, 0, 0, 0),
    "monospace": (0x1D670, 0x1D68A, 0x1D7F6, 0, 0),
}
_STARTS = (("A", "Z"), ("a", "z"), ("0", "9"), ("Α", "Ω"), ("α", "ω"))
# Letters that Unicode had before the block.
_OLDER = {
    "script": dict(zip("BEFHILMRego", "ℬℰℱℋℐℒℳℛℯℊℴ", strict=True)),
    "fraktur": dict(zip("CHIRZ", "ℭℌℑℜℨ", strict=True)),
    "double-struck": dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True)),
}


def with_letters(mathml: str) -> str:
    """The MathML with characters in place of the attribute, as far as Unicode has them."""
    return _VARIANT.sub(_written, mathml) if "mathvariant" in mathml else mathml


def _written(match: re.Match[str]) -> str:
    tag, variant, text = match.groups()
    letters = [_letter(variant, char) for char in text]
    if not all(letters):
        return match[0]
    # One letter alone would be made italic.
    normal = ' mathvariant="normal"' if tag == "mi" and len(letters) == 1 else ""
    return f"<{tag}{normal}>{''.join(letters)}</{tag}>"


def _letter(variant: str, char: str) -> str:
    if older := _OLDER.get(variant, {}).get(char):
        return older
    for (first, last), start in zip(_STARTS, _FIRST.get(variant, ()), strict=False):
        if start and first <= char <= last:
            return chr(start + ord(char) - ord(first))
    return ""
