"""Scan: the addresses that a file of the output holds, each with its use and place.

The scanner of HTML is our own, since it is one pattern: it follows the tokens of the HTML standard
(13.2.5), knows where each address stands, and steps over the many elements that a typeset formula
is made of without leaving the regular expression engine.
"""

import json
import re
from collections.abc import Iterator
from enum import StrEnum
from html import unescape
from xml.parsers import expat

from msgspec import Struct


class Use(StrEnum):
    """What a browser does with an address."""

    FOLLOWED = "followed"
    """It goes there when a reader wants to: links, canonical addresses, entries of a feed."""
    LOADED = "loaded"
    """It loads it to show the page: images, style sheets, fonts, scripts."""


class Address(Struct, frozen=True):
    """An address as it is written, entities decoded, and the offset at which it stands."""

    url: str
    use: Use
    at: int


class Scanned(Struct, frozen=True):
    """What a file holds: addresses, ids (each as often as it is given), the base of its addresses.

    A page that `redirects` leads on by itself. `fault` says what makes the file unreadable.
    """

    addresses: tuple[Address, ...] = ()
    ids: tuple[str, ...] = ()
    base: str = ""
    redirects: bool = False
    fault: str = ""
    fault_at: int = 0


_ATTRIBUTES = r"""(?:[^>=]|=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s>"'][^\s>]*+)?)*+"""
# Closing tags, and elements with neither id nor address, are most of a page full of formulas.
_BARE = (
    r"(?!script|style|textarea|title|xmp)[a-z][a-z0-9]*+"
    r"(?: (?:class|style|aria-hidden|datetime|d|encoding|xmlns|display|mathvariant|stretchy)"
    r"=\"[^\"(]*+\")*+>"
)
_TAG = re.compile(
    rf"<(?!/|{_BARE})(?:"
    r"!--(?:>|->|.*?(?:--!?>|\Z))"
    rf"|(?P<raw>script|style|textarea|title|xmp)(?=[\s/>])(?P<given>{_ATTRIBUTES})(?:>|\Z)"
    r"(?P<text>.*?)(?:</(?P=raw)(?=[\s/>])|\Z)"
    rf"|(?P<name>[a-z][^\s/>]*+)(?P<attributes>{_ATTRIBUTES})(?:>|\Z)"
    r")",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    r"""([^\s/>=][^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*+)"?|'([^']*+)'?|([^\s>"'][^\s>]*+)))?"""
)
_REFRESH = re.compile(r"\s*[\d.]*\s*[;,]?\s*(?:url\s*=\s*)?(['\"]?)(.*)", re.I | re.S)
_CANDIDATE = re.compile(r"[\s,]*(\S*[^\s,])(?:\s+[^,]*)?(?:,|\Z)")
_CSS = re.compile(
    r"/\*.*?(?:\*/|\Z)"
    r"|\burl\(\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'()]*+))\s*\)"
    r"|@import\s+(?:\"(?P<import2>[^\"]*)\"|'(?P<import1>[^']*)')",
    re.DOTALL | re.IGNORECASE,
)
_LOADED = {
    ("img", "src"),
    ("script", "src"),
    ("iframe", "src"),
    ("frame", "src"),
    ("embed", "src"),
    ("source", "src"),
    ("video", "src"),
    ("video", "poster"),
    ("audio", "src"),
    ("track", "src"),
    ("input", "src"),
    ("object", "data"),
    ("body", "background"),
    ("image", "href"),
    ("use", "href"),
    ("feimage", "href"),
}
_FOLLOWED = {("form", "action"), ("button", "formaction"), ("input", "formaction")}
_LOADING_LINKS = {
    "stylesheet",
    "icon",
    "preload",
    "modulepreload",
    "prefetch",
    "manifest",
    "apple-touch-icon",
    "mask-icon",
    "preconnect",
    "dns-prefetch",
}
_CARDS = re.compile(r"(og|twitter):(url|image|video|audio|player)(:(url|secure_url|src))?")


def scan_html(text: str) -> Scanned:
    """The addresses and ids of an HTML page or an SVG drawing."""
    addresses: list[Address] = []
    ids: list[str] = []
    base, redirects = "", False
    for tag in _TAG.finditer(text):
        raw = tag["raw"]
        name = (raw or tag["name"] or "").lower()
        if not name:
            continue
        group = "given" if raw else "attributes"
        start = tag.start(group)
        given: dict[str, tuple[str, int]] = {}
        for match in _ATTRIBUTE.finditer(tag[group]):
            place = start + match.start(match.lastindex or 1)
            given.setdefault(match[1].lower(), (_value(match), place))
        if "id" in given:
            ids.append(given["id"][0])
        elif name == "a" and "name" in given:
            ids.append(given["name"][0])
        if name == "base":
            base = base or given.get("href", ("", 0))[0]
        elif name == "meta":
            redirects = _meta(given, addresses) or redirects
        else:
            addresses += _of_element(name, given)
        if raw:
            addresses += _of_text(name, given, tag["text"], tag.start("text"))
    return Scanned(tuple(addresses), tuple(ids), base, redirects)


def scan_css(text: str, offset: int = 0) -> Iterator[Address]:
    """The addresses of a style sheet (CSS Syntax 3): `url()` and `@import`."""
    for match in _CSS.finditer(text):
        if match.lastindex:
            url = match[match.lastindex]
            yield Address(url, Use.LOADED, offset + match.start(match.lastindex))


def scan_xml(text: str) -> Scanned:
    """The addresses of a feed or sitemap, and those of the HTML that entries of a feed hold."""
    addresses: list[Address] = []
    open_elements: list[tuple[str, bool, list[str], int]] = []
    lines = [0]
    for line in text.split("\n"):
        lines.append(lines[-1] + len(line) + 1)

    def place() -> int:
        return lines[min(parser.CurrentLineNumber, len(lines)) - 1]

    def start(name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        for key in ("href", "src", "url"):
            if key in attributes:
                addresses.append(Address(attributes[key], Use.FOLLOWED, place()))
        is_html = attributes.get("type") in ("html", "text/html") or name in _HTML_ELEMENTS
        open_elements.append((name, is_html, [], place()))

    def data(text: str) -> None:
        if open_elements:
            open_elements[-1][2].append(text)

    def end(name: str) -> None:
        name, is_html, parts, at = open_elements.pop()
        content = "".join(parts)
        if is_html:
            found = scan_html(content).addresses
            addresses.extend(Address(one.url, Use.FOLLOWED, at) for one in found)
        elif name in _ADDRESS_ELEMENTS and content.strip():
            addresses.append(Address(content.strip(), Use.FOLLOWED, at))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.CharacterDataHandler = data
    parser.EndElementHandler = end
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        at = lines[min(error.lineno, len(lines)) - 1] + error.offset
        return Scanned(tuple(addresses), fault=expat.ErrorString(error.code), fault_at=at)
    return Scanned(tuple(addresses))


_HTML_ELEMENTS = {"encoded", "description"}
_ADDRESS_ELEMENTS = {"loc", "link", "url", "uri", "icon", "logo"}


def scan_json(text: str, base_url: str) -> Scanned:
    """The addresses of a JSON file: of the site where they are whole strings, and of HTML in it."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        at = error.pos if isinstance(error, json.JSONDecodeError) else 0
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "it is nested too deep"
        return Scanned(fault=reason, fault_at=at)
    return Scanned(tuple(_of_json(value, "", base_url, 0)))


def scan_text(text: str, base_url: str) -> Scanned:
    """The addresses of the site that a plain text or Markdown file names in full."""
    if not base_url:
        return Scanned()
    pattern = re.compile(re.escape(base_url) + r"[^\s<>\"'`()\[\]{}|\\^]*")
    return Scanned(
        tuple(
            Address(match[0].rstrip(".,;:!?*_"), Use.FOLLOWED, match.start())
            for match in pattern.finditer(text)
        )
    )


def _value(match: re.Match[str]) -> str:
    value = match[match.lastindex] if match.lastindex and match.lastindex > 1 else ""
    return unescape(value) if "&" in value else value


def _of_element(name: str, given: dict[str, tuple[str, int]]) -> Iterator[Address]:
    for key, (value, at) in given.items():
        if key in ("srcset", "imagesrcset"):
            for candidate in _CANDIDATE.finditer(value):
                yield Address(candidate[1], Use.LOADED, at)
        elif key == "style":
            for one in scan_css(value):
                yield Address(one.url, one.use, at)
        elif key in ("href", "xlink:href"):
            yield Address(value, _use_of_link(name, given), at)
        elif (name, key) in _LOADED:
            yield Address(value, Use.LOADED, at)
        elif (name, key) in _FOLLOWED:
            yield Address(value, Use.FOLLOWED, at)


def _use_of_link(name: str, given: dict[str, tuple[str, int]]) -> Use:
    if name == "link":
        relations = given.get("rel", ("", 0))[0].lower().split()
        return Use.FOLLOWED if _LOADING_LINKS.isdisjoint(relations) else Use.LOADED
    return Use.LOADED if (name, "href") in _LOADED else Use.FOLLOWED


def _meta(given: dict[str, tuple[str, int]], addresses: list[Address]) -> bool:
    """Add the addresses of a `<meta>`, and tell whether it leads to another page."""
    content, at = given.get("content", ("", 0))
    if given.get("http-equiv", ("", 0))[0].lower() == "refresh":
        match = _REFRESH.match(content)
        assert match is not None
        url = match[2].partition(match[1])[0] if match[1] else match[2].strip()
        if url:
            addresses.append(Address(url, Use.FOLLOWED, at))
        return bool(url)
    name = given.get("property", given.get("name", ("", 0)))[0].lower()
    if _CARDS.fullmatch(name) and content:
        addresses.append(Address(content, Use.FOLLOWED, at))
    return False


def _of_text(name: str, given: dict[str, tuple[str, int]], text: str, at: int) -> Iterator[Address]:
    """The addresses of a style sheet or of structured data that a page holds."""
    if name == "style":
        yield from scan_css(text, at)
    elif name == "script" and given.get("type", ("", 0))[0].lower() == "application/ld+json":
        try:
            yield from _of_json(json.loads(text), "", "http", at)
        except (ValueError, RecursionError):
            return


def _of_json(value: object, key: str, start: str, at: int) -> Iterator[Address]:
    """The strings of a value that begin in a way; `@context` and `id`s are names, not places."""
    if isinstance(value, dict):
        for name, item in value.items():
            if name not in ("id", "@id", "@context"):
                yield from _of_json(item, name, start, at)
    elif isinstance(value, list):
        for item in value:
            yield from _of_json(item, key, start, at)
    elif isinstance(value, str) and key == "content_html":
        for one in scan_html(value).addresses:
            yield Address(one.url, Use.FOLLOWED, at)
    elif isinstance(value, str) and start and value.startswith(start) and " " not in value:
        yield Address(value, Use.FOLLOWED, at)
