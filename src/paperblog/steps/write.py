"""Write: make the output folder hold the pages and nothing that an earlier build left."""

import os
import shutil
from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import chain
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from paperblog.model.diagnostic import PaperblogError
from paperblog.model.digest import content_digest
from paperblog.model.page import FilePlan, Page, Written, output_path
from paperblog.ports import ForgottenError, Memory, Store
from paperblog.steps.disk import (
    files_of_site,
    first_new,
    folders_of,
    holds,
    in_the_way,
    leads_into,
    put,
    remove_empty,
    stat_of,
)
from paperblog.steps.listing import MARKER, Listed, is_inside, listed, listing
from paperblog.steps.load import NOTES, PAGES, STATIC, TEMPLATES

_STAGE = ".paperblog-new"


class Counts(Struct, frozen=True):
    """How many files of the output were written, left alone and deleted."""

    written: int = 0
    unchanged: int = 0
    deleted: int = 0


_RECORDS = Memory("outputs", dict[str, Written], warm=True)


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


class Left(Struct, frozen=True, gc=False):
    """An output folder as a build left it: what it wrote, and the list of that."""

    folder: Path
    records: Mapping[str, Written]
    listed: Listed | None


class Output:
    """An output folder, with the list of what the last build wrote into it.

    The folder's marker lists the files, so that what is stale is known without the store; the
    store remembers the keys of their contents. Where it is known how the last build `left` the
    folder, and that nobody has been at it since, it is not looked at again.

    Raises:
        PaperblogError: the folder holds files that paperblog did not write.
    """

    def __init__(self, folder: Path, store: Store, clean: bool, left: Left | None = None) -> None:
        self.folder = folder
        self._store = store
        self._clean = clean
        self._changed: set[str] = set()
        if left is not None and left.folder == folder:
            self._records = self._intact = left.records
            self._listed = left.listed
            self._ours = set(left.records)
        else:
            self._look()

    def _look(self) -> None:
        """See what is there, and what of it is as it was written."""
        folder, store = self.folder, self._store
        records = store.get(_RECORDS, str(folder)) or {}
        self._records = {path: record for path, record in records.items() if is_inside(path)}
        self._listed = listed(folder)
        if self._listed is None and not self._records:
            self._adopt()
        self._ours = set(self._records) | (self._listed.paths if self._listed else set())
        self._intact = {
            path: record
            for path, record in self._records.items()
            if stat_of(f"{folder}/{path}") == (record.mtime_ns, record.size)
        }

    def written(self) -> Mapping[str, Written]:
        """The files that are still as they were written."""
        return self._intact

    def left(self) -> Left:
        """How it was left when it was written."""
        return Left(self.folder, self._records, self._listed)

    def held(self, sources: Iterable[str]) -> Mapping[str, Page]:
        """The pages that the last build made of some sources, to be kept as they are."""
        wanted = set(sources)
        return {
            path: Page(path, record.key, None, record.source, record.plan)
            for path, record in self._intact.items()
            if record.source in wanted
        }

    def changed(self) -> Sequence[str]:
        """The files that were written or deleted."""
        return sorted(self._changed)

    def contents(self) -> Mapping[str, str]:
        """The files that are there, each with the note that it shows, if any."""
        return {path: record.source for path, record in self._records.items()}

    def stats(self) -> Mapping[str, tuple[int, int]]:
        """The time and size of each file, and of the list, as they were left or found."""
        stats = {path: (record.mtime_ns, record.size) for path, record in self._records.items()}
        found = stat_of(f"{self.folder}/{MARKER}")
        return stats | {MARKER: found} if found else stats

    def write(
        self,
        standing: Iterable[str],
        pages: Iterable[Page],
        files: Iterable[FilePlan],
        root: Path,
    ) -> Counts:
        """Write what is new or changed, leave the rest alone, delete what is gone.

        `standing` are the paths of pages that are as they were written.

        New contents are staged in the folder first, one page after the other as it comes, and
        moved to their places when all are there. So neither a page that cannot be rendered nor
        a full disk harms the site that is there.

        Raises:
            PaperblogError: a file cannot be written.
            ForgottenError: a file that comes from the cache is damaged.
        """
        stage = self.folder / _STAGE
        try:
            self._clear(stage)
            stage.mkdir(parents=True)
            try:
                return self._publish(*self._stage(standing, pages, files, root))
            finally:
                self._clear(stage)
                remove_empty(self.folder)
        except OSError as error:
            raise self._failure(error) from error

    def _failure(self, error: OSError) -> PaperblogError:
        """What is said of a failure; of one in clearing a folder, the file's name is a number."""
        named = error.filename if isinstance(error.filename, str | Path) else ""
        if isinstance(error, FileNotFoundError) and not self.folder.exists():
            return _deleted(self.folder)
        place = self.folder if not named or _STAGE in str(named) else named
        return PaperblogError(f"{place} cannot be written: {error.strerror}")

    def _clear(self, stage: Path) -> None:
        """Remove what is staged, by a build that was cut short as well."""
        if stage.is_dir():
            shutil.rmtree(stage)

    def _stage(
        self,
        standing: Iterable[str],
        pages: Iterable[Page],
        files: Iterable[FilePlan],
        root: Path,
    ) -> tuple[dict[str, Written], dict[str, str]]:
        """The records of all files of the output, and where those that are new are staged.

        Those of the site come first, since pages refer to them.
        """
        records: dict[str, Written] = {}
        new: dict[str, str] = {}

        def add(path: str, key: str, content: bytes, source: str, plan: str = "") -> None:
            before = stat_of(f"{self.folder}/{path}")
            if before and holds(f"{self.folder}/{path}", before[1], content):
                stat = before
            else:
                # What replaces a file needs no folders to move with.
                staged = f"{MARKER}-{len(new)}" if before else path
                stat = put(f"{self.folder}/{_STAGE}", staged, content)
                new[path] = staged
            records[path] = Written(key, plan, *stat, source)

        for file in files:
            path = output_path(file.address)
            before = self._intact.get(path)
            if before and before.key == file.digest:
                records[path] = before
                continue
            content = _content(file, root)
            # Since it was looked at, the file may have changed: its record names what was read.
            add(path, content_digest(content) if file.source else file.digest, content, file.source)
        records.update([(path, self._intact[path]) for path in standing])
        for page in pages:
            if page.content is not None:
                add(page.path, page.key, page.content, page.source, page.plan)
                continue
            before = self._intact[page.path]
            if not _is_as_before(page, before):
                before = replace(before, plan=page.plan, source=page.source)
            records[page.path] = before
        return records, new

    def _publish(self, records: dict[str, Written], new: Mapping[str, str]) -> Counts:
        """Move what is staged to its place, and delete what is gone."""
        if self._listed is not None and not (self.folder / MARKER).exists():
            raise _deleted(self.folder)
        paths = records.keys()
        there = self._folders_there(new)
        gone = self._ours - paths
        # Listed before the first is there: a build that is cut short leaves nothing unlisted.
        self._list(self._ours | paths)
        if self._clean:
            gone |= files_of_site(self.folder) - paths
        blocking = in_the_way(gone, set(paths))
        deleted = self._delete(blocking)
        self._move(new, self._folders_there(new) if blocking else there)
        deleted += self._delete(gone - blocking)
        self._list(paths)
        self._changed = {*new, *gone}
        self._records = records
        self._store.put_many(_RECORDS, {str(self.folder): self._records})
        return Counts(len(new), len(records) - len(new), deleted)

    def _folders_there(self, paths: Iterable[str]) -> set[str]:
        """The folders of some paths that are there, none by a symbolic link to somewhere else."""
        there = {""}
        for folder in dict.fromkeys(chain.from_iterable(map(folders_of, paths))):
            place = f"{self.folder}/{folder}"
            if folder.rpartition("/")[0] not in there or not os.path.isdir(place):
                continue
            if os.path.islink(place) and not leads_into(place, self.folder):
                raise PaperblogError(
                    f"{place} leads out of {self.folder} by a symbolic link; remove the link"
                )
            there.add(folder)
        return there

    def _move(self, staged: Mapping[str, str], there: Set[str]) -> None:
        """Move staged files to their places, a folder that is new with all that it holds."""
        moves: dict[str, str] = {}
        for path, name in staged.items():
            if name == path:
                top = first_new(path, there)
                moves[top] = top
            else:
                moves[path] = name
        for place, name in moves.items():
            os.replace(self.folder / _STAGE / name, self.folder / place)

    def _list(self, paths: Set[str]) -> None:
        if self._listed is None or paths != self._listed.paths or not self._listed.sound:
            staged = self.folder / _STAGE / MARKER
            staged.write_bytes(listing(paths))
            os.replace(staged, self.folder / MARKER)
            self._listed = Listed(set(paths), sound=True)

    def _delete(self, paths: Iterable[str]) -> int:
        """Delete files, and the folders that this leaves empty."""
        count = 0
        for path in sorted(paths):
            target = self.folder / path
            if not leads_into(target.parent, self.folder):
                continue
            try:
                target.unlink()
                count += 1
            except (FileNotFoundError, NotADirectoryError):
                pass
            folder = target.parent
            while folder != self.folder and remove_empty(folder):
                folder = folder.parent
        return count

    def _adopt(self) -> None:
        """Begin with a folder that no list is known of: empty, or absent."""
        if self._clean:
            return
        strangers = files_of_site(self.folder)
        if strangers:
            shown = ", ".join(sorted(strangers)[:3]) + (" …" if len(strangers) > 3 else "")
            raise PaperblogError(
                f"{self.folder} holds files that paperblog did not write ({shown}); "
                "name another folder with -o, empty this one, or pass --clean"
            )


def _deleted(folder: Path) -> PaperblogError:
    return PaperblogError(f"{folder} was deleted while it was written; build again")


def _content(file: FilePlan, root: Path) -> bytes:
    """The content of a file to publish."""
    if not file.path:
        return file.content
    try:
        content = (root / file.path).read_bytes()
    except OSError as error:
        if file.remembered:
            raise ForgottenError(f"the file {file.path}") from error
        raise PaperblogError(f"{file.path} cannot be read: {error.strerror}") from error
    if file.remembered and content_digest(content) != file.digest:
        raise ForgottenError(f"the file {file.path}")
    return content


def _is_as_before(page: Page, before: Written) -> bool:
    return (page.key, page.plan, page.source) == (before.key, before.plan, before.source)
