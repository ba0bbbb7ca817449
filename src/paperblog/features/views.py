"""The parts that several kinds of page show: titles, dates, bylines, paper cards, summaries."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from paperblog.model.config import Config
from paperblog.model.note import Note
from paperblog.model.page import Plan, Recipe
from paperblog.model.paper import Paper
from paperblog.model.part import (
    Anchor,
    Byline,
    DateView,
    LinkView,
    Neighbour,
    NoteSummary,
    PaperView,
    Placed,
)
from paperblog.model.remembered import carried_over, kept, remembered
from paperblog.model.site import Entry, Site, Term
from paperblog.model.texts import Catalogue, Texts
from paperblog.model.view import Head, View

_MOST_AUTHORS = 6
_WORDS_A_MINUTE = 220
_LINKS = ("paper", "pdf", "code", "video", "website", "thread")


def year_address(year: int) -> str:
    """Where a year's archive is published."""
    return f"{year:04}/"


def month_address(year: int, month: int) -> str:
    """Where a month's archive is published."""
    return f"{year:04}/{month:02}/"


@carried_over
def planned(
    address: str,
    template: str,
    source: str,
    absolute: bool,
    make: Callable[..., View],
    *given: object,
) -> Plan:
    """The plan of a page whose view `make` makes of what is given: the same for the same."""
    return Plan(address, template, Recipe(make, given), source=source, absolute=absolute)


@remembered
def date_view(date: datetime | None, texts: Texts) -> DateView | None:
    """A date in its parts; the day alone for machines where no time was given."""
    if date is None:
        return None
    has_time = (date.hour, date.minute, date.second) != (0, 0, 0)
    return DateView(
        iso=date.isoformat() if has_time else f"{date:%Y-%m-%d}",
        day=f"{date.day:02}",
        month=texts.month(date.month, short=True),
        year=f"{date.year:04}",
        long=texts.date(date),
        archive=month_address(date.year, date.month),
    )


def title_of(entry: Entry) -> Placed:
    """A note's title as it stands on any page."""
    return Placed(markup=entry.note.title.markup)


@remembered
def neighbour(entry: Entry, texts: Texts) -> Neighbour:
    """A note named by its title."""
    return Neighbour(
        title_of(entry), entry.address, date_view(entry.note.date, texts), entry.note.lang
    )


def anchor(term: Term) -> Anchor:
    """A link to a term's page."""
    return _anchor(term.name, term.address, len(term.notes))


@remembered
def _anchor(name: str, address: str, count: int) -> Anchor:
    return Anchor(name, address, count)


class Surroundings(Struct, frozen=True):
    """What the pages of a site say of a note beside what it says itself; terms are by slug."""

    config: Config
    catalogue: Catalogue
    authors: Mapping[str, Anchor]
    categories: Mapping[str, Anchor]
    tags: Mapping[str, Anchor]


@remembered
def surroundings(site: Site) -> Surroundings:
    """The surroundings of a site's notes; they seldom change with a note."""
    terms = [
        {term.slug: anchor(term) for term in terms}
        for terms in (site.authors, site.categories, site.tags)
    ]
    return kept("surroundings", Surroundings(site.config, site.catalogue, *terms))


def anchors(terms: Mapping[str, Anchor], slugs: Sequence[str]) -> tuple[Anchor, ...]:
    """Links to the pages of some slugs' terms; unlisted notes' terms may not exist."""
    return tuple([terms[slug] for slug in slugs if slug in terms])


@remembered
def byline(around: Surroundings, entry: Entry, texts: Texts) -> Byline:
    """Who wrote a note, when, about what, and how long it takes to read."""
    note = entry.note
    date = date_view(note.date, texts)
    if date and note.unlisted:
        date = replace(date, archive="")
    return Byline(
        date=date,
        updated=date_view(note.updated, texts),
        authors=anchors(around.authors, entry.authors),
        categories=anchors(around.categories, entry.categories),
        minutes=max(1, round(note.words / _WORDS_A_MINUTE)),
        equations=sum(formula.display for formula in note.formulas),
    )


def paper_view(paper: Paper, texts: Texts) -> PaperView:
    """A paper card."""
    identifier = paper.identifier
    links = dict(paper.links)
    if identifier and identifier.url:
        links.setdefault("paper", identifier.url)
        if identifier.pdf_url:
            links.setdefault("pdf", identifier.pdf_url)
    return PaperView(
        title=paper.title,
        authors=paper.authors[:_MOST_AUTHORS],
        more_authors=max(0, len(paper.authors) - _MOST_AUTHORS),
        year=str(paper.year) if paper.year else "",
        venue=paper.venue,
        identifier=identifier.text if identifier else "",
        url=identifier.url if identifier else links.get("paper", ""),
        links=link_views(links.items(), texts),
    )


def link_views(links: Iterable[tuple[str, str]], texts: Texts) -> tuple[LinkView, ...]:
    """Buttons, in the order of their kinds."""
    ranked = sorted(links, key=lambda link: _LINKS.index(link[0]) if link[0] in _LINKS else 99)
    return tuple(
        LinkView(kind, texts(f"link_{kind}") if kind in _LINKS else kind, url)
        for kind, url in ranked
    )


@remembered
def papers_of(note: Note, texts: Texts) -> tuple[PaperView, ...]:
    """A note's paper cards; its own links stand on the first."""
    return tuple(paper_view(paper, texts) for paper in note.papers)


@remembered
def summary(around: Surroundings, entry: Entry) -> NoteSummary:
    """A note on a list page."""
    note, texts = entry.note, around.catalogue.of()
    full = around.config.home == "full"
    return NoteSummary(
        slug=note.slug,
        title=title_of(entry),
        address=entry.address,
        byline=byline(around, entry, texts),
        papers=papers_of(note, texts),
        text=Placed(
            body=note.body if full else note.excerpt,
            targets=entry.targets,
            titles=entry.titles,
            pictures=entry.pictures,
            home="" if full else entry.address,
            id_prefix=f"{note.slug}-",
            lowered=1,
            lang=note.lang,
        ),
        more=not full and note.has_more,
        draft=note.draft,
        lang=note.lang,
    )


def canonical(config: Config, address: str) -> str:
    """The absolute URL of an address, empty without a `base_url`."""
    return config.base_url + quote_address(address) if config.base_url else ""


@lru_cache(maxsize=1 << 16)
def quote_address(address: str) -> str:
    """An address as it stands in a URL."""
    from urllib.parse import quote

    path, mark, fragment = address.partition("#")
    return (
        quote(path, safe="/:@!$&'()*+,;=~-._") + mark + quote(fragment, safe="/:@!$&'()*+,;=~-._?")
    )


def site_feeds(config: Config) -> tuple[Anchor, ...]:
    """The site's own feeds, where it can have some."""
    if not config.base_url:
        return ()
    return (_anchor(config.title, "feed.xml", 0), _anchor(config.title, "feed.json", 0))


def head(
    config: Config,
    address: str,
    title: str,
    section: str,
    description: str = "",
    math: bool = False,
    feeds: tuple[Anchor, ...] = (),
    indexed: bool = True,
) -> Head:
    """What a list or other page of the site says of itself."""
    return Head(
        title=title,
        description=description,
        lang=config.language,
        canonical=canonical(config, address) if indexed else "",
        section=section,
        feeds=site_feeds(config) + feeds,
        indexed=indexed,
        math=math,
    )
