"""The front matter of a note: its keys, each with how it is read and what it means."""

from collections.abc import Mapping
from datetime import datetime
from difflib import get_close_matches
from typing import cast
from zoneinfo import ZoneInfo

from msgspec import Struct

from paperblog.model import codes
from paperblog.model.config import Macro
from paperblog.model.diagnostic import Diagnostic, Severity
from paperblog.model.paper import Paper
from paperblog.model.text import Text
from paperblog.schema import yaml
from paperblog.schema.addresses import alias, permanent_id, slug
from paperblog.schema.papers import LINK_KINDS, read_links, read_paper
from paperblog.schema.readers import (
    Field,
    Fields,
    Reader,
    anything,
    boolean,
    integer,
    line,
    moment,
    one_of,
    optional,
    refuse_eaten_backslash,
    scalar,
    several,
    tex_line,
)
from paperblog.schema.values import Scalar, Table, UnreadableError, Value, WrongError

_NO_TEXTS: tuple[str, ...] = ()
_NO_MACROS: tuple[Macro, ...] = ()
_NO_PAIRS: tuple[tuple[str, str], ...] = ()
_NO_PAPERS: tuple[Paper, ...] = ()

OUTPUTS = ("html", "mathml")


class FrontMatter(Struct, frozen=True):
    """What the front matter says, typed; `body` is the offset at which the note's text starts.

    `trusted` is False where the front matter could not be read as far as it decides whether the
    note may be published; such a note counts as a draft. It `has_title` even where that one is
    wrong. `title_place` and the other places are offsets of the values, or of the file's start.
    """

    body: int = 0
    trusted: bool = True
    title: str = ""
    title_place: int = 0
    has_title: bool = False
    date: datetime | None = None
    updated: datetime | None = None
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    slug: str = ""
    slug_place: int = 0
    draft: bool = False
    description: str = ""
    description_place: int = 0
    aliases: tuple[str, ...] = ()
    id: str = ""
    unlisted: bool = False
    papers: tuple[Paper, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    macros: tuple[Macro, ...] = ()
    math: str = ""
    ignore: tuple[str, ...] = ()
    image: str = ""
    image_place: int = 0
    lang: str = ""
    series: str = ""
    license: str = ""
    nav: int | None = None
    extra: Mapping[str, object] | None = None


class Keys:
    """The keys of a note in one file: some readers need the file's text or the site's zone."""

    def __init__(self, text: Text, zone: ZoneInfo) -> None:
        tex = tex_line(text)
        self.title = Field(
            "title", tex, "", "text", "The title; else the first heading. May hold formulas."
        )
        self.date = Field(
            "date",
            optional(moment(zone)),
            None,
            "date",
            "When the note is published; else the date in the file's name. Without a zone it is in "
            "the site's `timezone`. A note without a date stands last in lists and in no archive.",
        )
        self.updated = Field(
            "updated",
            optional(moment(zone)),
            None,
            "date",
            "When the note last changed in substance.",
        )
        self.authors = Field(
            "authors",
            several(line),
            _NO_TEXTS,
            "name or list",
            "Who wrote it: names, or slugs of `[authors]` in the configuration.",
            also="author",
        )
        self.categories = Field(
            "categories",
            several(line),
            _NO_TEXTS,
            "name or list",
            "The note's categories.",
            also="category",
        )
        self.tags = Field(
            "tags", several(line, split=True), _NO_TEXTS, "list", "The note's tags.", also="tag"
        )
        self.slug = Field(
            "slug",
            slug,
            "",
            "text",
            "The last part of the address; else the file's name without a leading date (the "
            "folder's for `index.md`).",
        )
        self.draft = Field(
            "draft", boolean, False, "true or false", "Not published unless drafts are asked for."
        )
        self.description = Field(
            "description",
            tex,
            "",
            "text",
            "One sentence for search engines, feeds and link previews.",
        )
        self.aliases = Field(
            "aliases",
            several(alias),
            _NO_TEXTS,
            "list of addresses",
            "Former addresses of the note, such as `/2020/07/linformer/`; each becomes a page that "
            "leads here. A bare name is also found by `[[name]]`.",
            also="alias",
        )
        self.id = Field(
            "id",
            permanent_id,
            "",
            "text",
            "The feed entry's permanent id (a URI); keeps readers from seeing the note as new when "
            "its slug changes.",
        )
        self.unlisted = Field(
            "unlisted",
            boolean,
            False,
            "true or false",
            "The note has its page and stands in no list, feed or sitemap.",
        )
        self.paper = Field(
            "paper",
            several(read_paper(tex)),
            _NO_PAPERS,
            "identifier, table, or list of these",
            "What the note is about: `arxiv:2006.04768v2`, a DOI, an ISBN, an address, or a table "
            "of `id`, `title`, `authors`, `year`, `venue`, `links`.",
            also="papers",
        )
        self.links = Field(
            "links",
            read_links,
            _NO_PAIRS,
            "table",
            "Addresses of the " + ", ".join(LINK_KINDS) + "; shown as links under the paper card.",
        )
        self.macros = Field(
            "macros",
            macros_in(text),
            _NO_MACROS,
            "table",
            "TeX macros of this note, over the site's.",
        )
        self.math = Field(
            "math",
            one_of(*OUTPUTS),
            "",
            "`html` or `mathml`",
            "The form of this note's formulas on pages, over the site's `math.output`.",
        )
        self.ignore = Field(
            "ignore",
            several(ignorable),
            _NO_TEXTS,
            "list of codes",
            "Warnings and hints that are not to be reported of this note, by their codes.",
        )
        self.image = Field(
            "image", line, "", "file", "The image that stands for the note in link previews."
        )
        self.lang = Field("lang", line, "", "language tag", "The note's language; else the site's.")
        self.series = Field("series", line, "", "text", "The series of notes that it belongs to.")
        self.license = Field(
            "license", line, "", "text", "The note's licence; else the site's.", also="licence"
        )
        self.nav = Field(
            "nav",
            optional(integer(-999, 999)),
            None,
            "whole number",
            "For files in `pages/`: shows the page in the navigation, in this order.",
        )
        self.extra = Field(
            "extra", optional(anything), None, "table", "Anything of your own, passed to templates."
        )

    def all(self) -> tuple[Field[object], ...]:
        """Every key, in the order of the reference."""
        return tuple(cast("Field[object]", field) for field in vars(self).values())


def read_front_matter(text: Text, zone: ZoneInfo, diagnostics: list[Diagnostic]) -> FrontMatter:
    """Read a note's front matter, adding what is wrong with it to `diagnostics`."""
    body = 0
    try:
        start, end, body = yaml.split(text.content)
        table = yaml.read(text.content, start, end) if body else Table((), 0, 0)
    except UnreadableError as problem:
        span = text.span(problem.offset, problem.offset + 1)
        diagnostics.append(codes.YAML_SYNTAX.at(span, problem.message, problem.help))
        return FrontMatter(body=body, trusted=False)
    before = len(diagnostics)
    keys = Keys(text, zone)
    fields = Fields(table, text, diagnostics)
    date, draft = fields.get(keys.date), fields.get(keys.draft)
    trusted = len(diagnostics) == before and not fields.misspells(keys.draft, keys.all())
    title = fields.value(keys.title)
    matter = FrontMatter(
        body=body,
        trusted=trusted,
        title=fields.get(keys.title),
        title_place=_text_start(title),
        has_title=title is not None,
        date=date,
        updated=fields.get(keys.updated),
        authors=fields.get(keys.authors),
        categories=fields.get(keys.categories),
        tags=fields.get(keys.tags),
        slug=fields.get(keys.slug),
        slug_place=_start(fields.value(keys.slug)),
        draft=draft,
        description=fields.get(keys.description),
        description_place=_text_start(fields.value(keys.description)),
        aliases=fields.get(keys.aliases),
        id=fields.get(keys.id),
        unlisted=fields.get(keys.unlisted),
        papers=fields.get(keys.paper),
        links=fields.get(keys.links),
        macros=fields.get(keys.macros),
        math=fields.get(keys.math),
        ignore=fields.get(keys.ignore),
        image=fields.get(keys.image),
        image_place=_start(fields.value(keys.image)),
        lang=fields.get(keys.lang),
        series=fields.get(keys.series),
        license=fields.get(keys.license),
        nav=fields.get(keys.nav),
        extra=fields.get(keys.extra),
    )
    meanwhile = {keys.draft.name: "until it is mended the note is held back as a draft"}
    fields.warn_of_unknown(keys.all(), "the front matter", meanwhile)
    return matter


def macros_in(text: Text) -> Reader[tuple[Macro, ...]]:
    """A table of TeX macros, `\\KL: 'D_{\\mathrm{KL}}'`; a name's backslash may be left out."""

    def read_definition(value: Value) -> str:
        refuse_eaten_backslash(value, text)
        return scalar(value, "a TeX definition").text

    def read(value: Value) -> tuple[Macro, ...]:
        if not isinstance(value, Table):
            message = "macros are expected here, as a table"
            raise WrongError(codes.WRONG_VALUE, value, message)
        macros = []
        for key, item in value.entries:
            refuse_eaten_backslash(key, text)
            bare = key.text.removeprefix("\\")
            if not bare.isascii() or not (bare.isalpha() or len(bare) == 1):
                raise WrongError(
                    codes.WRONG_VALUE,
                    key,
                    f"{key.text!r} cannot be a macro's name",
                    "a name is letters alone, or a single sign",
                )
            span = text.span(key.start, key.end)
            macros.append(Macro(f"\\{bare}", read_definition(item), span))
        return tuple(macros)

    return read


def ignorable(value: Value) -> str:
    """The code of a warning or hint."""
    text = scalar(value, "a code").text
    known = [code.name for code in codes.ALL if code.severity is not Severity.ERROR]
    if text in known:
        return text
    near = get_close_matches(text, known, 1)
    error = any(code.name == text for code in codes.ALL)
    message = f"{text} is an error, and errors are not ignored" if error else f"no code is {text!r}"
    help = f"did you mean {near[0]}?" if near else ""
    raise WrongError(codes.WRONG_VALUE, value, message, help)


def _start(value: Value | None) -> int:
    return value.start if value else 0


def _text_start(value: Value | None) -> int:
    """Where the first character of a text stands, inside its quotes."""
    return value.start + len(value.quote) if isinstance(value, Scalar) else 0
