"""Resolve: from notes to a site; which are published, where, and what their links mean."""

from collections import defaultdict
from collections.abc import Callable, Container, Mapping, Sequence
from datetime import datetime
from functools import cache, partial

from msgspec import Struct
from msgspec.structs import replace

from paperblog.model import codes
from paperblog.model.config import Config
from paperblog.model.diagnostic import Diagnostic, Span
from paperblog.model.note import Asset, Kind, Note
from paperblog.model.remembered import alike, by_rows, carried_over, kept
from paperblog.model.site import Entry, Site
from paperblog.model.texts import Catalogue
from paperblog.ports import Files, Store
from paperblog.steps.references import References, Resolution, named_facts
from paperblog.steps.relate import relate
from paperblog.steps.terms import author_terms, terms_of

Dates = Mapping[str, tuple[datetime, datetime]]


class Publication(Struct, frozen=True):
    """What decides whether a note is published: the present, and what was asked for."""

    now: datetime
    drafts: bool = False
    future: bool = False


def resolve(
    notes: Sequence[Note],
    assets: Sequence[Asset],
    config: Config,
    publication: Publication,
    dates: Dates,
    files: Files,
    catalogue: Catalogue,
    store: Store,
    program: str,
) -> Site:
    """Decide what is published, give each its address, resolve its links and relate the notes.

    `dates` are those of version control, for notes that name none; `program` names our own source.
    """
    if dates:
        notes = _dated((), notes, [dates.get(note.path) for note in notes])
    ranks = _ranks((), notes)
    now = publication.now.timestamp()
    later = {
        note.path: note.date for note, rank in zip(notes, ranks, strict=True) if -rank[0] > now
    }
    ordered = [notes[place] for place in _order(ranks)]
    possible = ordered if publication.drafts else [note for note in ordered if not note.draft]
    shown = [n for n in possible if n.path not in later] if not publication.future else possible
    references = _references(_directory(notes, shown, assets, config, files))
    resolutions = _resolutions((references,), shown)
    entries = _with_backlinks([resolution.entry for resolution in resolutions], later)
    listed = [entry for entry in entries.values() if entry.note.kind is Kind.NOTE]
    # What the coming of a date will change.
    awaited = [date for note in possible if (date := later.get(note.path))]
    diagnostics = [diagnostic for r in resolutions for diagnostic in r.diagnostics]
    for note in notes:
        if not note.draft or not note.trusted or publication.drafts:
            diagnostics += note.diagnostics
    used = frozenset[tuple[str, str]]().union(*[r.used for r in resolutions if r.used])
    diagnostics += references.unused_labels(shown, used)
    diagnostics += _unused_macros(notes, config)
    public = tuple(entry for entry in listed if not entry.note.unlisted)
    tags = terms_of(public, "tag", lambda entry: entry.tags, lambda note: note.tags)
    return Site(
        config=config,
        catalogue=catalogue,
        notes=public,
        hidden=tuple(entry for entry in listed if entry.note.unlisted),
        pages=tuple(entry for entry in entries.values() if entry.note.kind is Kind.PAGE),
        categories=terms_of(
            public, "category", lambda entry: entry.categories, lambda note: note.categories
        ),
        tags=tags,
        authors=author_terms(public, config),
        related=relate(public, tags, store, program),
        copies=tuple(references.copies({path for r in resolutions for path in r.wanted})),
        next_due=min(awaited).astimezone(config.zone()) if awaited else None,
        diagnostics=tuple(diagnostics),
    )


def _unused_macros(notes: Sequence[Note], config: Config) -> list[Diagnostic]:
    """The site's macros that no formula of any note uses, be it a draft."""
    used = {name for note in notes for name in note.used_site_macros}
    return [
        codes.UNUSED_MACRO.at(macro.span, f"no formula of any note uses {macro.name}")
        for macro in config.macros
        if macro.name not in used
    ]


@by_rows
def _dated(note: Note, found: tuple[datetime, datetime] | None) -> Note:
    if found is None or note.kind is Kind.PAGE:
        return note
    first, last = found
    updated = note.updated or (last if last > first else None)
    return replace(note, date=note.date or first, updated=updated)


_Rank = tuple[float, str, str]


@by_rows
def _ranks(note: Note) -> _Rank:
    return (-note.date.timestamp() if note.date else float("inf"), note.slug, note.path)


@carried_over
def _order(ranks: tuple[_Rank, ...]) -> Sequence[int]:
    """The places of the notes, newest first."""
    return sorted(range(len(ranks)), key=ranks.__getitem__)


class _Directory(Struct, frozen=True):
    """What links find their targets by; equal as long as nothing is called otherwise."""

    facts: Callable[[], tuple[object, ...]]
    shown: tuple[str, ...]
    assets: tuple[Asset, ...]
    config: Config
    files: Files
    notes: tuple[Note, ...]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Directory) and alike(self._names(), other._names())

    def _names(self) -> tuple[object, ...]:
        return self.facts(), self.shown, self.assets, self.config, self.files


def _directory(
    notes: Sequence[Note],
    shown: Sequence[Note],
    assets: Sequence[Asset],
    config: Config,
    files: Files,
) -> _Directory:
    # They serve to compare it with that of the build before, where there was one.
    facts = cache(partial(_facts, (), notes))
    paths = tuple([note.path for note in shown])
    directory = _Directory(facts, paths, tuple(assets), config, files, tuple(notes))
    return kept("directory", directory)


@carried_over
def _references(directory: _Directory) -> References:
    by_path = {note.path: note for note in directory.notes}
    published = [by_path[path] for path in directory.shown]
    return References(
        directory.notes, published, directory.assets, directory.config, directory.files
    )


@by_rows
def _facts(note: Note) -> tuple[object, ...]:
    return named_facts(note)


@by_rows
def _resolutions(references: References, note: Note) -> Resolution:
    return references.resolve(note)


def _with_backlinks(entries: Sequence[Entry], later: Container[str]) -> dict[str, Entry]:
    """The entries by path, with what only all of them tell and whether their time has come."""
    backlinks = _backlinks(_links((), entries))
    paths = [entry.note.path for entry in entries]
    sources = [backlinks.get(path, ()) for path in paths]
    due = [path in later for path in paths]
    return dict(zip(paths, _linked((), entries, sources, due), strict=True))


class _Links(Struct, frozen=True, gc=False):
    """The addresses that an entry links to; none where it does not count as linking."""

    path: str
    address: str
    targets: frozenset[str]


@by_rows
def _links(entry: Entry) -> _Links:
    note = entry.note
    counts = not note.unlisted and note.kind is Kind.NOTE
    targets = frozenset([target.partition("#")[0] for target in entry.targets if counts])
    return _Links(note.path, entry.address, targets)


@carried_over
def _backlinks(links: tuple[_Links, ...]) -> Mapping[str, tuple[str, ...]]:
    """The paths of the notes that link to a note, in their order, by its path."""
    paths = {one.address: one.path for one in links}
    found: dict[str, list[str]] = defaultdict(list)
    for one in links:
        for path in {paths[target] for target in one.targets if target in paths} - {one.path}:
            found[path].append(one.path)
    return {path: tuple(sources) for path, sources in found.items()}


@by_rows
def _linked(entry: Entry, backlinks: tuple[str, ...], due: bool) -> Entry:
    return replace(entry, backlinks=backlinks, due=due) if backlinks or due else entry


def no_base_url(config: Config) -> tuple[Diagnostic, ...]:
    """The hint that absolute addresses are missing, where they are."""
    if config.base_url:
        return ()
    message = "base_url is not set: feeds, the sitemap and canonical links are left out"
    help = "set it in the configuration, or pass --base-url"
    return (codes.NO_BASE_URL.at(Span(""), message, help),)
