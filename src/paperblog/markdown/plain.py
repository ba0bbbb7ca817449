"""Plain text of inline tokens: what a reader hears, each formula once."""

import re
from collections.abc import Sequence

from markdown_it.token import Token

from paperblog.tex.plain import plain_text

_READ = {"text", "code_inline", "wiki_text"}
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def plain(children: Sequence[Token]) -> str:
    """The text of inline tokens, blanks folded."""
    return " ".join("".join(map(_plain, children)).split())


def _plain(token: Token) -> str:
    if token.type in ("text", "code_inline", "wiki_text"):
        return token.content
    if token.type == "math":
        return plain_text(token.content, token.meta.get("macros", {}))
    if token.type == "equation_reference":
        label = token.meta["labels"].get(token.content)
        return f"({label.number if label else token.content})"
    if token.type in ("softbreak", "hardbreak"):
        return " "
    if token.type == "image":
        return plain(token.children or [])
    return ""


def words_of(children: Sequence[Token]) -> int:
    """How many words inline tokens are read as; a formula is one, without a look into it."""
    texts = [
        child.content for child in children if child.type in _READ and "glue" not in child.meta
    ]
    formulas = sum(child.type == "math" for child in children)
    return count_words(" ".join(texts)) + formulas


def count_words(text: str) -> int:
    """Words of a text; in scripts that write none, two signs are taken for a word."""
    if text.isascii():
        return len(text.split())
    ideographs = len(_IDEOGRAPHS.findall(text))
    return len(_IDEOGRAPHS.sub(" ", text).split()) + ideographs // 2
