"""Crawl: every address in the files of a built site, resolved and looked up."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from paperblog.links.resolve import NOT_FOUND, Fault, Mount, Target, resolve
from paperblog.links.scan import Scanned, scan_css, scan_html, scan_json, scan_text, scan_xml
from paperblog.model import codes
from paperblog.model.diagnostic import Code
from paperblog.ports import Folder, Workers

_CHUNK = 64
_HOME = "index.html"


class Finding(Struct, frozen=True):
    """Something wrong on a page, at an offset of its text.

    `url` is the address as it is written, empty where the page itself is meant; `target` and
    `fragment` are the file and the id that it means, as far as they are known.
    """

    code: Code
    page: str
    at: int
    message: str
    help: str = ""
    url: str = ""
    target: str = ""
    fragment: str = ""


class Crawled(Struct, frozen=True):
    """What a crawl found: how many files and addresses, and what is wrong."""

    files: int
    addresses: int
    findings: tuple[Finding, ...]


class Leaf(Struct, frozen=True):
    """One file: where it leads, its ids, and what can be said of it without the other files.

    `fragments` are findings that hold unless the target has the id.
    """

    page: str
    addresses: int
    targets: tuple[str, ...]
    ids: tuple[str, ...]
    fragments: tuple[Finding, ...]
    findings: tuple[Finding, ...]
    redirects: bool


def read_leaves(folder: Folder, mount: Mount, workers: Workers) -> Iterable[Sequence[Leaf]]:
    """Begin to read every file of the output that may hold addresses."""
    pages = [path for path in folder.files() if _kind(path)]
    chunks = [pages[at : at + _CHUNK] for at in range(0, len(pages), _CHUNK)]
    return workers.map(partial(_read_chunk, folder, mount), chunks)


def gather(chunks: Iterable[Sequence[Leaf]]) -> Crawled:
    """Put the files together: do the ids exist, and is every page reached from the home page?"""
    names: dict[str, str] = {}
    ids: dict[str, tuple[str, ...]] = {}
    targets: dict[str, tuple[str, ...]] = {}
    redirects: set[str] = set()
    findings: list[Finding] = []
    fragments: list[Finding] = []
    files = addresses = 0
    for leaf in (leaf for chunk in chunks for leaf in chunk):
        files += 1
        addresses += leaf.addresses
        findings += leaf.findings
        fragments += leaf.fragments
        if _kind(leaf.page) == "html":
            ids[leaf.page] = leaf.ids
            targets[leaf.page] = tuple(names.setdefault(name, name) for name in leaf.targets)
            if leaf.redirects:
                redirects.add(leaf.page)
    findings += _missing_ids(fragments, ids)
    findings += _unreached(targets, redirects)
    return Crawled(files, addresses, tuple(findings))


def _kind(path: str) -> str:
    """How a file is read; empty where it holds no addresses."""
    return _KINDS.get(path.rpartition("/")[2].rpartition(".")[2].lower(), "")


_KINDS = {
    "html": "html",
    "htm": "html",
    "svg": "svg",
    "css": "css",
    "xml": "xml",
    "atom": "xml",
    "rss": "xml",
    "json": "json",
    "webmanifest": "json",
    "txt": "text",
    "md": "text",
}


def _read_chunk(folder: Folder, mount: Mount, pages: Sequence[str]) -> list[Leaf]:
    shelf = _Shelf(folder)
    return [_read(page, folder, shelf, mount) for page in pages]


def _read(page: str, folder: Folder, shelf: "_Shelf", mount: Mount) -> Leaf:
    kind = _kind(page)
    scanned = _scanned(kind, folder.text(page), mount)
    findings: list[Finding] = []
    fragments: list[Finding] = []
    targets: dict[str, None] = {}
    seen: set[tuple[str, str]] = set()
    for address in scanned.addresses:
        if (address.url, address.use) in seen:
            continue
        seen.add((address.url, address.use))
        found = resolve(page, scanned.base, address, mount)
        if found is None:
            continue
        if isinstance(found, Target):
            path, fault = shelf.find(found)
            if path:
                targets[path] = None
                if found.fragment and path.endswith(".html"):
                    fragments.append(_no_such_id(page, address.at, address.url, path, found))
        else:
            path, fault = "", found
        if fault:
            target = path or (found.path if isinstance(found, Target) else "")
            finding = Finding(fault.code, page, address.at, fault.message, fault.help)
            findings.append(replace(finding, url=address.url, target=target))
    if scanned.fault:
        message = f"the file cannot be read: {scanned.fault}"
        findings.append(Finding(codes.MALFORMED_FILE, page, scanned.fault_at, message))
    if kind == "html":
        findings += _doubled(page, scanned.ids)
    return Leaf(
        page,
        len(scanned.addresses),
        tuple(targets),
        tuple(dict.fromkeys(scanned.ids)),
        tuple(fragments),
        tuple(findings),
        scanned.redirects,
    )


def _scanned(kind: str, text: str, mount: Mount) -> Scanned:
    if kind in ("html", "svg"):
        return scan_html(text)
    if kind == "css":
        return Scanned(tuple(scan_css(text)))
    if kind == "xml":
        return scan_xml(text)
    if kind == "json":
        return scan_json(text, mount.base_url)
    return scan_text(text, mount.base_url)


def _no_such_id(page: str, at: int, url: str, path: str, target: Target) -> Finding:
    message = f"there is no id {target.fragment} at {_shown(path)}"
    return Finding(codes.BROKEN_FRAGMENT, page, at, message, "", url, path, target.fragment)


def _doubled(page: str, ids: Sequence[str]) -> Iterator[Finding]:
    for name, count in Counter(ids).items():
        if count > 1:
            message = f"the id {name} stands {count} times on {_shown(page)}"
            help = "links lead to the first; give the others names of their own"
            yield Finding(codes.DUPLICATE_ID, page, 0, message, help, fragment=name)


class _Shelf:
    """Looks up files letter by letter, whatever the file system would let pass."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._names: dict[str, Mapping[str, bool]] = {}
        self._found: dict[Target, tuple[str, Fault | None]] = {}

    def find(self, target: Target) -> tuple[str, Fault | None]:
        """The file that is shown for a target, empty where there is none, and what is wrong."""
        place = Target(target.path, "", target.from_disk)
        if place not in self._found:
            self._found[place] = self._find(place)
        return self._found[place]

    def _find(self, target: Target) -> tuple[str, Fault | None]:
        path = target.path
        if path == "" or path.endswith("/"):
            if self._is_file(path + _HOME):
                return path + _HOME, self._on_disk(path) if target.from_disk else None
        elif self._is_file(path):
            return path, None
        elif self._is_file(f"{path}/{_HOME}"):
            if target.from_disk:
                return f"{path}/{_HOME}", self._on_disk(path)
            message = f"{_shown(path)} leads on to {_shown(path)}/"
            return f"{path}/{_HOME}", Fault(codes.INEXACT_LINK, message, "end it with a slash")
        elif not target.from_disk and self._is_file(f"{path}.html"):
            message = f"{_shown(path)} is found as {_shown(path)}.html by some servers alone"
            return f"{path}.html", Fault(codes.INEXACT_LINK, message, "write the whole name")
        return "", self._missing(path)

    def _on_disk(self, path: str) -> Fault:
        message = f"{_shown(path)} is a folder, which opens as a list of files from disk"
        return Fault(codes.OUTSIDE_LINK, message, "link to its index.html, or let paperblog do it")

    def _missing(self, path: str) -> Fault:
        """Say that nothing is there, and what may be meant."""
        if other := self._spelled(path):
            message = f"{_shown(path)} is published as {_shown(other)}"
            help = "most servers tell capitals and Unicode forms apart"
            return Fault(codes.LINK_CASE, message, help)
        above, _, name = path.rstrip("/").rpartition("/")
        near = get_close_matches(name, self._list(above), 1)
        help = f"did you mean {_shown(f'{above}/{near[0]}' if above else near[0])}?" if near else ""
        return Fault(codes.BROKEN_LINK, f"nothing is published at {_shown(path)}", help)

    def _spelled(self, path: str) -> str:
        """The path that differs by case or Unicode form alone."""
        parts: list[str] = []
        for part in path.split("/"):
            names = self._list("/".join(parts))
            alike = [name for name in names if _folded(name) == _folded(part)]
            if part in names or not part:
                parts.append(part)
            elif alike:
                parts.append(alike[0])
            else:
                return ""
        found = "/".join(parts)
        file = found + _HOME if found.endswith("/") else found
        return found if found != path and self._is_file(file) else ""

    def _is_file(self, path: str) -> bool:
        folder, _, name = path.rpartition("/")
        return self._list(folder).get(name, False) and self._is_folder(folder)

    def _is_folder(self, path: str) -> bool:
        """Whether every folder above is spelled so; a file system may take other spellings."""
        while path:
            above, _, name = path.rpartition("/")
            if name not in self._list(above):
                return False
            path = above
        return True

    def _list(self, folder: str) -> Mapping[str, bool]:
        if folder not in self._names:
            self._names[folder] = self._folder.names(folder)
        return self._names[folder]


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _shown(path: str) -> str:
    return "/" + re.sub(r"(^|/)index\.html$", r"\1", path)


def _missing_ids(
    fragments: Iterable[Finding], ids: Mapping[str, tuple[str, ...]]
) -> Iterator[Finding]:
    known = {page: frozenset(names) for page, names in ids.items()}
    for finding in fragments:
        there = known.get(finding.target, frozenset())
        fragment = finding.fragment.partition(":~:")[0]
        raw = finding.url.partition("#")[2]
        if fragment in ("", "top") or fragment in there or raw in there:
            continue
        near = get_close_matches(fragment, there, 1)
        yield replace(finding, help=f"did you mean #{near[0]}?" if near else "")


def _unreached(targets: Mapping[str, tuple[str, ...]], redirects: set[str]) -> Iterator[Finding]:
    """The pages that no way of links leads to from the home page."""
    reached = {_HOME}
    waiting = [_HOME]
    while waiting:
        for target in targets.get(waiting.pop(), ()):
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    if _HOME not in targets:
        return
    for page in sorted(targets.keys() - reached - redirects - {NOT_FOUND}):
        message = f"no way of links leads from the home page to {_shown(page)}"
        yield Finding(codes.UNREACHABLE_PAGE, page, 0, message, target=page)
