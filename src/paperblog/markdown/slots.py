"""Slots in a body's HTML (see `Body`) and the escapes that HTML needs."""

from html import escape

_MARK = "\0"


def slot(letter: str, value: object) -> str:
    """A slot of a kind with its value."""
    return f"{_MARK}{letter}{value}{_MARK}"


def attribute(text: str) -> str:
    """A text as the value of a double-quoted attribute."""
    return escape(text, quote=True).replace("&#x27;", "'")
