"""Lists of notes, published page by page."""

from collections.abc import Iterable

from msgspec import Struct

from paperblog.features.views import Surroundings, head, summary, surroundings
from paperblog.model.page import Plan, Recipe
from paperblog.model.part import Anchor, AuthorView, PageLink, Pagination
from paperblog.model.remembered import by_rows
from paperblog.model.site import Entry, Site
from paperblog.model.view import Frame, ListView


class Listing(Struct, frozen=True):
    """What is listed where: the home page, a category, a month; see `ListView`.

    `feeds` are those to announce beside the site's, `section` is the navigation entry that it
    belongs to.
    """

    address: str
    kind: str
    heading: str
    section: str
    description: str = ""
    feed: str = ""
    feeds: tuple[Anchor, ...] = ()
    author: AuthorView | None = None


def list_plans(
    site: Site,
    frame: Frame,
    family: str,
    lists: Iterable[Listing],
    notes: Iterable[tuple[Entry, ...]],
) -> Iterable[Plan]:
    """Plan the pages of a family of lists; one empty page for a list where there are no notes."""
    size = site.config.notes_per_page
    rows: list[tuple[Listing, tuple[Entry, ...], int, int]] = []
    for listing, entries in zip(lists, notes, strict=True):
        pages = [entries[at : at + size] for at in range(0, len(entries), size)] or [entries]
        rows += [(listing, page, number, len(pages)) for number, page in enumerate(pages, 1)]
    return _plans((family, surroundings(site), frame), *zip(*rows, strict=True)) if rows else ()


@by_rows
def _plans(
    _: str,
    around: Surroundings,
    frame: Frame,
    listing: Listing,
    entries: tuple[Entry, ...],
    number: int,
    count: int,
) -> Plan:
    recipe = Recipe(_view, (around, frame, listing, entries, number, count))
    return Plan(_page_address(listing.address, number), "list.html", recipe)


def _view(
    around: Surroundings,
    frame: Frame,
    listing: Listing,
    entries: tuple[Entry, ...],
    number: int,
    count: int,
) -> ListView:
    texts = around.catalogue.of()
    title = listing.heading
    if not title and number > 1:
        title = texts("page", number=number)
    return ListView(
        frame=frame,
        head=head(
            around.config,
            _page_address(listing.address, number),
            title,
            listing.section,
            listing.description,
            math=any(entry.note.needs_katex for entry in entries),
            feeds=listing.feeds,
        ),
        kind=listing.kind,
        heading=listing.heading,
        notes=tuple([summary(around, entry) for entry in entries]),
        pagination=_pagination(listing.address, number, count),
        feed=listing.feed,
        author=listing.author,
    )


def _page_address(address: str, number: int) -> str:
    return address if number == 1 else f"{address}page/{number}/"


def _pagination(address: str, number: int, count: int) -> Pagination:
    around = range(max(1, number - 2), min(count, number + 2) + 1)
    shown = sorted({1, *around, count})
    return Pagination(
        number=number,
        count=count,
        newer=_page_address(address, number - 1) if number > 1 else "",
        older=_page_address(address, number + 1) if number < count else "",
        pages=tuple(
            PageLink(page, _page_address(address, page), gap=page - before > 1)
            for before, page in zip([0, *shown], shown, strict=False)
        ),
    )
