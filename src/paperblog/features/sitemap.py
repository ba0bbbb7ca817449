"""The sitemap (sitemaps.org protocol 0.9) and robots.txt."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from paperblog.features.views import canonical
from paperblog.model.note import Note
from paperblog.model.page import Plan
from paperblog.model.site import Edition, Entry
from paperblog.model.view import Frame, RobotsView, SitemapView
from paperblog.plugins import Plugin

_MOST: Final = 50_000
"""The most addresses that a sitemap may hold."""


def emit(edition: Edition, frame: Frame) -> Iterable[Plan]:
    """Plan robots.txt, and the sitemap where addresses can be absolute."""
    site = edition.site
    if site.config.base_url:
        days = {entry.note.path: _changed(entry.note) for entry in site.notes + site.pages}
        pages = [("", _last(site.notes, days))]
        for entry in site.notes + site.pages:
            if not entry.note.unlisted and not entry.note.draft:
                pages.append((entry.address, days[entry.note.path]))
        terms = site.categories + site.tags + site.authors
        pages += [(term.address, _last(term.notes, days)) for term in terms]
        yield from _sitemaps(pages)
    yield Plan("robots.txt", "robots.txt", RobotsView(canonical(site.config, "sitemap.xml")))


def _sitemaps(pages: Sequence[tuple[str, str]]) -> Iterable[Plan]:
    """One sitemap, or several and a list of these where there are more addresses than one holds."""
    parts = [tuple(pages[at : at + _MOST]) for at in range(0, len(pages), _MOST)]
    if len(parts) == 1:
        yield Plan("sitemap.xml", "sitemap.xml", SitemapView(parts[0]), absolute=True)
        return
    names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    for name, part in zip(names, parts, strict=True):
        yield Plan(name, "sitemap.xml", SitemapView(part), absolute=True)
    listed = [(n, max(day for _, day in part)) for n, part in zip(names, parts, strict=True)]
    yield Plan("sitemap.xml", "sitemap-index.xml", SitemapView(tuple(listed)), absolute=True)


def _last(entries: Iterable[Entry], days: Mapping[str, str]) -> str:
    """The last change among the notes of a list, as far as any is known."""
    return max([days[entry.note.path] for entry in entries], default="")


def _changed(note: Note) -> str:
    date = note.updated or note.date
    return date.date().isoformat() if date else ""


plugin = Plugin("sitemap", "1", emitters=(emit,))
