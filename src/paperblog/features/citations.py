"""How a note and the papers that it is about are cited: BibTeX entries, and a licence's address."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from html import unescape
from urllib.parse import urlencode

from paperblog.features.views import canonical
from paperblog.model.config import Config
from paperblog.model.note import Note
from paperblog.model.paper import Paper
from paperblog.model.part import PaperFacts
from paperblog.model.site import Entry
from paperblog.model.slug import slugify

_CREATIVE_COMMONS = re.compile(
    r"(?:CC|Creative Commons)[ -]BY((?:-(?:NC|ND|SA))*)[ -]([1-4]\.0)", re.I
)
_CC0 = re.compile(r"(?:CC0|CC Zero)(?:[ -]1\.0)?", re.I)
_KINDS = {"arxiv": "ScholarlyArticle", "doi": "ScholarlyArticle", "isbn": "Book"}


def note_citation(config: Config, entry: Entry, authors: Sequence[str]) -> str:
    """A BibTeX entry of a note; the site is the author where nobody is named."""
    note = entry.note
    year = f"{note.date:%Y}" if note.date else ""
    key = re.sub(r"[^a-z0-9-]", "", note.slug.lower()) or "note"
    fields = {
        "author": " and ".join(f"{{{_escaped(author)}}}" for author in authors or [config.title]),
        "title": f"{{{_title(note)}}}",
        "howpublished": _escaped(config.title),
        "year": year,
        "month": f"{note.date:%b}".lower() if note.date else "",
        "url": canonical(config, entry.address),
    }
    return _bibtex("misc", f"{key}-{year}" if year else key, fields)


def paper_citation(paper: Paper) -> str:
    """A BibTeX entry of a paper; empty where only its identifier is known.

    Source of the fields of preprints: https://info.arxiv.org/help/hypertex/bibstyles/
    """
    if not paper.title:
        return ""
    scheme = paper.identifier.scheme if paper.identifier else ""
    value = paper.identifier.value if paper.identifier else ""
    surname = slugify(paper.authors[0].rpartition(" ")[2]) if paper.authors else ""
    word = slugify(paper.title).partition("-")[0]
    key = re.sub(r"[^a-z0-9]", "", f"{surname}{paper.year or ''}{word}") or "paper"
    fields = {
        "author": " and ".join(_escaped(author) for author in paper.authors),
        "title": f"{{{_with_formulas(paper.title)}}}",
        "howpublished": _escaped(paper.venue),
        "year": str(paper.year or ""),
        "eprint": value if scheme == "arxiv" else "",
        "archivePrefix": "arXiv" if scheme == "arxiv" else "",
        "doi": value if scheme == "doi" else "",
        "isbn": value if scheme == "isbn" else "",
        "url": paper.identifier.url if paper.identifier else "",
    }
    return _bibtex("book" if scheme == "isbn" else "misc", key, fields)


def bibliography(papers: Iterable[Paper]) -> tuple[str, ...]:
    """BibTeX entries of those papers of which more than an identifier is known, by unlike keys."""
    entries = []
    seen: Counter[str] = Counter()
    for entry in filter(None, map(paper_citation, papers)):
        kind, _, rest = entry.partition("{")
        key, _, fields = rest.partition(",")
        seen[key] += 1
        unlike = key if seen[key] == 1 else f"{key}-{seen[key]}"
        entries.append(f"{kind}{{{unlike},{fields}")
    return tuple(entries)


def context_object(paper: Paper) -> str:
    """A paper as an OpenURL ContextObject (Z39.88), by which Zotero finds it in a page.

    Empty where only its identifier is known. Source: https://ocoins.info/cobg.html
    """
    if not paper.title:
        return ""
    facts = paper_facts(paper)
    book = facts.scheme == "isbn"
    genre = "book" if book else "article" if facts.venue else "preprint"
    identifier = f"info:doi/{facts.value}" if facts.scheme == "doi" else facts.url
    fields = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", f"info:ofi/fmt:kev:mtx:{'book' if book else 'journal'}"),
        ("rft.genre", genre),
        ("rft.btitle" if book else "rft.atitle", facts.title),
        ("rft.jtitle", "" if book else facts.venue),
        ("rft.date", facts.year),
        ("rft.isbn", facts.value if book else ""),
        *(("rft.au", author) for author in facts.authors),
        ("rft_id", identifier),
    ]
    return urlencode([(name, value) for name, value in fields if value])


def paper_facts(paper: Paper) -> PaperFacts:
    """What machines are told of a paper."""
    identifier = paper.identifier
    scheme = identifier.scheme if identifier else ""
    kind = _KINDS.get(scheme, "ScholarlyArticle" if paper.venue else "CreativeWork")
    return PaperFacts(
        kind=kind,
        title=paper.title,
        authors=paper.authors,
        year=str(paper.year) if paper.year else "",
        venue=paper.venue,
        url=identifier.url if identifier else dict(paper.links).get("paper", ""),
        scheme=scheme,
        value=identifier.value if identifier else "",
    )


def license_url(name: str) -> str:
    """The address of a licence that has a well-known one, or that is given by its address."""
    if re.fullmatch(r"https?://\S+", name):
        return name
    if _CC0.fullmatch(name):
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    if match := _CREATIVE_COMMONS.fullmatch(name):
        return f"https://creativecommons.org/licenses/by{match[1].lower()}/{match[2]}/"
    return ""


def _bibtex(kind: str, key: str, fields: dict[str, str]) -> str:
    """An entry without its empty fields; months are names that BibTeX defines."""
    lines = [
        f"  {name} = {value}," if name == "month" else f"  {name} = {{{value}}},"
        for name, value in fields.items()
        if value
    ]
    return "\n".join([f"@{kind}{{{key},", *lines, "}"])


def _title(note: Note) -> str:
    """A title for BibTeX: formulas as TeX, everything else escaped."""
    parts = note.title.markup.split("\0")
    tex = {formula.key: formula.tex for formula in note.formulas} if len(parts) > 1 else {}
    out = []
    for number, part in enumerate(parts):
        if number % 2:
            out.append(f"${tex.get(part[1:], '')}$")
        else:
            out.append(_escaped(unescape(re.sub(r"<[^>]*>", "", part))))
    return "".join(out)


def _with_formulas(text: str) -> str:
    """A text with `$…$` for BibTeX: formulas as they are, everything else escaped."""
    parts = re.split(r"(\$[^$]+\$)", text)
    return "".join(part if number % 2 else _escaped(part) for number, part in enumerate(parts))


def _escaped(text: str) -> str:
    return re.sub(r"([&%$#_{}])", r"\\\1", text)
