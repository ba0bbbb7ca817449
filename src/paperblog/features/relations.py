"""How notes belong together: series, mentions of one note in others, and notes that are related."""

from collections import defaultdict
from collections.abc import Sequence

from paperblog.features.views import date_view, title_of
from paperblog.model.note import Mention, Note
from paperblog.model.part import Backlink, Placed, Reason, Related
from paperblog.model.remembered import remembered
from paperblog.model.site import Entry, Relatedness, Site
from paperblog.model.texts import Texts


class Relations:
    """The relations of a site's listed notes."""

    def __init__(self, site: Site) -> None:
        self._notes = site.notes
        self._by_path = site.by_path()
        self._series = _series(site.notes)
        self._others = site.related.others
        self._reasons = _reasons(site.related)
        self._places = {entry.note.path: place for place, entry in enumerate(site.notes)}

    def series(self, note: Note) -> tuple[Entry, ...]:
        """The listed notes of a note's series, oldest first."""
        return self._series.get(note.series, ()) if note.series else ()

    def sources(self, entry: Entry) -> tuple[Entry, ...]:
        """The notes that link to a note, newest first."""
        return tuple([self._by_path[path] for path in entry.backlinks])

    def related(self, entry: Entry) -> tuple[tuple[Entry, ...], tuple[tuple[Reason, ...], ...]]:
        """The notes that have most to do with a note, and why; none for one that is not listed."""
        place = self._places.get(entry.note.path)
        if place is None:
            return (), ()
        return tuple([self._notes[other] for other in self._others[place]]), self._reasons[place]


@remembered
def _reasons(related: Relatedness) -> tuple[tuple[tuple[Reason, ...], ...], ...]:
    """For each note the reasons of those that are related to it."""
    return tuple([tuple([related.reasons[at] for at in own]) for own in related.why])


def _series(entries: Sequence[Entry]) -> dict[str, tuple[Entry, ...]]:
    """The series by their names, each oldest first; notes of one day by their slugs."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.note.series:
            found[entry.note.series].append(entry)
    return {name: tuple(sorted(members, key=_age)) for name, members in found.items()}


def _age(entry: Entry) -> tuple[float, str]:
    date = entry.note.date
    return (date.timestamp() if date else float("inf"), entry.note.slug)


def related_note(other: Entry, reasons: tuple[Reason, ...], texts: Texts) -> Related:
    """A note that is related to another, and why."""
    return Related(
        title=title_of(other),
        address=other.address,
        date=date_view(other.note.date, texts),
        reasons=reasons,
        lang=other.note.lang,
    )


def backlink(source: Entry, address: str, texts: Texts) -> Backlink:
    """A note that links to an address, with the first sentence that does."""
    mentions = (
        mention
        for mention in source.note.mentions
        if source.targets[mention.reference].partition("#")[0] == address
    )
    mention = next(mentions, None)
    return Backlink(
        title=title_of(source),
        address=source.address,
        date=date_view(source.note.date, texts),
        sentence=_sentence(source, mention) if mention else None,
        lang=source.note.lang,
    )


def _sentence(source: Entry, mention: Mention) -> Placed:
    """A sentence of another note; what its slots need of that note comes along."""
    has_slots = "\0" in mention.markup
    return Placed(
        markup=mention.markup,
        targets=source.targets if has_slots else (),
        titles=source.titles if has_slots else (),
        home=source.address,
    )
