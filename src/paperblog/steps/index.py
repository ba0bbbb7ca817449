"""Index: what the search finds, a record for each published note and page."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape

import msgspec
from msgspec import Struct

from paperblog.model.digest import digest
from paperblog.model.formula import Formula, read_numbers
from paperblog.model.note import Body, Note
from paperblog.model.page import FilePlan, Plan, Record
from paperblog.model.site import Edition, Entry, Site
from paperblog.model.texts import Texts
from paperblog.ports import ForgottenError, SearchEngine, Store
from paperblog.steps.parse import BODY
from paperblog.tex.plain import plain_text
from paperblog.tex.prepare import with_references

# What holds the signs of a formula together is no part of the words that a reader asks for.
_BETWEEN = re.compile(r"[\s‖|⟨⟩⌊⌋⌈⌉(){}\[\],;:.=≠≤≥<>≈≡∼∝→←↦⁄/+−-]+")


def index(
    edition: Edition, plans: Iterable[Plan], store: Store, engine: SearchEngine, program: str
) -> tuple[Sequence[FilePlan], bool]:
    """The files that a browser searches, and whether they had to be made.

    They are made anew only where a record has changed.

    What is searched are the listed notes, and the pages beside them, that have a page planned.
    """
    site = edition.site
    planned = {plan.source for plan in plans}
    entries = [entry for entry in site.notes + site.pages if entry.note.path in planned]
    if not entries:
        return (), False
    names = _names(site)
    facts = [_facts(entry, names, site.texts) for entry in entries]
    language = site.config.language.partition("-")[0]
    encode = msgspec.msgpack.Encoder().encode
    key = digest(program, engine.identity, language, *map(encode, facts))
    files = engine.remembered(key)
    if files is not None:
        return files, False
    return engine.index(key, _records(facts, entries, store), language), True


class _Facts(Struct, frozen=True):
    """All that a record depends on; `body` names the text, whose links say the `titles`."""

    address: str
    title: str
    body: str
    titles: tuple[str, ...]
    date: str
    year: str
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    authors: tuple[str, ...]
    papers: tuple[str, ...]


def _names(site: Site) -> dict[tuple[str, str], str]:
    """The names of the site's terms, by their kind and slug."""
    kinds = {"category": site.categories, "tag": site.tags, "author": site.authors}
    return {(kind, term.slug): term.name for kind, terms in kinds.items() for term in terms}


def _facts(entry: Entry, names: dict[tuple[str, str], str], texts: Texts) -> _Facts:
    note = entry.note

    def named(kind: str, slugs: Iterable[str]) -> tuple[str, ...]:
        return tuple(names[kind, slug] for slug in slugs if (kind, slug) in names)

    return _Facts(
        address=entry.address,
        title=note.title.plain,
        body=note.body,
        titles=entry.titles,
        date=texts.date(note.date) if note.date else "",
        year=f"{note.date:%Y}" if note.date else "",
        categories=named("category", entry.categories),
        tags=named("tag", entry.tags),
        authors=named("author", entry.authors),
        papers=tuple(" ".join((paper.title, *paper.authors)) for paper in note.papers),
    )


def _records(facts: Sequence[_Facts], entries: Sequence[Entry], store: Store) -> Iterator[Record]:
    """One record after the other, so that never more than one text is in memory."""
    for fact, entry in zip(facts, entries, strict=True):
        body = store.get(BODY, fact.body)
        if body is None:
            raise ForgottenError(f"the body {fact.body}")
        yield Record(fact.address, _html(fact, entry.note, body))


def _html(facts: _Facts, note: Note, body: Body) -> str:
    """A record: what is only looked up or shown beside a hit first, then the text.

    A formula stands in the text in plain Unicode, which can be read where a part of the text is
    shown, and beside it as TeX and by its signs, so that both `∇` and `\\nabla` find it.
    """
    plain = {f.key: plain_text(f.tex, dict(f.macros)) for f in note.formulas}
    tex = "\n".join(dict.fromkeys(formula.tex for formula in note.formulas))
    beside = [
        *_marked("filter", "category", facts.categories),
        *_marked("filter", "author", facts.authors),
        *_marked("filter", "year", [facts.year]),
        *_marked("meta", "title", [facts.title]),
        *_marked("meta", "date", [facts.date]),
        *_marked("meta", "category", [", ".join(facts.categories)]),
        *_marked("meta", "author", [", ".join(facts.authors)]),
        *_marked("meta", "tags", [", ".join(facts.tags)]),
        *_marked("meta", "paper", ["; ".join(facts.papers)]),
        *_marked("meta", "tex", [tex]),
        *_marked("meta", "signs", [" ".join(_signs(plain.values()))]),
    ]
    # Pagefind leaves out what has no word in its text, and fails where this leaves nothing.
    lead = "" if note.words else f"<p>{escape(facts.title)} {escape(note.slug)}</p>\n"
    return (
        "<!DOCTYPE html>\n<html><body data-pagefind-body>\n"
        f"<div data-pagefind-ignore>{''.join(beside)}</div>\n"
        f"{lead}{_text(facts, note, plain, body)}\n</body></html>\n"
    )


def _marked(use: str, name: str, values: Iterable[str]) -> Iterator[str]:
    for value in values:
        if value:
            yield f'<p data-pagefind-{use}="{name}">{escape(value)}</p>'


def _signs(formulas: Iterable[str]) -> Sequence[str]:
    """The parts of formulas, and their signs one by one: a search finds the starts of words."""
    found: dict[str, None] = {}
    for formula in formulas:
        found |= dict.fromkeys(part for part in _BETWEEN.split(formula) if part)
        found |= dict.fromkeys(sign for sign in formula if not sign.isascii())
    return tuple(found)


def _text(facts: _Facts, note: Note, plain: Mapping[str, str], body: Body) -> str:
    """A body's HTML with what a search needs in its slots; its links lead nowhere."""
    formulas = {formula.key: formula for formula in note.formulas}
    parts = body.markup.split("\0")
    for number in range(1, len(parts), 2):
        letter, value = parts[number][0], parts[number][1:]
        text = ""
        if letter == "f":
            key, _, numbers = value.partition(" ")
            references = read_numbers(numbers).references if numbers else ()
            if references and key in formulas:
                text = _answered(formulas[key], [facts.titles[index] for index in references])
            else:
                text = plain.get(key, "")
        elif letter == "t":
            text = facts.titles[int(value)]
        elif letter == "h":
            text = f"h{value}"
        elif letter == "i":
            text = value
        parts[number] = escape(text)
    return "".join(parts)


def _answered(formula: Formula, numbers: Sequence[str]) -> str:
    """A formula in plain Unicode, with the numbers of the equations that it refers to."""
    return plain_text(with_references(formula.tex, numbers), dict(formula.macros))
