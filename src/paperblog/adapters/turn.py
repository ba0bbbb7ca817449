"""Turns: of several builds of one site, one at a time."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from paperblog.model.diagnostic import PaperblogError

_PAUSE = 0.05


@contextmanager
def take_turn(folder: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold a site's cache folder for one build; `on_wait` is called if another build has it.

    The system gives the turn back when the process ends, however that happens. A process that
    it forks does not hold it.

    Raises:
        PaperblogError: the folder cannot be written.
    """
    path = folder / "turn"
    try:
        file = path.open("ab")
    except OSError as error:
        raise PaperblogError(f"{path} cannot be written: {error.strerror}") from error
    with file:
        if not _taken(file):
            on_wait()
            while not _taken(file):
                time.sleep(_PAUSE)
        yield


if sys.platform == "win32":
    import msvcrt

    def _taken(file: IO[bytes]) -> bool:
        try:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _taken(file: IO[bytes]) -> bool:
        # A lock of the process, not of the open file: a forked worker that outlives a killed
        # build does not keep the next one waiting.
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            return False
        return True
