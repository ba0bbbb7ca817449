"""The store: one SQLite file in the site's cache folder, deleted at will.

Values are data only (MessagePack), never code: a cache may come from someone else's machine.
"""

import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
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
_FILE = "store-2.sqlite"
_PAGE = 1 << 14
_SEAL = 4

# What is wrong with the machine; anything else that SQLite says means that the file is damaged.
_ENVIRONMENT = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}


class SqliteStore:
    """Remembers values in SQLite; see the port `Store`.

    Use as a context manager. What was put is kept from then on, whatever becomes of the process;
    a value that is damaged, in whole or in a bit, counts as forgotten.
    """

    def __init__(self, folder: Path) -> None:
        self._used: dict[str, set[str]] = {}
        self._asked: set[str] = set()
        self._known: dict[str, set[str]] = {}
        self._warm: dict[str, dict[str, Any]] = {}
        self._folder = folder
        self._opened = {os.getpid(): _open(folder)}

    def __enter__(self) -> "SqliteStore":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            try:
                self._sweep()
            except sqlite3.DatabaseError as error:
                if not _is_environment(error):
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
        wanted = list(keys)
        warm: dict[str, T] = self._warm.get(memory.name, {})
        found = {key: warm[key] for key in wanted if key in warm} if warm else {}
        if len(found) < len(wanted):
            missing = [key for key in wanted if key not in found] if found else wanted
            for key, value in self._rows(memory, missing):
                try:
                    data = value[_SEAL:]
                    if value[:_SEAL] == _seal(key, data):
                        found[key] = unpack(memory.type, data)
                except (PackedError, TypeError):
                    continue
            self.keep(memory, found)
        if memory.warm:
            self._warm[memory.name] = found
        return dict(found)

    def keep(self, memory: Memory[T], keys: Iterable[str]) -> None:
        """See the port."""
        self._asked.add(memory.name)
        self._used.setdefault(memory.name, set()).update(keys)

    def missing(self, memory: Memory[T], groups: Iterable[frozenset[str]]) -> set[str]:
        """See the port."""
        groups, known = list(groups), self._keys(memory)
        self.keep(memory, set().union(*groups))
        return set().union(*[group - known for group in groups if not group <= known])

    def put_many(self, memory: Memory[T], values: Mapping[str, T]) -> None:
        """See the port."""
        self.put_packed(memory, {key: pack(value) for key, value in values.items()}, values)

    def put_packed(
        self,
        memory: Memory[T],
        values: Mapping[str, bytes],
        unpacked: Mapping[str, T] | None = None,
    ) -> None:
        """See the port."""
        if not values:
            return
        name = memory.name
        sealed = ((key, _seal(key, value) + value) for key, value in values.items())
        with self._transaction():
            self._connection.execute(
                f"CREATE TABLE IF NOT EXISTS {name} "
                "(id INTEGER PRIMARY KEY, key TEXT UNIQUE, value BLOB)"
            )
            self._connection.executemany(
                f"INSERT OR REPLACE INTO {name} (key, value) VALUES (?, ?)", sealed
            )
        if name in self._known:
            self._known[name].update(values)
        self._used.setdefault(name, set()).update(values)
        if memory.warm:
            warm = self._warm.setdefault(name, {})
            for key in warm.keys() & values.keys():
                del warm[key]
            warm.update(unpacked or {})

    def clear(self) -> None:
        """See the port."""
        with suppress(ForgottenError), self._transaction():
            names = (
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*'"
            )
            for (name,) in self._connection.execute(names).fetchall():
                self._connection.execute(f"DELETE FROM {name}")
        self._forget()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All of some statements or none.

        Raises:
            ForgottenError: the file is damaged; an empty one has taken its place.
            PaperblogError: nothing can be written.
        """
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            yield
            self._connection.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            with suppress(sqlite3.DatabaseError):
                self._connection.execute("ROLLBACK")
            if _is_environment(error):
                raise _unusable(self._folder, error) from error
            self._begin_anew()
            raise ForgottenError("the cache was damaged") from error

    def _begin_anew(self) -> None:
        """Replace a damaged file by an empty one."""
        self._connection.close()
        _remove(self._folder)
        self._opened[os.getpid()] = _open(self._folder)
        self._forget()

    def _forget(self) -> None:
        self._used.clear()
        self._asked.clear()
        self._known.clear()
        self._warm.clear()

    def _rows(self, memory: Memory[T], keys: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """Those of some keys' rows that can be read; where many are wanted, by one look at all."""
        select = f"SELECT key, value FROM {memory.name}"
        with suppress(sqlite3.DatabaseError):
            count = f"SELECT count(*) FROM {memory.name}"
            if len(keys) > _CHUNK and 4 * len(keys) > self._connection.execute(count).fetchone()[0]:
                wanted = set(keys)
                yield from (row for row in self._connection.execute(select) if row[0] in wanted)
                return
            for first in range(0, len(keys), _CHUNK):
                part = keys[first : first + _CHUNK]
                marks = ",".join("?" * len(part))
                query = f"{select} WHERE key IN ({marks})"
                yield from self._connection.execute(query, part).fetchall()

    def _keys(self, memory: Memory[T]) -> set[str]:
        """All keys of a table, read once: most of what a build asks for is there, or all is not."""
        name = memory.name
        if name not in self._known:
            try:
                rows = self._connection.execute(f"SELECT key FROM {name}").fetchall()
            except sqlite3.DatabaseError:
                rows = []
            self._known[name] = {key for (key,) in rows}
        return self._known[name]

    def _sweep(self) -> None:
        """Forget what this build did not use, where that is most of a table.

        Of a table that it only added to, nothing tells what is used.
        """
        for name in self._asked:
            used = self._used[name]
            known = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?"
            if not self._connection.execute(known, (name,)).fetchone()[0]:
                continue
            count = self._connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            if count <= 4 * len(used) + 1000:
                continue
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute("CREATE TEMP TABLE IF NOT EXISTS used (key TEXT PRIMARY KEY)")
            self._connection.execute("DELETE FROM used")
            self._connection.executemany("INSERT INTO used VALUES (?)", [(key,) for key in used])
            self._connection.execute(f"DELETE FROM {name} WHERE key NOT IN (SELECT key FROM used)")
            self._connection.execute("COMMIT")


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

    def keep(self, memory: Memory[T], keys: Iterable[str]) -> None:
        """See the port."""

    def missing(self, memory: Memory[T], groups: Iterable[frozenset[str]]) -> set[str]:
        """See the port."""
        keys = set[str]().union(*groups)
        return {key for key in keys if (memory.name, key) not in self._values}

    def put_many(self, memory: Memory[T], values: Mapping[str, T]) -> None:
        """See the port."""
        self.put_packed(memory, {key: pack(value) for key, value in values.items()})

    def put_packed(
        self,
        memory: Memory[T],
        values: Mapping[str, bytes],
        unpacked: Mapping[str, T] | None = None,
    ) -> None:
        """See the port."""
        self._values |= {(memory.name, key): value for key, value in values.items()}

    def clear(self) -> None:
        """See the port."""
        self._values.clear()


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
        raise _unusable(folder, error.strerror) from error


def _open(folder: Path) -> sqlite3.Connection:
    """Open the store; one that cannot be read is begun anew."""
    prepare_folder(folder)
    path = folder / _FILE
    for attempt in (1, 2):
        connection: sqlite3.Connection | None = None
        try:
            connection = sqlite3.connect(path, timeout=30, isolation_level=None)
            # A new file's: a page holds some formulas, and keys by chance touch fewer of them.
            connection.execute(f"PRAGMA page_size = {_PAGE}")
            # What is new goes straight into the file; WAL would write it twice.
            connection.execute("PRAGMA journal_mode = TRUNCATE")
            # A power failure may cost the cache, so nothing need wait for the disk.
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            return connection
        except sqlite3.DatabaseError as error:
            if connection is not None:
                connection.close()
            if attempt == 2 or _is_environment(error):
                raise _unusable(folder, error) from error
            _remove(folder)
    raise AssertionError("unreachable")


def _remove(folder: Path) -> None:
    """Delete the store's file, and those that SQLite keeps beside it."""
    for leftover in folder.glob(f"{_FILE}*"):
        leftover.unlink()


def _seal(key: str, data: bytes) -> bytes:
    """A checksum of a value under its key: SQLite would hand out a damaged one as it is."""
    return zlib.crc32(data, zlib.crc32(key.encode())).to_bytes(_SEAL, "big")


def _is_environment(error: sqlite3.Error) -> bool:
    # The lowest byte is the kind of error, those above it the detail.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _ENVIRONMENT


def _unusable(folder: Path, why: object) -> PaperblogError:
    return PaperblogError(f"the cache {folder} cannot be written: {why}; --no-cache needs none")
