"""Each note's own page."""

from collections.abc import Iterable, Sequence

from paperblog.features.citations import license_url, note_citation, paper_citation, paper_facts
from paperblog.features.relations import backlink, related_note, relations_of
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
from paperblog.model.card import CARD_SIZE, CardView
from paperblog.model.config import Config
from paperblog.model.note import Note
from paperblog.model.page import Plan, Recipe
from paperblog.model.part import Backlink, ImageView, Placed, Reason, TocItem
from paperblog.model.remembered import by_rows, remembered
from paperblog.model.site import Edition, Entry
from paperblog.model.view import Frame, Head, NoteView
from paperblog.plugins import Plugin

_LEAST_HEADINGS = 3
_HEAVY = 100


def emit(edition: Edition, frame: Frame) -> Iterable[Plan]:
    """Plan the pages of all published notes, and their cards."""
    site = edition.site
    around = surroundings(site)
    relations = relations_of(site)

    entries = site.notes + site.hidden
    alone = (None,) * len(site.hidden)
    yield from _plans(
        (around, frame),
        entries,
        relations.series,
        relations.sources,
        relations.related,
        relations.reasons,
        [*site.notes[1:], None, *alone][: len(entries)],
        [None, *site.notes[:-1], *alone][: len(entries)],
    )
    if not _has_cards(site.config):
        return
    # Of notes that clash, which is reported, one card is enough.
    for entry in {e.address.casefold(): e for e in entries}.values():
        if _has_card(site.config, entry):
            note = entry.note
            card = _card(frame.prompt, site.config.title, note.title.plain, note.emblem)
            yield Plan(_card_address(entry), "", card)


@by_rows
def _plans(around: Surroundings, frame: Frame, entry: Entry, *rest: object) -> Plan:
    recipe = Recipe(_view, (around, frame, entry, *rest))
    return Plan(entry.address, "note.html", recipe, source=entry.note.path)


def contents(note: Note) -> tuple[TocItem, ...]:
    """A note's table of contents, from three headings on."""
    if len(note.headings) < _LEAST_HEADINGS:
        return ()
    top = min(heading.level for heading in note.headings)
    return tuple(
        TocItem(heading.id, Placed(markup=heading.text.markup), heading.level - top + 1)
        for heading in note.headings
    )


def _view(
    around: Surroundings,
    frame: Frame,
    entry: Entry,
    series: tuple[Entry, ...],
    sources: tuple[Entry, ...],
    related: tuple[Entry, ...],
    reasons: tuple[tuple[Reason, ...], ...],
    older: Entry | None,
    newer: Entry | None,
) -> NoteView:
    note, config = entry.note, around.config
    texts = around.catalogue.of(note.lang)
    backlinks = tuple([backlink(source, entry.address, texts) for source in sources])
    line = byline(around, entry, texts)
    license = note.license or config.license
    places = [place for place, other in enumerate(series, 1) if other is entry]
    return NoteView(
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
            math=note.needs_katex or any(map(_holds_math, backlinks)),
        ),
        slug=note.slug,
        title=title_of(entry),
        byline=line,
        draft=note.draft,
        due=entry.due,
        description=note.description,
        papers=papers_of(note, texts),
        about=tuple(map(paper_facts, note.papers)),
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
        series_place=places[0] if places else 0,
        citations=_citations(config, entry, [author.text for author in line.authors]),
        backlinks=backlinks,
        related=tuple([related_note(*pair, texts) for pair in zip(related, reasons, strict=True)]),
        previous=neighbour(older, texts) if older else None,
        next=neighbour(newer, texts) if newer else None,
        license=license,
        license_url=license_url(license),
        extra=note.extra or {},
    )


def _holds_math(backlink: Backlink) -> bool:
    return backlink.sentence is not None and "\0f" in backlink.sentence.markup


def _image(config: Config, entry: Entry) -> ImageView | None:
    """The image that the note names for itself, else its card."""
    image, alt = entry.note.image, entry.note.title.plain
    target = entry.targets[image] if image is not None else ""
    if target:
        # Its size is known where the text shows it too.
        shown = {entry.targets[index]: picture for index, picture in entry.pictures}
        picture = shown.get(target)
        size = (picture.width, picture.height) if picture else (0, 0)
        return ImageView(target, alt, *size)
    return ImageView(_card_address(entry), alt, *CARD_SIZE) if _has_card(config, entry) else None


def _has_card(config: Config, entry: Entry) -> bool:
    return _has_cards(config) and entry.note.image is None


def _has_cards(config: Config) -> bool:
    """Whether cards are drawn; other sites find them by their absolute addresses alone."""
    return config.social_cards and bool(config.base_url)


def _card_address(entry: Entry) -> str:
    return f"{entry.address}social-card.png"


@remembered
def _card(prompt: str, site: str, title: str, formula: str) -> CardView:
    return CardView(prompt, site, title, formula)


def _citations(config: Config, entry: Entry, authors: Sequence[str]) -> tuple[str, ...]:
    papers = [paper_citation(paper) for paper in entry.note.papers]
    return (note_citation(config, entry, authors), *(entry for entry in papers if entry))


plugin = Plugin("notes", "1", emitters=(emit,))
