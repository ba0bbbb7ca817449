"""The home page: the newest notes, page by page."""

from collections.abc import Iterable

from paperblog.features.lists import Listing, list_plans
from paperblog.model.page import Plan
from paperblog.model.remembered import kept
from paperblog.model.site import Edition
from paperblog.model.view import Frame
from paperblog.plugins import Plugin


def emit(edition: Edition, frame: Frame) -> Iterable[Plan]:
    """Plan the pages of the home list."""
    site = edition.site
    listing = Listing("", "home", "", "notes", site.config.description, frame.feed)
    yield from list_plans(site, frame, "home", [kept("home", listing)], [site.notes])


plugin = Plugin("home", "1", emitters=(emit,))
