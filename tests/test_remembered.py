"""What is remembered within a process: found by identity, kept while alike, forgotten in time."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

import pytest
from msgspec import Struct

from paperblog.model.remembered import (
    alike,
    building_once,
    by_rows,
    carried_over,
    forget_unused,
    kept,
    picked,
    remembered,
    remembered_of_one,
)


@dataclass(frozen=True)
class Value:
    name: str


@pytest.fixture
def calls() -> list[tuple[object, ...]]:
    return []


def test_a_function_is_called_once_for_the_same_values(calls: list[tuple[object, ...]]) -> None:
    @remembered
    def join(*values: object) -> Value:
        calls.append(values)
        return Value("".join(map(str, values)))

    one, two = Value("1"), Value("2")
    first = join(one, "a", (one, two), None, True)
    assert join(one, "".join(["a"]), (one, two), None, True) is first
    assert len(calls) == 1
    for others in (
        (two, "a", (one, two), None, True),
        (one, "b", (one, two), None, True),
        (one, "a", (two, one), None, True),
        (one, "a", (one, two), None, False),
        (Value("1"), "a", (one, two), None, True),
    ):
        assert join(*others) is not first
    assert len(calls) == 6


def test_what_is_told_is_not_asked_for(calls: list[tuple[object, ...]]) -> None:
    def named(value: Value) -> str:
        calls.append((value,))
        return f"made of {value.name}"

    name, tell = remembered_of_one(named)
    known, other = Value("a"), Value("a")
    tell(known, "told")
    forget_unused()
    assert [name(known), name(other), name(other)] == ["told", "made of a", "made of a"]
    assert calls == [(other,)]
    forget_unused()
    forget_unused()
    assert name(known) == "made of a"


def test_what_a_build_did_not_ask_for_is_forgotten(calls: list[tuple[object, ...]]) -> None:
    @remembered
    def call(value: Value) -> Value:
        calls.append((value,))
        return value

    value = Value("x")
    for _ in range(3):
        call(value)
        forget_unused()
    assert len(calls) == 1
    forget_unused()
    call(value)
    assert len(calls) == 2


def test_an_equal_value_stays_the_same_object() -> None:
    first = kept("of a test", Value("a"))
    assert kept("of a test", Value("a")) is first
    forget_unused()
    assert kept("of a test", Value("a")) is first
    other = kept("of a test", Value("b"))
    assert other == Value("b")
    assert kept("of a test", Value("a")) is not first


def test_values_that_are_equal_but_not_alike_are_not_taken_for_each_other() -> None:
    assert kept("numbers of a test", 1) is not True
    assert kept("numbers of a test", True) is True


class Fields(Struct, frozen=True):
    first: object
    second: tuple[object, ...] = ()


NOON = datetime(2020, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("one", "other", "are_alike"),
    [
        (Fields("a", (1, "b")), Fields("a", (1, "b")), True),
        (Fields("a", (1, "b")), Fields("a", (1, "c")), False),
        (Fields(1), Fields(True), False),
        (Fields(1), Fields(1.0), False),
        (Fields(0.0), Fields(-0.0), False),
        (Fields({"a": [1]}), Fields({"a": [1]}), True),
        (Fields({"a": [1]}), Fields({"a": [True]}), False),
        (Fields({"a": 1, "b": 2}), Fields({"b": 2, "a": 1}), False),
        (Fields(NOON), Fields(NOON.replace()), True),
        (Fields(NOON), Fields(NOON.astimezone(timezone(timedelta(hours=14)))), False),
        (frozenset("ab"), frozenset("ba"), True),
    ],
)
def test_alike_is_what_no_page_could_tell_apart(
    one: object, other: object, are_alike: bool
) -> None:
    assert alike(one, other) is are_alike
    assert alike(one, one)


def test_rows_that_are_the_same_are_not_asked_for_again(calls: list[tuple[object, ...]]) -> None:
    @by_rows
    def call(shared: Value, name: str, parts: tuple[Value, ...], other: Value | None) -> Value:
        calls.append((name,))
        return Value(shared.name + name)

    shared, parts = Value("s"), [Value(str(number)) for number in range(20)]
    names = [str(number) for number in range(20)]
    first = call((shared,), names, [(part,) for part in parts], parts)
    assert first == tuple([Value(f"s{name}") for name in names])
    calls.clear()
    forget_unused()
    again = call((shared,), list(names), [(part,) for part in parts], tuple(parts))
    assert again is first
    assert not calls
    forget_unused()
    parts[3] = Value("other")
    changed = call((shared,), names, [(part,) for part in parts], [*parts[:19], None])
    assert calls == [("3",), ("19",)]
    assert changed is first
    assert call((Value("s"),), names[:1], [()], parts[:1]) == (Value("s0"),)
    assert calls[-1] == ("0",)


def test_rows_are_found_at_other_places(calls: list[tuple[object, ...]]) -> None:
    @by_rows
    def call(value: Value) -> Value:
        calls.append((value,))
        return Value(value.name * 2)

    values = [Value(str(number)) for number in range(20)]
    first = call((), values)
    calls.clear()
    forget_unused()
    new = Value("new")
    shifted = call((), [new, *values])
    assert shifted[1:] == first
    assert all(one is other for one, other in zip(shifted[1:], first, strict=True))
    assert calls == [(new,)]
    forget_unused()
    assert call((), values[::-1]) == first[::-1]
    assert len(calls) == 1
    forget_unused()
    forget_unused()
    call((), values[:1])
    assert len(calls) == 2


def test_a_result_that_comes_out_alike_stays_the_same_object() -> None:
    @by_rows
    def call(value: Value) -> Fields:
        return Fields(value.name[:1])

    values = [Value("ab"), Value("cd")]
    first = call((), values)
    forget_unused()
    assert call((), [values[0], Value("ce")]) is first
    forget_unused()
    other = call((), [values[0], Value("ef")])
    assert other == (Fields("a"), Fields("e"))
    assert other[0] is first[0]


def test_picked_rows_stay_the_same_while_their_values_do() -> None:
    values = [Value(str(number)) for number in range(4)]
    places = [(0, 1), (2,), (), (3, 0)]
    first = picked("of a test", values, places)
    assert first == ((values[0], values[1]), (values[2],), (), (values[3], values[0]))
    forget_unused()
    values[0] = Value("other")
    second = picked("of a test", values, [(0, 1), places[1], (3,), places[3]])
    assert second == ((values[0], values[1]), (values[2],), (values[3],), (values[3], values[0]))
    assert second[1] is first[1]
    forget_unused()
    assert picked("of a test", values[:1], [(0,)]) == ((values[0],),)
    with building_once():
        assert picked("of a test", values, places)[0] == (values[0], values[1])


def test_columns_that_change_later_are_not_mistaken() -> None:
    @by_rows
    def call(value: Value) -> str:
        return value.name

    values = [Value("a"), Value("b")]
    assert call((), values) == ("a", "b")
    values[0] = Value("c")
    assert call((), values) == ("c", "b")


def test_a_process_that_builds_once_holds_nothing_for_a_further_build(
    calls: list[tuple[object, ...]],
) -> None:
    @carried_over
    def call(value: Value) -> Value:
        calls.append((value,))
        return Value(value.name * 2)

    value = Value("x")
    first = call(value)
    assert call(value) is first
    with building_once():
        assert call(value) == first
        assert call(value) is not call(value)
    assert len(calls) == 4
    assert call(value) is first

    @by_rows
    def rows(value: Value) -> Value:
        calls.append((value,))
        return Value(value.name * 2)

    with building_once():
        assert rows((), [value]) == rows((), [value]) == (first,)
        assert rows((), [value])[0] is not rows((), [value])[0]
