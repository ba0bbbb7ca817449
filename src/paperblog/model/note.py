"""A note: what its file says, before the other notes are known."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from paperblog.model.diagnostic import Diagnostic
from paperblog.model.formula import Formula, Label
from paperblog.model.paper import Paper


class Kind(StrEnum):
    """A note of the blog, or a page beside it such as `/about/`."""

    NOTE = "note"
    PAGE = "page"


class Source(Struct, frozen=True, gc=False):
    """A file of the site as it was found: `path` is relative to the site's root, with slashes."""

    path: str
    kind: Kind
    digest: str


class Asset(Struct, frozen=True, gc=False):
    """A file that is published as it is."""

    path: str
    digest: str


class Phrase(Struct, frozen=True, gc=False, array_like=True):
    """A line of text: `markup` is HTML with slots (see `Body`), `plain` what a reader hears."""

    markup: str
    plain: str


class Body(Struct, frozen=True, gc=False):
    """A text in HTML with slots for what its place decides.

    A slot is NUL, a letter, a value, NUL; no source text holds a NUL, since Markdown replaces it.

    | letter | value | becomes |
    |---|---|---|
    | f | a formula's key, and what is put into it (see `Numbers`) | the typeset formula |
    | l | the index of a reference | its address from where the body stands |
    | a | the index of a reference | ` href="…"` with that address, or nothing without a target |
    | t | the index of a reference | the title of what it names: a note, a heading, a number |
    | i | an id | the id, unique on its page |
    | d | the index of an image's reference, the width and height given | its attributes |
    | p | the same, and `dark` for one of dark pages | the start of a `<picture>` around it |
    | q | the same | its end |
    | n | an id in this note | the address of that id |
    | w | a text's name, and a value for it | the theme's text in the note's language |
    | h | a heading's level, 1 to 6 | the level that fits the page |

    The first `excerpt` characters of `markup` are the excerpt.
    """

    markup: str
    excerpt: int


class Heading(Struct, frozen=True, gc=False, array_like=True):
    """A heading of a body, under the id that links name."""

    level: int
    id: str
    text: Phrase


class ReferenceKind(StrEnum):
    """What a link names: a file, a note or an equation by its name, an id, or a site address.

    An `OWN` one is written as an address on the web, at which the site may have a note.
    """

    FILE = "file"
    EQUATION = "equation"
    WIKI = "wiki"
    FRAGMENT = "fragment"
    ADDRESS = "address"
    OWN = "own"


class Reference(Struct, frozen=True, gc=False, array_like=True):
    """A link into the site as its author wrote it, decoded but for the query.

    `start` and `end` are its place.
    """

    kind: ReferenceKind
    target: str
    fragment: str
    start: int
    end: int
    query: str = ""


class Mention(Struct, frozen=True, gc=False, array_like=True):
    """A link to another note, by the index of its reference, in its sentence.

    `markup` is HTML with slots (see `Body`), the link in a `mark` element.
    """

    reference: int
    markup: str


class Outside(Struct, frozen=True, gc=False, array_like=True):
    """A link out of the site with its place."""

    url: str
    start: int
    end: int


class Note(Struct, frozen=True, gc=False, array_like=True):
    """What one file says of itself; its body stays in the store under `body`.

    Its excerpt stays there under `excerpt`, so that a page that shows no more depends on no more.
    `date` is at a fixed offset from UTC. A note is not `trusted` where its front matter could
    not be read as far as it decides whether it may be published; it counts as a draft. Authors,
    categories and tags are as written. `slug_place` is the offset at which the slug stands.
    `anchors` are the ids that links may name beside the headings'. `macros` are the names of the
    macros it knows, `used_site_macros` of those in the configuration that its formulas use.
    `image` is the index of a reference, `images` are those that its text shows. `emblem` is a
    formula in plain text that stands for the note in a picture. A note `has_more` where its
    excerpt is not all of it.
    """

    path: str
    kind: Kind
    stem: str
    slug: str
    title: Phrase
    body: str
    excerpt: str
    has_more: bool = False
    date: datetime | None = None
    updated: datetime | None = None
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    description: str = ""
    summary: str = ""
    emblem: str = ""
    draft: bool = False
    trusted: bool = True
    unlisted: bool = False
    aliases: tuple[str, ...] = ()
    id: str = ""
    papers: tuple[Paper, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    image: int | None = None
    lang: str = ""
    series: str = ""
    license: str = ""
    nav: int | None = None
    extra: Mapping[str, object] | None = None
    headings: tuple[Heading, ...] = ()
    references: tuple[Reference, ...] = ()
    images: tuple[int, ...] = ()
    mentions: tuple[Mention, ...] = ()
    outside: tuple[Outside, ...] = ()
    anchors: tuple[str, ...] = ()
    formulas: tuple[Formula, ...] = ()
    labels: tuple[Label, ...] = ()
    macros: tuple[str, ...] = ()
    used_site_macros: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    words: int = 0
    slug_place: int = 0
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def needs_katex(self) -> bool:
        """Whether any formula is KaTeX's HTML, which needs its style sheet and fonts."""
        return any(formula.output == "html" for formula in self.formulas)

    @property
    def has_errors(self) -> bool:
        """Whether the file itself holds an error."""
        return any(diagnostic.is_error for diagnostic in self.diagnostics)
