"""What views are made of: plain values for the parts that a page's template shows.

Addresses are paths below the site's root (`notes/byol/`), turned into links by the template's
`url()`; texts of type `Placed` are put in place by `place()`.
"""

from msgspec import Struct

from paperblog.model.picture import Picture


class Placed(Struct, frozen=True, gc=False):
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


class DateView(Struct, frozen=True, gc=False):
    """A date for people (`long`: 1 August 2020) and for machines (`iso`), and in its parts."""

    iso: str
    day: str
    month: str
    year: str
    long: str
    archive: str


class Anchor(Struct, frozen=True, gc=False):
    """A link's text and address; `count` is how many notes lie behind it, where that is said."""

    text: str
    address: str
    count: int = 0


class NavItem(Struct, frozen=True, gc=False):
    """An entry of the navigation; `section` is what a page's `section` must equal to be current.

    `external` addresses are URLs of other sites.
    """

    text: str
    address: str
    section: str
    external: bool = False


class ArchiveMonth(Struct, frozen=True, gc=False):
    """A month of the archive: its number, names, address (empty without notes) and count."""

    number: int
    name: str
    short_name: str
    address: str
    count: int


class ArchiveYear(Struct, frozen=True, gc=False):
    """A year of the archive with all its twelve months; `most` is the largest month's count."""

    year: str
    address: str
    count: int
    most: int
    months: tuple[ArchiveMonth, ...]


class RecentItem(Struct, frozen=True, gc=False):
    """A note in the list of the newest; `lang` is its language where it names one."""

    title: Placed
    address: str
    date: DateView | None
    lang: str = ""


class ImageView(Struct, frozen=True, gc=False):
    """An image that stands for a page: its address, what it shows, its size where it is known."""

    address: str
    alt: str
    width: int = 0
    height: int = 0


class LinkView(Struct, frozen=True, gc=False):
    """A button of a paper card or note: its kind (paper, pdf, code, …), label and URL."""

    kind: str
    text: str
    url: str


class PaperView(Struct, frozen=True, gc=False):
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


class PaperFacts(Struct, frozen=True, gc=False):
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


class Byline(Struct, frozen=True, gc=False):
    """Who wrote a note, when, about what, and how long it takes to read."""

    date: DateView | None
    updated: DateView | None
    authors: tuple[Anchor, ...]
    categories: tuple[Anchor, ...]
    minutes: int
    equations: int


class NoteSummary(Struct, frozen=True, gc=False):
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


class TocItem(Struct, frozen=True, gc=False):
    """An entry of a table of contents; `level` counts from 1 for the topmost heading."""

    id: str
    text: Placed
    level: int


class Neighbour(Struct, frozen=True, gc=False):
    """A note named by its title: the previous, the next, or one that links here.

    `lang` is its language where it names one.
    """

    title: Placed
    address: str
    date: DateView | None
    lang: str = ""


class Backlink(Struct, frozen=True, gc=False):
    """A note that links here, with the sentence in which it does, in that note's language.

    `sentence` is None where the link stands alone, as in a list of links.
    """

    title: Placed
    address: str
    date: DateView | None
    sentence: Placed | None
    lang: str


class Reason(Struct, frozen=True, gc=False):
    """Why two notes are related: a `kind`, and names where the kind has some.

    Kinds: `paper` (they are about one), `link` (the note links to the other), `backlink` (the
    other way), `tag` (`names` are the tags that they share).
    """

    kind: str
    names: tuple[str, ...] = ()


class Related(Struct, frozen=True, gc=False):
    """A related note, with the reasons, the weightiest kinds first."""

    title: Placed
    address: str
    date: DateView | None
    reasons: tuple[Reason, ...]
    lang: str


class PageLink(Struct, frozen=True, gc=False):
    """A link to a page of a list; `gap` tells that pages before it are left out."""

    number: int
    address: str
    gap: bool


class Pagination(Struct, frozen=True, gc=False):
    """Where a page of a list stands, numbers from 1.

    `newer` and `older` are addresses; `count` is how many pages there are. `pages` are the first,
    the last and those around this one.
    """

    number: int
    count: int
    newer: str
    older: str
    pages: tuple[PageLink, ...]


class AuthorView(Struct, frozen=True, gc=False):
    """An author's profile: name, home page, ORCID and links."""

    name: str
    url: str
    orcid: str
    links: tuple[LinkView, ...]


class ArchiveGroup(Struct, frozen=True, gc=False):
    """The notes of a month (or without a date), for the archive's page."""

    heading: str
    address: str
    notes: tuple[Neighbour, ...]


class PaperEntry(Struct, frozen=True, gc=False):
    """A paper with the notes about it.

    `context_object` is what programs that collect references read of it (COinS), empty where only
    the paper's identifier is known.
    """

    paper: PaperView
    notes: tuple[Neighbour, ...]
    context_object: str


class FeedEntry(Struct, frozen=True, gc=False):
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
