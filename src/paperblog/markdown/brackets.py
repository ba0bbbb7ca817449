r"""Brackets of a text that are escaped, as Markdown allows and converters do: `\[1\]`, `run\(0\)`.

They open no formula, though TeX's delimiters look alike. What holds any sign of TeX is one.
"""

import re

from paperblog.tex.lint_words import FUNCTION_WORDS

_SIGN = re.compile(r"\\[A-Za-z]|[\^_={}<>+|]")
_LINK = re.compile(r"\[[^\[\]\n]*\]\((?:https?:|mailto:|\.{0,2}/|#|[\w-]+\.(?:md|html)\b)")
_WORDS = re.compile(r"[^\W\d_]*[a-z][a-z][^\W\d_]*")
_LONG_WORD = re.compile(r"[^\W\d_]{3,}|\d")
_KEYWORD = re.compile(r"[a-z]{4,}")
_PLAIN = re.compile(r"(?:[\w\s,.;:#/'\"*–&~?!-]|\\[*#.!()-])*")
_INTERVAL = re.compile(r"[^\n\[\]()]{0,60}(?:\([^\n()]{0,60}\)[^\n\[\]()]{0,60})?\)")
_BEGIN = re.compile(r"[\s>*+-]*(?:\d+[.)]\s*)?+")
"""What stands before the text of a line in quotes and lists."""
_LONGEST = 200
"""Characters of a remark in brackets, and how far is looked around it."""
_BEFORE, _AFTER = re.compile(r"[A-Za-z_]"), re.compile(r"[A-Za-z]")


def is_escaped_bracket(text: str, at: int, close: int) -> bool:
    """Whether `\\[` or `\\(` at `at`, closed at `close`, are brackets of a text around words."""
    if close - at > _LONGEST:
        return False
    if _LINK.search(text, at + 2, close):
        return True
    inner = text[at + 2 : close]
    if _SIGN.search(inner) or not _PLAIN.fullmatch(inner):
        return False
    touches = at > 0 and _BEFORE.match(text, at - 1) is not None
    if text[at + 1] == "(":
        words = _WORDS.findall(inner)
        said = FUNCTION_WORDS.intersection(word.casefold() for word in words)
        is_call = touches and _LONG_WORD.search(inner) is not None
        return is_call or len(words) > 2 or (len(words) == 2 and bool(said))
    if _begins_line(text, at) and _ends_line(text, close + 2):
        return _KEYWORD.fullmatch(inner) is not None
    return touches or bool(_AFTER.match(text, close + 2) or _LONG_WORD.search(inner))


def is_interval(text: str, at: int, end: int) -> bool:
    """Whether `\\[` that nothing closes begins an interval in a text: `\\[0, 1)`."""
    interval = _INTERVAL.match(text, at + 2, end)
    return interval is not None and not _SIGN.search(interval[0])


def _begins_line(text: str, at: int) -> bool:
    """Whether nothing but the marks of quotes and lists stands before it on its line."""
    first = max(at - _LONGEST, text.rfind("\n", max(at - _LONGEST, 0), at) + 1)
    return _BEGIN.fullmatch(text, first, at) is not None


def _ends_line(text: str, at: int) -> bool:
    return not text[at : at + _LONGEST].partition("\n")[0].strip()
