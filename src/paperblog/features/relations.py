"""How notes belong together: series, mentions of one note in others, and notes that are related.

All of it is gathered once for the whole site, in time near linear in the number of notes: of the
notes that share a tag, only those near in time are compared.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct

from paperblog.features.views import date_view, title_of
from paperblog.model.note import Mention, Note
from paperblog.model.paper import Paper
from paperblog.model.part import Backlink, Placed, Reason, Related
from paperblog.model.remembered import by_rows, carried_over, kept
from paperblog.model.site import Entry, Site
from paperblog.model.texts import Texts

_MOST = 4
_NEAR = 15
"""How many notes of a tag, before and after a note, are compared with it."""
_PAPER, _LINK = 10, 5
_RARITY = ((3, 3), (10, 2))
"""A shared tag that at most so many notes have counts so much; any other counts 1."""


Scored = tuple[tuple[int, ...], tuple[tuple[Reason, ...], ...]]
"""The notes that are related to one, by their places among all notes, and the reasons of each."""


class Relations:
    """The relations of a site's listed notes."""

    def __init__(self, site: Site) -> None:
        self._notes = site.notes
        self._by_path = site.by_path()
        self._series = _series(site.notes)
        names = tuple([(term.slug, term.name) for term in site.tags])
        self._scored = _scored(_facts((), site.notes), kept("names of tags", names))

    def series(self, note: Note) -> tuple[Entry, ...]:
        """The listed notes of a note's series, oldest first."""
        return self._series.get(note.series, ()) if note.series else ()

    def sources(self, entry: Entry) -> tuple[Entry, ...]:
        """The notes that link to a note, newest first."""
        return tuple([self._by_path[path] for path in entry.backlinks])

    def related(self, entry: Entry) -> tuple[tuple[Entry, ...], tuple[tuple[Reason, ...], ...]]:
        """The notes that have most to do with a note, and why.

        The score of two notes is 10 for each paper that both are about, 5 for a link in each
        direction, and for each shared tag 3, 2 or 1: the rarer the tag, the more. Equal scores
        go by nearness in time. Notes of one series are not related, nor are those that do no more
        than link here: they are listed as such.
        """
        places, reasons = self._scored.get(entry.note.path, ((), ()))
        return tuple([self._notes[place] for place in places]), reasons


def paper_key(paper: Paper) -> str:
    """What makes two papers one: the identifier without its version, else the title."""
    if paper.identifier:
        return f"{paper.identifier.scheme}:{paper.identifier.value}".casefold()
    return paper.title.casefold()


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


class _Facts(Struct, frozen=True, gc=False):
    """What of a note decides which others are related to it."""

    path: str
    address: str
    series: str
    papers: tuple[str, ...]
    links: tuple[str, ...]
    backlinks: tuple[str, ...]
    tags: tuple[str, ...]


@by_rows
def _facts(entry: Entry) -> _Facts:
    note = entry.note
    return _Facts(
        path=note.path,
        address=entry.address,
        series=note.series,
        papers=tuple(dict.fromkeys(map(paper_key, note.papers))),
        links=tuple(dict.fromkeys([target.partition("#")[0] for target in entry.targets])),
        backlinks=entry.backlinks,
        tags=entry.tags,
    )


@carried_over
def _scored(notes: tuple[_Facts, ...], names: tuple[tuple[str, str], ...]) -> Mapping[str, Scored]:
    """What is related to each note, by its path."""
    places = {note.path: place for place, note in enumerate(notes)}
    addresses = {note.address: place for place, note in enumerate(notes)}
    sharing: dict[str, list[int]] = defaultdict(list)
    tagged: dict[str, list[int]] = defaultdict(list)
    for place, note in enumerate(notes):
        for key in note.papers:
            sharing[key].append(place)
        for slug in note.tags:
            tagged[slug].append(place)
    named = dict(names)
    found: dict[str, Scored] = {}
    for place, note in enumerate(notes):
        # For each kind of reason the notes that it brings near, and how near.
        kinds = [("paper", "", _PAPER, sharing[key][: 2 * _NEAR]) for key in note.papers]
        links = [addresses[address] for address in note.links if address in addresses]
        kinds.append(("link", "", _LINK, links))
        backlinks = [places[path] for path in note.backlinks]
        kinds.append(("backlink", "", _LINK, backlinks))
        for slug in note.tags:
            members = tagged[slug]
            at = bisect_left(members, place)
            near = members[max(0, at - _NEAR) : at + _NEAR + 1]
            kinds.append(("tag", named[slug], _rarity(len(members)), near))
        scores: dict[int, int] = {}
        for kind, _, score, others in kinds:
            if kind == "backlink":
                continue
            for other in others:
                scores[other] = scores.get(other, 0) + score
        scores.pop(place, None)
        for other in backlinks:
            if other in scores:
                scores[other] += _LINK
        if note.series:
            scores = {o: score for o, score in scores.items() if notes[o].series != note.series}
        # Score, nearness and place in one number, which sorts faster than the three of them.
        count = len(notes)
        order = sorted(
            [(abs(o - place) - score * count) * count + o for o, score in scores.items()]
        )
        nearest = tuple([rank % count for rank in order[:_MOST]])
        found[note.path] = nearest, tuple([_reasons(other, kinds) for other in nearest])
    return found


def _reasons(
    other: int, kinds: Sequence[tuple[str, str, int, Sequence[int]]]
) -> tuple[Reason, ...]:
    """Why another note is near, each kind of reason once."""
    names: dict[str, list[str]] = {}
    for kind, name, _, others in kinds:
        if other in others:
            names.setdefault(kind, []).extend([name] if name else ())
    return tuple([Reason(kind, tuple(given)) for kind, given in names.items()])


def _rarity(count: int) -> int:
    return next((score for most, score in _RARITY if count <= most), 1)


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
