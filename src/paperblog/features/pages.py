"""Pages beside the notes, such as `/about/`."""

from collections.abc import Iterable

from paperblog.features.notes import contents
from paperblog.features.views import canonical, site_feeds, title_of
from paperblog.model.page import Plan
from paperblog.model.part import Placed
from paperblog.model.site import Edition
from paperblog.model.view import Frame, Head, StandalonePageView
from paperblog.plugins import Plugin


def emit(edition: Edition, frame: Frame) -> Iterable[Plan]:
    """Plan the published pages."""
    site = edition.site
    for entry in site.pages:
        note = entry.note
        view = StandalonePageView(
            frame=frame,
            head=Head(
                title=note.title.plain,
                description=note.description or note.summary,
                lang=note.lang or site.config.language,
                canonical=canonical(site.config, entry.address),
                section=note.slug,
                feeds=site_feeds(site.config),
                indexed=not note.unlisted and not note.draft,
                math=note.needs_katex,
            ),
            title=title_of(entry),
            body=Placed(
                body=note.body,
                targets=entry.targets,
                titles=entry.titles,
                pictures=entry.pictures,
                lang=note.lang,
            ),
            toc=contents(note),
            draft=note.draft,
            extra=note.extra or {},
        )
        yield Plan(entry.address, "page.html", view, source=note.path)


plugin = Plugin("pages", "1", emitters=(emit,))
