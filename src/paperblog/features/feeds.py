"""Feeds with full texts: Atom (RFC 4287) of the site and each term, JSON Feed 1.1 of the site."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice

from paperblog import __version__
from paperblog.features.views import Surroundings, anchors, canonical, planned, surroundings
from paperblog.model import codes
from paperblog.model.diagnostic import Diagnostic, Span
from paperblog.model.page import Plan
from paperblog.model.part import FeedEntry, Placed
from paperblog.model.remembered import remembered
from paperblog.model.site import Edition, Entry, Site
from paperblog.model.view import FeedView, Frame
from paperblog.plugins import Plugin


def emit(edition: Edition, frame: Frame) -> Iterable[Plan]:
    """Plan the feeds; they hold absolute addresses, so there are none without a `base_url`."""
    site = edition.site
    if not site.config.base_url:
        return
    around = surroundings(site)
    title = site.config.title

    def plan(home: str, template: str, name: str, subtitle: str, notes: tuple[Entry, ...]) -> Plan:
        address = f"{home}{template}"
        given = (around, home, address, name, subtitle, notes)
        return planned(address, template, "", True, _view, *given)

    for template in ("feed.xml", "feed.json"):
        yield plan("", template, title, site.config.tagline, _dated(site, site.notes))
    for term in site.categories + site.tags + site.authors:
        name = f"{term.name} · {title}"
        yield plan(term.address, "feed.xml", name, "", _dated(site, term.notes))


def _dated(site: Site, notes: Iterable[Entry]) -> tuple[Entry, ...]:
    """The first notes of a list; one without a date cannot stand in a feed."""
    return tuple(islice((entry for entry in notes if entry.note.date), site.config.feed_length))


def _view(
    around: Surroundings,
    home: str,
    address: str,
    title: str,
    subtitle: str,
    notes: tuple[Entry, ...],
) -> FeedView:
    config = around.config
    return FeedView(
        # Both forms of a feed are one.
        id=canonical(config, f"{home}feed.xml"),
        title=title,
        subtitle=subtitle,
        address=address,
        home=home,
        updated=max((_updated(entry) for entry in notes), default=_EPOCH).isoformat(),
        author=config.title,
        rights=config.license,
        lang=config.language,
        generator="paperblog",
        version=__version__,
        entries=tuple([_entry(around, entry) for entry in notes]),
    )


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


def check(site: Site) -> Iterable[Diagnostic]:
    """Errors at permanent ids that two notes share: readers would take them for one."""
    first: dict[str, str] = {}
    for entry in site.notes:
        note = entry.note
        if note.id and note.id in first:
            message = f"the id {note.id} is also that of {first[note.id]}"
            yield codes.SHARED_ID.at(Span(note.path), message, "an id belongs to one note")
        first.setdefault(note.id, note.path)


plugin = Plugin("feeds", "1", checks=(check,), emitters=(emit,))
