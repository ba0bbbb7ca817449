"""What the template of a page receives: one view for each kind of page, made of parts."""

from collections.abc import Mapping

from msgspec import Struct

from paperblog.model.card import CardView
from paperblog.model.part import (
    Anchor,
    ArchiveGroup,
    ArchiveYear,
    AuthorView,
    Backlink,
    Byline,
    FeedEntry,
    ImageView,
    LinkView,
    NavItem,
    Neighbour,
    NoteSummary,
    Pagination,
    PaperEntry,
    PaperFacts,
    PaperView,
    Placed,
    RecentItem,
    Related,
    TocItem,
)


class Frame(Struct, frozen=True, gc=False):
    """What every page of the site shows around its content.

    `feed` is the address of the site's Atom feed, `search` that of its search page, each empty
    where there is none. `years` is the span
    of the copyright line. `recent` are the newest notes; `math` tells that the titles of
    some notes hold formulas, so that any page may show one.
    """

    title: str
    tagline: str
    description: str
    language: str
    base_url: str
    prompt: str
    nav: tuple[NavItem, ...]
    recent: tuple[RecentItem, ...]
    categories: tuple[Anchor, ...]
    archive: tuple[ArchiveYear, ...]
    authors: tuple[Anchor, ...]
    feed: str
    search: str
    years: str
    copyright: str
    credit: str
    license: str
    generator: str
    math: bool
    extra: Mapping[str, object]


class Head(Struct, frozen=True, gc=False):
    """What a page says of itself to machines.

    `canonical` is an absolute URL, empty where the site has no `base_url`; `feeds` are the feeds to
    announce, Atom's and JSON Feed's (title, address); `section` is the navigation entry it belongs
    to; `kind` is Open Graph's type; `image` stands for the page where it is linked to; `math` tells
    that the page holds formulas.
    """

    title: str
    description: str
    lang: str
    canonical: str
    section: str
    feeds: tuple[Anchor, ...] = ()
    image: ImageView | None = None
    kind: str = "website"
    indexed: bool = True
    math: bool = False


class NoteView(Struct, frozen=True, gc=False):
    """A note's own page.

    `about` are its papers with all that machines are told. `citations` are BibTeX entries: the
    note's own, then one for each paper that is known by more than its identifier. `license_url`
    is empty where the licence is none that has a well-known address. `series_notes` are all the
    notes of its series, oldest first, and `series_place` is its place among them, from 1.
    A `heavy` text holds so many formulas that a browser should lay out only what is near.
    """

    frame: Frame
    head: Head
    slug: str
    title: Placed
    byline: Byline
    draft: bool
    due: bool
    description: str
    papers: tuple[PaperView, ...]
    about: tuple[PaperFacts, ...]
    links: tuple[LinkView, ...]
    toc: tuple[TocItem, ...]
    heavy: bool
    body: Placed
    tags: tuple[Anchor, ...]
    series: str
    series_notes: tuple[Neighbour, ...]
    series_place: int
    citations: tuple[str, ...]
    backlinks: tuple[Backlink, ...]
    related: tuple[Related, ...]
    previous: Neighbour | None
    next: Neighbour | None
    license: str
    license_url: str
    extra: Mapping[str, object]


class StandalonePageView(Struct, frozen=True, gc=False):
    """A page beside the notes, such as `/about/`."""

    frame: Frame
    head: Head
    title: Placed
    body: Placed
    toc: tuple[TocItem, ...]
    draft: bool
    extra: Mapping[str, object]


class ListView(Struct, frozen=True, gc=False):
    """The home page, or the notes of a category, tag, author, year or month.

    `heading` is empty on the home page; `kind` says what is listed (`home`, `category`, `tag`,
    `author`, `year`, `month`); `author` is the profile on an author's page.
    """

    frame: Frame
    head: Head
    kind: str
    heading: str
    notes: tuple[NoteSummary, ...]
    pagination: Pagination
    feed: str = ""
    author: AuthorView | None = None


class IndexView(Struct, frozen=True, gc=False):
    """All categories, tags or authors with their counts; `kind` is the plural."""

    frame: Frame
    head: Head
    kind: str
    heading: str
    terms: tuple[Anchor, ...]


class ArchiveView(Struct, frozen=True, gc=False):
    """The whole archive on one page, by year and month, newest first."""

    frame: Frame
    head: Head
    years: tuple[ArchiveYear, ...]
    groups: tuple[ArchiveGroup, ...]


class PapersView(Struct, frozen=True, gc=False):
    """All papers that the notes are about, newest first.

    `bibliography` is the address of the same list as BibTeX, empty where no title is known.
    """

    frame: Frame
    head: Head
    papers: tuple[PaperEntry, ...]
    bibliography: str


class BibliographyView(Struct, frozen=True, gc=False):
    """Entries of BibTeX, one for each paper."""

    entries: tuple[str, ...]


class SearchView(Struct, frozen=True, gc=False):
    """The page of the search; `index` is the folder of the files that a browser searches."""

    frame: Frame
    head: Head
    index: str


class NotFoundView(Struct, frozen=True, gc=False):
    """The page of an address that does not exist."""

    frame: Frame
    head: Head


class RedirectView(Struct, frozen=True, gc=False):
    """A page at a note's former address; `canonical` is empty without a `base_url`."""

    title: str
    address: str
    canonical: str
    lang: str


class FeedView(Struct, frozen=True, gc=False):
    """A feed, Atom or JSON; `address` is its own, `home` that of the page it belongs to."""

    id: str
    title: str
    subtitle: str
    address: str
    home: str
    updated: str
    author: str
    rights: str
    lang: str
    generator: str
    version: str
    entries: tuple[FeedEntry, ...]


class SitemapView(Struct, frozen=True, gc=False):
    """The pages to index, or the sitemaps that name them.

    Each is an address with the date of its last change, empty where that is not known.
    """

    pages: tuple[tuple[str, str], ...]


class PlainIndexView(Struct, frozen=True, gc=False):
    """The site in plain words, for programs that read texts: (title, address, description)."""

    title: str
    description: str
    notes: tuple[tuple[str, str, str], ...]
    pages: tuple[tuple[str, str, str], ...]


class RobotsView(Struct, frozen=True, gc=False):
    """What crawlers are told; `sitemap` is an absolute URL or empty."""

    sitemap: str


View = (
    CardView
    | NoteView
    | StandalonePageView
    | ListView
    | IndexView
    | ArchiveView
    | PapersView
    | BibliographyView
    | SearchView
    | NotFoundView
    | RedirectView
    | FeedView
    | SitemapView
    | PlainIndexView
    | RobotsView
)
