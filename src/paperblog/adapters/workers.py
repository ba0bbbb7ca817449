"""Workers: other processes for work that is worth them."""

import gc
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor

A = TypeVar("A")
B = TypeVar("B")

_AHEAD = 8
"""How many items for each worker are begun, or done, before their results are taken."""
_LIFE = 64
"""How many items a fork sees on average."""


class InProcess:
    """Does everything in this process; see the port `Workers`. Use as a context manager."""

    def __init__(self) -> None:
        self._thread: ThreadPoolExecutor | None = None

    def __enter__(self) -> "InProcess":
        return self

    def __exit__(self, *_: object) -> None:
        if self._thread is not None:
            self._thread.shutdown(cancel_futures=True)

    def map(self, function: Callable[[A], B], items: Iterable[A]) -> Iterable[B]:
        """See the port."""
        return map(function, items)

    def submit(self, function: Callable[[A], B], item: A) -> "Future[B]":
        """See the port."""
        if self._thread is None:
            from concurrent.futures import ThreadPoolExecutor

            self._thread = ThreadPoolExecutor(1, "worker")
        return self._thread.submit(function, item)

    def spread(self, function: Callable[[A], B], items: Sequence[A]) -> Iterable[B]:
        """See the port."""
        return map(function, items)


class Processes:
    """Spreads work over processes; a single item is not worth one. See the port `Workers`.

    Linux forks, which a process may do only while no thread runs beside it; elsewhere processes
    are spawned. Use as a context manager.
    """

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._here = InProcess()
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> "Processes":
        return self

    def __exit__(self, *_: object) -> None:
        self._here.__exit__()
        self._end_pool()

    def map(self, function: Callable[[A], B], items: Iterable[A]) -> Iterable[B]:
        """See the port."""
        rest = iter(items)
        first = list(islice(rest, self._jobs))
        if len(first) <= 1:
            return map(function, chain(first, rest))
        self._end_pool()
        with _frozen():
            pool = _pool(len(first), "fork" if _may_fork() else "spawn", _end_with_parent)
            self._pool = pool
            return _in_turn(pool, function, chain(first, rest), _AHEAD * len(first))

    def submit(self, function: Callable[[A], B], item: A) -> "Future[B]":
        """See the port."""
        return (self._pool or self._here).submit(function, item)

    def spread(self, function: Callable[[A], B], items: Sequence[A]) -> Iterable[B]:
        """See the port."""
        self._end_pool()
        jobs = min(self._jobs, len(items))
        if jobs <= 1 or not _may_fork():
            return map(function, items)
        return _forked(function, items, jobs)

    def _end_pool(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


def available_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _may_fork() -> bool:
    return sys.platform == "linux" and threading.active_count() == 1


def _forked(function: Callable[[A], B], items: Sequence[A], jobs: int) -> Iterator[B]:
    """The results of forks, which inherit the function and the items as they are in memory.

    After a while others take their place: what a fork looks at becomes its own, and in time it
    would look at all that is here.
    """
    size = _LIFE * jobs
    for first in range(0, len(items), size):
        numbers = range(first, min(first + size, len(items)))
        with _frozen():
            pool = _pool(jobs, "fork", _inherit, (function, items))
            results = _in_turn(pool, _do, numbers, _AHEAD * jobs)
        with pool:
            yield from results


def _pool(jobs: int, method: str, *first: Any) -> "ProcessPoolExecutor":
    """New processes; the modules for it are imported when there is work for more than one."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    return ProcessPoolExecutor(jobs, multiprocessing.get_context(method), *first)


def _in_turn(
    pool: "ProcessPoolExecutor", function: Callable[[A], B], items: Iterable[A], ahead: int
) -> Iterator[B]:
    """The results in the order of the items; work on the first few begins at once.

    No more than some are ahead of the one that is taken: where the workers are quicker than who
    takes their results, these would fill the memory.
    """
    rest = iter(items)
    waiting = deque(pool.submit(function, item) for item in islice(rest, ahead))

    def results() -> Iterator[B]:
        while waiting:
            result = waiting.popleft().result()
            waiting.extend(pool.submit(function, item) for item in islice(rest, 1))
            yield result

    return results()


_inherited: tuple[Callable[[Any], Any], Sequence[Any]]


def _inherit(function: Callable[[Any], Any], items: Sequence[Any]) -> None:
    global _inherited
    _end_with_parent()
    _inherited = function, items


def _do(number: int) -> Any:
    function, items = _inherited
    return function(items[number])


def _end_with_parent() -> None:
    """See that this process ends when its parent is killed: it would wait for work for ever."""
    import multiprocessing
    from multiprocessing.connection import wait

    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def _frozen() -> Iterator[None]:
    """While processes are forked, and in them, the garbage collector leaves alone what is there.

    Looking through it, it would write into pages of memory that the processes share.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
