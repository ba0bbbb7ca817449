"""What the paths given to a check name: a whole site, or notes of one."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from paperblog.commands.location import Location, find_site
from paperblog.freshness import CONFIGURATIONS
from paperblog.model.diagnostic import PaperblogError
from paperblog.steps.load import NOTES, PAGES


class Selection(NamedTuple):
    """A site, and the paths of those of its notes that are meant; None where all are."""

    location: Location | None
    only: frozenset[str] | None


def select(paths: Sequence[str]) -> Selection | None:
    """The notes that paths name; None where they name nothing that can be checked.

    A folder that holds a site is that site, and so is its configuration. Files that are no notes
    are passed over, so that a tool may give all that has changed.

    Raises:
        PaperblogError: a path is not there, or the paths belong to several sites.
    """
    if not paths:
        return Selection(find_site(None), None)
    if len(paths) == 1 and os.path.isdir(paths[0]) and (location := find_site(paths[0])):
        return Selection(location, None)
    found: dict[Location, set[str]] = {}
    for given in paths:
        path = Path(os.path.abspath(given))
        if not path.exists():
            raise PaperblogError(f"there is no {given}")
        location = _site_of(path)
        if location is None:
            continue
        inner = path.relative_to(location.root)
        if str(inner) in ("", ".", *CONFIGURATIONS):
            # What the site says of itself may concern every note.
            found.setdefault(location, set()).add("")
        elif inner.parts[0] in (NOTES, PAGES):
            found.setdefault(location, set()).update(_notes(path, Path(location.root)))
    found = {location: names for location, names in found.items() if names}
    if len(found) > 1:
        roots = ", ".join(sorted(location.root for location in found))
        raise PaperblogError(f"the paths belong to several sites, so check one by one: {roots}")
    if found:
        ((location, names),) = found.items()
        return Selection(location, None if "" in names else frozenset(names))
    # Somebody who names a folder means a site.
    return Selection(None, None) if len(paths) == 1 and os.path.isdir(paths[0]) else None


def _site_of(path: Path) -> Location | None:
    """The nearest site that a path lies in."""
    folder = path if path.is_dir() else path.parent
    return next(filter(None, map(find_site, map(str, (folder, *folder.parents)))), None)


def _notes(path: Path, root: Path) -> set[str]:
    """The notes that a path is or holds, by their paths from the site's root."""
    files = path.rglob("*.md") if path.is_dir() else [path]
    return {file.relative_to(root).as_posix() for file in files if file.suffix == ".md"}
