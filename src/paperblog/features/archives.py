"""The archive: by year and month, and all of it on one page."""

from collections.abc import Iterable
from itertools import groupby

from paperblog.features.lists import Listing, list_plans
from paperblog.features.views import (
    Surroundings,
    head,
    month_address,
    neighbour,
    surroundings,
    year_address,
)
from paperblog.model.page import Plan, Recipe
from paperblog.model.part import ArchiveGroup
from paperblog.model.remembered import remembered
from paperblog.model.site import Edition, Entry
from paperblog.model.texts import Texts
from paperblog.model.view import ArchiveView, Frame
from paperblog.plugins import Plugin


def emit(edition: Edition, frame: Frame) -> Iterable[Plan]:
    """Plan the archive's page and those of its years and months."""
    site = edition.site
    dated = [entry for entry in site.notes if entry.note.date]
    if not dated:
        return
    undated = tuple([entry for entry in site.notes if not entry.note.date])
    given = (surroundings(site), frame, tuple(dated), undated)
    yield Plan("archive/", "archive.html", Recipe(_view, given))
    for year, group in groupby(dated, lambda entry: _month(entry)[0]):
        listing = Listing(year_address(year), "year", str(year), "archive")
        yield from list_plans(site, frame, listing, tuple(group))
    for (year, month), entries in groupby(dated, _month):
        heading = site.texts.month_of_year(year, month)
        listing = Listing(month_address(year, month), "month", heading, "archive")
        yield from list_plans(site, frame, listing, tuple(entries))


def _month(entry: Entry) -> tuple[int, int]:
    date = entry.note.date
    return (date.year, date.month) if date else (0, 0)


def _view(
    around: Surroundings, frame: Frame, dated: tuple[Entry, ...], undated: tuple[Entry, ...]
) -> ArchiveView:
    texts = around.catalogue.of()
    groups = [
        _group(texts.month_of_year(*month), month_address(*month), tuple(entries), texts)
        for month, entries in groupby(dated, _month)
    ]
    if undated:
        groups.append(_group(texts("without_date"), "", undated, texts))
    return ArchiveView(
        frame=frame,
        head=head(around.config, "archive/", texts("archive"), "archive"),
        years=frame.archive,
        groups=tuple(groups),
    )


@remembered
def _group(heading: str, address: str, entries: tuple[Entry, ...], texts: Texts) -> ArchiveGroup:
    return ArchiveGroup(heading, address, tuple([neighbour(entry, texts) for entry in entries]))


plugin = Plugin("archives", "1", emitters=(emit,))
