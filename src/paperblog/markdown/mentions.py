"""Mentions: each link to another note with the sentence that it stands in.

The notes that are linked to show these sentences. Sentences are cut in the text alone: formulas
and code stay whole. A row of a table and a heading count as one sentence.
"""

import re
from collections.abc import Iterator, Sequence
from html import escape

from markdown_it.token import Token
from msgspec import Struct

from paperblog.markdown.plain import plain
from paperblog.markdown.slots import slot
from paperblog.model.note import Mention, Reference, ReferenceKind

_LONGEST = 280
_WHOLE = "\ufffc"
"""Stands in the text of a sentence for what is never cut."""
_FORMULA = re.compile("\0f[^\0]*\0")
_STOP = re.compile(r"([.!?…]+)[\"'”’»)\]]*\s+|[。！？]+[」』”’）]*")
_OPENING = "\"'“‘«([„¿¡"
_LAST_WORD = re.compile(r"[^\W\d_](?:[\w.]*[^\W\d_])?\Z")
_ABBREVIATION = re.compile(
    r"al|app|approx|cf|chs?|def|dr|eds?|eqs?|e\.g|etc?|figs?|i\.e|lem|nos?|pp?|prof|prop|refs?|resp"
    r"|secs?|st|tab|thm|viz|vol|vs|w\.r\.t|abb|bzw|ca|d\.h|ggf|kap|sog|u\.a|usw|vgl|z\.b|p\.ex",
    re.IGNORECASE,
)
_INITIAL = re.compile(r"[^\W\d_]\.")


class _Piece(Struct, frozen=True):
    """A part of a text: what is searched for sentences, and its HTML if it is never cut."""

    text: str
    html: str = ""


class _Link(Struct, frozen=True):
    """Where in the text a link stands, and the index of its reference."""

    start: int
    end: int
    reference: int


def mentions_in(tokens: Sequence[Token], references: Sequence[Reference]) -> tuple[Mention, ...]:
    """The mentions of other notes in a text; links that stand alone say nothing and are left out.

    The sentences are HTML with slots, the link in `mark`, all other links as text.
    """
    found = []
    for children, is_whole in _units(tokens):
        if not any(child.type in ("link_open", "equation_reference") for child in children):
            continue
        pieces, links = _read(children)
        text = "".join(piece.text for piece in pieces)
        stops = [0, len(text)] if is_whole else [0, *_stops(text), len(text)]
        for link in links:
            if not _may_name_a_note(references[link.reference]):
                continue
            start = max(stop for stop in stops if stop <= link.start)
            end = min(stop for stop in stops if stop >= link.end)
            around = text[start : link.start] + text[link.end : end]
            if any(char.isalnum() or char == _WHOLE for char in around):
                found.append(Mention(link.reference, _markup(pieces, text, link, start, end)))
    return tuple(found)


def _units(tokens: Sequence[Token]) -> Iterator[tuple[Sequence[Token], bool]]:
    """The inline tokens that belong together, and whether they are one sentence."""
    row: list[Token] | None = None
    previous = ""
    for token in tokens:
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            yield row or (), True
            row = None
        elif token.type == "inline" and token.children:
            if row is None:
                yield token.children, previous == "heading_open"
            else:
                row += [*([Token("text", "", 0, content=" · ")] if row else ()), *token.children]
        previous = token.type


def _may_name_a_note(reference: Reference) -> bool:
    if reference.kind is ReferenceKind.FILE:
        name = reference.target.rpartition("/")[2]
        return "." not in name or name.endswith((".md", ".markdown"))
    return reference.kind is not ReferenceKind.FRAGMENT


def _read(children: Sequence[Token]) -> tuple[list[_Piece], list[_Link]]:
    """The pieces of a text and its links into the site."""
    pieces: list[_Piece] = []
    links: list[_Link] = []
    length = 0
    opened: tuple[int, int] | None = None

    def add(piece: _Piece) -> None:
        nonlocal length
        pieces.append(piece)
        length += len(piece.text)

    for child in children:
        reference = child.meta.get("reference")
        if child.type == "text":
            add(_Piece(re.sub(r"\s", " ", child.content)))
        elif child.type in ("softbreak", "hardbreak"):
            add(_Piece(" "))
        elif child.type == "code_inline":
            add(_Piece(_WHOLE, f"<code>{escape(child.content)}</code>"))
        elif child.type == "math":
            add(_Piece(_WHOLE, _formula(child)))
        elif child.type == "wiki_text":
            add(_Piece(_WHOLE, slot("t", reference)))
        elif child.type == "equation_reference":
            title = slot("t", reference)
            add(_Piece(_WHOLE, f"({title})" if child.meta["parentheses"] else title))
            links.append(_Link(length - 1, length, int(child.meta["reference"])))
        elif child.type == "link_open" and reference is not None:
            opened = length, reference
            if child.meta.get("empty"):
                add(_Piece(_WHOLE, slot("t", reference)))
        elif child.type == "link_close" and opened is not None:
            links.append(_Link(opened[0], length, opened[1]))
            opened = None
    return pieces, links


def _formula(token: Token) -> str:
    """A formula in the sentence; one in display style would break it, and is told in words."""
    formula = _FORMULA.search(token.meta["markup"])
    if formula is None:
        return ""
    return escape(plain([token])) if "equation" in token.meta["markup"] else formula[0]


def _stops(text: str) -> Iterator[int]:
    """Where sentences end and the next begin."""
    for match in _STOP.finditer(text):
        if match[1] is None or _ends_sentence(text, match):
            yield match.end()


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    """Whether the next word begins like a sentence, and the last one is no abbreviation."""
    following = text[match.end() :].lstrip(_OPENING)[:1]
    begins = following == _WHOLE or following.isdigit() or following.lower() == following.upper()
    if not (begins or following.isupper()):
        return False
    word = _LAST_WORD.search(text, 0, match.start())
    if match[1] != "." or word is None:
        return True
    if len(word[0]) == 1:
        return word[0].islower() and not _INITIAL.match(text, match.end())
    return not _ABBREVIATION.fullmatch(word[0])


def _markup(pieces: Sequence[_Piece], text: str, link: _Link, start: int, end: int) -> str:
    """The HTML of a part of the text; a long sentence is cut between words around the link."""
    end -= len(text[start:end]) - len(text[start:end].rstrip())
    before = after = ""
    if end - start > _LONGEST:
        room = max(_LONGEST - (link.end - link.start), 0) // 2
        if link.start - start > room:
            start = text.find(" ", link.start - room, link.start) + 1 or link.start
            before = "… "
        if end - link.end > room:
            cut = text.rfind(" ", link.end, link.end + room)
            end = cut if cut != -1 else link.end
            after = " …"
    parts = [before]
    at = 0
    for piece in pieces:
        for low, high, mark in (
            (start, link.start, ""),
            (link.start, link.end, "mark"),
            (link.end, end, ""),
        ):
            first, last = max(at, low), min(at + len(piece.text), high)
            if first < last:
                html = piece.html or escape(text[first:last])
                parts.append(f"<mark>{html}</mark>" if mark else html)
        at += len(piece.text)
    return ("".join(parts) + after).replace("</mark><mark>", "").strip()
