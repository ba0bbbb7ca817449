"""The papers that the notes are about."""

from collections.abc import Iterable

from paperblog.features.citations import bibliography, context_object, paper_citation
from paperblog.features.views import head, neighbour, paper_view
from paperblog.model.config import Config
from paperblog.model.page import Plan, Recipe
from paperblog.model.paper import Paper, paper_key
from paperblog.model.part import PaperEntry
from paperblog.model.site import Edition, Entry
from paperblog.model.texts import Texts
from paperblog.model.view import BibliographyView, Frame, PapersView
from paperblog.plugins import Plugin


def emit(edition: Edition, frame: Frame) -> Iterable[Plan]:
    """Plan the list of papers, where there are any, as a page and as BibTeX."""
    site = edition.site
    notes = tuple([entry for entry in site.notes if entry.note.papers])
    if not notes:
        return
    is_cited = any(paper_citation(paper) for paper, _ in _papers(notes))
    file = "papers/papers.bib" if is_cited else ""
    given = (frame, site.config, site.texts, file, notes)
    yield Plan("papers/", "papers.html", Recipe(_view, given))
    if file:
        yield Plan(file, "papers.bib", Recipe(_bibliography, (notes,)))


def _view(
    frame: Frame, config: Config, texts: Texts, file: str, notes: tuple[Entry, ...]
) -> PapersView:
    entries = tuple(
        PaperEntry(
            paper=paper_view(paper, texts),
            notes=tuple(neighbour(entry, texts) for entry in about),
            context_object=context_object(paper),
        )
        for paper, about in _papers(notes)
    )
    return PapersView(
        frame=frame,
        head=head(config, "papers/", texts("papers"), "papers"),
        papers=entries,
        bibliography=file,
    )


def _bibliography(notes: tuple[Entry, ...]) -> BibliographyView:
    return BibliographyView(bibliography(paper for paper, _ in _papers(notes)))


def _papers(notes: tuple[Entry, ...]) -> Iterable[tuple[Paper, list[Entry]]]:
    """The papers, each with the notes on it, which stand together."""
    papers: dict[str, tuple[Paper, list[Entry]]] = {}
    for entry in notes:
        for paper in entry.note.papers:
            papers.setdefault(paper_key(paper), (paper, []))[1].append(entry)
    return papers.values()


plugin = Plugin("papers", "1", emitters=(emit,))
