"""Atom feeds (RFC 4287) of the site and of each category, tag and author, with full texts."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from paperblog import __version__
from paperblog.features.views import Surroundings, anchors, canonical, surroundings
from paperblog.model.page import FeedEntry, FeedView, Frame, Placed, Plan
from paperblog.model.remembered import remembered
from paperblog.model.site import Edition, Entry, Site
from paperblog.plugins import Plugin


def emit(edition: Edition, frame: Frame) -> Iterable[Plan]:
    """Plan the feeds; they hold absolute addresses, so there are none without a `base_url`."""
    site = edition.site
    if not site.config.base_url:
        return
    yield _feed(site, "", site.config.title, site.config.tagline, site.notes)
    for term in site.categories + site.tags + site.authors:
        title = f"{term.name} · {site.config.title}"
        yield _feed(site, term.address, title, "", term.notes)


def _feed(site: Site, home: str, title: str, subtitle: str, notes: Sequence[Entry]) -> Plan:
    """The feed of a list; a note without a date cannot stand in one."""
    dated = [entry for entry in notes if entry.note.date][: site.config.feed_length]
    around = surroundings(site)
    entries = tuple([_entry(around, entry) for entry in dated])
    address = f"{home}feed.xml"
    view = FeedView(
        id=canonical(site.config, address),
        title=title,
        subtitle=subtitle,
        address=address,
        home=home,
        updated=max((_updated(entry) for entry in dated), default=_EPOCH).isoformat(),
        author=site.config.title,
        rights=site.config.license,
        lang=site.config.language,
        generator="paperblog",
        version=__version__,
        entries=entries,
    )
    return Plan(address, "feed.xml", view, absolute=True)


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


@remembered
def _entry(around: Surroundings, entry: Entry) -> FeedEntry:
    note, config = entry.note, around.config
    terms = anchors(around.categories, entry.categories) + anchors(around.tags, entry.tags)
    assert note.date is not None
    return FeedEntry(
        id=note.id or canonical(config, entry.address),
        title=note.title.plain,
        address=entry.address,
        published=note.date.isoformat(),
        updated=_updated(entry).isoformat(),
        authors=tuple([author.text for author in anchors(around.authors, entry.authors)]),
        categories=tuple([term.text for term in terms]),
        summary=note.description or note.summary,
        text=Placed(
            body=note.body,
            targets=entry.targets,
            titles=entry.titles,
            pictures=entry.pictures,
            home=entry.address,
            feed=True,
            lang=note.lang,
        ),
        lang=note.lang or config.language,
    )


def _updated(entry: Entry) -> datetime:
    date = entry.note.updated or entry.note.date
    assert date is not None
    return date


plugin = Plugin("feeds", "1", emitters=(emit,))
