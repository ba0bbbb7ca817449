"""The site in plain words for programs that read texts: `llms.txt` (llmstxt.org)."""

from collections.abc import Iterable

from paperblog.model.page import Plan
from paperblog.model.remembered import carried_over
from paperblog.model.site import Edition, Entry
from paperblog.model.view import Frame, PlainIndexView
from paperblog.plugins import Plugin


def emit(edition: Edition, frame: Frame) -> Iterable[Plan]:
    """Plan the index, where addresses can be absolute; it lists what search engines may."""
    site = edition.site
    if not site.config.base_url:
        return
    view = PlainIndexView(
        title=site.config.title,
        description=site.config.description or site.config.tagline,
        notes=tuple([_line(entry) for entry in site.notes if not entry.note.draft]),
        pages=tuple([_line(entry) for entry in site.pages if _is_listed(entry)]),
    )
    yield Plan("llms.txt", "llms.txt", view, absolute=True)


@carried_over
def _line(entry: Entry) -> tuple[str, str, str]:
    note = entry.note
    return note.title.plain, entry.address, note.description or note.summary


def _is_listed(entry: Entry) -> bool:
    return not entry.note.unlisted and not entry.note.draft


plugin = Plugin("plain-index", "1", emitters=(emit,))
