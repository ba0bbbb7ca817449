"""Changes: what happened to a site's files since the last build began."""

import threading
import time
from datetime import datetime

_SETTLE = 0.05
_LOOK = 1.0


class Changes:
    """Gathers changes from the watcher's thread until the builder asks for them.

    However many come while a build runs, they are one build more. A file that is being written
    is waited for, unless it is known to be whole: built half, a note would be no good page.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._paths: dict[str, None] = {}
        self._due = float("inf")

    def note(self, path: str, whole: bool) -> None:
        """A file was changed; `whole` tells that whoever did it is done."""
        with self._condition:
            self._paths[path] = None
            self._due = min(self._due, time.monotonic() + (0 if whole else _SETTLE))
            self._condition.notify()

    def wait(self, until: datetime | None = None, patience: float = float("inf")) -> list[str]:
        """Wait for changes; their paths, each once, in their order.

        There are none where a time has come before, or the `patience` has ended, in seconds.
        """
        end = time.monotonic() + patience
        with self._condition:
            while (left := min(self._due, end) - time.monotonic()) > 0:
                if until is not None:
                    if datetime.now(until.tzinfo) >= until:
                        break
                    # A machine that sleeps stops the one clock and not the other.
                    left = min(left, _LOOK)
                self._condition.wait(None if left == float("inf") else left)
            paths, self._paths, self._due = list(self._paths), {}, float("inf")
            return paths
