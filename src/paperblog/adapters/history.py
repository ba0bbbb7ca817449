"""When files came to be, from git."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from paperblog.model.diagnostic import PaperblogError

_COMMIT = "\x01"


class NoHistory:
    """Knows no dates; see the port `History`."""

    def dates(self) -> Mapping[str, tuple[datetime, datetime]]:
        """See the port."""
        return {}


class GitHistory:
    """The first and last commits of files, in a zone; see the port `History`.

    The dates are the authors', which a rebase keeps. A file that was moved has the dates of what
    it was; the move itself is no change.
    """

    def __init__(self, root: Path, zone: ZoneInfo) -> None:
        self._root = root
        self._zone = zone

    def dates(self) -> Mapping[str, tuple[datetime, datetime]]:
        """See the port.

        Raises:
            PaperblogError: git is not there, or the site is in no repository, or in a part of one.
        """
        if _git(self._root, "rev-parse", "--is-shallow-repository").strip() == "true":
            raise PaperblogError(
                'dates = "git" needs the whole history, and this clone is shallow: '
                "`git fetch --unshallow` gets it, `fetch-depth: 0` in a GitHub workflow"
            )
        form = ["-z", f"--format={_COMMIT}%at", "--find-renames", "--name-status", "--relative"]
        log = _git(self._root, "log", *form, "--", "notes", "pages")
        changes: dict[str, list[datetime]] = defaultdict(list)
        present: dict[str, str] = {}
        # The newest commit comes first, so a former name is met after what became of it.
        for commit in log.split(_COMMIT)[1:]:
            stamp, *fields = commit.split("\0")
            when = datetime.fromtimestamp(int(stamp), self._zone)
            rest = iter(field.lstrip("\n") for field in fields)
            for status in filter(None, rest):
                path = next(rest)
                if status.startswith("R"):
                    former, path = path, next(rest)
                    present[former] = present.get(path, path)
                if status != "R100":
                    changes[present.get(path, path)].append(when)
        return {path: (_fixed(min(times)), _fixed(max(times))) for path, times in changes.items()}


def history_files(root: Path) -> list[str]:
    """The files that change when git learns of a commit, wherever the repository is.

    Raises:
        PaperblogError: git is not there, or the site is in no repository.
    """
    names = ["logs/HEAD", "shallow"]
    asked = [part for name in names for part in ("--git-path", name)]
    return [str(root / path) for path in _git(root, "rev-parse", *asked).splitlines()]


def _fixed(moment: datetime) -> datetime:
    """The moment at its offset from UTC, as the dates of notes have it."""
    return datetime.fromisoformat(moment.isoformat())


def _git(root: Path, *arguments: str) -> str:
    """What git says in a site's folder."""
    import subprocess  # few sites need it

    try:
        done = subprocess.run(
            ["git", *arguments], cwd=root, capture_output=True, check=True, encoding="utf-8",
            errors="surrogateescape",
        )  # fmt: skip
    except FileNotFoundError as error:
        raise PaperblogError('dates = "git" needs the program git, which is not here') from error
    except subprocess.CalledProcessError as error:
        reason = (error.stderr or "").strip().splitlines() or ["git failed"]
        raise PaperblogError(f'dates = "git" cannot be had: {reason[0]}') from error
    return done.stdout
