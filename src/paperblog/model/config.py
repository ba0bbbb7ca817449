"""A site's configuration, each value with its default."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from paperblog.model.diagnostic import Span
from paperblog.model.picture import ImageOptions

_IMAGES = ImageOptions()


@dataclass(frozen=True, slots=True)
class Author:
    """A person or group who writes notes; `links` are (name, address) pairs."""

    slug: str
    name: str
    url: str = ""
    orcid: str = ""
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """One entry of a navigation that the site writes itself."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Macro:
    """A TeX macro, its name with the backslash, and where it is defined."""

    name: str
    body: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Config:
    """The configuration of a site (`docs/reference.md` describes each key)."""

    title: str = "Notes"
    tagline: str = ""
    description: str = ""
    base_url: str = ""
    language: str = "en"
    timezone: str = "UTC"
    license: str = ""
    copyright: str = ""
    authors: tuple[Author, ...] = ()
    nav: tuple[NavigationEntry, ...] | None = None
    notes_per_page: int = 10
    home: str = "excerpt"
    address: str = "/notes/{slug}/"
    feed_length: int = 20
    social_cards: bool = True
    dates: str = "front-matter"
    macros: tuple[Macro, ...] = ()
    math_output: str = "html"
    html: str = "trust"
    links_ignored: tuple[str, ...] = ()
    links_anchors: bool = False
    ignore: tuple[str, ...] = ()
    search: bool = True
    images: ImageOptions = _IMAGES
    plugins: tuple[str, ...] = ()
    extra: dict[str, object] = field(default_factory=dict)

    def zone(self) -> ZoneInfo:
        """The time zone of dates that name none."""
        return ZoneInfo(self.timezone)

    def author(self, slug: str) -> Author | None:
        """The configured author of a slug."""
        return next((author for author in self.authors if author.slug == slug), None)
