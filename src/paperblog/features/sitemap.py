"""The sitemap (sitemaps.org protocol 0.9) and robots.txt."""

from collections.abc import Iterable, Mapping

from paperblog.features.views import canonical
from paperblog.model.note import Note
from paperblog.model.page import Plan
from paperblog.model.site import Edition, Entry
from paperblog.model.view import Frame, RobotsView, SitemapView
from paperblog.plugins import Plugin


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
        yield Plan("sitemap.xml", "sitemap.xml", SitemapView(tuple(pages)), absolute=True)
    yield Plan("robots.txt", "robots.txt", RobotsView(canonical(site.config, "sitemap.xml")))


def _last(entries: Iterable[Entry], days: Mapping[str, str]) -> str:
    """The last change among the notes of a list, as far as any is known."""
    return max([days[entry.note.path] for entry in entries], default="")


def _changed(note: Note) -> str:
    date = note.updated or note.date
    return date.date().isoformat() if date else ""


plugin = Plugin("sitemap", "1", emitters=(emit,))
