"""What is remembered within a process: found by identity, kept by equality, forgotten in time."""

import weakref
from dataclasses import dataclass

import pytest

from paperblog.model import remembered as module
from paperblog.model.remembered import build_once, forget_unused, kept, remembered


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


def test_a_process_that_builds_once_keeps_little(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[weakref.ref[Box]] = []

    @remembered
    def box(number: int) -> Box:
        made.append(weakref.ref(found := Box()))
        return found

    monkeypatch.setattr(module, "_most", module._most)
    build_once()
    for number in range(100_000):
        box(number)
        kept(("box", number), made[-1]())
    living = [one for one in made if one() is not None]
    assert 0 < len(living) < 50_000


class Box:
    """An object that tells when it is gone."""
