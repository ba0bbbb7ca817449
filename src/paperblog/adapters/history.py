"""When files came to be, from git."""

import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from paperblog.model.diagnostic import PaperblogError


class NoHistory:
    """Knows no dates; see the port `History`."""

    def dates(self) -> Mapping[str, tuple[datetime, datetime]]:
        """See the port."""
        return {}


class GitHistory:
    """The first and last commits of files; see the port `History`."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def dates(self) -> Mapping[str, tuple[datetime, datetime]]:
        """See the port.

        Raises:
            PaperblogError: git is not there, or the site is in no repository, or in a part of one.
        """
        if self._git("rev-parse", "--is-shallow-repository").strip() == "true":
            raise PaperblogError(
                'dates = "git" needs the whole history, and this clone is shallow: '
                "`git fetch --unshallow` gets it, `fetch-depth: 0` in a GitHub workflow"
            )
        log = ["-c", "core.quotePath=false", "log", "--format=%x00%ct", "--name-only", "--relative"]
        commits = self._git(*log, "--", "notes", "pages").split("\0")[1:]
        found: dict[str, tuple[datetime, datetime]] = {}
        for commit in commits:
            stamp, _, names = commit.partition("\n")
            when = datetime.fromtimestamp(int(stamp), UTC)
            for name in filter(None, names.splitlines()):
                first, last = found.get(name, (when, when))
                found[name] = (min(first, when), max(last, when))
        return found

    def _git(self, *arguments: str) -> str:
        try:
            done = subprocess.run(
                ["git", *arguments], cwd=self._root, capture_output=True, text=True, check=True
            )
        except FileNotFoundError as error:
            raise PaperblogError(
                'dates = "git" needs the program git, which is not here'
            ) from error
        except subprocess.CalledProcessError as error:
            reason = (error.stderr or "").strip().splitlines() or ["git failed"]
            raise PaperblogError(f'dates = "git" cannot be had: {reason[0]}') from error
        return done.stdout
