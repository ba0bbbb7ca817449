"""A plugin: H~2~O, a warning for notes without a paper, and a page that ranks notes by formulas."""

from collections.abc import Iterable

from mdit_py_plugins.subscript import sub_plugin

from paperblog.model.diagnostic import Code, Diagnostic, Severity, Span
from paperblog.model.page import Plan
from paperblog.model.part import Anchor
from paperblog.model.site import Edition, Site
from paperblog.model.view import Frame, Head, IndexView
from paperblog.plugins import Plugin

NO_PAPER = Code("no-paper", Severity.WARNING, "The note names no paper.")


def check(site: Site) -> Iterable[Diagnostic]:
    """Warn of notes that are about no paper."""
    for entry in site.notes:
        if not entry.note.papers:
            yield NO_PAPER.at(Span(entry.note.path), "the note names no paper", "add paper:")


def emit(edition: Edition, frame: Frame) -> Iterable[Plan]:
    """Plan one page, shown by a template of the theme."""
    site = edition.site
    ranked = sorted(site.notes, key=lambda entry: -len(entry.note.formulas))
    view = IndexView(
        frame=frame,
        head=Head("Formulas", "", lang=site.config.language, canonical="", section="formulas"),
        kind="formulas",
        heading="Notes by their formulas",
        terms=tuple(
            Anchor(entry.note.title.plain, entry.address, len(entry.note.formulas))
            for entry in ranked
        ),
    )
    yield Plan("formulas/", "terms.html", view)


plugin = Plugin("formula-index", "1", syntaxes=(sub_plugin,), checks=(check,), emitters=(emit,))
