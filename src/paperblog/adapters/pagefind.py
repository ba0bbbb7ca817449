"""The search: Pagefind's program, run on the records of a site."""

import gzip
import json
import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from paperblog.model.diagnostic import PaperblogError
from paperblog.model.digest import content_digest
from paperblog.model.page import SEARCH_INDEX, FilePlan, Record, output_path

_LIST = "files.json"
_KEPT = 4
_MARK = b"pagefind_dcd"
# Of what the program writes, its own looks are not for us: the theme has its own.
_LOOKS = ("pagefind-ui", "pagefind-modular-ui", "pagefind-component-ui", "pagefind-highlight")
_NOT_SEARCHED = (".anchor", ".footnote-backref", ".copy", "svg", "script", "style")


def find_pagefind() -> Path | None:
    """The program, as its package or else the machine has it."""
    try:
        from pagefind.service import get_executable

        found = get_executable()
    except (ImportError, FileNotFoundError):
        return None
    return found if found and found.is_file() else None


class Pagefind:
    """Makes search indexes, and remembers them in a folder; see the port `SearchEngine`."""

    def __init__(self, program: Path, folder: Path) -> None:
        self._program = program
        self._folder = folder

    @property
    def identity(self) -> str:
        """See the port."""
        stat = self._program.stat()
        return f"pagefind {self._program.name} {stat.st_size} {stat.st_mtime_ns}"

    def remembered(self, key: str) -> Sequence[FilePlan] | None:
        """See the port."""
        folder = self._folder / key
        try:
            digests = json.loads((folder / _LIST).read_text(encoding="utf-8"))
            paths = {name: str((folder / name).resolve(strict=True)) for name in digests}
            return [
                FilePlan(SEARCH_INDEX + name, digests[name], paths[name], remembered=True)
                for name in sorted(digests)
            ]
        except (OSError, ValueError, TypeError):
            return None

    def index(self, key: str, records: Iterable[Record], language: str) -> Sequence[FilePlan]:
        """See the port."""
        work = self._folder / f"work-{os.getpid()}"
        try:
            for left in self._folder.glob("work-*"):  # by a build that was killed
                shutil.rmtree(left, ignore_errors=True)
            for record in records:
                path = work / "records" / output_path(record.address)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(record.html, encoding="utf-8")
            made = work / "made"
            self._run(work, made, language)
            _settle(made)
            names = [name for name in _files(made) if not name.startswith(_LOOKS)]
            digests = {name: content_digest((made / name).read_bytes()) for name in names}
            (made / _LIST).write_text(json.dumps(digests), encoding="utf-8")
            shutil.rmtree(self._folder / key, ignore_errors=True)
            made.rename(self._folder / key)
            self._forget()
        except OSError as error:
            message = f"the search index cannot be written: {error.strerror or error}"
            raise PaperblogError(message) from error
        finally:
            shutil.rmtree(work, ignore_errors=True)
        files = self.remembered(key)
        assert files is not None
        return files

    def clear(self) -> None:
        """See the port."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, work: Path, made: Path, language: str) -> None:
        import subprocess  # few builds need it

        (work / "records").mkdir(parents=True, exist_ok=True)
        command = [str(self._program), "--silent", "--site", "records", "--output-path", "made"]
        command += ["--force-language", language]
        for selector in _NOT_SEARCHED:
            command += ["--exclude-selectors", selector]
        done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)
        if done.returncode or not made.is_dir():
            reason = (done.stderr or done.stdout).strip() or f"status {done.returncode}"
            raise PaperblogError(
                f"Pagefind cannot index the site: {reason}; "
                "search = false in the configuration does without it"
            )

    def _forget(self) -> None:
        """Delete the oldest indexes: those of other folders and options are the newer ones."""
        made = [path for path in self._folder.iterdir() if (path / _LIST).is_file()]
        made.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
        for path in made[_KEPT:]:
            shutil.rmtree(path, ignore_errors=True)


def _settle(folder: Path) -> None:
    """Bring the filters into one order: Pagefind writes their values in one that changes.

    A filter's file is named in the language's list of files (`pf_meta`), which is named in
    `pagefind-entry.json`, each by a digest of its content. Both are CBOR, compressed, after a
    mark: a filter is `[name, [[value, [page, …]], …]]`, and the list's fourth part is
    `[[name, file], …]`.
    Source: https://github.com/Pagefind/pagefind/issues/638
    """
    entry_path = folder / "pagefind-entry.json"
    entry = json.loads(entry_path.read_text(encoding="utf-8"))
    for language in entry["languages"].values():
        path = folder / f"pagefind.{language['hash']}.pf_meta"
        parts = _read(path)
        prefix = language["hash"].partition("_")[0]
        parts[3] = sorted([name, _settle_filter(folder, file, prefix)] for name, file in parts[3])
        path.unlink()
        language["hash"] = _write(folder, "pagefind.{}.pf_meta", prefix, parts)
    entry_path.write_text(json.dumps(entry, sort_keys=True), encoding="utf-8")


def _settle_filter(folder: Path, file: str, prefix: str) -> str:
    path = folder / "filter" / f"{file}.pf_filter"
    name, values = _read(path)
    path.unlink()
    return _write(folder, "filter/{}.pf_filter", prefix, [name, sorted(values)])


def _read(path: Path) -> Any:
    import cbor2

    return cbor2.loads(gzip.decompress(path.read_bytes()).removeprefix(_MARK))


def _write(folder: Path, pattern: str, prefix: str, value: object) -> str:
    """Write a value under a name made of its content, and return that name."""
    import cbor2

    content = _MARK + cbor2.dumps(value)
    name = f"{prefix}_{content_digest(content)[:10]}"
    (folder / pattern.format(name)).write_bytes(gzip.compress(content, mtime=0))
    return name


def _files(folder: Path) -> Sequence[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
