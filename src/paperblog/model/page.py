"""A page: the plain values that its template shows, and the bytes that come of it.

Addresses in views are paths below the site's root (`notes/byol/`), turned into links by the
template's `url()`; texts of type `Placed` are put in place by `place()`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from paperblog.model.card import CardView
from paperblog.model.picture import Picture

SEARCH_INDEX = "assets/pagefind/"
"""Where the files that a browser searches are published."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A text with slots as it stands on a page.

    Either `markup` holds the text, or `body` names it in the store.
    `targets`, `titles` and `pictures` answer its reference slots; `home` is the note's own address
    where fragments of the note must lead there, and empty where they stand on the same page. Ids
    get `id_prefix`, and headings move down by `lowered` levels. In a `feed` formulas are MathML.
    `lang` is the language of its labels, the site's where it is empty.
    """

    markup: str = ""
    body: str = ""
    targets: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    pictures: tuple[tuple[int, Picture], ...] = ()
    home: str = ""
    id_prefix: str = ""
    lowered: int = 0
    feed: bool = False
    lang: str = ""


@dataclass(frozen=True, slots=True)
class DateView:
    """A date for people (`long`: 1 August 2020) and for machines (`iso`), and in its parts."""

    iso: str
    day: str
    month: str
    year: str
    long: str
    archive: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link's text and address; `count` is how many notes lie behind it, where that is said."""

    text: str
    address: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry of the navigation; `section` is what a page's `section` must equal to be current.

    `external` addresses are URLs of other sites.
    """

    text: str
    address: str
    section: str
    external: bool = False


@dataclass(frozen=True, slots=True)
class ArchiveMonth:
    """A month of the archive: its number, names, address (empty without notes) and count."""

    number: int
    name: str
    short_name: str
    address: str
    count: int


@dataclass(frozen=True, slots=True)
class ArchiveYear:
    """A year of the archive with all its twelve months; `most` is the largest month's count."""

    year: str
    address: str
    count: int
    most: int
    months: tuple[ArchiveMonth, ...]


@dataclass(frozen=True, slots=True)
class Frame:
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
    recent: tuple["RecentItem", ...]
    categories: tuple[Anchor, ...]
    archive: tuple[ArchiveYear, ...]
    authors: tuple[Anchor, ...]
    feed: str
    search: str
    years: str
    copyright: str
    license: str
    generator: str
    math: bool
    extra: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class RecentItem:
    """A note in the list of the newest; `lang` is its language where it names one."""

    title: Placed
    address: str
    date: DateView | None
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Head:
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
    image: "ImageView | None" = None
    kind: str = "website"
    indexed: bool = True
    math: bool = False


@dataclass(frozen=True, slots=True)
class ImageView:
    """An image that stands for a page: its address, what it shows, its size where it is known."""

    address: str
    alt: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class LinkView:
    """A button of a paper card or note: its kind (paper, pdf, code, …), label and URL."""

    kind: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper card. Without a title only the identifier is shown, as a link.

    `authors` are those to show, `more_authors` how many are left out.
    """

    title: str
    authors: tuple[str, ...]
    more_authors: int
    year: str
    venue: str
    identifier: str
    url: str
    links: tuple[LinkView, ...]


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """A paper as machines read it, with all its authors.

    `kind` is schema.org's type: `ScholarlyArticle`, `Book`, or `CreativeWork` where no more is
    known. `scheme` is that of the identifier `value`: `arxiv`, `doi`, `isbn`, or `url`.
    """

    kind: str
    title: str
    authors: tuple[str, ...]
    year: str
    venue: str
    url: str
    scheme: str
    value: str


@dataclass(frozen=True, slots=True)
class Byline:
    """Who wrote a note, when, about what, and how long it takes to read."""

    date: DateView | None
    updated: DateView | None
    authors: tuple[Anchor, ...]
    categories: tuple[Anchor, ...]
    minutes: int
    equations: int


@dataclass(frozen=True, slots=True)
class NoteSummary:
    """A note on a list page: `text` is its excerpt or the whole; `more` tells that it goes on."""

    slug: str
    title: Placed
    address: str
    byline: Byline
    papers: tuple[PaperView, ...]
    text: Placed
    more: bool
    draft: bool
    lang: str


@dataclass(frozen=True, slots=True)
class TocItem:
    """An entry of a table of contents; `level` counts from 1 for the topmost heading."""

    id: str
    text: Placed
    level: int


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A note named by its title: the previous, the next, or one that links here.

    `lang` is its language where it names one.
    """

    title: Placed
    address: str
    date: DateView | None
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Backlink:
    """A note that links here, with the sentence in which it does, in that note's language.

    `sentence` is None where the link stands alone, as in a list of links.
    """

    title: Placed
    address: str
    date: DateView | None
    sentence: Placed | None
    lang: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two notes are related: a `kind`, and names where the kind has some.

    Kinds: `paper` (they are about one), `link` (the note links to the other), `backlink` (the
    other way), `tag` (`names` are the tags that they share).
    """

    kind: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Related:
    """A related note, with the reasons, the weightiest kinds first."""

    title: Placed
    address: str
    date: DateView | None
    reasons: tuple[Reason, ...]
    lang: str


@dataclass(frozen=True, slots=True)
class NoteView:
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


@dataclass(frozen=True, slots=True)
class StandalonePageView:
    """A page beside the notes, such as `/about/`."""

    frame: Frame
    head: Head
    title: Placed
    body: Placed
    toc: tuple[TocItem, ...]
    draft: bool
    extra: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link to a page of a list; `gap` tells that pages before it are left out."""

    number: int
    address: str
    gap: bool


@dataclass(frozen=True, slots=True)
class Pagination:
    """Where a page of a list stands, numbers from 1.

    `newer` and `older` are addresses; `count` is how many pages there are. `pages` are the first,
    the last and those around this one.
    """

    number: int
    count: int
    newer: str
    older: str
    pages: tuple[PageLink, ...]


@dataclass(frozen=True, slots=True)
class ListView:
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
    author: "AuthorView | None" = None


@dataclass(frozen=True, slots=True)
class AuthorView:
    """An author's profile: name, home page, ORCID and links."""

    name: str
    url: str
    orcid: str
    links: tuple[LinkView, ...]


@dataclass(frozen=True, slots=True)
class IndexView:
    """All categories, tags or authors with their counts; `kind` is the plural."""

    frame: Frame
    head: Head
    kind: str
    heading: str
    terms: tuple[Anchor, ...]


@dataclass(frozen=True, slots=True)
class ArchiveGroup:
    """The notes of a month (or without a date), for the archive's page."""

    heading: str
    address: str
    notes: tuple[Neighbour, ...]


@dataclass(frozen=True, slots=True)
class ArchiveView:
    """The whole archive on one page, by year and month, newest first."""

    frame: Frame
    head: Head
    years: tuple[ArchiveYear, ...]
    groups: tuple[ArchiveGroup, ...]


@dataclass(frozen=True, slots=True)
class PaperEntry:
    """A paper with the notes about it."""

    paper: PaperView
    notes: tuple[Neighbour, ...]


@dataclass(frozen=True, slots=True)
class PapersView:
    """All papers that the notes are about, newest first."""

    frame: Frame
    head: Head
    papers: tuple[PaperEntry, ...]


@dataclass(frozen=True, slots=True)
class SearchView:
    """The page of the search; `index` is the folder of the files that a browser searches."""

    frame: Frame
    head: Head
    index: str


@dataclass(frozen=True, slots=True)
class NotFoundView:
    """The page of an address that does not exist."""

    frame: Frame
    head: Head


@dataclass(frozen=True, slots=True)
class RedirectView:
    """A page at a note's former address; `canonical` is empty without a `base_url`."""

    title: str
    address: str
    canonical: str
    lang: str


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An entry of a feed. `id` is permanent; dates are RFC 3339; `text` is the whole note."""

    id: str
    title: str
    address: str
    published: str
    updated: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    summary: str
    text: Placed
    lang: str


@dataclass(frozen=True, slots=True)
class FeedView:
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


@dataclass(frozen=True, slots=True)
class SitemapView:
    """The pages to index: (address, date of the last change or empty)."""

    pages: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RobotsView:
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
    | SearchView
    | NotFoundView
    | RedirectView
    | FeedView
    | SitemapView
    | RobotsView
)


@dataclass(frozen=True, slots=True)
class Plan:
    """A page before it is rendered.

    `address` is where it is published (a folder's page ends with a slash); `source` is the path
    of the note that it shows, empty for lists. An `absolute` page links by absolute addresses,
    since it is read away from its own: a feed, or the page of an address that does not exist.
    """

    address: str
    template: str
    view: View
    source: str = ""
    absolute: bool = False


@dataclass(frozen=True, slots=True)
class FilePlan:
    """A file to publish: a copy of the one at `path`, or `content` where no path is given."""

    address: str
    digest: str
    path: str = ""
    content: bytes = b""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """What the search knows of the page at an address, as HTML."""

    address: str
    html: str


@dataclass(frozen=True, slots=True)
class Page:
    """A file of the output.

    `path` is relative to the output folder; `key` names everything that the bytes depend on.
    `content` is None where the file that the last build wrote under this key is still there.
    """

    path: str
    key: str
    content: bytes | None
    source: str = ""


def output_path(address: str) -> str:
    """The file, below the output folder, that is served at an address."""
    return f"{address}index.html" if address == "" or address.endswith("/") else address
