"""Each note's own page."""

import re
from collections.abc import Iterable, Mapping
from html import unescape

from paperblog.features.views import (
    anchor,
    byline,
    canonical,
    link_views,
    neighbour,
    papers_of,
    site_feeds,
    terms_of,
    title_of,
)
from paperblog.model.note import Note
from paperblog.model.page import Frame, Head, Neighbour, NoteView, Placed, Plan, TocItem
from paperblog.model.site import Edition, Entry, Site
from paperblog.model.texts import Texts
from paperblog.plugins import Plugin

_LEAST_HEADINGS = 3


def emit(edition: Edition, frame: Frame) -> Iterable[Plan]:
    """Plan the pages of all published notes."""
    site = edition.site
    by_path = site.by_path()
    for number, entry in enumerate(site.notes):
        newer = site.notes[number - 1] if number else None
        older = site.notes[number + 1] if number + 1 < len(site.notes) else None
        yield _plan(site, entry, frame, by_path, older, newer)
    for entry in site.hidden:
        yield _plan(site, entry, frame, by_path, None, None)


def contents(note: Note) -> tuple[TocItem, ...]:
    """A note's table of contents, from three headings on."""
    if len(note.headings) < _LEAST_HEADINGS:
        return ()
    top = min(heading.level for heading in note.headings)
    return tuple(
        TocItem(heading.id, Placed(markup=heading.text.markup), heading.level - top + 1)
        for heading in note.headings
    )


def _plan(
    site: Site,
    entry: Entry,
    frame: Frame,
    by_path: Mapping[str, Entry],
    older: Entry | None,
    newer: Entry | None,
) -> Plan:
    note, texts = entry.note, site.catalogue.of(entry.note.lang)
    description = note.description or note.summary
    view = NoteView(
        frame=frame,
        head=Head(
            title=note.title.plain,
            description=description,
            lang=note.lang or site.config.language,
            canonical=canonical(site.config, entry.address),
            section="notes",
            feeds=site_feeds(site),
            image=_image(site, entry),
            kind="article",
            indexed=not note.unlisted and not note.draft,
            math=bool(note.formulas),
        ),
        slug=note.slug,
        title=title_of(entry),
        byline=byline(site, entry, texts),
        draft=note.draft,
        due=entry.due,
        description=note.description,
        papers=papers_of(note, texts),
        links=link_views(note.links, texts),
        toc=contents(note),
        body=Placed(body=note.body, targets=entry.targets, titles=entry.titles, lang=note.lang),
        tags=tuple(map(anchor, terms_of(site.tags, entry.tags))),
        series=note.series,
        series_notes=_series(site, note, texts),
        citation=citation(site, entry),
        backlinks=tuple(neighbour(by_path[path], texts) for path in entry.backlinks),
        previous=neighbour(older, texts) if older else None,
        next=neighbour(newer, texts) if newer else None,
        license=note.license or site.config.license,
        extra=note.extra or {},
    )
    return Plan(entry.address, "note.html", view, source=note.path)


def _image(site: Site, entry: Entry) -> str:
    image = entry.note.image
    target = entry.targets[image] if image is not None else ""
    return canonical(site.config, target) if target else ""


def _series(site: Site, note: Note, texts: Texts) -> tuple[Neighbour, ...]:
    """The notes of a series, oldest first."""
    if not note.series:
        return ()
    members = [entry for entry in site.notes if entry.note.series == note.series]
    return tuple(neighbour(entry, texts) for entry in reversed(members))


def citation(site: Site, entry: Entry) -> str:
    """A BibTeX entry of the note itself."""
    note = entry.note
    authors = [term.name for term in terms_of(site.authors, entry.authors)] or [site.config.title]
    fields = {
        "author": " and ".join(f"{{{_bibtex(author)}}}" for author in authors),
        "title": f"{{{_title(note)}}}",
        "howpublished": _bibtex(site.config.title),
        "year": f"{note.date:%Y}" if note.date else "",
        "month": f"{note.date:%b}".lower() if note.date else "",
        "url": canonical(site.config, entry.address),
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
    tex = {formula.key: formula.tex for formula in note.formulas}
    parts = note.title.markup.split("\0")
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
