"""What is remembered within a process: found by identity, kept by equality, forgotten in time."""

from dataclasses import dataclass

import pytest

from paperblog.model.remembered import (
    building_once,
    carried_over,
    forget_unused,
    kept,
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
