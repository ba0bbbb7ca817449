"""Terms: the categories, tags and authors of notes, under one slug each."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from paperblog.model.config import Author, Config
from paperblog.model.note import Note
from paperblog.model.site import Entry, Term
from paperblog.model.slug import slugify


def terms_of(
    entries: Sequence[Entry],
    kind: str,
    slugs_of: Callable[[Entry], tuple[str, ...]],
    names_of: Callable[[Note], tuple[str, ...]],
) -> tuple[Term, ...]:
    """The terms of a taxonomy by name; spellings with one slug are one term."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    members: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        for name in names_of(entry.note):
            spellings[slugify(name)][name] += 1
        for slug in slugs_of(entry):
            members[slug].append(entry)
    terms = [
        Term(_commonest(spellings[slug]), slug, f"{kind}/{slug}/", tuple(members[slug]))
        for slug in members
    ]
    return _by_name(terms)


def _commonest(spellings: Counter[str]) -> str:
    return min(spellings, key=lambda name: (-spellings[name], name))


def author_terms(entries: Sequence[Entry], config: Config) -> tuple[Term, ...]:
    """The authors of some notes, by name."""
    members: dict[str, list[Entry]] = defaultdict(list)
    authors: dict[str, Author] = {}
    for entry in entries:
        for name in entry.note.authors:
            author = author_of(config, name)
            authors.setdefault(author.slug, author)
        for slug in entry.authors:
            members[slug].append(entry)
    terms = [
        Term(author.name, slug, f"author/{slug}/", tuple(members[slug]), author)
        for slug, author in authors.items()
    ]
    return _by_name(terms)


def _by_name(terms: Iterable[Term]) -> tuple[Term, ...]:
    return tuple(sorted(terms, key=lambda term: (term.name.casefold(), term.slug)))


def author_of(config: Config, name: str) -> Author:
    """The author that a note names, by slug or by name."""
    slug = slugify(name) or "author"
    for author in config.authors:
        if name in (author.slug, author.name) or author.slug == slug:
            return author
    return Author(slug, name)
