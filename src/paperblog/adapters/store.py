"""The store: one SQLite file in the site's cache folder, deleted at will.

Values are data only (MessagePack), never code: a cache may come from someone else's machine.
"""

import os
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from paperblog.model.diagnostic import PaperblogError
from paperblog.model.packing import PackedError, pack, unpack
from paperblog.ports import ForgottenError, Memory

T = TypeVar("T")

_README = """\
paperblog keeps here what it need not do again: typeset formulas, parsed notes, and which pages it
wrote from what. The folder may be deleted at any time; the next build is slower.
"""
_CHUNK = 500
_FILE = "store-1.sqlite"


class SqliteStore:
    """Remembers values in SQLite; see the port `Store`.

    Use as a context manager: what was put is kept when it ends without an error.
    """

    def __init__(self, folder: Path) -> None:
        self._used: dict[str, set[str]] = {}
        self._known: dict[str, set[str]] = {}
        self._warm: dict[str, dict[str, Any]] = {}
        self._folder = folder
        self._opened = {os.getpid(): _open(folder)}

    def __enter__(self) -> "SqliteStore":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            self._connection.commit()
            if kind is None:
                self._sweep()
        except sqlite3.DatabaseError:
            self._begin_anew()
        self._connection.close()

    @property
    def _connection(self) -> sqlite3.Connection:
        """This process's own: SQLite forbids a fork to use, or close, the one it inherits."""
        process = os.getpid()
        if process not in self._opened:
            self._opened[process] = _open(self._folder)
        return self._opened[process]

    def get(self, memory: Memory[T], key: str) -> T | None:
        """See the port."""
        return self.get_many(memory, [key]).get(key)

    def get_many(self, memory: Memory[T], keys: Iterable[str]) -> dict[str, T]:
        """See the port."""
        known = self._keys(memory)
        wanted = [key for key in keys if key in known]
        warm: dict[str, T] = self._warm.get(memory.name, {})
        found = {key: warm[key] for key in wanted if key in warm}
        for key, value in self._rows(memory, [key for key in wanted if key not in found]):
            with suppress(PackedError):
                found[key] = unpack(memory.type, value)
        self._used[memory.name].update(found)
        if memory.warm:
            self._warm[memory.name] = found
        return dict(found)

    def has(self, memory: Memory[T], keys: Iterable[str]) -> set[str]:
        """See the port."""
        found = self._keys(memory).intersection(keys)
        self._used[memory.name].update(found)
        return found

    def put_many(self, memory: Memory[T], values: Mapping[str, T]) -> None:
        """See the port."""
        self.put_packed(memory, {key: pack(value) for key, value in values.items()})
        if memory.warm:
            self._warm.setdefault(memory.name, {}).update(values)

    def put_packed(self, memory: Memory[T], values: Mapping[str, bytes]) -> None:
        """See the port."""
        if not values:
            return
        self._keys(memory).update(values)
        self._used[memory.name].update(values)
        for key in self._warm.get(memory.name, {}).keys() & values.keys():
            del self._warm[memory.name][key]
        try:
            self._connection.executemany(
                f"INSERT OR REPLACE INTO {memory.name} (key, value) VALUES (?, ?)", values.items()
            )
        except sqlite3.OperationalError as error:
            raise PaperblogError(f"the cache cannot be written: {error}") from error
        except sqlite3.DatabaseError as error:
            self._begin_anew()
            raise ForgottenError("the cache was damaged") from error

    def clear(self) -> None:
        """See the port."""
        for name in self._known:
            self._connection.execute(f"DELETE FROM {name}")
        self._connection.commit()
        self._forget()

    def flush(self) -> None:
        """See the port."""
        try:
            self._connection.commit()
        except sqlite3.OperationalError as error:
            raise PaperblogError(f"the cache cannot be written: {error}") from error
        except sqlite3.DatabaseError as error:
            self._begin_anew()
            raise ForgottenError("the cache was damaged") from error

    def _begin_anew(self) -> None:
        """Replace a damaged file by an empty one."""
        self._connection.close()
        _remove(self._folder)
        self._opened[os.getpid()] = _open(self._folder)
        self._forget()

    def _forget(self) -> None:
        self._known.clear()
        self._warm.clear()

    def _rows(self, memory: Memory[T], keys: Sequence[str]) -> Iterable[tuple[str, bytes]]:
        for first in range(0, len(keys), _CHUNK):
            part = keys[first : first + _CHUNK]
            marks = ",".join("?" * len(part))
            query = f"SELECT key, value FROM {memory.name} WHERE key IN ({marks})"
            try:
                yield from self._connection.execute(query, part).fetchall()
            except sqlite3.DatabaseError:
                return

    def _keys(self, memory: Memory[T]) -> set[str]:
        """All keys of a table, read once: most of what a build asks for is there, or all is not."""
        name = memory.name
        if name not in self._known:
            self._connection.execute(
                f"CREATE TABLE IF NOT EXISTS {name} "
                "(id INTEGER PRIMARY KEY, key TEXT UNIQUE, value BLOB)"
            )
            self._used.setdefault(name, set())
            try:
                rows = self._connection.execute(f"SELECT key FROM {name}").fetchall()
            except sqlite3.DatabaseError:
                rows = []
            self._known[name] = {key for (key,) in rows}
        return self._known[name]

    def _sweep(self) -> None:
        """Forget what this build did not use, where that is most of a table."""
        for name, used in self._used.items():
            count = self._connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            if count <= 4 * len(used) + 1000:
                continue
            self._connection.execute("CREATE TEMP TABLE IF NOT EXISTS used (key TEXT PRIMARY KEY)")
            self._connection.execute("DELETE FROM used")
            self._connection.executemany("INSERT INTO used VALUES (?)", [(key,) for key in used])
            self._connection.execute(f"DELETE FROM {name} WHERE key NOT IN (SELECT key FROM used)")
        self._connection.commit()


class NoStore:
    """Remembers nothing beyond the build (`--no-cache`)."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, str], bytes] = {}

    def get(self, memory: Memory[T], key: str) -> T | None:
        """See the port."""
        return self.get_many(memory, [key]).get(key)

    def get_many(self, memory: Memory[T], keys: Iterable[str]) -> dict[str, T]:
        """See the port."""
        packed = ((key, self._values.get((memory.name, key))) for key in keys)
        return {key: unpack(memory.type, data) for key, data in packed if data is not None}

    def has(self, memory: Memory[T], keys: Iterable[str]) -> set[str]:
        """See the port."""
        return {key for key in keys if (memory.name, key) in self._values}

    def put_many(self, memory: Memory[T], values: Mapping[str, T]) -> None:
        """See the port."""
        self.put_packed(memory, {key: pack(value) for key, value in values.items()})

    def put_packed(self, memory: Memory[T], values: Mapping[str, bytes]) -> None:
        """See the port."""
        self._values |= {(memory.name, key): value for key, value in values.items()}

    def clear(self) -> None:
        """See the port."""
        self._values.clear()

    def flush(self) -> None:
        """See the port."""


def prepare_folder(folder: Path) -> None:
    """Make the cache folder, with a word for those who find it, hidden from git.

    Raises:
        PaperblogError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in (("README", _README), (".gitignore", "*\n")):
            if not (folder / name).exists():
                (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise PaperblogError(f"{folder} cannot be written: {error.strerror}") from error


def _open(folder: Path) -> sqlite3.Connection:
    """Open the store; one that cannot be read is begun anew."""
    prepare_folder(folder)
    path = folder / _FILE
    for attempt in (1, 2):
        try:
            connection = sqlite3.connect(path, timeout=30, isolation_level="DEFERRED")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            return connection
        except sqlite3.DatabaseError as error:
            if attempt == 2 or "locked" in str(error):
                raise PaperblogError(f"the cache {path} cannot be opened: {error}") from error
            _remove(folder)
    raise AssertionError("unreachable")


def _remove(folder: Path) -> None:
    """Delete the store's file, and those that SQLite keeps beside it."""
    for leftover in folder.glob(f"{_FILE}*"):
        leftover.unlink()
