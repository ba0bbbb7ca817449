"""Where a site is. Imported before the gate, so it imports nothing of weight."""

import os
import re
from typing import NamedTuple

from paperblog.freshness import CONFIGURATIONS

_TABLE = re.compile(r"^\s*\[\s*tool\s*\.\s*paperblog\b", re.MULTILINE)


class Location(NamedTuple):
    """A site's folder, and the name of its configuration file, empty without one."""

    root: str
    configuration: str


def find_site(given: str | None) -> Location | None:
    """The site in a given folder, else in the current one or the nearest above."""
    folder = os.path.abspath(given or ".")
    while True:
        location = _site_in(folder)
        parent = os.path.dirname(folder)
        if location or given or parent == folder:
            return location
        folder = parent


def _site_in(folder: str) -> Location | None:
    for name in CONFIGURATIONS:
        path = os.path.join(folder, name)
        if not os.path.isfile(path):
            continue
        if name == "paperblog.toml":
            return Location(folder, name)
        with open(path, encoding="utf-8", errors="replace") as file:
            if _TABLE.search(file.read()):
                return Location(folder, name)
    return Location(folder, "") if os.path.isdir(os.path.join(folder, "notes")) else None
