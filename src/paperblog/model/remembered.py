"""What pure functions gave, remembered in this process as long as the same values come again.

A server builds a site again and again, and most of each build is made of the values of the one
before. Values are frozen, so one that is the same object is the same value: results are found by
the identity of the arguments, which costs no look into them.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

A = TypeVar("A")
P = ParamSpec("P")
T = TypeVar("T")

_SHORT = 64

_builds_once = False

# Each holds what the running build asked for, and what the one before did.
_tables: list[tuple[dict[Any, Any], dict[Any, Any]]] = []
_kept: tuple[dict[Hashable, Any], dict[Hashable, Any]] = {}, {}


def remembered(function: Callable[P, T]) -> Callable[P, T]:
    """Remember the results of a pure function of frozen values, given by their places.

    Texts and numbers are compared by value, everything else by identity; a short tuple by its
    items'.
    """
    now: dict[Any, tuple[T, object]] = {}
    before: dict[Any, tuple[T, object]] = {}
    _tables.append((now, before))

    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        assert not kwargs, "arguments are told apart by their places"
        key = tuple([arg if type(arg) is str else _identity(arg) for arg in args])
        found = now.get(key)
        if found is None:
            # The arguments are kept too: as long as they live, no other object has their identity.
            found = before.pop(key, None) or (function(*args, **kwargs), args)
            now[key] = found
        return found[0]

    return call


def remembered_of_one(
    function: Callable[[A], T],
) -> tuple[Callable[[A], T], Callable[[A, T], None]]:
    """Remember, as `remembered` does, the results of a pure function of one frozen struct.

    It is for what is asked very often. With the function comes another one, which is told of the
    result for a value where that is known without the function.
    """
    now: dict[int, tuple[T, A]] = {}
    before: dict[int, tuple[T, A]] = {}
    _tables.append((now, before))

    def call(value: A) -> T:
        place = id(value)
        found = now.get(place)
        if found is None:
            found = before.pop(place) if place in before else (function(value), value)
            now[place] = found
        return found[0]

    def tell(value: A, result: T) -> None:
        now[id(value)] = result, value

    return call, tell


def carried_over(function: Callable[P, T]) -> Callable[P, T]:
    """Remember, as `remembered` does, what a build asks for once: it is there for the next build.

    A process that builds once does not hold it: of a large site that would be much.
    """
    remembering = remembered(function)

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        if _builds_once:
            return function(*args, **kwargs)
        return remembering(*args, **kwargs)

    return call


def kept(name: Hashable, value: T) -> T:
    """The value that was kept under a name before, if it equals this one; else this one.

    So what is made anew and came out alike stays the same object, for what is remembered of it.
    """
    now, before = _kept
    old = now.get(name, before.get(name))
    if old is not value and type(old) is type(value) and old == value:
        value = old
    now[name] = value
    return value


def forget_unused() -> None:
    """Begin a build: what the last one did not ask for is forgotten."""
    for now, before in (*_tables, _kept):
        before.clear()
        before.update(now)
        now.clear()


@contextmanager
def building_once() -> Iterator[None]:
    """While a process builds that will not build again, what only a further build asks for goes."""
    global _builds_once
    before, _builds_once = _builds_once, True
    try:
        yield
    finally:
        _builds_once = before


def _identity(value: object) -> object:
    if type(value) is int:
        return (value,)
    if type(value) is tuple and len(value) <= _SHORT:
        return tuple(map(id, value))
    return id(value)
