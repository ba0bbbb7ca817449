"""The archive: by year and month, and all of it on one page."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import TypeVar

from paperblog.features.lists import Listing, list_plans
from paperblog.features.views import (
    Surroundings,
    date_view,
    head,
    month_address,
    planned,
    surroundings,
    year_address,
)
from paperblog.model.page import Plan
from paperblog.model.part import ArchiveGroup, Neighbour, Placed
from paperblog.model.remembered import by_rows, carried_over, remembered
from paperblog.model.site import Edition, Entry
from paperblog.model.texts import Texts
from paperblog.model.view import ArchiveView, Frame
from paperblog.plugins import Plugin

K = TypeVar("K")
_Month = tuple[int, int]


def emit(edition: Edition, frame: Frame) -> Iterable[Plan]:
    """Plan the archive's page and those of its years and months."""
    site = edition.site
    dated = [entry for entry in site.notes if entry.note.date]
    if not dated:
        return
    # Of all notes together no more is given than is shown: a page that depends on the whole of
    # each would be made anew with each edit.
    lines = _lines(("dated",), dated)
    undated = _lines(("undated",), [entry for entry in site.notes if not entry.note.date])
    yield planned(
        "archive/", "archive.html", "", False, _view, surroundings(site), frame, lines, undated
    )
    months = _months((), [entry.note.date for entry in dated])
    lists = _lists(months, site.texts)
    notes = [tuple(dated[part]) for _, part in lists]
    yield from list_plans(site, frame, "archive", [listing for listing, _ in lists], notes)


@carried_over
def _lists(months: tuple[_Month, ...], texts: Texts) -> Sequence[tuple[Listing, slice]]:
    """The lists of all years and months, each with the places of its notes."""
    years = [
        (Listing(year_address(year), "year", str(year), "archive"), part)
        for year, part in _runs([year for year, _ in months])
    ]
    return years + [
        (Listing(month_address(*month), "month", texts.month_of_year(*month), "archive"), part)
        for month, part in _runs(months)
    ]


def _runs(keys: Sequence[K]) -> Iterable[tuple[K, slice]]:
    """Where the same keys stand together."""
    start = 0
    for key, group in groupby(keys):
        end = start + len(list(group))
        yield key, slice(start, end)
        start = end


_Line = tuple[str, str, datetime | None, str]
"""A note's title as markup, its address, its date and its language."""


@by_rows
def _lines(_: str, entry: Entry) -> _Line:
    note = entry.note
    return note.title.markup, entry.address, note.date, note.lang


@by_rows
def _months(date: datetime | None) -> _Month:
    return _month_of(date)


def _month_of(date: datetime | None) -> _Month:
    return (date.year, date.month) if date else (0, 0)


def _view(
    around: Surroundings, frame: Frame, dated: tuple[_Line, ...], undated: tuple[_Line, ...]
) -> ArchiveView:
    texts = around.catalogue.of()
    groups = [
        _group(texts.month_of_year(*month), month_address(*month), tuple(lines), texts)
        for month, lines in groupby(dated, lambda line: _month_of(line[2]))
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
def _group(heading: str, address: str, lines: tuple[_Line, ...], texts: Texts) -> ArchiveGroup:
    notes = [
        Neighbour(Placed(markup=title), place, date_view(date, texts), lang)
        for title, place, date, lang in lines
    ]
    return ArchiveGroup(heading, address, tuple(notes))


plugin = Plugin("archives", "1", emitters=(emit,))
