"""Dollar signs of a text between which no formula stands: prices, variables of a shell."""

import re

_SHELL = re.compile(
    r"(?:[A-Za-z_]\w+|\{[A-Za-z_]\w*\}|\([a-z]+\s[^()$\\]*\))"
    r"(?:(?:/[\w.-]+)*(?:[:=/.(\[]|->)|[^\\^$]*\"[^\\^$]*)"
)
"""What stands from one variable to the next: `PATH:`, `{HOME}/bin:`, `(id -u):`, `a" and "`."""
_NEXT = re.compile(r"[A-Za-z_{(]")
_COLUMN = re.compile(r"[A-Za-z.]\w+")
_TABLE = re.compile(r"[A-Za-z_)\]]")
_AMOUNT = re.compile(r"\d[\d.,]*[^\\{}^_=]*\b(?:US|CA|AU|NZ|HK|SG)")
"""An amount, and the country of the next one: `$6, US$ 10`."""
_LONGEST = 200


def are_of_text(text: str, at: int, close: int) -> bool:
    """Whether the `$` at `at` and at `close` are no delimiters: `$PATH:$HOME`, `a$names$first`."""
    if close - at > _LONGEST:
        return False
    if text[at + 1].isdigit() and _AMOUNT.fullmatch(text, at + 1, close):
        return True
    if not _NEXT.match(text, close + 1):
        return False
    if _SHELL.fullmatch(text, at + 1, close):
        return True
    is_table = at > 0 and _TABLE.match(text, at - 1) is not None
    return is_table and _COLUMN.fullmatch(text, at + 1, close) is not None
