"""Outside: the links of a site to other sites, and what is to be said of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from paperblog.links.online import Answer, Verdict
from paperblog.model import codes
from paperblog.model.diagnostic import Code, Diagnostic, Span
from paperblog.model.note import Note
from paperblog.model.site import Site
from paperblog.model.text import Text
from paperblog.ports import Files

_CODES: Mapping[Verdict, Code] = {
    Verdict.DEAD: codes.DEAD_LINK,
    Verdict.NO_HOST: codes.UNKNOWN_HOST,
    Verdict.UNREACHABLE: codes.FAILING_LINK,
    Verdict.CERTIFICATE: codes.BAD_CERTIFICATE,
    Verdict.FAILING: codes.FAILING_LINK,
    Verdict.REFUSED: codes.REFUSING_LINK,
    Verdict.MOVED: codes.MOVED_LINK,
    Verdict.LOST_ANCHOR: codes.LOST_ANCHOR,
}
_HELP = {
    Verdict.FAILING: "it may pass; `check --online` asks again after an hour",
    Verdict.REFUSED: "look yourself, and put it into `ignore` under `[links]`",
    Verdict.CERTIFICATE: "browsers stop readers with a warning",
}


def outside_links(
    site: Site, files: Files, settings: Sequence[str]
) -> tuple[dict[str, list[Span]], list[Diagnostic]]:
    """The addresses of other sites with the places of each, and those that are none.

    They stand in notes, in what notes say of papers, and in the configuration (`settings` are
    the files that may be it). Those that the configuration ignores are left out.
    """
    places: dict[str, list[Span]] = {}
    wrong: list[Diagnostic] = []
    config = site.config
    for url, span in _all(site, files, settings):
        address = f"https:{url}" if url.startswith("//") else url
        if any(fnmatchcase(address, pattern) for pattern in config.links_ignored):
            continue
        if config.base_url and address.startswith(config.base_url):
            continue
        if fault := _fault(address):
            wrong.append(codes.MALFORMED_LINK.at(span, f"the address {url} {fault}"))
        else:
            places.setdefault(address, []).append(span)
    return places, wrong


def said_of(
    answers: Mapping[str, Answer], places: Mapping[str, Sequence[Span]]
) -> Iterator[Diagnostic]:
    """What answers mean for the links, at the place of each."""
    for url, answer in answers.items():
        code = _CODES.get(answer.verdict)
        if code is None:
            continue
        words = f"{url} {answer.words}"
        help = _HELP.get(answer.verdict, "")
        if answer.verdict is Verdict.MOVED:
            words, help = f"{url} has moved for good", f"it is now {answer.where}"
        for span in places.get(url, ()):
            yield code.at(span, words, help)


def _all(site: Site, files: Files, settings: Sequence[str]) -> Iterator[tuple[str, Span]]:
    for path, entry in site.by_path().items():
        note = entry.note
        named = [*_named(note)]
        if not note.outside and not named:
            continue
        text = Text(path, files.text(path))
        for link in note.outside:
            yield link.url, text.span(link.start, link.end)
        for url, written in named:
            at = text.content.find(written)
            yield url, text.span(at, at + len(written)) if at >= 0 else Span(path)
    yield from _configured(site, files, settings)


def _named(note: Note) -> Iterator[tuple[str, str]]:
    """The addresses that front matter means, each with what is written of it."""
    for paper in note.papers:
        if paper.identifier and paper.identifier.url:
            yield paper.identifier.url, paper.identifier.value
        yield from ((url, url) for _, url in paper.links)
    yield from ((url, url) for _, url in note.links)


def _configured(site: Site, files: Files, settings: Sequence[str]) -> Iterator[tuple[str, Span]]:
    config = site.config
    urls = [url for author in config.authors for url in (author.url, *dict(author.links).values())]
    urls += [entry.url for entry in config.nav or ()]
    texts = [Text(path, content) for path in settings if (content := _text(files, path))]
    for url in urls:
        if not url.startswith(("http://", "https://", "//")):
            continue
        found = ((text, text.content.find(url)) for text in texts)
        yield url, next((text.span(at, at + len(url)) for text, at in found if at >= 0), Span(""))


def _text(files: Files, path: str) -> str:
    try:
        return files.text(path)
    except (OSError, UnicodeDecodeError):
        return ""


def _fault(url: str) -> str:
    """What makes an address none; empty where it is one."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        return f"is none: {error}"
    if not host:
        return "names no host"
    if any(sign.isspace() for sign in url):
        return "holds a blank"
    try:
        host.encode("idna")
    except UnicodeError:
        return f"names a host that cannot be: {host}"
    return ""


def in_all(answers: Iterable[Answer], verdict: Verdict) -> int:
    """How many answers have a verdict."""
    return sum(answer.verdict is verdict for answer in answers)
