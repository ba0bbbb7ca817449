"""The archive: by year and month, and all of it on one page."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from paperblog.features.frame import archive_years
from paperblog.features.views import (
    head,
    holds_math,
    list_view,
    month_address,
    neighbour,
    page_address,
    pages_of,
    pagination,
    summaries,
    surroundings,
    year_address,
)
from paperblog.model.page import ArchiveGroup, ArchiveView, Frame, Plan
from paperblog.model.site import Edition, Entry, Site
from paperblog.plugins import Plugin


def emit(edition: Edition, frame: Frame) -> Iterable[Plan]:
    """Plan the archive's page and those of its years and months."""
    site = edition.site
    dated = [entry for entry in site.notes if entry.note.date]
    if not dated:
        return
    months = [(key, tuple(group)) for key, group in groupby(dated, _month)]
    yield _all(site, frame, months)
    for year, group in groupby(dated, lambda entry: _month(entry)[0]):
        yield from _list(site, frame, "year", str(year), year_address(year), tuple(group))
    for (year, month), entries in months:
        heading = site.texts.month_of_year(year, month)
        yield from _list(site, frame, "month", heading, month_address(year, month), entries)


def _month(entry: Entry) -> tuple[int, int]:
    date = entry.note.date
    return (date.year, date.month) if date else (0, 0)


def _all(
    site: Site, frame: Frame, months: Sequence[tuple[tuple[int, int], Sequence[Entry]]]
) -> Plan:
    texts = site.texts
    groups = [
        ArchiveGroup(
            texts.month_of_year(year, month),
            month_address(year, month),
            tuple(neighbour(entry, texts) for entry in entries),
        )
        for (year, month), entries in months
    ]
    undated = tuple(neighbour(entry, texts) for entry in site.notes if not entry.note.date)
    if undated:
        groups.append(ArchiveGroup(texts("without_date"), "", undated))
    view = ArchiveView(
        frame=frame,
        head=head(site, "archive/", texts("archive"), "archive"),
        years=archive_years(site),
        groups=tuple(groups),
    )
    return Plan("archive/", "archive.html", view)


def _list(
    site: Site, frame: Frame, kind: str, heading: str, address: str, entries: tuple[Entry, ...]
) -> Iterable[Plan]:
    pages = pages_of(site, entries)
    around = surroundings(site)
    for number, part in enumerate(pages, 1):
        at = page_address(address, number)
        view = list_view(
            frame,
            head(site, at, heading, "archive", math=holds_math(part)),
            kind,
            heading,
            summaries(around, part),
            pagination(address, number, len(pages)),
            "",
            None,
        )
        yield Plan(at, "list.html", view)


plugin = Plugin("archives", "1", emitters=(emit,))
