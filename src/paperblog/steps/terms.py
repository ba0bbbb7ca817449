"""Terms: the categories, tags and authors of notes, under one slug each."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain

from paperblog.model.config import Author, Config
from paperblog.model.note import Note
from paperblog.model.remembered import carried_over, kept
from paperblog.model.site import Entry, Term
from paperblog.model.slug import slugify

_Words = tuple[tuple[str, ...], ...]
"""The slugs or the names of each note's terms."""


def terms_of(
    entries: Sequence[Entry],
    kind: str,
    slugs_of: Callable[[Entry], tuple[str, ...]],
    names_of: Callable[[Note], tuple[str, ...]],
) -> tuple[Term, ...]:
    """The terms of a taxonomy by name; spellings with one slug are one term."""
    members = _members(kept((kind, "slugs"), tuple([slugs_of(entry) for entry in entries])))
    names = _names(kept((kind, "names"), tuple([names_of(entry.note) for entry in entries])))
    terms = [
        Term(names[slug], slug, f"{kind}/{slug}/", tuple([entries[place] for place in places]))
        for slug, places in members.items()
    ]
    return _by_name(terms)


@carried_over
def _members(slugs: _Words) -> Mapping[str, Sequence[int]]:
    """The places of the notes that have a term, by its slug."""
    found: dict[str, list[int]] = defaultdict(list)
    for place, own in enumerate(slugs):
        for slug in own:
            found[slug].append(place)
    return found


@carried_over
def _names(names: _Words) -> Mapping[str, str]:
    """How a term is mostly spelled, by its slug."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for name, count in Counter(chain.from_iterable(names)).items():
        spellings[slugify(name)][name] = count
    return {slug: _commonest(found) for slug, found in spellings.items()}


def _commonest(spellings: Counter[str]) -> str:
    return min(spellings, key=lambda name: (-spellings[name], name))


def author_terms(entries: Sequence[Entry], config: Config) -> tuple[Term, ...]:
    """The authors of some notes, by name."""
    members = _members(kept("slugs of authors", tuple([entry.authors for entry in entries])))
    names = kept("names of authors", tuple([entry.note.authors for entry in entries]))
    terms = [
        Term(
            name=author.name,
            slug=slug,
            address=f"author/{slug}/",
            notes=tuple([entries[place] for place in members[slug]]),
            author=author,
        )
        for slug, author in _authors(names, config).items()
    ]
    return _by_name(terms)


@carried_over
def _authors(names: _Words, config: Config) -> Mapping[str, Author]:
    """The authors that notes name, by slug."""
    found: dict[str, Author] = {}
    for own in names:
        for name in own:
            author = author_of(config, name)
            found.setdefault(author.slug, author)
    return found


def _by_name(terms: Iterable[Term]) -> tuple[Term, ...]:
    return tuple(sorted(terms, key=lambda term: (term.name.casefold(), term.slug)))


def author_of(config: Config, name: str) -> Author:
    """The author that a note names, by slug or by name."""
    slug = slugify(name) or "author"
    for author in config.authors:
        if name in (author.slug, author.name) or author.slug == slug:
            return author
    return Author(slug, name)
