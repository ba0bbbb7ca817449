"""The home page: the newest notes, page by page."""

from collections.abc import Iterable

from paperblog.features.views import (
    head,
    holds_math,
    list_view,
    page_address,
    pages_of,
    pagination,
    summaries,
    surroundings,
)
from paperblog.model.page import Frame, Plan
from paperblog.model.site import Edition
from paperblog.plugins import Plugin


def emit(edition: Edition, frame: Frame) -> Iterable[Plan]:
    """Plan the pages of the home list."""
    site = edition.site
    pages = pages_of(site, site.notes)
    around = surroundings(site)
    for number, entries in enumerate(pages, 1):
        address = page_address("", number)
        title = "" if number == 1 else site.texts("page", number=number)
        view = list_view(
            frame,
            head(site, address, title, "notes", site.config.description, holds_math(entries)),
            "home",
            "",
            summaries(around, entries),
            pagination("", number, len(pages)),
            frame.feed,
            None,
        )
        yield Plan(address, "list.html", view)


plugin = Plugin("home", "1", emitters=(emit,))
