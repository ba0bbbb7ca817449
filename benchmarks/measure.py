"""What a command costs: wall and processor time, and memory, of it and of all that it starts."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Cost:
    """Seconds, the highest sum of PSS over all processes in MiB, and what was said last."""

    wall: float
    cpu: float
    memory: float
    said: str


class FailedError(Exception):
    """A measured command did not do its work."""


def measure(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str] | None = None,
    seconds: float = 1800,
) -> Cost:
    """Run a command in a folder to its end.

    Processes that it leaves behind are ended, and count as well: this process becomes the parent
    of orphans. Memory is sampled, every 10 ms at first and every 100 ms later.

    Raises:
        FailedError: it fails, or takes longer than `seconds`.
    """
    _become_reaper()
    log = folder / ".bench-log"
    with log.open("w+b") as output:
        begun, before = time.perf_counter(), os.times()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        sampler = _Sampler(process.pid)
        sampler.start()
        try:
            status = process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            raise FailedError(f"{command[0]} took longer than {seconds:.0f} s") from error
        finally:
            wall = time.perf_counter() - begun
            sampler.stop()
            end_group(process.pid)
        after = os.times()
        output.seek(0)
        said = output.read().decode(errors="replace").strip()
    if status:
        raise FailedError(f"{' '.join(command)} ended with {status}:\n{said[-2000:]}")
    cpu = after.children_user + after.children_system
    cpu -= before.children_user + before.children_system
    return Cost(wall, cpu, sampler.peak / 2**20, said.splitlines()[-1] if said else "")


def end_group(leader: int) -> None:
    """End all processes of a session that we began, and wait for each, so that its time counts."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGTERM)
    end = time.monotonic() + 5
    while time.monotonic() < end:
        try:
            if os.waitpid(-leader, os.WNOHANG) == (0, 0):
                time.sleep(0.005)
        except ChildProcessError:
            return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def proportional_size(session: int) -> int:
    """The sum of the proportional set sizes of all processes of a session, in bytes."""
    total = 0
    for name in os.listdir("/proc"):
        if name.isdecimal():
            with suppress(OSError, ValueError, IndexError):
                stat = Path(f"/proc/{name}/stat").read_text()
                if int(stat.rpartition(")")[2].split()[3]) == session:
                    total += _proportional_size(name)
    return total


def _proportional_size(process: str) -> int:
    with open(f"/proc/{process}/smaps_rollup") as file:
        for line in file:
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


class _Sampler(threading.Thread):
    def __init__(self, session: int) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self._session = session
        self._ended = threading.Event()

    def run(self) -> None:
        begun = time.monotonic()
        while not self._ended.is_set():
            self.peak = max(self.peak, proportional_size(self._session))
            self._ended.wait(0.01 if time.monotonic() - begun < 1 else 0.1)

    def stop(self) -> None:
        self._ended.set()
        self.join()


def _become_reaper() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
