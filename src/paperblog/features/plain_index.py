"""The site in plain words for programs that read texts: `llms.txt` (llmstxt.org)."""

from collections.abc import Iterable

from paperblog.model.page import Plan
from paperblog.model.remembered import by_rows, carried_over
from paperblog.model.site import Edition, Entry
from paperblog.model.view import Frame, PlainIndexView
from paperblog.plugins import Plugin


def emit(edition: Edition, frame: Frame) -> Iterable[Plan]:
    """Plan the index, where addresses can be absolute; it lists what search engines may."""
    site = edition.site
    if not site.config.base_url:
        return
    yield _plan(
        site.config.title,
        site.config.description or site.config.tagline,
        _lines(("notes",), [entry for entry in site.notes if not entry.note.draft]),
        _lines(("pages",), [entry for entry in site.pages if _is_listed(entry)]),
    )


_Line = tuple[str, str, str]
"""A title, an address, and what is said of what is there."""


@carried_over
def _plan(title: str, description: str, notes: tuple[_Line, ...], pages: tuple[_Line, ...]) -> Plan:
    view = PlainIndexView(title, description, notes, pages)
    return Plan("llms.txt", "llms.txt", view, absolute=True)


@by_rows
def _lines(_: str, entry: Entry) -> _Line:
    note = entry.note
    return note.title.plain, entry.address, note.description or note.summary


def _is_listed(entry: Entry) -> bool:
    return not entry.note.unlisted and not entry.note.draft


plugin = Plugin("plain-index", "1", emitters=(emit,))
