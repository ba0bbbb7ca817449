"""A site's configuration, each value with its default."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from msgspec import Struct

from paperblog.model.diagnostic import Span
from paperblog.model.picture import ImageOptions

_IMAGES = ImageOptions()


class Author(Struct, frozen=True, gc=False):
    """A person or group who writes notes; `links` are (name, address) pairs."""

    slug: str
    name: str
    url: str = ""
    orcid: str = ""
    links: tuple[tuple[str, str], ...] = ()


class NavigationEntry(Struct, frozen=True, gc=False):
    """One entry of a navigation that the site writes itself."""

    title: str
    url: str


class Macro(Struct, frozen=True, gc=False):
    """A TeX macro, its name with the backslash, and where it is defined.

    It stays the same one wherever in its file it stands.
    """

    name: str
    body: str
    span: Span

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Macro) and (self.name, self.body) == (other.name, other.body)

    def __hash__(self) -> int:
        return hash((self.name, self.body))


class Config(Struct, frozen=True, gc=False):
    """The configuration of a site (`docs/reference.md` describes each key).

    `own` are the hosts, with a path that ends in a slash, whose addresses mean the site itself.
    """

    title: str = "Notes"
    tagline: str = ""
    description: str = ""
    base_url: str = ""
    language: str = "en"
    timezone: str = "UTC"
    license: str = ""
    copyright: str = ""
    credit: str | None = None
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
    double_dollars: str = "display"
    html: str = "trust"
    own: tuple[str, ...] = ()
    links_ignored: tuple[str, ...] = ()
    links_anchors: bool = False
    ignore: tuple[str, ...] = ()
    search: bool = True
    images: ImageOptions = _IMAGES
    plugins: tuple[str, ...] = ()
    extra: dict[str, object] = {}

    def zone(self) -> ZoneInfo:
        """The time zone of dates that name none."""
        return ZoneInfo(self.timezone)

    def author(self, slug: str) -> Author | None:
        """The configured author of a slug."""
        return next((author for author in self.authors if author.slug == slug), None)


def without_scheme(address: str) -> str:
    """An absolute address from its host on, which is the same in capitals."""
    host, slash, path = address.partition("//")[2].partition("/")
    return host.lower() + slash + path


def own_path(own: Sequence[str], address: str) -> str | None:
    """The path below the site's root that an absolute address names, None of another site."""
    bare = without_scheme(address)
    for home in own:
        if f"{bare}/" == home:
            return ""
        if bare.startswith(home):
            return bare.removeprefix(home)
    return None
