"""Write: make the output folder hold the pages and nothing that an earlier build left."""

import contextlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from paperblog.model.diagnostic import PaperblogError
from paperblog.model.page import FilePlan, Page, output_path
from paperblog.ports import Memory, Store
from paperblog.steps.load import NOTES, PAGES, STATIC, TEMPLATES

MARKER = ".paperblog-output"
_MARKER_TEXT = "paperblog writes this folder and may delete what it wrote here.\n"
_KEPT = {"CNAME"}


@dataclass(frozen=True, slots=True)
class Record:
    """What was written to a path: the key of its content, its stat, and the note it shows."""

    key: str
    mtime_ns: int
    size: int
    source: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many files of the output were written, left alone and deleted."""

    written: int = 0
    unchanged: int = 0
    deleted: int = 0


_RECORDS = Memory("outputs", dict[str, Record], lasting=True)


def keep_apart(folder: Path, root: Path) -> None:
    """See that an output folder neither holds the site's own files nor lies among them.

    Raises:
        PaperblogError: it does, and a clean-up would delete them.
    """
    output, site = folder.resolve(), root.resolve()
    sources = [site / name for name in (NOTES, PAGES, STATIC, TEMPLATES)]
    if site.is_relative_to(output) or any(map(output.is_relative_to, sources)):
        raise PaperblogError(
            f"{folder} holds the site's own files, so a build cannot go there; "
            "name another folder with -o"
        )


class Output:
    """An output folder, with the list of what the last build wrote into it.

    Raises:
        PaperblogError: the folder holds files that paperblog did not write.
    """

    def __init__(self, folder: Path, store: Store, clean: bool) -> None:
        self.folder = folder
        self._store = store
        self._clean = clean
        self._records = store.get(_RECORDS, str(folder)) or {}
        if not self._records:
            self._adopt()
        self._intact = {
            path: record
            for path, record in self._records.items()
            if _stat(folder / path) == (record.mtime_ns, record.size)
        }

    def written(self) -> Mapping[str, str]:
        """The keys of the files that are still as they were written."""
        return {path: record.key for path, record in self._intact.items()}

    def held(self, sources: Iterable[str]) -> Mapping[str, Page]:
        """The pages that the last build made of some sources, to be kept as they are."""
        wanted = set(sources)
        return {
            path: Page(path, record.key, None, record.source)
            for path, record in self._intact.items()
            if record.source in wanted
        }

    def contents(self) -> Mapping[str, str]:
        """The files that are there, each with the note that it shows, if any."""
        return {path: record.source for path, record in self._records.items()}

    def write(self, pages: Iterable[Page], files: Iterable[FilePlan], root: Path) -> Counts:
        """Write what is new or changed, leave the rest alone, delete what is gone.

        All pages must be rendered before the first is written, so that an error loses nothing.

        Raises:
            PaperblogError: a file cannot be written.
        """
        pages, files = list(pages), list(files)
        paths = {page.path for page in pages} | {output_path(file.address) for file in files}
        self._announce(sorted(paths))
        gone = self._records.keys() - paths
        records: dict[str, Record] = {}
        written = 0
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            _replace(self.folder / MARKER, _MARKER_TEXT.encode())
            if self._clean:
                gone |= _strangers(self.folder, paths)
            in_the_way = _in_the_way(gone, paths)
            deleted = self._delete(in_the_way)
            for page in pages:
                written += self._put(page, records)
            for file in files:
                written += self._copy(file, root, records)
            deleted += self._delete(gone - in_the_way)
        except OSError as error:
            raise PaperblogError(
                f"{error.filename or self.folder} cannot be written: {error.strerror}"
            ) from error
        self._records = records
        self._store.put_many(_RECORDS, {str(self.folder): records})
        self._store.flush()
        return Counts(written, len(records) - written, deleted)

    def _announce(self, paths: Iterable[str]) -> None:
        """List what is going to be written, so that a build cut short leaves nothing unlisted."""
        announced = dict.fromkeys(paths, Record("", 0, 0, "")) | self._records
        self._store.put_many(_RECORDS, {str(self.folder): announced})
        self._store.flush()

    def _put(self, page: Page, records: dict[str, Record]) -> bool:
        if page.content is None:
            records[page.path] = self._intact[page.path]
            return False
        target = self.folder / page.path
        changed = _replace(target, page.content)
        records[page.path] = _record(target, page.key, page.source)
        return changed

    def _copy(self, file: FilePlan, root: Path, records: dict[str, Record]) -> bool:
        path = output_path(file.address)
        before = self._intact.get(path)
        if before and before.key == file.digest:
            records[path] = before
            return False
        target = self.folder / path
        content = (root / file.path).read_bytes() if file.path else file.content
        changed = _replace(target, content)
        records[path] = _record(target, file.digest, file.source)
        return changed

    def _delete(self, paths: Iterable[str]) -> int:
        """Delete files, and the folders that this leaves empty."""
        count = 0
        for path in sorted(paths):
            target = self.folder / path
            try:
                target.unlink()
                count += 1
            except FileNotFoundError:
                pass
            folder = target.parent
            while folder != self.folder and _remove_empty(folder):
                folder = folder.parent
        return count

    def _adopt(self) -> None:
        """Begin with a folder that no list is known of: empty, absent, or marked as ours."""
        if (self.folder / MARKER).exists() or self._clean:
            return
        strangers = _strangers(self.folder, set())
        if strangers:
            shown = ", ".join(sorted(strangers)[:3]) + (" …" if len(strangers) > 3 else "")
            raise PaperblogError(
                f"{self.folder} holds files that paperblog did not write ({shown}); "
                "name another folder with -o, empty this one, or pass --clean"
            )


def _strangers(folder: Path, known: set[str]) -> set[str]:
    """Files below a folder that are not known; dotfiles and CNAME belong to the host."""
    found = set()
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = (Path(place) / name).relative_to(folder).as_posix()
            if not name.startswith(".") and path not in known and path not in _KEPT:
                found.add(path)
    return found


def _in_the_way(gone: set[str], paths: set[str]) -> set[str]:
    """Files that stand where a folder must, or below what must be a file."""
    if not gone:
        return set()
    folders = {folder for path in paths for folder in _folders(path)}
    return {path for path in gone if path in folders or not paths.isdisjoint(_folders(path))}


def _folders(path: str) -> list[str]:
    return [path[:at] for at, char in enumerate(path) if char == "/"]


def _replace(target: Path, content: bytes) -> bool:
    """Put a content in a file in one move; False where it already holds it."""
    with contextlib.suppress(OSError):
        if target.stat().st_size == len(content) and target.read_bytes() == content:
            return False
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".paperblog-{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content)
        os.replace(temporary, target)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    return True


def _record(target: Path, key: str, source: str) -> Record:
    stat = target.stat()
    return Record(key, stat.st_mtime_ns, stat.st_size, source)


def _stat(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size


def _remove_empty(folder: Path) -> bool:
    try:
        folder.rmdir()
    except OSError:
        return False
    return True
