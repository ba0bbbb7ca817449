"""Readers of the values that only the configuration of a site has."""

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from paperblog.model import codes
from paperblog.model.config import Author, Config, Macro, NavigationEntry
from paperblog.model.picture import ImageOptions
from paperblog.model.text import Text
from paperblog.schema.front_matter import OUTPUTS, macros_in
from paperblog.schema.readers import (
    Reader,
    Section,
    boolean,
    integer,
    line,
    one_of,
    pairs,
    scalar,
    several,
    web_address,
)
from paperblog.schema.values import Table, Value, WrongError

_DEFAULT = Config()
_PLACEHOLDERS = {"year", "month", "day", "slug", "category"}


def read_base_url(text: str) -> str:
    """The address that a site is published at, ending in a slash.

    Raises:
        ValueError: it is not an absolute http or https address without query or fragment.
    """
    if not re.fullmatch(r"https?://[^/?#\s]+(/[^?#\s]*)?", text):
        raise ValueError(f"{text!r} is not an address such as https://example.org/blog/")
    return text if text.endswith("/") else text + "/"


def base_url(value: Value) -> str:
    """The address that a site is published at."""
    try:
        return read_base_url(web_address(value))
    except ValueError as error:
        raise WrongError(codes.WRONG_VALUE, value, str(error)) from None


def timezone(value: Value) -> str:
    """The name of a zone of the IANA time zone database that this machine knows."""
    name = line(value)
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise WrongError(
            codes.WRONG_VALUE, value, f"{name!r} is not a time zone", "write it as Europe/Berlin"
        ) from None
    return name


def address(value: Value) -> str:
    """The pattern of notes' addresses, with a slash at both ends."""
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


def math(text: Text) -> Reader[tuple[tuple[Macro, ...], str, str]]:
    """The table `[math]`: the macros, the form of formulas on pages, what `$$` is in a sentence."""
    read_macros, read_output = macros_in(text), one_of(*OUTPUTS)

    def read(value: Value) -> tuple[tuple[Macro, ...], str, str]:
        section = Section(value, "math", ("macros", "output", "double_dollars"))
        return (
            section.get("macros", read_macros, _DEFAULT.macros),
            section.get("output", read_output, _DEFAULT.math_output),
            section.get("double_dollars", one_of("display", "kramdown"), _DEFAULT.double_dollars),
        )

    return read


def links(value: Value) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """The table `[links]`: what means this site, and what `check --online` asks for."""
    section = Section(value, "links", ("own", "ignore", "anchors"))
    return (
        section.get("own", several(base_url), ()),
        section.get("ignore", several(line), _DEFAULT.links_ignored),
        section.get("anchors", boolean, _DEFAULT.links_anchors),
    )


def security(value: Value) -> str:
    """The table `[security]`: what is done with the raw HTML of notes."""
    section = Section(value, "security", ("html",))
    return section.get("html", one_of("trust", "sanitize"), _DEFAULT.html)


def images(value: Value) -> ImageOptions:
    """The table `[images]`: how images are made smaller."""
    section = Section(value, "images", ("widths", "formats", "quality"))
    default = _DEFAULT.images
    return ImageOptions(
        widths=section.get("widths", several(integer(16, 10_000)), default.widths),
        formats=section.get("formats", several(one_of("avif", "webp")), default.formats),
        quality=section.get("quality", integer(20, 100), default.quality),
    )


def navigation_entry(value: Value) -> NavigationEntry:
    """An entry `[[nav]]`: what it says and where it leads."""
    entries = dict(pairs(line, "title and url")(value))
    if set(entries) != {"title", "url"}:
        raise WrongError(
            codes.WRONG_VALUE, value, "an entry of the navigation has a title and a url"
        )
    return NavigationEntry(entries["title"], entries["url"])


def authors(value: Value) -> tuple[Author, ...]:
    """The tables `[authors.<slug>]`: a profile for each author."""
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
