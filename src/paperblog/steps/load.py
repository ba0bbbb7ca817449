"""Load: find the site's files and name their contents."""

import os
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from operator import itemgetter
from pathlib import Path
from stat import S_ISREG

from msgspec import Struct
from msgspec.structs import replace

from paperblog.model import codes
from paperblog.model.diagnostic import Diagnostic, Span
from paperblog.model.note import Asset, Kind, Source
from paperblog.model.text import Text
from paperblog.ports import Memory, Store

NOTES, PAGES, STATIC = "notes", "pages", "static"
TEMPLATES = "templates"

# A file that changed this short a time before it was looked at may change again within the
# resolution of the file system's clock, so its stat is not trusted the next time.
_RACY_NS = 20_000_000

Stamp = tuple[int, int, str]
Stats = Mapping[str, Sequence[int]]
"""The times and sizes of files, by their paths."""
_STAMPS = Memory("stamps", dict[str, Stamp], warm=True)


class Found(Struct, frozen=True):
    """What a site's folder holds."""

    sources: tuple[Source, ...]
    assets: tuple[Asset, ...]
    diagnostics: tuple[Diagnostic, ...]


class SiteFiles:
    """The files of a site on disk (the port `Files`)."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def content(self, path: str) -> bytes:
        """See the port."""
        return (self.root / path).read_bytes()

    def text(self, path: str) -> str:
        """A file's text; see the port."""
        return decode(self.content(path))


def decode(data: bytes) -> str:
    """The text of a file: no byte order mark, lines ended by a line feed, NUL as U+FFFD.

    Raises:
        UnicodeDecodeError: it is not UTF-8.
    """
    text = data.decode("utf-8-sig")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\0", "\ufffd")


def load(root: Path, store: Store, now_ns: int, stats: Stats) -> Found:
    """Find the notes, pages and other files of a site.

    Contents are named by digest; a file whose size and time are those of the last build is not
    read. `now_ns` is the present on the file system's clock. A file that is as it was by its
    `stats` is not looked at once more.
    """
    known = store.get(_STAMPS, "files") or {}
    stamps: dict[str, Stamp] = {}
    diagnostics: list[Diagnostic] = []
    sources: list[Source] = []
    assets: list[Asset] = []
    for folder in (NOTES, PAGES, STATIC):
        kind = Kind.NOTE if folder == NOTES else Kind.PAGE
        for path, entry in _walk(root, folder, diagnostics):
            try:
                stamp = known.get(path)
                stat = stats.get(path)
                if stamp and stat and stamp[0] == stat[0] and stamp[1] == stat[1]:
                    stamps[path], digest = stamp, stamp[2]
                else:
                    digest = _digest(entry, stamp, stamps, path, now_ns)
            except OSError as error:
                diagnostics.append(_unreadable(path, error))
                continue
            if folder != STATIC and path.lower().endswith((".md", ".markdown")):
                sources.append(Source(path, kind, digest))
            else:
                assets.append(Asset(path, digest))
    if stamps != known:
        store.put_many(_STAMPS, {"files": stamps})
    return Found(tuple(sources), tuple(assets), tuple(diagnostics))


def look_again(found: Found, root: Path, touched: Iterable[str]) -> Found | None:
    """What a site's folder holds, if nothing but some files was touched since it was looked at.

    None where that does not tell: a file came, went, or could not be read.
    """
    if found.diagnostics:
        return None
    sources = {source.path: place for place, source in enumerate(found.sources)}
    assets = {asset.path: place for place, asset in enumerate(found.assets)}
    new_sources, new_assets = list(found.sources), list(found.assets)
    for path in touched:
        try:
            if not S_ISREG(os.lstat(root / path).st_mode):
                return None
            digest = _content_digest(root / path)
        except OSError:
            return None
        if path in sources:
            new_sources[sources[path]] = replace(found.sources[sources[path]], digest=digest)
        elif path in assets:
            new_assets[assets[path]] = Asset(path, digest)
        else:
            return None
    return Found(tuple(new_sources), tuple(new_assets), ())


def not_utf8(path: str, data: bytes) -> Diagnostic:
    """Say where a file stops being UTF-8."""
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        start = error.start + (3 if data.startswith(b"\xef\xbb\xbf") else 0)
        shown = data.decode("utf-8-sig", "replace").replace("\r\n", "\n")
        offset = len(data[:start].decode("utf-8-sig", "replace").replace("\r\n", "\n"))
        span = Text(path, shown).span(offset, offset + 1)
        message = f"byte 0x{data[start]:02x} is not UTF-8"
        return codes.NOT_UTF8.at(span, message, "save the file with the encoding UTF-8")
    return codes.NOT_UTF8.at(Span(path), "the file is not UTF-8")


def _walk(
    root: Path, folder: str, diagnostics: list[Diagnostic]
) -> list[tuple[str, "os.DirEntry[str]"]]:
    """All files below a folder in order of their paths, hidden ones left out."""
    found: list[tuple[str, os.DirEntry[str]]] = []
    waiting = [folder]
    while waiting:
        current = waiting.pop()
        try:
            entries = list(os.scandir(root / current))
        except FileNotFoundError:
            continue
        except OSError as error:
            diagnostics.append(_unreadable(current, error))
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            path = f"{current}/{entry.name}"
            if not path.isascii() and (shown := _printable(path)) != path:
                message = "the file's name is not UTF-8"
                diagnostics.append(codes.UNREADABLE.at(Span(shown), message, "rename it"))
                continue
            if entry.is_symlink() and (wrong := _wrong_link(root, entry.path)):
                diagnostics.append(codes.UNREADABLE.at(Span(path), wrong, "copy the file here"))
            elif entry.is_dir(follow_symlinks=False):
                waiting.append(path)
            elif entry.is_file():
                found.append((path, entry))
    return sorted(found, key=itemgetter(0))


def _printable(path: str) -> str:
    """A path whose bytes that are no UTF-8 are written as escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _wrong_link(root: Path, path: str) -> str:
    """What is wrong with a symbolic link, if anything."""
    target = os.path.realpath(path)
    if not Path(target).is_relative_to(os.path.realpath(root)):
        return "a symbolic link leads out of the site"
    if os.path.isdir(target):
        return "a symbolic link to a folder is not followed"
    # A link that leads in a circle ends at a path that does not exist either.
    return "" if os.path.exists(target) else "a symbolic link leads nowhere"


def _digest(
    entry: "os.DirEntry[str]",
    known: Stamp | None,
    stamps: dict[str, Stamp],
    path: str,
    now_ns: int,
) -> str:
    stat = entry.stat()
    if known and known[0] == stat.st_mtime_ns and known[1] == stat.st_size:
        stamps[path] = known
        return known[2]
    digest = _content_digest(entry.path)
    if stat.st_mtime_ns < now_ns - _RACY_NS:
        stamps[path] = (stat.st_mtime_ns, stat.st_size, digest)
    return digest


def _content_digest(path: str | Path) -> str:
    hasher = blake2b(digest_size=16)
    with open(path, "rb") as file:
        while chunk := file.read(1 << 20):
            hasher.update(chunk)
    return hasher.hexdigest()


def _unreadable(path: str, error: OSError) -> Diagnostic:
    reason = error.strerror or type(error).__name__
    return codes.UNREADABLE.at(Span(path), f"cannot be read: {reason}")
