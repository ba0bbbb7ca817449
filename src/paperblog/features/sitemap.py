"""The sitemap (sitemaps.org protocol 0.9) and robots.txt."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from paperblog.features.views import canonical
from paperblog.model.note import Note
from paperblog.model.page import Plan
from paperblog.model.remembered import by_rows, carried_over, kept, remembered
from paperblog.model.site import Edition, Entry
from paperblog.model.view import Frame, RobotsView, SitemapView
from paperblog.plugins import Plugin

_MOST: Final = 50_000
"""The most addresses that a sitemap may hold."""


def emit(edition: Edition, frame: Frame) -> Iterable[Plan]:
    """Plan robots.txt, and the sitemap where addresses can be absolute."""
    site = edition.site
    if site.config.base_url:
        notes = [entry.note for entry in site.notes + site.pages]
        days = dict(zip([note.path for note in notes], _days((), notes), strict=True))
        shown = [e for e in site.notes + site.pages if not e.note.unlisted and not e.note.draft]
        terms = site.categories + site.tags + site.authors
        pages = (
            _line("", _last(site.notes, days)),
            *_lines(("notes",), [e.address for e in shown], [days[e.note.path] for e in shown]),
            *_lines(("terms",), [t.address for t in terms], [_last(t.notes, days) for t in terms]),
        )
        yield from _sitemaps(kept("sitemap", pages))
    yield Plan("robots.txt", "robots.txt", RobotsView(canonical(site.config, "sitemap.xml")))


_Line = tuple[str, str]
"""An address, and the day on which what is there was changed."""


@remembered
def _line(address: str, day: str) -> _Line:
    return address, day


@by_rows
def _lines(_: str, address: str, day: str) -> _Line:
    return address, day


@carried_over
def _sitemaps(pages: tuple[_Line, ...]) -> Sequence[Plan]:
    """One sitemap, or several and a list of these where there are more addresses than one holds."""
    parts = [pages[at : at + _MOST] for at in range(0, len(pages), _MOST)]
    if len(parts) == 1:
        return [Plan("sitemap.xml", "sitemap.xml", SitemapView(parts[0]), absolute=True)]
    names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    listed = [(n, max(day for _, day in part)) for n, part in zip(names, parts, strict=True)]
    return [
        *[
            Plan(name, "sitemap.xml", SitemapView(part), absolute=True)
            for name, part in zip(names, parts, strict=True)
        ],
        Plan("sitemap.xml", "sitemap-index.xml", SitemapView(tuple(listed)), absolute=True),
    ]


def _last(entries: Iterable[Entry], days: Mapping[str, str]) -> str:
    """The last change among the notes of a list, as far as any is known."""
    return max([days[entry.note.path] for entry in entries], default="")


@by_rows
def _days(note: Note) -> str:
    """The day on which a note was changed, as far as it is known."""
    date = note.updated or note.date
    return date.date().isoformat() if date else ""


plugin = Plugin("sitemap", "1", emitters=(emit,))
