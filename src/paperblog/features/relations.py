"""How notes belong together: series, mentions of one note in others, and notes that are related."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct

from paperblog.features.views import date_view, title_of
from paperblog.model.note import Mention
from paperblog.model.part import Backlink, Placed, Reason, Related
from paperblog.model.remembered import by_rows, carried_over, kept, picked
from paperblog.model.site import Entry, Relatedness, Site
from paperblog.model.texts import Texts


class Relations(Struct, frozen=True):
    """What belongs to each note, the listed ones first and then the hidden ones.

    `series` are the listed notes of its series, oldest first; `sources` those that link to it,
    newest first; `related` those that have most to do with it, with the reasons of each: none for
    a note that is not listed.
    """

    series: Sequence[tuple[Entry, ...]]
    sources: Sequence[tuple[Entry, ...]]
    related: Sequence[tuple[Entry, ...]]
    reasons: Sequence[tuple[tuple[Reason, ...], ...]]


def relations_of(site: Site) -> Relations:
    """The relations of a site's notes."""
    entries = site.notes + site.hidden
    series = _series(site.notes)
    places = _places(kept("paths", tuple([entry.note.path for entry in site.notes])))
    linking = _linking((places,), [entry.backlinks for entry in entries])
    none = ((),) * len(site.hidden)
    return Relations(
        series=[series.get(e.note.series, ()) if e.note.series else () for e in entries],
        sources=picked("sources", site.notes, linking),
        related=picked("related", site.notes, (*site.related.others, *none)),
        reasons=(*_reasons(site.related), *none),
    )


@carried_over
def _places(paths: tuple[str, ...]) -> Mapping[str, int]:
    return {path: place for place, path in enumerate(paths)}


@by_rows
def _linking(places: Mapping[str, int], backlinks: tuple[str, ...]) -> tuple[int, ...]:
    return tuple([places[path] for path in backlinks])


@carried_over
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
