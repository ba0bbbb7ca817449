"""Develop: of the images that notes show, the sizes and the smaller forms."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from paperblog.model import codes
from paperblog.model.diagnostic import Diagnostic
from paperblog.model.digest import digest
from paperblog.model.note import Asset
from paperblog.model.page import FilePlan
from paperblog.model.picture import Developed, ImageOptions, Picture
from paperblog.model.remembered import carried_over, kept
from paperblog.model.site import Entry, Site, Term
from paperblog.model.slug import slugify
from paperblog.model.text import Text
from paperblog.ports import Files, Images, Memory, Store, Workers

_DEVELOPED = Memory("developed", Developed)
_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif", ".svg")
_FOLDER = "assets/images"


class Album(Struct, frozen=True):
    """A site whose images are known, the files of their smaller forms, and what is wrong."""

    site: Site
    files: tuple[FilePlan, ...]
    diagnostics: tuple[Diagnostic, ...]


def develop(site: Site, images: Images, store: Store, files: Files, workers: Workers) -> Album:
    """Find out the sizes of all images that are shown, and make smaller forms of them.

    What has been made is remembered under the digest of the image's content.
    """
    shown = _shown(site)
    options = site.config.images
    identity = images.identity if shown else ""
    keys = {path: digest(identity, repr(options), use.asset.digest) for path, use in shown.items()}
    known = _known(store, images, keys.values())
    jobs = [_Job(images, path, keys[path], options) for path in shown if keys[path] not in known]
    fresh = {job.key: made for job, made in zip(jobs, workers.spread(_make, jobs), strict=True)}
    store.put_many(_DEVELOPED, fresh)
    known |= fresh
    made = {use.address: known[keys[path]] for path, use in shown.items()}
    images.forget([variant.file for each in known.values() for variant in each.variants])
    assets = {use.address: use.asset for use in shown.values()}
    pictures = {
        address: _picture(assets[address], developed) for address, developed in made.items()
    }
    return Album(
        site=_with_pictures(site, pictures),
        files=tuple(_files(images, made, assets)),
        diagnostics=tuple(_problems(shown, made, files)),
    )


class _Use(Struct, frozen=True):
    """An image of the site with its address, and the first place at which it is shown."""

    asset: Asset
    address: str
    entry: Entry
    index: int


class _Job(Struct, frozen=True):
    """An image that is to be developed."""

    images: Images
    path: str
    key: str
    options: ImageOptions


def _shown(site: Site) -> dict[str, _Use]:
    """The images that published notes show, by their files."""
    assets = {copy.address: copy.asset for copy in site.copies}
    found: dict[str, _Use] = {}
    for entry in site.by_path().values():
        for index in entry.note.images:
            address = _address(entry, index)
            asset = assets.get(address)
            if asset is not None and asset.path.lower().endswith(_SUFFIXES):
                found.setdefault(asset.path, _Use(asset, address, entry, index))
    return found


def _address(entry: Entry, index: int) -> str:
    return entry.targets[index].partition("#")[0]


def _known(store: Store, images: Images, keys: Iterable[str]) -> dict[str, Developed]:
    """What is remembered, as far as the files that were made are still there."""
    return {
        key: developed
        for key, developed in store.get_many(_DEVELOPED, dict.fromkeys(keys)).items()
        if all(images.has(variant.file) for variant in developed.variants)
    }


def _make(job: _Job) -> Developed:
    return job.images.develop(job.path, job.key, job.options)


def _picture(asset: Asset, developed: Developed) -> Picture:
    formats = dict.fromkeys(variant.format for variant in developed.variants)
    return Picture(
        width=developed.width,
        height=developed.height,
        sources=tuple(
            (
                f"image/{name}",
                tuple(
                    (_published(asset, name, variant.width), variant.width)
                    for variant in developed.variants
                    if variant.format == name
                ),
            )
            for name in formats
        ),
    )


def _published(asset: Asset, form: str, width: int) -> str:
    """Where a smaller form of an image is published; its name changes with the content."""
    stem = slugify(posixpath.splitext(posixpath.basename(asset.path))[0])[:60] or "image"
    return f"{_FOLDER}/{stem}-{asset.digest[:8]}-{width}.{form}"


def _with_pictures(site: Site, pictures: Mapping[str, Picture]) -> Site:
    """The site with its pictures; what has none stays the same object."""
    if not pictures:
        return site
    entries: dict[str, Entry] = {}
    for path, entry in site.by_path().items():
        found = [(index, pictures.get(_address(entry, index))) for index in entry.note.images]
        own = tuple([(index, picture) for index, picture in found if picture is not None])
        entries[path] = _shows(entry, kept(("pictures", path), own)) if own else entry

    def renewed(name: str, old: Iterable[Entry]) -> tuple[Entry, ...]:
        return kept(("developed", name), tuple([entries[entry.note.path] for entry in old]))

    def terms(name: str, old: tuple[Term, ...]) -> tuple[Term, ...]:
        return tuple([_lists(term, renewed(f"{name} {term.slug}", term.notes)) for term in old])

    return replace(
        site,
        notes=renewed("notes", site.notes),
        hidden=renewed("hidden", site.hidden),
        pages=renewed("pages", site.pages),
        categories=terms("category", site.categories),
        tags=terms("tag", site.tags),
        authors=terms("author", site.authors),
    )


@carried_over
def _shows(entry: Entry, pictures: tuple[tuple[int, Picture], ...]) -> Entry:
    return replace(entry, pictures=pictures)


@carried_over
def _lists(term: Term, notes: tuple[Entry, ...]) -> Term:
    return replace(term, notes=notes)


def _files(
    images: Images, made: Mapping[str, Developed], assets: Mapping[str, Asset]
) -> Iterator[FilePlan]:
    """The files to publish, each once: two images of one name and content share theirs."""
    plans: dict[str, FilePlan] = {}
    for address, developed in made.items():
        for variant in developed.variants:
            published = _published(assets[address], variant.format, variant.width)
            path = images.path(variant.file)
            plans[published] = FilePlan(published, variant.digest, path, remembered=True)
    yield from plans.values()


def _problems(
    shown: Mapping[str, _Use], made: Mapping[str, Developed], files: Files
) -> Iterator[Diagnostic]:
    """What is wrong with images, each said at the first place that shows it."""
    for path, use in shown.items():
        problem = made[use.address].problem
        if not problem:
            continue
        note = use.entry.note
        reference = note.references[use.index]
        span = Text(note.path, files.text(note.path)).span(reference.start, reference.end)
        yield codes.BROKEN_IMAGE.at(span, f"{path} cannot be shown: {problem}")
