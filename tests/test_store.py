"""The store: what it keeps between builds, and what it makes of a cache that is not sound."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sites import MakeSite, Site, run

from paperblog.adapters.store import NoStore, SqliteStore
from paperblog.model.diagnostic import PaperblogError
from paperblog.ports import Memory


@dataclass(frozen=True)
class Value:
    name: str
    parts: tuple[int, ...] = ()


@dataclass(frozen=True)
class Other:
    number: int


VALUES = Memory("values_of_a_test", Value)


def store_file(folder: Path) -> Path:
    (path,) = folder.glob("*.sqlite")
    return path


def remembered(store: SqliteStore, keys: Iterable[str]) -> set[str]:
    wanted = frozenset(keys)
    return set(wanted - store.missing(VALUES, [wanted]))


def test_what_was_put_is_there_in_the_next_build(tmp_path: Path) -> None:
    with SqliteStore(tmp_path) as store:
        store.put_many(VALUES, {"a": Value("α", (1, 2)), "b": Value("b")})
        assert store.get(VALUES, "a") == Value("α", (1, 2))
    with SqliteStore(tmp_path) as store:
        assert store.get_many(VALUES, ["a", "b", "c"]) == {"a": Value("α", (1, 2)), "b": Value("b")}
        assert remembered(store, ["b", "c"]) == {"b"}
        assert store.get(VALUES, "c") is None


def test_a_moment_keeps_its_offset(tmp_path: Path) -> None:
    moments = Memory("moments_of_a_test", datetime)
    evening = datetime(2020, 7, 31, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    with SqliteStore(tmp_path) as store:
        store.put_many(moments, {"a": evening})
        assert str(store.get(moments, "a")) == str(evening)


def test_what_was_put_is_kept_when_a_build_fails(tmp_path: Path) -> None:
    def fail() -> None:
        with SqliteStore(tmp_path) as store:
            store.put_many(VALUES, {"a": Value("a")})
            raise PaperblogError("from a test")

    with pytest.raises(PaperblogError, match="from a test"):
        fail()
    with SqliteStore(tmp_path) as store:
        assert store.get(VALUES, "a") == Value("a")


def test_more_keys_than_a_query_takes_are_looked_up(tmp_path: Path) -> None:
    many = {str(number): Value(str(number)) for number in range(2000)}
    with SqliteStore(tmp_path) as store:
        store.put_many(VALUES, many)
        assert store.get_many(VALUES, many) == many
        assert remembered(store, many) == set(many)
    for wanted in (1500, 600, 10):
        with SqliteStore(tmp_path) as store:
            some = {key: many[key] for key in list(many)[:wanted]}
            assert store.get_many(VALUES, [*some, "none"]) == some


def test_a_later_value_replaces_the_earlier(tmp_path: Path) -> None:
    with SqliteStore(tmp_path) as store:
        store.put_many(VALUES, {"a": Value("old")})
        store.put_many(VALUES, {"a": Value("new")})
        assert store.get(VALUES, "a") == Value("new")


def test_a_value_of_another_shape_counts_as_not_remembered(tmp_path: Path) -> None:
    with SqliteStore(tmp_path) as store:
        store.put_many(Memory(VALUES.name, Other), {"a": Other(1)})
        assert store.get(VALUES, "a") is None


def test_a_value_that_is_damaged_counts_as_not_remembered(tmp_path: Path) -> None:
    with SqliteStore(tmp_path) as store:
        store.put_many(VALUES, {"a": Value("a"), "b": Value("b")})
    connection = sqlite3.connect(store_file(tmp_path))
    connection.execute(f"UPDATE {VALUES.name} SET value = ? WHERE key = 'a'", (b"\xc1junk",))
    connection.commit()
    connection.close()
    with SqliteStore(tmp_path) as store:
        assert store.get_many(VALUES, ["a", "b"]) == {"b": Value("b")}


def test_what_is_no_longer_used_is_forgotten_in_time(tmp_path: Path) -> None:
    with SqliteStore(tmp_path) as store:
        store.put_many(VALUES, {str(number): Value("") for number in range(3000)})
    with SqliteStore(tmp_path) as store:
        assert len(store.get_many(VALUES, map(str, range(100)))) == 100
    with SqliteStore(tmp_path) as store:
        assert remembered(store, map(str, range(3000))) == set(map(str, range(100)))


def test_what_others_rely_on_is_kept_though_nobody_asks_for_it(tmp_path: Path) -> None:
    with SqliteStore(tmp_path) as store:
        store.put_many(VALUES, {str(number): Value("") for number in range(3000)})
    with SqliteStore(tmp_path) as store:
        store.get(VALUES, "0")
        store.keep(VALUES, map(str, range(50)))
    with SqliteStore(tmp_path) as store:
        assert remembered(store, map(str, range(3000))) == set(map(str, range(50)))


def test_a_build_that_only_adds_forgets_nothing(tmp_path: Path) -> None:
    with SqliteStore(tmp_path) as store:
        store.put_many(VALUES, {str(number): Value("") for number in range(3000)})
    with SqliteStore(tmp_path) as store:
        store.put_many(VALUES, {"new": Value("")})
    with SqliteStore(tmp_path) as store:
        assert len(remembered(store, [*map(str, range(3000)), "new"])) == 3001


def test_the_folder_says_that_it_may_be_deleted_and_hides_from_git(tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "cache"):
        pass
    assert "may be deleted" in (tmp_path / "cache/README").read_text()
    assert (tmp_path / "cache/.gitignore").read_text() == "*\n"


def test_a_folder_that_cannot_be_made_is_an_error_of_the_environment(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PaperblogError, match="cannot be written"):
        SqliteStore(tmp_path / "file" / "cache")


def test_without_a_cache_values_last_as_long_as_the_build() -> None:
    store = NoStore()
    store.put_many(VALUES, {"a": Value("a")})
    assert store.get_many(VALUES, ["a", "b"]) == {"a": Value("a")}
    assert NoStore().get(VALUES, "a") is None


def test_a_look_at_one_note_forgets_nothing_of_the_others(make_site: MakeSite) -> None:
    many = "".join(f"$x_{{{number}}}$\n\n" for number in range(1100))
    site = make_site({"notes/a.md": "# A\n\n$y$\n", "notes/many.md": f"# Many\n\n{many}"})
    assert site.build().status == 0
    assert run("check", str(site.root / "notes/a.md"), "--jobs", "1").status == 0
    site.write({"notes/a.md": "# A\n\n$y$ is changed.\n"})
    result = site.build("--format", "json")
    assert json.loads(result.out)["typeset"] == 0


# ------------------------------------------------------------------ builds with an unsound cache


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    notes = {
        f"notes/{number}.md": f"---\ntitle: {number}\n---\n$x_{number}$\n" for number in range(5)
    }
    site = make_site({"paperblog.toml": 'base_url = "https://notes.example/"\n'} | notes)
    assert site.build().status == 0
    return site


@pytest.mark.parametrize("damage", ["nonsense", "empty", "torn", "cut"])
def test_a_damaged_cache_costs_time_and_nothing_else(site: Site, damage: str) -> None:
    before = site.written()
    path = store_file(site.root / ".paperblog")
    data = path.read_bytes()
    path.write_bytes(
        {
            "nonsense": b"nonsense" * 1000,
            "empty": b"",
            "torn": data[:100] + b"\xff" * (len(data) - 100),
            "cut": data[: len(data) // 2],
        }[damage]
    )
    site.write({"notes/0.md": "---\ntitle: Changed\n---\n$y$\n"})
    result = site.build()
    assert result.status == 0, result.err
    site.write({"notes/0.md": "---\ntitle: 0\n---\n$x_0$\n"})
    assert site.build().status == 0
    assert site.written() == before


@pytest.mark.parametrize("table", ["formula", "body", "note", "stamps", "outputs"])
@pytest.mark.parametrize("content", [b"", b"\xc1", b"\x93\x01\x02\x03", b"\xa1x"])
def test_a_damaged_entry_costs_time_and_nothing_else(
    site: Site, table: str, content: bytes
) -> None:
    connection = sqlite3.connect(store_file(site.root / ".paperblog"))
    assert connection.execute(f"UPDATE {table} SET value = ?", (content,)).rowcount
    connection.commit()
    connection.close()
    site.write({"notes/0.md": "---\ntitle: Changed\n---\n$x_0$ and $y$\n"})
    result = site.build()
    assert result.status == 0, result.err
    cold = site.root.parent / "cold"
    assert site.build("--no-cache", "-o", str(cold)).status == 0
    assert site.written() == site.written(cold)


def test_a_deleted_cache_costs_time_and_nothing_else(site: Site) -> None:
    before = site.written()
    site.remove(".paperblog")
    assert site.build().status == 0
    assert site.written() == before


def test_a_damaged_manifest_is_no_manifest(site: Site) -> None:
    (manifest,) = (site.root / ".paperblog").glob("manifest-*.json")
    for content in ("", "[]", "{}", "null", '{"circumstances": 1, "inputs": 2}', "\xff"):
        manifest.write_text(content)
        result = site.build()
        assert (result.status, result.err) == (0, "")
