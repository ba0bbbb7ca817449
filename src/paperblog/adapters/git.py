"""Git, as far as publishing asks for it: where a repository is, and commits without a checkout."""

import subprocess
from pathlib import Path


class Git:
    """The program git, called in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def root(self) -> Path | None:
        """The root of the repository that the folder is in; None where there is none."""
        found = self._line("rev-parse", "--show-toplevel")
        return Path(found).resolve() if found else None

    def default_branch(self) -> str:
        """The remote's default branch as far as it is known, else the current one, else nothing."""
        remote = self._line("symbolic-ref", "--short", "refs/remotes/origin/HEAD")
        return remote.partition("/")[2] or self._line("symbolic-ref", "--short", "HEAD")

    def _line(self, *arguments: str) -> str:
        """What a question is answered with; nothing where it has no answer."""
        try:
            done = subprocess.run(
                ["git", *arguments],
                cwd=self._folder,
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="surrogateescape",
                check=False,
            )
        except FileNotFoundError:
            return ""
        return done.stdout.strip() if done.returncode == 0 else ""
