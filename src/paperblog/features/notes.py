"""Each note's own page."""

import re
from collections.abc import Iterable, Mapping, Sequence
from html import unescape

from paperblog.features.views import (
    Surroundings,
    anchors,
    byline,
    canonical,
    link_views,
    neighbour,
    papers_of,
    site_feeds,
    surroundings,
    title_of,
)
from paperblog.model.config import Config
from paperblog.model.note import Note
from paperblog.model.page import (
    Frame,
    Head,
    NoteView,
    Placed,
    Plan,
    TocItem,
)
from paperblog.model.remembered import remembered
from paperblog.model.site import Edition, Entry
from paperblog.plugins import Plugin

_LEAST_HEADINGS = 3
_HEAVY = 100


def emit(edition: Edition, frame: Frame) -> Iterable[Plan]:
    """Plan the pages of all published notes."""
    site = edition.site
    around = surroundings(site)
    by_path = site.by_path()
    series = _series(site.notes)
    newer, older = (None, *site.notes), (*site.notes[1:], None)
    for entry, before, after in zip(site.notes, older, newer, strict=False):
        backlinks = tuple([by_path[path] for path in entry.backlinks])
        others = series.get(entry.note.series, ())
        yield _plan(around, frame, entry, others, backlinks, before, after)
    for entry in site.hidden:
        backlinks = tuple([by_path[path] for path in entry.backlinks])
        others = series.get(entry.note.series, ())
        yield _plan(around, frame, entry, others, backlinks, None, None)


def contents(note: Note) -> tuple[TocItem, ...]:
    """A note's table of contents, from three headings on."""
    if len(note.headings) < _LEAST_HEADINGS:
        return ()
    top = min(heading.level for heading in note.headings)
    return tuple(
        TocItem(heading.id, Placed(markup=heading.text.markup), heading.level - top + 1)
        for heading in note.headings
    )


@remembered
def _plan(
    around: Surroundings,
    frame: Frame,
    entry: Entry,
    series: tuple[Entry, ...],
    backlinks: tuple[Entry, ...],
    older: Entry | None,
    newer: Entry | None,
) -> Plan:
    note, config = entry.note, around.config
    texts = around.catalogue.of(note.lang)
    line = byline(around, entry, texts)
    view = NoteView(
        frame=frame,
        head=Head(
            title=note.title.plain,
            description=note.description or note.summary,
            lang=note.lang or config.language,
            canonical=canonical(config, entry.address),
            section="notes",
            feeds=site_feeds(config),
            image=_image(config, entry),
            kind="article",
            indexed=not note.unlisted and not note.draft,
            math=bool(note.formulas),
        ),
        slug=note.slug,
        title=title_of(entry),
        byline=line,
        draft=note.draft,
        due=entry.due,
        description=note.description,
        papers=papers_of(note, texts),
        links=link_views(note.links, texts),
        toc=contents(note),
        heavy=len(note.formulas) >= _HEAVY,
        body=Placed(
            body=note.body,
            targets=entry.targets,
            titles=entry.titles,
            pictures=entry.pictures,
            lang=note.lang,
        ),
        tags=anchors(around.tags, entry.tags),
        series=note.series,
        series_notes=tuple([neighbour(other, texts) for other in series]),
        citation=citation(config, entry, [author.text for author in line.authors]),
        backlinks=tuple([neighbour(other, texts) for other in backlinks]),
        previous=neighbour(older, texts) if older else None,
        next=neighbour(newer, texts) if newer else None,
        license=note.license or config.license,
        extra=note.extra or {},
    )
    return Plan(entry.address, "note.html", view, source=note.path)


def _image(config: Config, entry: Entry) -> str:
    image = entry.note.image
    target = entry.targets[image] if image is not None else ""
    return canonical(config, target) if target else ""


def _series(notes: Sequence[Entry]) -> Mapping[str, tuple[Entry, ...]]:
    """The notes of each series, oldest first."""
    members: dict[str, list[Entry]] = {}
    for entry in reversed(notes):
        if entry.note.series:
            members.setdefault(entry.note.series, []).append(entry)
    return {name: tuple(entries) for name, entries in members.items()}


def citation(config: Config, entry: Entry, authors: Sequence[str]) -> str:
    """A BibTeX entry of the note itself; the site is the author where nobody is named."""
    note = entry.note
    names = authors or [config.title]
    fields = {
        "author": " and ".join(f"{{{_bibtex(name)}}}" for name in names),
        "title": f"{{{_title(note)}}}",
        "howpublished": _bibtex(config.title),
        "year": f"{note.date:%Y}" if note.date else "",
        "month": f"{note.date:%b}".lower() if note.date else "",
        "url": canonical(config, entry.address),
    }
    lines = [
        f"  {name} = {value}," if name == "month" else f"  {name} = {{{value}}},"
        for name, value in fields.items()
        if value
    ]
    key = re.sub(r"[^a-z0-9-]", "", note.slug.lower()) or "note"
    year = fields["year"]
    return "\n".join([f"@misc{{{key}{'-' + year if year else ''},", *lines, "}"])


def _title(note: Note) -> str:
    """A title for BibTeX: formulas as TeX, everything else escaped."""
    parts = note.title.markup.split("\0")
    tex = {formula.key: formula.tex for formula in note.formulas} if len(parts) > 1 else {}
    out = []
    for number, part in enumerate(parts):
        if number % 2:
            out.append(f"${tex.get(part[1:], '')}$")
        else:
            out.append(_bibtex(unescape(re.sub(r"<[^>]*>", "", part))))
    return "".join(out)


def _bibtex(text: str) -> str:
    return re.sub(r"([&%$#_{}])", r"\\\1", text)


plugin = Plugin("notes", "1", emitters=(emit,))
