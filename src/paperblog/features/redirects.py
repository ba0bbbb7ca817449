"""Pages at former addresses of a note that lead to it."""

from collections.abc import Iterable

from paperblog.features.views import canonical
from paperblog.model.page import Plan
from paperblog.model.site import Edition
from paperblog.model.view import Frame, RedirectView
from paperblog.plugins import Plugin


def emit(edition: Edition, frame: Frame) -> Iterable[Plan]:
    """Plan a page for each alias."""
    site = edition.site
    for entry in site.by_path().values():
        for alias in dict.fromkeys(entry.note.aliases):
            if alias_address(alias) == entry.address:
                continue
            view = RedirectView(
                title=entry.note.title.plain,
                address=entry.address,
                canonical=canonical(site.config, entry.address),
                lang=entry.note.lang or site.config.language,
            )
            yield Plan(alias_address(alias), "redirect.html", view, source=entry.note.path)


def alias_address(alias: str) -> str:
    """Where an alias is published: a folder, unless it names an HTML file."""
    bare = alias.strip("/")
    return bare if bare.endswith((".html", ".htm")) else f"{bare}/"


plugin = Plugin("redirects", "1", emitters=(emit,))
