"""What pure functions gave, remembered in this process as long as the same values come again.

A server builds a site again and again, and most of each build is made of the values of the one
before. Values are frozen, so one that is the same object is the same value: results are found by
the identity of the arguments, which costs no look into them.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial, wraps
from operator import is_
from typing import Any, ParamSpec, TypeVar

from msgspec import Struct

A = TypeVar("A")
P = ParamSpec("P")
T = TypeVar("T")

_SHORT = 64
_SHIFTED = 8
"""Where more than one row in so many is another, rows are looked for at other places too."""

_Column = tuple[object, ...]

_builds_once = False

# Each holds what the running build asked for, and what the one before did.
_tables: list[tuple[dict[Any, Any], dict[Any, Any]]] = []
_kept: tuple[dict[Hashable, Any], dict[Hashable, Any]] = {}, {}
_picked: tuple[dict[str, Any], dict[str, Any]] = {}, {}


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
        key = tuple(map(_place, args))
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


def by_rows(function: Callable[..., T]) -> Callable[..., tuple[T, ...]]:
    """Remember the results of a pure function for each row of a table, from build to build.

    What it makes is given a tuple of what all rows share, and the columns, of one length; the
    function is given the shared values and those of a row, by their places. Values are compared
    as `remembered` does it, a column at a time, so that a row that is the same costs next to
    nothing. A result that came out alike stays the same object, and so do all of them together:
    what is made of them can be remembered in turn. A build asks once for the same shared values.
    """
    now: dict[Any, tuple[tuple[_Column, ...], tuple[T, ...], object]] = {}
    before: dict[Any, tuple[tuple[_Column, ...], tuple[T, ...], object]] = {}
    _tables.append((now, before))

    def call(shared: tuple[object, ...], *given: Sequence[object]) -> tuple[T, ...]:
        if _builds_once:
            return tuple([function(*shared, *row) for row in zip(*given, strict=True)])
        columns = tuple(map(tuple, given))
        key = tuple(map(_place, shared))
        last = now.get(key) or before.pop(key, None)
        if last is None:
            results = tuple([function(*shared, *row) for row in zip(*columns, strict=True)])
        else:
            results = _renewed(partial(function, *shared), columns, last[0], last[1])
        now[key] = columns, results, shared
        return results

    return call


def _renewed(
    function: Callable[..., T],
    columns: tuple[_Column, ...],
    old: tuple[_Column, ...],
    results: tuple[T, ...],
) -> tuple[T, ...]:
    """The results for some columns, given those for others."""
    count = len(columns[0])
    if len(results) == count:
        changed: set[int] = set()
        for column, was in zip(columns, old, strict=True):
            if column is not was:
                others = [at for at, same in enumerate(map(is_, column, was)) if not same]
                changed.update([at for at in others if not _is_same(column[at], was[at])])
        if len(changed) * _SHIFTED <= count:
            fresh = list(results)
            for at in sorted(changed):
                fresh[at] = _like(results[at], function(*[column[at] for column in columns]))
            return _unless_same(fresh, results)
    # What was put in or taken out leaves the rows in front of it and behind it as they were.
    front = min(map(_same_at_start, columns, old))
    turned = [(column[:front:-1], was[:front:-1]) for column, was in zip(columns, old, strict=True)]
    behind = min([_same_at_start(column, was) for column, was in turned])
    old_end = len(results) - behind
    were = zip(*[column[front:old_end] for column in old], strict=True)
    known = dict(zip(map(_row, were), results[front:old_end], strict=True))
    made = list(results[:front])
    rows = zip(*[column[front : count - behind] for column in columns], strict=True)
    for at, row in enumerate(rows, front):
        key = _row(row)
        if key in known:
            made.append(known[key])
        else:
            result = function(*row)
            made.append(_like(results[at], result) if at < len(results) else result)
    made += results[old_end:]
    return _unless_same(made, results)


def _same_at_start(column: _Column, other: _Column) -> int:
    """How many values are the same objects until the first one that is not."""
    same = enumerate(map(is_, column, other))
    return next((at for at, is_same in same if not is_same), min(len(column), len(other)))


def picked(
    name: str, values: Sequence[T], places: Sequence[tuple[int, ...]]
) -> tuple[tuple[T, ...], ...]:
    """For each row of places the values there: the same tuple as in the last build where it can be.

    Each table has a name of its own.
    """
    if _builds_once:
        return tuple([tuple([values[at] for at in own]) for own in places])
    now, before = _picked
    last = before.get(name)
    if last is None or len(last[0]) != len(values) or len(last[1]) != len(places):
        rows = tuple([tuple([values[at] for at in own]) for own in places])
    else:
        changed = {at for at, same in enumerate(map(is_, values, last[0])) if not same}
        rows = tuple(
            [
                old if own is was and changed.isdisjoint(own) else tuple([values[at] for at in own])
                for own, was, old in zip(places, last[1], last[2], strict=True)
            ]
        )
    now[name] = tuple(values), tuple(places), rows
    return rows


def _unless_same(new: list[T], old: tuple[T, ...]) -> tuple[T, ...]:
    return old if len(new) == len(old) and all(map(is_, new, old)) else tuple(new)


def _like(old: T, new: T) -> T:
    """The old value where the new one is alike."""
    return old if alike(old, new) else new


def _is_same(value: Any, other: Any) -> bool:
    """Whether two values are the same as `remembered` sees it."""
    kind = type(value)
    if kind is not type(other):
        return False
    if kind is tuple:
        return len(value) == len(other) and all(map(is_, value, other))
    return value == other if kind in (str, int) else value is other


def _row(row: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(map(_place, row))


def alike(value: Any, other: Any) -> bool:
    """Whether two values are equal in a way that no page could tell them apart.

    That is less than Python calls equal: 1 is not True, and a moment is not the same moment at
    another offset from UTC, where it may be another day.
    """
    if value is other:
        return True
    if type(value) is not type(other):
        return False
    if isinstance(value, tuple | list):
        return len(value) == len(other) and (
            all(map(is_, value, other)) or all(map(alike, value, other))
        )
    if isinstance(value, Mapping):
        return alike(tuple(value.items()), tuple(other.items()))
    if isinstance(value, Struct) and type(value).__eq__ is Struct.__eq__:
        names = value.__struct_fields__
        return all(alike(getattr(value, name), getattr(other, name)) for name in names)
    if isinstance(value, datetime | float):
        return repr(value) == repr(other)
    return bool(value == other)


def kept(name: Hashable, value: T) -> T:
    """The value that was kept under a name before, if this one is alike; else this one.

    So what is made anew and came out alike stays the same object, for what is remembered of it.
    """
    now, before = _kept
    old = now.get(name, before.get(name))
    if old is not value and old is not None:
        value = _like(old, value)
    now[name] = value
    return value


def forget_unused() -> None:
    """Begin a build: what the last one did not ask for is forgotten."""
    for now, before in (*_tables, _kept, _picked):
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


def _place(value: object) -> object:
    """What a value is found by."""
    if type(value) is str:
        return value
    if type(value) is int:
        return (value,)
    if type(value) is tuple and len(value) <= _SHORT:
        return tuple(map(id, value))
    return id(value)
