"""The papers that the notes are about."""

from collections.abc import Iterable

from paperblog.features.citations import bibliography, context_object
from paperblog.features.relations import paper_key
from paperblog.features.views import head, neighbour, paper_view
from paperblog.model.page import Plan
from paperblog.model.paper import Paper
from paperblog.model.part import PaperEntry
from paperblog.model.site import Edition, Entry
from paperblog.model.view import BibliographyView, Frame, PapersView
from paperblog.plugins import Plugin


def emit(edition: Edition, frame: Frame) -> Iterable[Plan]:
    """Plan the list of papers, where there are any, as a page and as BibTeX.

    Notes on one paper stand together.
    """
    site = edition.site
    texts = site.texts
    papers: dict[str, tuple[Paper, list[Entry]]] = {}
    for entry in site.notes:
        for paper in entry.note.papers:
            papers.setdefault(paper_key(paper), (paper, []))[1].append(entry)
    if not papers:
        return
    entries = tuple(
        PaperEntry(
            paper=paper_view(paper, texts),
            notes=tuple(neighbour(entry, texts) for entry in about),
            context_object=context_object(paper),
        )
        for paper, about in papers.values()
    )
    citations = bibliography(paper for paper, _ in papers.values())
    view = PapersView(
        frame=frame,
        head=head(site.config, "papers/", texts("papers"), "papers"),
        papers=entries,
        bibliography="papers/papers.bib" if citations else "",
    )
    yield Plan("papers/", "papers.html", view)
    if citations:
        yield Plan(view.bibliography, "papers.bib", BibliographyView(citations))


plugin = Plugin("papers", "1", emitters=(emit,))
