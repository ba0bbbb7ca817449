"""Formulas by the rules of the delimiters that are hardly meant as such, seen from around them."""

import re

from paperblog.markdown.delimiters import Found

_SHELL = re.compile(
    r"[A-Za-z_]\w*(?:(?:/[\w.-]+)*(?:[:=/.(\[]|->)|[^\\{}^]*\")|[A-Za-z_]\w{2,}(?:/[\w.-]+)*-"
)
_WORD = re.compile(r"\s*[a-z]{4,}\s*")


def doubt(text: str, found: Found) -> str:
    """Why a formula within the line is hardly meant as one; empty where nothing says so."""
    tex, following = text[found.inner : found.inner_end], text[found.end : found.end + 1]
    if found.kind == "$" and (following.isalpha() or following in ("_", "{", "(")):
        return (
            "two variables of a shell or a script make this formula"
            if _SHELL.fullmatch(tex)
            else ""
        )
    if found.kind in ("\\[", "\\(") and _WORD.fullmatch(tex):
        return f"{found.kind} makes a formula of what reads like text in brackets"
    return ""
