"""Workers: other processes for work that is worth them."""

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


class InProcess:
    """Does everything here, one item after the other; see the port `Workers`."""

    def map(self, function: Callable[[A], B], items: Sequence[A]) -> Iterable[B]:
        """See the port."""
        return map(function, items)


class Processes:
    """Spreads items over processes; a single item is not worth one. See the port `Workers`.

    Linux forks, which must happen before any thread starts; elsewhere processes are spawned.
    """

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs

    def map(self, function: Callable[[A], B], items: Sequence[A]) -> Iterable[B]:
        """See the port."""
        jobs = min(self._jobs, len(items))
        if jobs <= 1:
            return map(function, items)
        method = "fork" if sys.platform == "linux" else "spawn"
        pool = ProcessPoolExecutor(jobs, multiprocessing.get_context(method))
        results = pool.map(function, items)
        pool.shutdown(wait=False)
        return results


def available_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
