"""Blame: from what is wrong on a built page to the place where its author wrote it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from urllib.parse import unquote

from msgspec import Struct

from paperblog.links.crawl import Finding
from paperblog.model import codes
from paperblog.model.diagnostic import Diagnostic, Span
from paperblog.model.page import output_path
from paperblog.model.site import Entry
from paperblog.model.text import Text
from paperblog.ports import Files, Folder

_MOST_PLACES = 20


class Sources(Struct, frozen=True):
    """Where a built site comes from.

    `files` reads the site's folder, `built` the output, which messages call by `name`. `shown`
    are the files of the output, each with the note or the file that it shows, if any; `entries`
    the published notes by their paths. `others` are the configuration and the site's templates.
    """

    files: Files
    built: Folder
    name: str
    shown: Mapping[str, str]
    entries: Mapping[str, Entry]
    others: Sequence[str]


def diagnostics_of(findings: Iterable[Finding], sources: Sources) -> Iterator[Diagnostic]:
    """Each finding once for every place that an author wrote it at.

    What also stands on lists and in feeds is said of the note alone; what no note holds is said
    of the configuration or the template that does, else of the first page.
    """
    alike: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        alike[finding.code.name, finding.message].append(finding)
    author = _Author(sources)
    for group in alike.values():
        spans = [span for finding in group for span in author.places(finding)]
        if all(author.is_meant(finding) for finding in group):
            continue
        first, help = group[0], group[0].help
        if not spans:
            spans = [author.other_place(first)]
            if len(group) > 1:
                help = "; ".join(filter(None, (help, f"it stands on {len(group)} pages")))
        for span in spans:
            yield first.code.at(span, first.message, help)


class _Author:
    """Finds places in what an author wrote."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._texts: dict[str, Text] = {}

    def is_meant(self, finding: Finding) -> bool:
        """Whether a page is out of the way on purpose: unlisted, or a file of the author's own."""
        if finding.code is not codes.UNREACHABLE_PAGE:
            return False
        source = self._sources.shown.get(finding.page, "")
        entry = self._sources.entries.get(source)
        return entry.note.unlisted if entry else source != ""

    def places(self, finding: Finding) -> list[Span]:
        """The places in the note or file that a page shows; none where it does not hold them."""
        source = self._sources.shown.get(finding.page, "")
        if not source:
            return []
        entry = self._sources.entries.get(source)
        if entry is None:
            return [self._text(source).span(finding.at, finding.at + max(1, len(finding.url)))]
        if finding.code is codes.UNREACHABLE_PAGE:
            return [Span(source)]
        text = self._text(source)
        return [text.span(*place) for place in _referred(entry, finding)] or _written(text, finding)

    def other_place(self, finding: Finding) -> Span:
        """The place in the configuration or a template, else on the page itself."""
        others = [*self._sources.others]
        # What stands in a feed and on no page may still be of a note.
        others += [] if finding.page.endswith(".html") else self._sources.entries
        for path in others:
            if found := _written(self._text(path), finding):
                return found[0]
        path = f"{self._sources.name}/{finding.page}"
        if not finding.url and not finding.at:
            return Span(path)
        span = Text(path, self._sources.built.text(finding.page))
        return span.span(finding.at, finding.at + max(1, len(finding.url)))

    def _text(self, path: str) -> Text:
        if path not in self._texts:
            try:
                content = self._sources.files.text(path)
            except (OSError, UnicodeDecodeError):
                content = ""
            self._texts = {path: Text(path, content)}
        return self._texts[path]


def _referred(entry: Entry, finding: Finding) -> Iterator[tuple[int, int]]:
    """The places of the references that mean what a finding is about."""
    if not finding.target:
        return
    for reference, target in zip(entry.note.references, entry.targets, strict=True):
        path, _, fragment = target.partition("#")
        path = path or entry.address
        if finding.target not in (path, output_path(path)) or not target:
            continue
        fragment = fragment.partition("#")[2] if fragment.startswith("?") else fragment
        if not finding.fragment or finding.fragment == fragment:
            yield reference.start, reference.end


def _written(text: Text, finding: Finding) -> list[Span]:
    """The places where a text holds an address, or gives an id, as it stands or as it is meant."""
    if finding.code is codes.DUPLICATE_ID:
        wanted = rf"(?:\bid\s*=\s*[\"']?|\{{#){re.escape(finding.fragment)}(?![\w-])"
    elif finding.url:
        spelled = "|".join(re.escape(form) for form in _spellings(finding.url))
        wanted = rf"(?<=[\s(\"'<\[=:])(?:{spelled})(?![\w/-])"
    else:
        return []
    found = re.finditer(wanted, text.content)
    return [text.span(*match.span()) for match, _ in zip(found, range(_MOST_PLACES), strict=False)]


def _spellings(url: str) -> list[str]:
    """How the author of an address may have written it, the longest first."""
    plain = re.sub(r"^(?:\.\.?/)+|index\.html$", "", url)
    forms = {url, unquote(url), escape(url)}
    if re.search(r"[/.]", plain) and len(plain) > 4:
        forms |= {plain, unquote(plain), f"/{plain}", plain.rstrip("/")}
    return sorted((form for form in forms if form), key=lambda form: (-len(form), form))
