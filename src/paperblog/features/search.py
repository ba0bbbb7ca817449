"""The page on which the notes are searched."""

from collections.abc import Iterable

from paperblog.features.views import head
from paperblog.model.page import SEARCH_INDEX, Plan
from paperblog.model.site import Edition
from paperblog.model.view import Frame, SearchView
from paperblog.plugins import Plugin


def emit(edition: Edition, frame: Frame) -> Iterable[Plan]:
    """Plan the page, where the site has a search."""
    if frame.search:
        view = SearchView(
            frame=frame,
            head=head(edition.site.config, frame.search, edition.site.texts("search"), "search"),
            index=SEARCH_INDEX,
        )
        yield Plan(frame.search, "search.html", view)


plugin = Plugin("search", "1", emitters=(emit,))
