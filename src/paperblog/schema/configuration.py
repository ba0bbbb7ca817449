"""A site's configuration: its keys, each with how it is read and what it means."""

import re
from typing import cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from paperblog.model import codes
from paperblog.model.config import Author, Config, Macro, NavigationEntry
from paperblog.model.diagnostic import Diagnostic
from paperblog.model.picture import ImageOptions
from paperblog.model.text import Text
from paperblog.schema import toml
from paperblog.schema.front_matter import OUTPUTS, ignorable, macros_in
from paperblog.schema.readers import (
    Field,
    Fields,
    Reader,
    Section,
    anything,
    boolean,
    integer,
    line,
    one_of,
    optional,
    pairs,
    scalar,
    several,
    tex_line,
    web_address,
)
from paperblog.schema.values import Table, UnreadableError, Value, WrongError

_DEFAULT = Config()
_NO_EXTRA: dict[str, object] = {}
_PLACEHOLDERS = {"year", "month", "day", "slug", "category"}


class Keys:
    """The keys of the configuration; macros need the file's text to see what quotes did."""

    def __init__(self, text: Text) -> None:
        tex = tex_line(text)
        self.title = Field("title", tex, _DEFAULT.title, "text", "The site's name.")
        self.tagline = Field("tagline", tex, "", "text", "A few words under the name.")
        self.description = Field(
            "description", tex, "", "text", "What the site is, for search engines and the sidebar."
        )
        self.base_url = Field(
            "base_url",
            _base_url,
            "",
            "address",
            "Where the site is published. Feeds, the sitemap and canonical links need it; "
            "pages do not.",
        )
        self.language = Field("language", line, "en", "language tag", "The language of the site.")
        self.timezone = Field(
            "timezone",
            _timezone,
            "UTC",
            "IANA zone name",
            "The zone of dates that name none, such as `America/Chicago`.",
        )
        self.license = Field(
            "license",
            line,
            "",
            "text",
            "The licence of the notes, shown in the footer.",
            also="licence",
        )
        self.copyright = Field(
            "copyright", line, "", "text", "Who holds the copyright; else the title."
        )
        self.authors = Field(
            "authors",
            _authors,
            _DEFAULT.authors,
            "tables `[authors.<slug>]`",
            "The authors: `name`, `url`, `orcid`, `links` (a table of names and addresses).",
        )
        self.nav = Field(
            "nav",
            optional(several(_nav_entry)),
            None,
            "tables `[[nav]]`",
            "The navigation, entry by entry: `title` and `url`. Without it the site's own sections "
            "are listed.",
        )
        self.notes_per_page = Field(
            "notes_per_page",
            integer(1, 1000),
            10,
            "whole number",
            "How many notes a page of a list holds.",
        )
        self.home = Field(
            "home",
            one_of("excerpt", "full"),
            "excerpt",
            "`excerpt` or `full`",
            "What lists show of a note.",
        )
        self.address = Field(
            "address",
            _address,
            _DEFAULT.address,
            "pattern",
            "The address of a note, from `{year} {month} {day} {slug} {category}`; WordPress's is "
            "`/{year}/{month}/{slug}/`.",
        )
        self.feed_length = Field(
            "feed_length", integer(1, 1000), 20, "whole number", "How many notes a feed holds."
        )
        self.social_cards = Field(
            "social_cards",
            boolean,
            _DEFAULT.social_cards,
            "true or false",
            "Draws a picture for each note without an `image`, which other sites show beside links "
            "to it. `serve` draws none.",
        )
        self.dates = Field(
            "dates",
            one_of("front-matter", "git"),
            "front-matter",
            "`front-matter` or `git`",
            "Where dates come from when a note names none: nowhere, or from its commits.",
        )
        self.math = Field(
            "math",
            _math(text),
            (_DEFAULT.macros, _DEFAULT.math_output),
            "table `[math]`",
            "`macros`, a table: TeX macros for every note. `output`: `html`, the default (KaTeX's "
            "HTML with MathML for screen readers), or `mathml` (MathML alone, set by the browser).",
        )
        self.security = Field(
            "security",
            _security,
            _DEFAULT.html,
            "table `[security]`",
            "`html`: `trust`, or `sanitize` where not every author is trusted: raw HTML in notes "
            "then loses what could do more than be read.",
        )
        self.search = Field(
            "search", boolean, True, "true or false", "Whether the site has a search of its own."
        )
        self.images = Field(
            "images",
            _images,
            _DEFAULT.images,
            "table `[images]`",
            "How images are made smaller for browsers. `widths`, in pixels: `[480, 960, 1440]`. "
            "`formats`: `avif` and `webp`, the preferred one first; `[]` makes none. `quality`, "
            "from 20 to 100: 80.",
        )
        self.links = Field(
            "links",
            _links,
            (_DEFAULT.links_ignored, _DEFAULT.links_anchors),
            "table `[links]`",
            "What `check --online` does: `ignore`, addresses not to ask for, `*` standing for "
            "anything; `anchors`, whether to read pages and look for the ids that links name.",
        )
        self.ignore = Field(
            "ignore",
            several(ignorable),
            _DEFAULT.ignore,
            "list of codes",
            "Warnings and hints that are not to be reported, by their codes.",
        )
        self.plugins = Field(
            "plugins",
            several(line),
            _DEFAULT.plugins,
            "list of names",
            "Plugins to load: names of installed ones, or modules.",
        )
        self.extra = Field(
            "extra", anything, _NO_EXTRA, "table", "Anything of your own, passed to templates."
        )

    def all(self) -> tuple[Field[object], ...]:
        """Every key, in the order of the reference."""
        return tuple(cast("Field[object]", field) for field in vars(self).values())


def read_configuration(
    text: Text, table: tuple[str, ...], diagnostics: list[Diagnostic]
) -> Config | None:
    """The configuration in a TOML text (in its `table`), or None where there is none.

    What is wrong with it is added to `diagnostics`; the rest holds.
    """
    try:
        values = toml.read(text.content, table)
    except UnreadableError as problem:
        span = text.span(problem.offset, problem.offset + 1)
        diagnostics.append(codes.TOML_SYNTAX.at(span, problem.message, problem.help))
        return _DEFAULT
    if values is None:
        return None
    keys = Keys(text)
    fields = Fields(values, text, diagnostics)
    macros, output = fields.get(keys.math)
    links_ignored, links_anchors = fields.get(keys.links)
    config = Config(
        title=fields.get(keys.title),
        tagline=fields.get(keys.tagline),
        description=fields.get(keys.description),
        base_url=fields.get(keys.base_url),
        language=fields.get(keys.language),
        timezone=fields.get(keys.timezone),
        license=fields.get(keys.license),
        copyright=fields.get(keys.copyright),
        authors=fields.get(keys.authors),
        nav=fields.get(keys.nav),
        notes_per_page=fields.get(keys.notes_per_page),
        home=fields.get(keys.home),
        address=fields.get(keys.address),
        feed_length=fields.get(keys.feed_length),
        social_cards=fields.get(keys.social_cards),
        dates=fields.get(keys.dates),
        macros=macros,
        math_output=output,
        html=fields.get(keys.security),
        search=fields.get(keys.search),
        images=fields.get(keys.images),
        links_ignored=links_ignored,
        links_anchors=links_anchors,
        ignore=fields.get(keys.ignore),
        plugins=fields.get(keys.plugins),
        extra=fields.get(keys.extra),
    )
    fields.warn_of_unknown(keys.all(), "the configuration")
    return config


def read_base_url(text: str) -> str:
    """The address that a site is published at, ending in a slash.

    Raises:
        ValueError: it is not an absolute http or https address without query or fragment.
    """
    if not re.fullmatch(r"https?://[^/?#\s]+(/[^?#\s]*)?", text):
        raise ValueError(f"{text!r} is not an address such as https://example.org/blog/")
    return text if text.endswith("/") else text + "/"


def _base_url(value: Value) -> str:
    try:
        return read_base_url(web_address(value))
    except ValueError as error:
        raise WrongError(codes.WRONG_VALUE, value, str(error)) from None


def _timezone(value: Value) -> str:
    name = line(value)
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise WrongError(
            codes.WRONG_VALUE, value, f"{name!r} is not a time zone", "write it as Europe/Berlin"
        ) from None
    return name


def _address(value: Value) -> str:
    text = line(value)
    names = set(re.findall(r"\{([^{}]*)\}", text))
    if unknown := sorted(names - _PLACEHOLDERS):
        message = f"{{{unknown[0]}}} is not a part of an address"
        raise WrongError(
            codes.ADDRESS_PATTERN,
            value,
            message,
            "the parts are {year} {month} {day} {slug} {category}",
        )
    bare = re.sub(r"\{[^{}]*\}", "x", text)
    if "slug" not in names or not re.fullmatch(r"/?(?:[^/{}?#\s\\]+/)*[^/{}?#\s\\]+/?", bare):
        raise WrongError(
            codes.ADDRESS_PATTERN,
            value,
            f"{text!r} is not a pattern of addresses",
            "write it as /notes/{slug}/",
        )
    if ".." in text.split("/"):
        raise WrongError(codes.ADDRESS_PATTERN, value, "an address cannot hold ..")
    return "/" + text.strip("/") + "/"


def _math(text: Text) -> Reader[tuple[tuple[Macro, ...], str]]:
    """The table `[math]`: the macros, and the form of formulas on pages."""
    read_macros, read_output = macros_in(text), one_of(*OUTPUTS)

    def read(value: Value) -> tuple[tuple[Macro, ...], str]:
        section = Section(value, "math", ("macros", "output"))
        return (
            section.get("macros", read_macros, _DEFAULT.macros),
            section.get("output", read_output, _DEFAULT.math_output),
        )

    return read


def _links(value: Value) -> tuple[tuple[str, ...], bool]:
    """The table `[links]`: what `check --online` asks for."""
    section = Section(value, "links", ("ignore", "anchors"))
    return (
        section.get("ignore", several(line), _DEFAULT.links_ignored),
        section.get("anchors", boolean, _DEFAULT.links_anchors),
    )


def _security(value: Value) -> str:
    """The table `[security]`: what is done with the raw HTML of notes."""
    section = Section(value, "security", ("html",))
    return section.get("html", one_of("trust", "sanitize"), _DEFAULT.html)


def _images(value: Value) -> ImageOptions:
    """The table `[images]`: how images are made smaller."""
    section = Section(value, "images", ("widths", "formats", "quality"))
    default = _DEFAULT.images
    return ImageOptions(
        widths=section.get("widths", several(integer(16, 10_000)), default.widths),
        formats=section.get("formats", several(one_of("avif", "webp")), default.formats),
        quality=section.get("quality", integer(20, 100), default.quality),
    )


def _nav_entry(value: Value) -> NavigationEntry:
    entries = dict(pairs(line, "title and url")(value))
    if set(entries) != {"title", "url"}:
        raise WrongError(
            codes.WRONG_VALUE, value, "an entry of the navigation has a title and a url"
        )
    return NavigationEntry(entries["title"], entries["url"])


def _authors(value: Value) -> tuple[Author, ...]:
    if not isinstance(value, Table):
        raise WrongError(
            codes.WRONG_VALUE, value, "tables are expected here, such as [authors.ada]"
        )
    return tuple(_author(key.text, item) for key, item in value.entries)


def _author(slug: str, value: Value) -> Author:
    if not isinstance(value, Table):
        raise WrongError(codes.WRONG_VALUE, value, f"a table [authors.{slug}] is expected here")
    values: dict[str, Value] = {}
    for key, item in value.entries:
        if key.text not in ("name", "url", "orcid", "links"):
            raise WrongError(
                codes.WRONG_VALUE,
                key,
                f"unknown key {key.text} of an author",
                "the keys are name, url, orcid, links",
            )
        values[key.text] = item
    return Author(
        slug=slug,
        name=line(values["name"]) if "name" in values else slug,
        url=web_address(values["url"]) if "url" in values else "",
        orcid=_orcid(values["orcid"]) if "orcid" in values else "",
        links=pairs(web_address, "links")(values["links"]) if "links" in values else (),
    )


def _orcid(value: Value) -> str:
    """An ORCID iD with its check digit (ISO 7064 MOD 11-2)."""
    text = scalar(value, "an ORCID iD").text.strip().removeprefix("https://orcid.org/")
    if re.fullmatch(r"(\d{4}-){3}\d{3}[\dX]", text):
        total = 0
        for digit in text.replace("-", "")[:-1]:
            total = (total + int(digit)) * 2
        if "0123456789X"[(12 - total % 11) % 11] == text[-1]:
            return text
    raise WrongError(
        codes.WRONG_VALUE, value, f"{text!r} is not an ORCID iD", "its form is 0000-0002-1825-0097"
    )
