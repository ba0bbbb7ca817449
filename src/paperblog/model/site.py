"""A site: its published notes, each at its address, with links and lists resolved."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from paperblog.model.config import Author, Config
from paperblog.model.diagnostic import Diagnostic
from paperblog.model.formula import MathError
from paperblog.model.note import Asset, Note
from paperblog.model.part import Reason
from paperblog.model.picture import Picture
from paperblog.model.remembered import remembered
from paperblog.model.texts import Catalogue, Texts


class Entry(Struct, frozen=True, gc=False):
    """A published note at its address.

    An address is a path below the site's root without the leading slash (`notes/byol/`); the
    home page's is empty. `targets` answer the note's references by index: an address, with its
    fragment (`#part`) and query (`#?query#part`), for what lies in the site; one that starts with
    `#` lies in the note itself; empty where nothing published is meant. `titles` are the titles of
    the notes that they name. `pictures` are the images that are known, by the indexes of their
    references.
    `categories`, `tags` and `authors` are the slugs of its terms, in the note's order.
    `backlinks` are the paths of the published notes that link here, newest first. It is `due`
    where its date has not come.
    """

    note: Note
    address: str
    targets: tuple[str, ...]
    titles: tuple[str, ...]
    pictures: tuple[tuple[int, Picture], ...] = ()
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    backlinks: tuple[str, ...] = ()
    due: bool = False


class Term(Struct, frozen=True, gc=False):
    """A category, tag or author with its notes, newest first."""

    name: str
    slug: str
    address: str
    notes: tuple[Entry, ...]
    author: Author | None = None


class Relatedness(Struct, frozen=True, gc=False):
    """Which of a site's notes have most to do with each of them, the nearest first, and why.

    `others` and `why` have a row for each of `Site.notes`, in their order: the places of the other
    notes among all, and for each of these the place of its reasons in `reasons`.
    """

    others: tuple[tuple[int, ...], ...]
    why: tuple[tuple[int, ...], ...]
    reasons: tuple[tuple[Reason, ...], ...]


class Copy(Struct, frozen=True, gc=False):
    """A file that is published as it is, from its place in the site to an address."""

    asset: Asset
    address: str


class Site(Struct, frozen=True, gc=False):
    """Everything published, newest first; what is not in `notes` or `hidden` is nowhere.

    `notes` are the listed ones; `hidden` are those marked `unlisted`, which have a page and
    nothing else. `next_due` is when the next date of a note comes, in the site's zone.
    The `catalogue` holds the theme's texts.
    """

    config: Config
    catalogue: Catalogue
    notes: tuple[Entry, ...]
    hidden: tuple[Entry, ...]
    pages: tuple[Entry, ...]
    categories: tuple[Term, ...]
    tags: tuple[Term, ...]
    authors: tuple[Term, ...]
    related: Relatedness
    copies: tuple[Copy, ...]
    next_due: datetime | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def texts(self) -> Texts:
        """The theme's texts in the site's language."""
        return self.catalogue.of()

    def by_path(self) -> Mapping[str, Entry]:
        """The published notes and pages by their files."""
        return _by_path(self)


@remembered
def _by_path(site: Site) -> Mapping[str, Entry]:
    return {entry.note.path: entry for entry in site.notes + site.hidden + site.pages}


class Edition(Struct, frozen=True, gc=False):
    """A site whose formulas are typeset.

    The typeset forms stay in the store under the formulas' keys; `refused` are the formulas that
    the engine refused, by key.
    """

    site: Site
    refused: Mapping[str, MathError]
    diagnostics: tuple[Diagnostic, ...]
