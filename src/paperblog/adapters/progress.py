"""Progress of a long build, on a terminal only."""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

_PATIENCE = 0.5
_PAUSE = 0.1


class Silence:
    """Shows nothing; see the port `Progress`."""

    def step(self, name: str, total: int = 0) -> None:
        """See the port."""

    def advance(self, count: int = 1) -> None:
        """See the port."""


class TerminalProgress:
    """Shows a line on standard error once a build has taken half a second.

    Use as a context manager; the line is gone at its end. See the port `Progress`.
    """

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._next = self._begun + _PATIENCE
        self._bar: Bar | None = None
        self._name, self._total, self._done = "", 0, 0

    def __enter__(self) -> "TerminalProgress":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def step(self, name: str, total: int = 0) -> None:
        """See the port."""
        self._name, self._total, self._done = name, total, 0
        self._show()

    def advance(self, count: int = 1) -> None:
        """See the port."""
        self._done += count
        if time.monotonic() >= self._next:
            self._show()

    def _show(self) -> None:
        now = time.monotonic()
        if now - self._begun < _PATIENCE:
            return
        self._next = now + _PAUSE
        if self._bar is None:
            from rich.console import Console
            from rich.progress import Progress

            # A thread that draws by itself would keep the build from forking.
            console = Console(file=sys.stderr)
            self._bar = Progress(console=console, transient=True, auto_refresh=False)
            self._bar.add_task("")
            self._bar.start()
        self._bar.update(
            self._bar.task_ids[0],
            description=self._name,
            total=self._total or None,
            completed=self._done,
            refresh=True,
        )
