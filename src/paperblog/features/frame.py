"""The frame: what every page shows around its content."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from paperblog import __version__
from paperblog.features.views import (
    anchor,
    date_view,
    month_address,
    title_of,
    year_address,
)
from paperblog.model.config import Config
from paperblog.model.part import ArchiveMonth, ArchiveYear, NavItem, RecentItem
from paperblog.model.remembered import carried_over, kept
from paperblog.model.site import Site
from paperblog.model.slug import slugify
from paperblog.model.texts import Texts
from paperblog.model.view import Frame

_RECENT: Final = 5


def frame_of(site: Site) -> Frame:
    """The frame of a site's pages."""
    config = site.config
    dates = kept("dates", tuple([entry.note.date for entry in site.notes]))
    archive = _archive(dates, site.texts)
    return Frame(
        title=config.title,
        tagline=config.tagline,
        description=config.description,
        language=config.language,
        base_url=config.base_url,
        prompt=_prompt(config),
        nav=_navigation(site),
        recent=tuple(
            RecentItem(
                title_of(entry),
                entry.address,
                date_view(entry.note.date, site.texts),
                entry.note.lang,
            )
            for entry in site.notes[:_RECENT]
        ),
        categories=tuple(map(anchor, site.categories)),
        archive=archive,
        authors=tuple(map(anchor, site.authors)),
        feed="feed.xml" if config.base_url else "",
        search=_search(site),
        years=_span(archive),
        copyright=config.copyright or config.title,
        credit=site.texts("credit") if config.credit is None else config.credit,
        license=config.license,
        generator=f"paperblog {__version__}",
        math=any("\0" in e.note.title.markup and e.note.needs_katex for e in site.notes),
        extra=config.extra,
    )


def _prompt(config: Config) -> str:
    """The lab's short name: the slug of the author that the site is named after, else its own."""
    named = (author.slug for author in config.authors if author.name == config.title)
    return next(named, slugify(config.title) or "notes")


def _search(site: Site) -> str:
    """The address of the search's page; there is none where there is nothing to find."""
    return "search/" if site.config.search and (site.notes or site.pages) else ""


@carried_over
def _archive(dates: tuple[datetime | None, ...], texts: Texts) -> tuple[ArchiveYear, ...]:
    """The years that have notes, newest first, each with all its months."""
    counts = Counter([(date.year, date.month) for date in dates if date])
    years = sorted({year for year, _ in counts}, reverse=True)
    return tuple([_year(year, counts, texts) for year in years])


def _year(year: int, counts: Counter[tuple[int, int]], texts: Texts) -> ArchiveYear:
    months = tuple(
        ArchiveMonth(
            number=month,
            name=texts.month(month),
            short_name=texts.month(month, short=True),
            address=month_address(year, month) if counts[year, month] else "",
            count=counts[year, month],
        )
        for month in range(1, 13)
    )
    return ArchiveYear(
        year=f"{year:04}",
        address=year_address(year),
        count=sum(month.count for month in months),
        most=max(month.count for month in months),
        months=months,
    )


def _navigation(site: Site) -> tuple[NavItem, ...]:
    if site.config.nav is not None:
        return tuple(
            NavItem(entry.title, entry.url, section="", external=True)
            if "://" in entry.url
            else NavItem(entry.title, entry.url.lstrip("/"), _section(entry.url))
            for entry in site.config.nav
        )
    texts = site.texts
    items = [NavItem(texts("notes"), "", "notes")]
    if any(entry.note.papers for entry in site.notes):
        items.append(NavItem(texts("papers"), "papers/", "papers"))
    if site.categories:
        items.append(NavItem(texts("categories"), "categories/", "categories"))
    if any(entry.note.date for entry in site.notes):
        items.append(NavItem(texts("archive"), "archive/", "archive"))
    shown = [page for page in site.pages if page.note.nav is not None]
    for page in sorted(shown, key=lambda page: (page.note.nav or 0, page.note.slug)):
        items.append(NavItem(page.note.title.plain, page.address, page.note.slug))
    if address := _search(site):
        items.append(NavItem(texts("search"), address, "search"))
    if site.config.base_url:
        items.append(NavItem(texts("feed"), "feed.xml", "feed"))
    return tuple(items)


def _section(url: str) -> str:
    return url.strip("/").partition("/")[0] or "notes"


def _span(archive: Sequence[ArchiveYear]) -> str:
    """`2020` or `2020–2026`; empty without dated notes."""
    if not archive:
        return ""
    first, last = archive[-1].year, archive[0].year
    return first if first == last else f"{first}–{last}"
