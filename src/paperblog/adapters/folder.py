"""A folder of the output on disk."""

import os
from collections.abc import Mapping, Sequence

from msgspec import Struct


class DiskFolder(Struct, frozen=True):
    """Reads the files of a folder; see the port `Folder`."""

    root: str

    def files(self) -> Sequence[str]:
        """See the port."""
        found: list[str] = []
        for place, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders if not name.startswith(".")]
            above = os.path.relpath(place, self.root).replace(os.sep, "/")
            prefix = "" if above == "." else f"{above}/"
            found += [prefix + name for name in names if not name.startswith(".")]
        return sorted(found)

    def names(self, folder: str) -> Mapping[str, bool]:
        """See the port."""
        try:
            with os.scandir(os.path.join(self.root, folder)) as entries:
                return {entry.name: entry.is_file() for entry in entries}
        except (OSError, ValueError):
            return {}

    def text(self, path: str) -> str:
        """See the port."""
        with open(os.path.join(self.root, path), encoding="utf-8", errors="replace") as file:
            return file.read()
