"""A page: where it is published, what it shows, and the bytes that come of it."""

from collections.abc import Callable

from msgspec import Struct

from paperblog.model.view import View

SEARCH_INDEX = "assets/pagefind/"
"""Where the files that a browser searches are published."""


class Recipe(Struct, frozen=True, gc=False):
    """A view that is made when its page must be: what it is made of costs less to compare.

    `make` is a function of a module and depends on nothing but what it is `given`: texts, numbers,
    structs, and tuples of these.
    """

    make: Callable[..., View]
    given: tuple[object, ...]

    def __post_init__(self) -> None:
        if "<" in self.make.__qualname__:
            raise TypeError(f"{self.make.__qualname__} is no function of a module")


class Plan(Struct, frozen=True, gc=False):
    """A page before it is rendered.

    `address` is where it is published (a folder's page ends with a slash); `source` is the path
    of the note that it shows, empty for lists. An `absolute` page links by absolute addresses,
    since it is read away from its own: a feed, or the page of an address that does not exist.
    """

    address: str
    template: str
    view: View | Recipe
    source: str = ""
    absolute: bool = False


class FilePlan(Struct, frozen=True, gc=False):
    """A file to publish: a copy of the one at `path`, or `content` where no path is given.

    One that is `remembered` comes from the cache, and may be damaged: its digest is that of its
    content.
    """

    address: str
    digest: str
    path: str = ""
    content: bytes = b""
    source: str = ""
    remembered: bool = False


class Record(Struct, frozen=True, gc=False):
    """What the search knows of the page at an address, as HTML."""

    address: str
    html: str


class Page(Struct, frozen=True, gc=False):
    """A file of the output.

    `path` is relative to the output folder; `key` names everything that the bytes depend on,
    `plan` the plan that it came of. `content` is None where the file that the last build wrote
    under this key is still there.
    """

    path: str
    key: str
    content: bytes | None
    source: str = ""
    plan: str = ""


class Written(Struct, frozen=True, gc=False, array_like=True):
    """A file as it was written: the keys of its content and its plan, its stat, and its note."""

    key: str
    plan: str
    mtime_ns: int
    size: int
    source: str


def output_path(address: str) -> str:
    """The file, below the output folder, that is served at an address."""
    return f"{address}index.html" if address == "" or address.endswith("/") else address
