"""References: what the links of notes mean, once all notes are known."""

import posixpath
import re
from collections.abc import Collection, Iterable, Sequence
from difflib import get_close_matches
from functools import cached_property, lru_cache

from msgspec import Struct

from paperblog.model import codes
from paperblog.model.config import Config, own_path
from paperblog.model.diagnostic import Code, Diagnostic
from paperblog.model.note import Asset, Note, Reference, ReferenceKind
from paperblog.model.site import Copy, Entry
from paperblog.model.slug import slugify
from paperblog.model.text import Text
from paperblog.ports import Files
from paperblog.steps.addresses import Pattern
from paperblog.steps.load import STATIC
from paperblog.steps.names import names_of
from paperblog.steps.terms import author_of

_PLAIN = re.compile(r"[\w-][\w. -]*", re.ASCII)
"""The name of a file in the same folder, which needs no look for what leads elsewhere."""


class Resolution(Struct, frozen=True, gc=False):
    """A published note with its links resolved, and what came out on the way.

    `used` are the ids that it names, each with the path of its note; `wanted` are paths of files.
    """

    entry: Entry
    diagnostics: tuple[Diagnostic, ...]
    used: frozenset[tuple[str, str]]
    wanted: frozenset[str]


class References:
    """Finds what references mean, and what is wrong with them.

    Of `notes` it uses what `named_facts` tells and no more, so it serves as long as that stays.
    """

    def __init__(
        self,
        notes: Sequence[Note],
        shown: Sequence[Note],
        assets: Sequence[Asset],
        config: Config,
        files: Files,
    ) -> None:
        self._diagnostics: list[Diagnostic] = []
        self._config = config
        self._files = files
        self._used: set[tuple[str, str]] = set()
        self._wanted: set[str] = set()
        self._notes = {note.path: note for note in notes}
        self._pattern = Pattern(config.address)
        self._addresses = {note.path: self._pattern.address(note) for note in shown}
        self._by_address = {address: path for path, address in self._addresses.items()}
        self._formerly = {alias.strip("/"): note.path for note in shown for alias in note.aliases}
        self._assets = {asset.path: asset for asset in assets}
        self._bundles = {
            posixpath.dirname(path): address
            for path, address in self._addresses.items()
            if _is_bundle(path)
        }
        self._bundled = {asset.path for asset in assets if self._is_bundled(asset.path)}

    @cached_property
    def _names(self) -> tuple[dict[str, list[Note]], ...]:
        return names_of(tuple(self._notes.values()))

    def resolve(self, note: Note) -> Resolution:
        """A published note with its links resolved."""
        self._diagnostics, self._used, self._wanted = [], set(), set()
        if lacking := self._pattern.lacking(note):
            self._say(codes.ADDRESS_PATTERN, note, 0, 1, lacking, "give it a date")
        targets, titles = [], []
        for reference in note.references:
            target, title = self._target(note, reference)
            targets.append(target)
            titles.append(title)
        entry = Entry(
            note=note,
            address=self._addresses[note.path],
            targets=tuple(targets),
            titles=tuple(titles),
            categories=_slugs(note.categories),
            tags=_slugs(note.tags),
            authors=_authors(self._config, note.authors) if note.authors else (),
        )
        return Resolution(
            entry, tuple(self._diagnostics), frozenset(self._used), frozenset(self._wanted)
        )

    def copies(self, wanted: Iterable[str]) -> Iterable[Copy]:
        """The files to publish as they are: static ones, a bundle's, and those referred to."""
        for path in sorted(self._bundled.union(wanted)):
            yield Copy(self._assets[path], self._asset_address(path))

    def _target(self, note: Note, reference: Reference) -> tuple[str, str]:
        """The address that a reference means, and the title of the note that it names."""
        kind = reference.kind
        if kind is ReferenceKind.FILE:
            target = self._file_target(note, reference)
            named = self._notes.get(self._by_address.get(target.partition("#")[0], ""))
            return target, _title(named, reference) if named else reference.target
        if kind is ReferenceKind.OWN:
            return self._own_target(reference)
        if kind is ReferenceKind.FRAGMENT:
            self._check_fragment(note, note, reference)
            return "#" + reference.fragment, _title(note, reference)
        if kind is ReferenceKind.EQUATION:
            return self._equation(note, reference)
        if kind is ReferenceKind.WIKI:
            named = self._named(note, reference)
            if named is None:
                return "", reference.target
            target = self._note_target(note, named, reference)
            return target, named.title.plain if target else reference.target
        return self._site_address(reference), ""

    def unused_labels(
        self, notes: Iterable[Note], used: Collection[tuple[str, str]]
    ) -> Iterable[Diagnostic]:
        """Hints on labels that no reference and no link names."""
        for note in notes:
            for label in note.labels:
                if label.number and (note.path, label.id) not in used:
                    text = self._text(note.path)
                    at = max(text.content.find(f"\\label{{{label.name}}}"), 0)
                    span = text.span(at, at + len(label.name) + 8)
                    message = f"nothing refers to the label {label.name}"
                    yield codes.UNUSED_LABEL.at(span, message)

    def _equation(self, note: Note, reference: Reference) -> tuple[str, str]:
        """The address and the number of an equation: the note's own label, else `slug:label`."""
        for label in note.labels:
            if label.name == reference.target and label.number:
                self._used.add((note.path, label.id))
                return f"#{label.id}", label.number
        slug, _, name = reference.target.partition(":")
        for other in self._names[0].get(slug.casefold(), []):
            for label in other.labels:
                if label.name in (name, reference.target) and label.number:
                    self._used.add((other.path, label.id))
                    address = self._note_target(note, other, reference)
                    return (f"{address}#{label.id}" if address else ""), label.number
        known = [label.name for label in note.labels if label.number]
        for other in self._names[0].get(slug.casefold(), []):
            known += [f"{slug}:{label.name}" for label in other.labels if label.number]
        near = get_close_matches(reference.target, known, 1)
        message = f"no equation with a number is labelled {reference.target}"
        help = f"did you mean {near[0]}?" if near else "give it one with \\label{…}"
        self._say(codes.UNKNOWN_REFERENCE, note, reference.start, reference.end, message, help)
        return "", "?"

    def _file_target(self, note: Note, reference: Reference) -> str:
        path = _path_from(note.path, reference.target)
        named = self._notes.get(path)
        if named is None and "." not in posixpath.basename(path):
            named = self._notes.get(f"{path}.md") or self._notes.get(f"{path}/index.md")
        if named is not None:
            return self._note_target(note, named, reference)
        if path in self._assets:
            self._wanted.add(path)
            return self._asset_address(path) + _fragment(reference)
        is_note = path.endswith((".md", ".markdown"))
        folder = posixpath.dirname(note.path)
        known = (self._notes.keys() if is_note else self._assets.keys()) - {note.path}
        paths = sorted(posixpath.relpath(path, folder) for path in known)
        near = get_close_matches(reference.target, paths, 1)
        self._say(
            codes.UNKNOWN_NOTE if is_note else codes.UNKNOWN_FILE,
            note,
            reference.start,
            reference.end,
            f"there is no {'note' if is_note else 'file'} {reference.target}",
            f"did you mean {near[0]}?" if near else f"it would be {path} in the site's folder",
        )
        return ""

    def _note_target(self, note: Note, named: Note, reference: Reference) -> str:
        if reference.fragment:
            self._check_fragment(note, named, reference)
        address = self._addresses.get(named.path)
        if address is None:
            message = f"{named.path} is not published"
            help = "it is a draft, or its date has not come; the link is left out until then"
            self._say(codes.UNPUBLISHED_NOTE, note, reference.start, reference.end, message, help)
            return ""
        return address + _fragment(reference)

    def _named(self, note: Note, reference: Reference) -> Note | None:
        """The note of a wikilink: by slug, else stem, else alias, else title."""
        wanted = reference.target.casefold()
        for names in self._names:
            matches = names.get(wanted, [])
            if len(matches) == 1:
                return matches[0]
            if matches:
                paths = " and ".join(sorted(match.path for match in matches))
                self._say(
                    codes.AMBIGUOUS_NOTE,
                    note,
                    reference.start,
                    reference.end,
                    f"[[{reference.target}]] means {paths}",
                    "name one by its slug, or link to its file",
                )
                return None
        near = get_close_matches(wanted, [name for names in self._names for name in names], 1)
        self._say(
            codes.UNKNOWN_NOTE,
            note,
            reference.start,
            reference.end,
            f"no note is called {reference.target}",
            f"did you mean [[{near[0]}]]?" if near else "",
        )
        return None

    def _site_address(self, reference: Reference) -> str:
        """An address below the site's root; whether it is there is known when pages are planned."""
        address = reference.target.lstrip("/")
        if address not in self._by_address and f"{address}/" in self._by_address:
            address += "/"
        end = _fragment(reference)
        return address + end if address or (end and not reference.query) else f"./{end}"

    def _own_target(self, reference: Reference) -> tuple[str, str]:
        """The note at an absolute address of the site, where there is one, now or formerly.

        Else the address as it is: a host serves more than one site.
        """
        address = (own_path(self._config.own, reference.target) or "").strip("/")
        if not address and not reference.query:
            return f"./{_fragment(reference)}", self._config.title
        path = self._by_address.get(f"{address}/") or self._formerly.get(address)
        if path is None or reference.query:
            query = f"?{reference.query}" if reference.query else ""
            fragment = f"#{reference.fragment}" if reference.fragment else ""
            return f"{reference.target}{query}{fragment}", reference.target
        return self._addresses[path] + _fragment(reference), self._notes[path].title.plain

    def _check_fragment(self, note: Note, named: Note, reference: Reference) -> None:
        self._used.add((named.path, reference.fragment))
        if not reference.fragment or has_id(named, reference.fragment):
            return
        ids = [heading.id for heading in named.headings] + list(named.anchors)
        near = get_close_matches(reference.fragment, ids, 1)
        where = "here" if note.path == named.path else f"in {named.path}"
        self._say(
            codes.UNKNOWN_HEADING,
            note,
            reference.start,
            reference.end,
            f"there is no heading or id {reference.fragment} {where}",
            f"did you mean #{near[0]}?" if near else "",
        )

    def _is_bundled(self, path: str) -> bool:
        return path.startswith(f"{STATIC}/") or self._bundle(path) != ""

    def _bundle(self, path: str) -> str:
        """The folder of the nearest `index.md` above a file, empty without one."""
        folder = posixpath.dirname(path)
        while folder:
            if folder in self._bundles:
                return folder
            folder = posixpath.dirname(folder)
        return ""

    def _asset_address(self, path: str) -> str:
        """Static files stand at the root, a bundle's beside its page, others where they are."""
        if path.startswith(f"{STATIC}/"):
            return path.removeprefix(f"{STATIC}/")
        if bundle := self._bundle(path):
            return self._bundles[bundle] + path.removeprefix(f"{bundle}/")
        return path

    def _say(
        self, code: Code, note: Note, start: int, end: int, message: str, help: str = ""
    ) -> None:
        span = self._text(note.path).span(start, end)
        self._diagnostics.append(code.at(span, message, help))

    def _text(self, path: str) -> Text:
        return Text(path, self._files.text(path))


def named_facts(note: Note) -> tuple[object, ...]:
    """What a note is called by, and what links into it can name."""
    headings = tuple([(heading.id, heading.text.plain) for heading in note.headings])
    names = (note.path, note.kind, note.slug, note.stem, note.title.plain, note.aliases)
    return (*names, note.date, note.categories[:1], headings, note.anchors, note.labels)


def has_id(note: Note, fragment: str) -> bool:
    """Whether a link can name an id of a note's page."""
    if fragment in ("", "top") or fragment in note.anchors:
        return True
    if any(heading.id == fragment for heading in note.headings):
        return True
    return re.fullmatch(r"fn(ref)?\d+(-\d+)?", fragment) is not None


def _title(named: Note, reference: Reference) -> str:
    """What a link to a note says without a text: an equation's number, a heading, or the title."""
    if not reference.fragment:
        return named.title.plain
    for label in named.labels:
        if label.id == reference.fragment and label.number:
            return f"({label.number})"
    for heading in named.headings:
        if heading.id == reference.fragment:
            return heading.text.plain
    return named.title.plain


def _path_from(path: str, target: str) -> str:
    """The file that is meant by a relative path in another."""
    joined = f"{path.rpartition('/')[0]}/{target}"
    return joined if _PLAIN.fullmatch(target) else posixpath.normpath(joined)


def _authors(config: Config, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([author_of(config, name).slug for name in names]))


@lru_cache(maxsize=1 << 12)
def _slugs(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(slug for slug in map(slugify, names) if slug))


def _is_bundle(path: str) -> bool:
    return path.endswith(("/index.md", "/index.markdown")) and path.count("/") > 1


def _fragment(reference: Reference) -> str:
    """The end of a target: `#part`, or `#?query#part`, so that a `#` always ends the address."""
    fragment = f"#{reference.fragment}" if reference.fragment else ""
    return f"#?{reference.query}{fragment}" if reference.query else fragment
