"""What the steps ask of the world, as protocols; the adapters answer."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from msgspec import Struct

from paperblog.model.card import CardView
from paperblog.model.formula import Formula, Outcome
from paperblog.model.page import FilePlan, Record
from paperblog.model.picture import Developed, ImageOptions
from paperblog.model.texts import Catalogue

if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")
A = TypeVar("A")
B = TypeVar("B")


class Memory(Struct, Generic[T], frozen=True):
    """A kind of remembered value: its name in the store and its type.

    Of a `warm` one the values last asked for stay as they are in the process, the same objects
    for the next build that it does.
    """

    name: str
    type: type[T]
    warm: bool = False


class ForgottenError(Exception):
    """The store has lost a value that others rely on: a build begins anew without it."""


class Reply(Struct, frozen=True):
    """A server's answer: its status, its headers by names in lower case, as much as was read."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes


class Trouble(StrEnum):
    """Why there is no answer."""

    MALFORMED = "malformed"
    NO_HOST = "no-host"
    NO_NETWORK = "no-network"
    CERTIFICATE = "certificate"
    FAILURE = "failure"


class TroubleError(Exception):
    """A server did not answer; `words` continue a sentence that begins with the address."""

    def __init__(self, kind: Trouble, words: str) -> None:
        super().__init__(words)
        self.kind = kind
        self.words = words


class Web(Protocol):
    """Asks other servers."""

    def request(
        self, method: str, url: str, headers: Mapping[str, str], limit: int, patience: float
    ) -> Reply:
        """One answer, of its body no more than `limit` bytes, within `patience` seconds.

        Raises:
            TroubleError: there is none.
        """


class Folder(Protocol):
    """A folder of files, such as a built site; it can be sent to another process."""

    def files(self) -> Sequence[str]:
        """The paths of all files but hidden ones, in order."""

    def names(self, folder: str) -> Mapping[str, bool]:
        """The names in a folder as they are spelled, each with whether it is a file."""

    def text(self, path: str) -> str:
        """A file's text, what is not UTF-8 replaced."""


class Store(Protocol):
    """Remembers values under keys that digest everything they depend on."""

    def get(self, memory: Memory[T], key: str) -> T | None:
        """The remembered value; None where there is none or it cannot be read."""

    def get_many(self, memory: Memory[T], keys: Iterable[str]) -> dict[str, T]:
        """The values that are remembered, by key."""

    def keep(self, memory: Memory[T], keys: Iterable[str]) -> None:
        """See that values stay on which others rely, though nobody asks for them."""

    def missing(self, memory: Memory[T], groups: Iterable[frozenset[str]]) -> set[str]:
        """The keys of some groups under which no value is remembered."""

    def put_many(self, memory: Memory[T], values: Mapping[str, T]) -> None:
        """Remember values, from now on and whatever becomes of this process."""

    def put_packed(
        self,
        memory: Memory[T],
        values: Mapping[str, bytes],
        unpacked: Mapping[str, T] | None = None,
    ) -> None:
        """Remember values that are packed already (see `model.packing`).

        Of a warm memory the values themselves may be given too, to stay as they are.
        """

    def clear(self) -> None:
        """Forget everything."""


class MathEngine(Protocol):
    """Typesets formulas."""

    @property
    def identity(self) -> str:
        """Names everything that the engine's output depends on beside the formula."""

    def commands(self) -> Sequence[str]:
        """The commands that the engine knows, backslashes included; to name the nearest one."""

    def typeset(self, formulas: Sequence[Formula]) -> Sequence[Outcome]:
        """One outcome a formula, in their order; a refused formula never harms another."""


class Highlighter(Protocol):
    """Colours code."""

    @property
    def identity(self) -> str:
        """Names everything that the highlighter's output depends on beside the code."""

    def highlight(self, code: str, language: str) -> str | None:
        """HTML of the code, or None where the language is unknown."""

    def nearest(self, language: str) -> str:
        """The known language with the nearest name, or nothing."""


class History(Protocol):
    """When files came to be, from their version control."""

    def dates(self) -> Mapping[str, tuple[datetime, datetime]]:
        """For each file's path from the site's root: its first and its last change."""


class Files(Protocol):
    """The site's folder; paths are relative to it, with slashes."""

    def content(self, path: str) -> bytes:
        """What a file holds.

        Raises:
            OSError: it cannot be read.
        """

    def text(self, path: str) -> str:
        """A file's text, without a byte order mark, lines ended by a line feed alone.

        Raises:
            UnicodeDecodeError: it is not UTF-8.
            OSError: it cannot be read.
        """


class Theme(Protocol):
    """The templates and files that make a site's looks.

    A `live` one is for an author who looks on while it changes: its files keep their names, and
    the style sheet of formulas is whole, so that a change of either changes no page.
    """

    @property
    def live(self) -> bool:
        """Whether it is."""

    @property
    def identity(self) -> str:
        """Names all templates and files together, whether they are used or not."""

    def digest(self, template: str) -> str:
        """Names a template with all that it includes, imports or extends."""

    def render(self, template: str, values: Mapping[str, object]) -> str:
        """The text of a template.

        Raises:
            PaperblogError: the template is not there or fails.
        """

    def texts(self, language: str) -> Catalogue:
        """The texts of the templates in all languages; `language` is the site's.

        Raises:
            PaperblogError: a file of texts cannot be read.
        """

    def files(self, math: bool, search: bool) -> Sequence[FilePlan]:
        """The theme's files; those of formulas and of the search only where there is one."""

    def asset(self, name: str) -> str:
        """The address at which one of the theme's files is published."""

    def katex_css(self) -> str:
        """The address of the style sheet of formulas."""

    def katex_font(self, face: str) -> str:
        """The address of a font of formulas, such as `Main-Regular`; empty if none uses it."""

    def math_sheet(self) -> str:
        """The whole style sheet of the math engine."""

    def with_math_sheet(self, sheet: str, fonts: Sequence[str]) -> "Theme":
        """The same theme with a style sheet for formulas, and the font files that it names."""


class Images(Protocol):
    """Finds out the sizes of images and makes smaller forms of them; used in other processes."""

    @property
    def identity(self) -> str:
        """Names everything that its output depends on beside the image and the options."""

    def develop(self, path: str, key: str, options: ImageOptions) -> Developed:
        """The size and the smaller forms of an image; `key` names all that they depend on."""

    def has(self, file: str) -> bool:
        """Whether a file that was made is still there."""

    def path(self, file: str) -> str:
        """Where on the disk a file that was made lies."""

    def forget(self, kept: Collection[str]) -> None:
        """Delete files that were made and are not to be kept, if they are the most."""


class SearchEngine(Protocol):
    """Makes the files that a reader's browser searches."""

    @property
    def identity(self) -> str:
        """Names everything that the index depends on beside the records."""

    def remembered(self, key: str) -> Sequence[FilePlan] | None:
        """The files that were made under a key, if they are still there."""

    def index(self, key: str, records: Iterable[Record], language: str) -> Sequence[FilePlan]:
        """Make the files for some records, in a language (its ISO 639-1 code).

        Raises:
            PaperblogError: the engine fails.
        """

    def clear(self) -> None:
        """Forget all that was made."""


class Cards(Protocol):
    """Draws social cards."""

    @property
    def identity(self) -> str:
        """Names everything that a picture depends on beside its card."""

    def draw(self, cards: Sequence[CardView]) -> Sequence[bytes]:
        """A PNG for each card, in their order; equal cards give equal bytes."""


class Workers(Protocol):
    """Does pure work, perhaps in several processes."""

    def map(self, function: Callable[[A], B], items: Iterable[A]) -> Iterable[B]:
        """The results for all items, in their order; the work begins at once.

        It stays a little ahead of the results that are taken, and so does the making of the items.
        The function is found by its module and name, and its values must survive pickling.
        """

    def submit(self, function: Callable[[A], B], item: A) -> "Future[B]":
        """Begin work beside what is done here: by the workers of `map`, behind their items.

        Where `map` has none, a thread does it. What holds for the function of `map` holds here.
        """

    def spread(self, function: Callable[[A], B], items: Sequence[A]) -> Iterable[B]:
        """The results for all items, in their order; the function may be any.

        It reads what this process holds, as it is now, and its results must survive pickling.
        """


class Progress(Protocol):
    """Is told how far a build is."""

    def step(self, name: str, total: int = 0) -> None:
        """A step begins; `total` is how many advances it will make, 0 if unknown."""

    def advance(self, count: int = 1) -> None:
        """Some of the step is done."""
