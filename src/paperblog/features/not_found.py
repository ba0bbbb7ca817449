"""The page of an address that does not exist."""

from collections.abc import Iterable

from paperblog.features.views import head
from paperblog.model.page import Plan
from paperblog.model.site import Edition
from paperblog.model.view import Frame, NotFoundView
from paperblog.plugins import Plugin


def emit(edition: Edition, frame: Frame) -> Iterable[Plan]:
    """Plan `404.html`, which hosts serve at any depth."""
    site = edition.site
    title = site.texts("not_found")
    view = NotFoundView(frame, head(site.config, "404.html", title, "", indexed=False))
    yield Plan("404.html", "404.html", view, absolute=True)


plugin = Plugin("not_found", "1", emitters=(emit,))
