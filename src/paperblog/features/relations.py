"""How notes belong together: series, mentions of one note in others, and notes that are related.

All of it is gathered once for the whole site, in time near linear in the number of notes: of the
notes that share a tag, only those near in time are compared.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from paperblog.features.views import date_view, title_of
from paperblog.model.note import Mention, Note
from paperblog.model.page import Backlink, Placed, Reason, Related
from paperblog.model.paper import Paper
from paperblog.model.site import Entry, Site
from paperblog.model.texts import Texts

_MOST = 4
_NEAR = 15
"""How many notes of a tag, before and after a note, are compared with it."""
_PAPER, _LINK = 10, 5
_RARITY = ((3, 3), (10, 2))
"""A shared tag that at most so many notes have counts so much; any other counts 1."""


class Relations:
    """The relations of a site's listed notes."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._by_path = site.by_path()
        self._ranks = {entry.note.path: rank for rank, entry in enumerate(site.notes)}
        self._addresses = {entry.address: entry for entry in site.notes}
        self._series = _series(site.notes)
        self._papers = _papers(site.notes)
        self._near = {
            term.slug: (_rarity(len(term.notes)), term.name, term.notes) for term in site.tags
        }
        self._places = {
            (term.slug, entry.note.path): place
            for term in site.tags
            for place, entry in enumerate(term.notes)
        }
        self._mentions = self._gather_mentions()

    def series(self, note: Note) -> tuple[Entry, ...]:
        """The listed notes of a note's series, oldest first."""
        return self._series.get(note.series, ()) if note.series else ()

    def backlinks(self, entry: Entry, texts: Texts) -> tuple[Backlink, ...]:
        """The notes that link to a note, newest first, each with the first sentence that does."""
        return tuple(self._backlink(self._by_path[path], entry, texts) for path in entry.backlinks)

    def related(self, entry: Entry, texts: Texts) -> tuple[Related, ...]:
        """The notes that have most to do with a note, and why.

        The score of two notes is 10 for each paper that both are about, 5 for a link in each
        direction, and for each shared tag 3, 2 or 1: the rarer the tag, the more. Equal scores
        go by nearness in time. Notes of one series are not related, nor are those that do no more
        than link here: they are listed as such.
        """
        path = entry.note.path
        if path not in self._ranks:
            return ()
        scores: dict[str, int] = defaultdict(int)
        reasons: dict[str, list[Reason]] = defaultdict(list)

        def count(other: Entry, score: int, kind: str, name: str = "") -> None:
            key = other.note.path
            if key == path or (entry.note.series and other.note.series == entry.note.series):
                return
            scores[key] += score
            last = reasons[key][-1] if reasons[key] else None
            if last and last.kind == kind:
                reasons[key][-1] = Reason(kind, (*last.names, name))
            else:
                reasons[key].append(Reason(kind, (name,) if name else ()))

        for key in dict.fromkeys(map(paper_key, entry.note.papers)):
            for other in self._papers[key][: 2 * _NEAR]:
                count(other, _PAPER, "paper")
        for address in dict.fromkeys(target.partition("#")[0] for target in entry.targets):
            if address in self._addresses:
                count(self._addresses[address], _LINK, "link")
        for backlink in entry.backlinks:
            count(self._by_path[backlink], _LINK, "backlink")
        for slug in entry.tags:
            score, name, notes = self._near[slug]
            place = self._places[slug, path]
            for other in notes[max(0, place - _NEAR) : place + _NEAR + 1]:
                count(other, score, "tag", name)
        rank = self._ranks[path]

        def order(key: str) -> tuple[int, int, int]:
            other = self._ranks[key]
            return -scores[key], abs(other - rank), other

        told = [key for key in scores if [reason.kind for reason in reasons[key]] != ["backlink"]]
        best = sorted(told, key=order)[:_MOST]
        return tuple(self._related(self._by_path[key], reasons[key], texts) for key in best)

    def _gather_mentions(self) -> dict[tuple[str, str], Mention]:
        """The first mention of each address in each note."""
        found: dict[tuple[str, str], Mention] = {}
        for entry in self._site.notes:
            for mention in entry.note.mentions:
                address = entry.targets[mention.reference].partition("#")[0]
                found.setdefault((entry.note.path, address), mention)
        return found

    def _backlink(self, source: Entry, target: Entry, texts: Texts) -> Backlink:
        mention = self._mentions.get((source.note.path, target.address))
        return Backlink(
            title=title_of(source),
            address=source.address,
            date=date_view(source.note.date, texts),
            sentence=_sentence(source, mention) if mention else None,
            lang=source.note.lang,
        )

    def _related(self, other: Entry, reasons: Sequence[Reason], texts: Texts) -> Related:
        return Related(
            title=title_of(other),
            address=other.address,
            date=date_view(other.note.date, texts),
            reasons=tuple(reasons),
            lang=other.note.lang,
        )


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


def _papers(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        for key in dict.fromkeys(map(paper_key, entry.note.papers)):
            found[key].append(entry)
    return found


def _rarity(count: int) -> int:
    return next((score for most, score in _RARITY if count <= most), 1)


def _sentence(source: Entry, mention: Mention) -> Placed:
    """A sentence of another note; what its slots need of that note comes along."""
    has_slots = "\0" in mention.markup
    return Placed(
        markup=mention.markup,
        targets=source.targets if has_slots else (),
        titles=source.titles if has_slots else (),
        home=source.address,
    )
