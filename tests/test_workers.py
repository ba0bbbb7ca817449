"""Workers: work in other processes gives what it gives here."""

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from sites import MakeSite, Site, process

from paperblog.adapters.store import SqliteStore
from paperblog.adapters.workers import InProcess, Processes
from paperblog.ports import Memory

_TEXTS = Memory("texts_of_a_test", str)


def double(number: int) -> int:
    return 2 * number


def process_of(_: int) -> int:
    return os.getpid()


def noted(place: Path, number: int) -> int:
    """The number; a file grows by a byte for each that is asked for."""
    with place.open("ab") as file:
        file.write(b"x")
    return number


def in_a_process_alone(work: Callable[[], None]) -> None:
    """Run a part of a test in a fork, in which no thread of pytest's runs."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:
            os._exit(1)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.parametrize("name", ["map", "spread"])
def test_workers_stay_near_the_results_that_are_taken(name: str, tmp_path: Path) -> None:
    made, begun = [], tmp_path / "begun"

    def items() -> Iterator[int]:
        for number in range(1000):
            made.append(number)
            yield number

    def work() -> None:
        with Processes(2) as workers:
            if name == "map":
                results = iter(workers.map(partial(noted, begun), items()))
            else:
                results = iter(workers.spread(partial(noted, begun), range(1000)))
            assert [next(results) for _ in range(3)] == [0, 1, 2]
        assert len(begun.read_bytes()) < 100
        assert len(made) < 100

    in_a_process_alone(work)


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_results_come_in_the_order_of_the_items(jobs: int) -> None:
    def work() -> None:
        with Processes(jobs) as workers:
            assert list(workers.map(double, range(9))) == list(range(0, 18, 2))
            assert workers.submit(double, 4).result() == 8
            assert list(workers.spread(lambda n: n + jobs, range(9))) == list(range(jobs, 9 + jobs))

    in_a_process_alone(work)


def test_work_is_submitted_to_the_processes_that_are_there_and_else_to_a_thread() -> None:
    def work() -> None:
        with Processes(2) as workers:
            assert workers.submit(process_of, 0).result() == os.getpid()
        with Processes(2) as workers:
            list(workers.map(process_of, range(4)))
            others = {child.pid for child in multiprocessing.active_children()}
            assert workers.submit(process_of, 0).result() in others

    in_a_process_alone(work)


def test_forks_that_have_seen_much_are_replaced() -> None:
    def work() -> None:
        with Processes(2) as workers:
            done = list(workers.spread(lambda n: (n, os.getpid()), range(300)))
            assert [number for number, _ in done] == list(range(300))
            assert len({process for _, process in done}) > 2

    in_a_process_alone(work)


def test_a_process_with_another_thread_is_not_forked() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        with Processes(2) as workers:
            assert set(workers.spread(process_of, range(4))) == {os.getpid()}
    finally:
        stop.set()
        thread.join()


def test_one_process_does_all_work_itself() -> None:
    with InProcess() as workers:
        assert set(workers.map(process_of, range(4))) == {os.getpid()}
        assert set(workers.spread(process_of, range(4))) == {os.getpid()}
        assert workers.submit(process_of, 0).result() == os.getpid()


def test_a_fork_reads_the_store_by_itself(tmp_path: Path) -> None:
    def work() -> None:
        with SqliteStore(tmp_path) as store, Processes(2) as workers:
            store.put_many(_TEXTS, {"a": "first", "b": "second"})
            assert list(workers.spread(lambda key: store.get(_TEXTS, key), ["a", "b"])) == [
                "first",
                "second",
            ]
            store.put_many(_TEXTS, {"c": "third"})
            assert store.get(_TEXTS, "c") == "third"

    in_a_process_alone(work)


@pytest.fixture
def large(make_site: MakeSite) -> Site:
    """More notes than one process is given at a time, with formulas that many share."""
    text = "---\ntitle: $t_{0}$\ndate: 2020-01-{1:02}\n---\n$x_{0}$, $y$ and `code`.\n"
    notes = {f"notes/{n}.md": text.format(n, n % 28 + 1) for n in range(70)}
    return make_site({"paperblog.toml": 'base_url = "https://notes.example/"\n'} | notes)


def test_one_process_and_several_write_the_same_site(large: Site, tmp_path: Path) -> None:
    assert large.build().status == 0
    for number, cache in enumerate(((), ("--no-cache",))):
        output = tmp_path / f"several-{number}"
        done = process("build", *cache, "--jobs", "3", "-o", str(output), cwd=large.root)
        assert done.status == 0, done.err
        assert large.written(output) == large.written()


def test_a_template_that_fails_in_another_process_is_reported(large: Site) -> None:
    large.write({"templates/note.html": "{{ nothing }}"})
    done = process("build", "--jobs", "3", cwd=large.root)
    assert done.status == 2
    assert "note.html:1: 'nothing' is undefined" in done.err
