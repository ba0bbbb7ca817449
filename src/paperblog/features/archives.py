"""The archive: by year and month, and all of it on one page."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from paperblog.features.frame import archive_years
from paperblog.features.lists import Listing, list_plans
from paperblog.features.views import head, month_address, neighbour, year_address
from paperblog.model.page import Plan
from paperblog.model.part import ArchiveGroup
from paperblog.model.remembered import remembered
from paperblog.model.site import Edition, Entry, Site
from paperblog.model.texts import Texts
from paperblog.model.view import ArchiveView, Frame
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
        listing = Listing(year_address(year), "year", str(year), "archive")
        yield from list_plans(site, frame, listing, tuple(group))
    for (year, month), entries in months:
        heading = site.texts.month_of_year(year, month)
        listing = Listing(month_address(year, month), "month", heading, "archive")
        yield from list_plans(site, frame, listing, entries)


def _month(entry: Entry) -> tuple[int, int]:
    date = entry.note.date
    return (date.year, date.month) if date else (0, 0)


def _all(
    site: Site, frame: Frame, months: Sequence[tuple[tuple[int, int], tuple[Entry, ...]]]
) -> Plan:
    texts = site.texts
    groups = [
        _group(texts.month_of_year(year, month), month_address(year, month), entries, texts)
        for (year, month), entries in months
    ]
    undated = tuple(entry for entry in site.notes if not entry.note.date)
    if undated:
        groups.append(_group(texts("without_date"), "", undated, texts))
    view = ArchiveView(
        frame=frame,
        head=head(site.config, "archive/", texts("archive"), "archive"),
        years=archive_years(site),
        groups=tuple(groups),
    )
    return Plan("archive/", "archive.html", view)


@remembered
def _group(heading: str, address: str, entries: tuple[Entry, ...], texts: Texts) -> ArchiveGroup:
    return ArchiveGroup(heading, address, tuple([neighbour(entry, texts) for entry in entries]))


plugin = Plugin("archives", "1", emitters=(emit,))
