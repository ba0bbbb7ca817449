"""Plan: which pages there are, each with the plain values that it shows."""

import unicodedata
from collections.abc import Callable, Container, Mapping, Sequence, Set
from difflib import get_close_matches
from functools import lru_cache
from itertools import compress

from msgspec import Struct

from paperblog.model import codes
from paperblog.model.diagnostic import Diagnostic, Span
from paperblog.model.note import Reference, ReferenceKind
from paperblog.model.page import FilePlan, Plan, output_path
from paperblog.model.remembered import by_rows, carried_over, kept
from paperblog.model.site import Edition, Entry, Site
from paperblog.model.text import Text
from paperblog.model.view import Frame
from paperblog.plugins import Plugin
from paperblog.ports import Files, Theme
from paperblog.steps.hooks import gathered
from paperblog.steps.listing import is_inside
from paperblog.steps.load import STATIC
from paperblog.steps.references import has_id

FrameOf = Callable[[Site], Frame]

_LONGEST_NAME = 255


class Planned(Struct, frozen=True):
    """Everything that will be in the output, by address, and what is wrong with it."""

    plans: tuple[Plan, ...]
    files: tuple[FilePlan, ...]
    diagnostics: tuple[Diagnostic, ...]


def plan(
    edition: Edition, plugins: Sequence[Plugin], frame_of: FrameOf, theme: Theme, files: Files
) -> Planned:
    """Ask the plugins for pages, and see that no two share an address and no link leads nowhere."""
    site = edition.site
    diagnostics: list[Diagnostic] = []
    frame = kept("frame", frame_of(site))
    plans: list[Plan] = []
    for plugin in plugins:
        for check in plugin.checks:
            diagnostics += gathered(plugin, check, Diagnostic, diagnostics, site)
        for emit in plugin.emitters:
            plans += gathered(plugin, emit, Plan, diagnostics, edition, frame)
    has_math = any(entry.note.needs_katex for entry in site.by_path().values())
    copies = [
        FilePlan(copy.address, copy.asset.digest, path=copy.asset.path, source=copy.asset.path)
        for copy in site.copies
    ]
    # A file of the site's own stands before what the theme would make of its address.
    own = {output_path(copy.address) for copy in copies if copy.source}
    plans = [plan for plan in plans if plan.source or output_path(plan.address) not in own]
    kept_files = [*copies, *theme.files(has_math, site.config.search)]
    items: list[Plan | FilePlan] = [*plans, *kept_files]
    addresses = kept("addresses", tuple([item.address for item in items]))
    claims = _claims(addresses)
    if claims.refused:
        for place, rival in claims.refused.items():
            other = None if rival is None else items[rival]
            _say_refused(items[place], other, site, files, diagnostics)
        granted = [place not in claims.refused for place in range(len(items))]
        kept_files = list(compress(kept_files, granted[len(plans) :]))
        plans = list(compress(plans, granted))
    entries = tuple(site.by_path().values())
    for entry, references in zip(entries, _site_addresses((), entries), strict=True):
        for reference in references:
            _check_address(entry, reference, claims.addresses, site, files, diagnostics)
    return Planned(tuple(plans), tuple(kept_files), tuple(diagnostics))


@by_rows
def _site_addresses(entry: Entry) -> tuple[Reference, ...]:
    """A note's links to addresses of the site."""
    return tuple([r for r in entry.note.references if r.kind is ReferenceKind.ADDRESS])


class _Claims(Struct, frozen=True):
    """The addresses that are granted; and what is refused, by its place among all.

    With that comes the place of what stands in its way; None where the address is no good.
    """

    addresses: frozenset[str]
    refused: Mapping[int, int | None]


@carried_over
def _claims(addresses: tuple[str, ...]) -> _Claims:
    """Grant each address to the first that wants it.

    Addresses that differ by case or Unicode form alone are one file on some systems, and nowhere
    can there be a file and a folder of one name.
    """
    taken: dict[str, int] = {}
    folders: dict[str, int] = {}
    refused: dict[int, int | None] = {}
    for place, address in enumerate(addresses):
        path = _place(address)
        folder = path.rpartition("/")[0]
        new = _folders_to(folder, folders)
        in_the_way = next((taken[name] for name in (path, *new) if name in taken), None)
        if not path or _has_long_part(address):
            refused[place] = None
        elif in_the_way is not None or path in folders:
            refused[place] = folders[path] if in_the_way is None else in_the_way
        else:
            taken[path] = place
            folders.update(dict.fromkeys(new, place))
    granted = [address for place, address in enumerate(addresses) if place not in refused]
    return _Claims(frozenset(granted), refused)


def _folders_to(folder: str, known: Container[str]) -> list[str]:
    """A folder and those that it lies in, as far as they are not known."""
    found: list[str] = []
    while folder and folder not in known:
        found.append(folder)
        folder = folder.rpartition("/")[0]
    return found


def _has_long_part(address: str) -> bool:
    # No character takes more than four bytes.
    return 4 * len(address) > _LONGEST_NAME and any(
        len(part.encode()) > _LONGEST_NAME for part in address.split("/")
    )


def _say_refused(
    item: Plan | FilePlan,
    rival: Plan | FilePlan | None,
    site: Site,
    files: Files,
    diagnostics: list[Diagnostic],
) -> None:
    """Say why something cannot be published at its address."""
    if rival is not None:
        _say_clash(item, rival, site, files, diagnostics)
    elif _place(item.address):
        diagnostics.append(_too_long(item, site))
    else:
        message = f"a plugin plans a page at {item.address!r}, which would lie outside the site"
        diagnostics.append(codes.PLUGIN_FAILED.at(Span(item.source), message))


def _too_long(item: Plan | FilePlan, site: Site) -> Diagnostic:
    """Say that an address has too long a part, in the note that it shows or a note of the term."""
    parts = set(item.address.split("/"))
    members = (e for e in site.notes if parts & {*e.categories, *e.tags, *e.authors})
    source = item.source or next((entry.note.path for entry in members), "")
    message = f"a part of the address /{item.address} is longer than {_LONGEST_NAME} bytes"
    return codes.LONG_ADDRESS.at(Span(source), message, "give it a shorter name")


@lru_cache(maxsize=1 << 17)
def _place(address: str) -> str:
    """The file of an address as systems see it that know no case; empty if it is none of ours."""
    path = output_path(address)
    if not is_inside(path) or "\0" in path:
        return ""
    return path.lower() if path.isascii() else unicodedata.normalize("NFC", path).casefold()


def _say_clash(
    item: Plan | FilePlan,
    other: Plan | FilePlan,
    site: Site,
    files: Files,
    diagnostics: list[Diagnostic],
) -> None:
    """Report a clash at the later of the two sources, which is the one that can move."""
    entries = site.by_path()
    source = item.source if item.source in entries or not other.source else other.source
    rival = (other if source == item.source else item).source or "a page of the site"
    message = f"/{item.address} is also the address of {rival}"
    if _place(item.address) != _place(other.address):
        both = f"/{item.address} and /{other.address}"
        message = f"{both} would be a file and a folder of one name; one is the address of {rival}"
    span = Span(source)
    if source in entries:
        place = entries[source].note.slug_place
        text = Text(source, files.text(source))
        span = text.span(place, text.content.find("\n", place))
    diagnostics.append(
        codes.DUPLICATE_ADDRESS.at(
            span,
            message,
            "give one of them another slug",
        )
    )


def _check_address(
    entry: Entry,
    reference: Reference,
    addresses: Set[str],
    site: Site,
    files: Files,
    diagnostics: list[Diagnostic],
) -> None:
    """A link to an address of the site must find a page, and its fragment an id where known."""
    target = reference.target.lstrip("/")
    known = target in addresses or f"{target}/" in addresses
    if known or target.removesuffix("index.html") in addresses:
        named = next(
            (e for e in site.by_path().values() if e.address.strip("/") == target.strip("/")), None
        )
        if named is None or not reference.fragment or has_id(named.note, reference.fragment):
            return
    text = Text(entry.note.path, files.text(entry.note.path))
    diagnostics.append(
        codes.UNKNOWN_HEADING.at(
            text.span(reference.start, reference.end),
            f"there is no id {reference.fragment} at {reference.target}",
        )
        if known
        else codes.UNKNOWN_FILE.at(
            text.span(reference.start, reference.end),
            f"nothing is published at {reference.target}",
            _advice(target, addresses),
        )
    )


def _advice(target: str, addresses: Set[str]) -> str:
    """Where what is not there may be, or have to be."""
    if near := get_close_matches(target, addresses, 1):
        return f"did you mean /{near[0]}?"
    is_file = "." in target.rpartition("/")[2]
    return f"its file would be {STATIC}/{target}" if is_file else ""
