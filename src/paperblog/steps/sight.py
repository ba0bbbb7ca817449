"""Sight: what a process that goes on building has seen of the disk, so as not to look again."""

from paperblog.steps.load import Found
from paperblog.steps.write import Left


class Sight:
    """The site's files as the last build found them, and the output folder as it left it.

    They serve a build that is told which files have been touched since. A build takes them, so
    that one that fails leaves nothing to rely on.
    """

    def __init__(self) -> None:
        self._found: Found | None = None
        self._left: Left | None = None

    def take(self) -> tuple[Found | None, Left | None]:
        """What was seen; from now on nothing is."""
        taken = self._found, self._left
        self._found = self._left = None
        return taken

    def keep(self, found: Found, left: Left | None) -> None:
        """Keep what a build has seen until the next one."""
        self._found, self._left = found, left
