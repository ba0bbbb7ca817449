"""Relate: which notes have most to do with each note, and why.

The score of two notes is 10 for each paper that both are about, 5 for a link in each direction,
and for each shared tag 3, 2 or 1: the rarer the tag, the more. Equal scores go by nearness in time.
Notes of one series are not related, nor are those that do no more than link to the other: they are
listed as such. Of the notes that share a tag, only those near in time are compared, so that it
takes time near linear in their number.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from paperblog.model.digest import digest
from paperblog.model.paper import paper_key
from paperblog.model.part import Reason
from paperblog.model.remembered import by_rows, carried_over, kept
from paperblog.model.site import Entry, Relatedness, Term
from paperblog.ports import Memory, Store

_MOST = 4
_NEAR = 15
"""How many notes of a tag, before and after a note, are compared with it."""
_PAPER, _LINK = 10, 5
_RARITY = ((3, 3), (10, 2))
"""A shared tag that at most so many notes have counts so much; any other counts 1."""


class _Known(Struct, frozen=True, gc=False):
    """What was found last, and the key of what it depends on."""

    key: str
    related: Relatedness


_KNOWN = Memory("related", _Known, warm=True)


def relate(notes: Sequence[Entry], tags: Sequence[Term], store: Store, program: str) -> Relatedness:
    """Which of a site's listed notes are related; `program` names our own source.

    It depends on little of what notes say, so it is mostly as the last build found it.
    """
    names = kept("names of tags", tuple([(term.slug, term.name) for term in tags]))
    return _related(_facts((), notes), names, store, program)


class _Facts(Struct, frozen=True, gc=False, array_like=True):
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
def _related(
    notes: tuple[_Facts, ...], names: tuple[tuple[str, str], ...], store: Store, program: str
) -> Relatedness:
    key = digest(program, msgspec.json.encode((notes, names)))
    known = store.get(_KNOWN, "notes")
    if known is None or known.key != key:
        known = _Known(key, _scored(notes, names))
        store.put_many(_KNOWN, {"notes": known})
    return known.related


def _scored(notes: tuple[_Facts, ...], names: tuple[tuple[str, str], ...]) -> Relatedness:
    """Compare notes."""
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
    found: list[tuple[int, ...]] = []
    why: list[tuple[int, ...]] = []
    known: dict[tuple[Reason, ...], int] = {}
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
        found.append(nearest)
        reasons = [_reasons(other, kinds) for other in nearest]
        why.append(tuple([known.setdefault(own, len(known)) for own in reasons]))
    return Relatedness(tuple(found), tuple(why), tuple(known))


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
