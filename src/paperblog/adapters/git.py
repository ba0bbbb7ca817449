"""Git: where a repository is, and a branch of a remote as files, written without a checkout."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from paperblog.model.diagnostic import PaperblogError


class GitError(PaperblogError):
    """Git could not do what it was asked; `said` is all that it said about it."""

    def __init__(self, said: str) -> None:
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        told = [line for line in lines if line.startswith(("fatal: ", "error: "))]
        reason = (told or lines or ["git failed"])[0]
        super().__init__(reason.removeprefix("fatal: ").removeprefix("error: "))
        self.said = said


class Git:
    """The program git, called in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def root(self) -> Path | None:
        """The root of the repository that the folder is in; None where there is none."""
        found = self.line("rev-parse", "--show-toplevel")
        return Path(found).resolve() if found else None

    def default_branch(self) -> str:
        """The remote's default branch as far as it is known, else the current one, else nothing."""
        remote = self.line("symbolic-ref", "--short", "refs/remotes/origin/HEAD")
        return remote.partition("/")[2] or self.line("symbolic-ref", "--short", "HEAD")

    def line(self, *arguments: str) -> str:
        """What a question is answered with; nothing where it has no answer."""
        try:
            return self.text(*arguments).strip()
        except PaperblogError:
            return ""

    def text(self, *arguments: str, given: bytes = b"", index: str = "") -> str:
        """What a command printed, `given` on its standard input; `index` replaces the user's.

        Raises:
            GitError: it failed.
            PaperblogError: there is no git.
        """
        try:
            done = subprocess.run(
                ["git", *arguments],
                cwd=self.folder,
                input=given,
                capture_output=True,
                env=os.environ | _settings() | ({"GIT_INDEX_FILE": index} if index else {}),
                check=False,
            )
        except FileNotFoundError as error:
            raise PaperblogError("the program git is not here") from error
        if done.returncode:
            raise GitError(os.fsdecode(done.stderr + done.stdout))
        return os.fsdecode(done.stdout)


class Branch:
    """A branch of a remote, as it is when this is made; `tip` is empty where there is none yet.

    Objects are made with git's plumbing and an index of our own: neither the working tree nor the
    user's index nor any local branch is touched.

    Raises:
        PaperblogError: the remote or the branch cannot be had.
    """

    def __init__(self, git: Git, remote: str, name: str) -> None:
        self._git = git
        self.remote = remote
        self.name = name
        self._reference = f"refs/heads/{name}"
        self.tip = self._fetch()

    def files(self) -> dict[str, str]:
        """The files of the branch: for each path its mode, kind and object, as git lists them."""
        if not self.tip:
            return {}
        listing = self._git.text("ls-tree", "-r", "-z", "--full-tree", self.tip)
        pairs = (line.partition("\t") for line in listing.split("\0") if line)
        return {path: entry for entry, _, path in pairs}

    def content(self, path: str) -> str:
        """The text of a file of the branch."""
        return self._git.text("cat-file", "blob", f"{self.tip}:{path}")

    def listed(self, paths: Iterable[Path], keep: bool) -> list[str]:
        """What git lists for files on disk, in their order; their contents are kept if asked to.

        They are taken byte by byte: no filter or ending of lines of the user's is applied.
        """
        asked = b"".join(_input_line(os.fsencode(path.absolute())) for path in paths)
        options = ["-w"] if keep else []
        options += ["--no-filters", "--stdin-paths"]
        hashes = self._git.text("hash-object", *options, given=asked)
        return [f"100644 blob {name}" for name in hashes.split()]

    def commit(self, files: Mapping[str, str], message: str, keep_history: bool) -> str:
        """Make a commit of files, given as `files` gives them, and return its name.

        Raises:
            PaperblogError: git has no name for its author, or takes a path for unsafe.
        """
        entries = b"\0".join(os.fsencode(f"{entry}\t{path}") for path, entry in files.items())
        with tempfile.TemporaryDirectory() as folder:
            index = os.path.join(folder, "index")
            update = ("-c", "core.splitIndex=false", "update-index", "-z", "--index-info")
            try:
                self._git.text(*update, given=entries, index=index)
                tree = self._git.text("write-tree", index=index).strip()
            except GitError as error:
                raise PaperblogError(f"git does not take the site: {error}") from error
        parents = ["-p", self.tip] if self.tip and keep_history else []
        try:
            # Git would rather make up an address of the machine's name than say that it has none.
            named = ("-c", "user.useConfigOnly=true")
            return self._git.text(*named, "commit-tree", tree, *parents, "-m", message).strip()
        except GitError as error:
            raise PaperblogError(
                "git does not know who publishes: set `git config user.name` and "
                f"`git config user.email` ({error})"
            ) from error

    def push(self, commit: str) -> None:
        """Make the remote's branch a commit, if it still is as it was when it was fetched.

        Raises:
            PaperblogError: it is not, or the remote refuses.
        """
        lease = f"--force-with-lease={self._reference}:{self.tip}"
        target = f"{commit}:{self._reference}"
        try:
            self._git.text("push", "--porcelain", lease, self.remote, target)
        except GitError as error:
            refused = re.search(r"^!\t.*\t\[.*?\] \((.*)\)$", error.said, re.MULTILINE)
            if refused and refused[1] in ("stale info", "fetch first", "non-fast-forward"):
                raise PaperblogError(
                    f"{self.name} of {self.remote} was changed meanwhile by someone else; "
                    "nothing was published. Look at it, and publish again"
                ) from error
            raise PaperblogError(
                f"{self.remote} refuses the push: {_told(error, refused[1] if refused else '')}"
            ) from error

    def _fetch(self) -> str:
        """The commit that the branch is at, its objects here."""
        try:
            self._git.text("check-ref-format", self._reference)
        except GitError:
            raise PaperblogError(f"{self.name!r} cannot be the name of a branch") from None
        known = self._git.text("remote").split()
        if self.remote not in known and not re.search(r"[/:\\]", self.remote):
            has = f"it has {', '.join(known)}" if known else "it has none"
            raise PaperblogError(
                f"the repository has no remote {self.remote} ({has}): "
                f"`git remote add {self.remote} ADDRESS`, or name another with --remote"
            )
        try:
            found = self._git.text("ls-remote", self.remote, self._reference).split()
            if found:
                self._git.text("fetch", "--no-tags", "--no-write-fetch-head", self.remote, found[1])
                self._git.text("cat-file", "-e", f"{found[0]}^{{commit}}")
        except GitError as error:
            raise PaperblogError(f"{self.remote} cannot be read: {error}") from error
        return found[0] if found else ""


def _input_line(path: bytes) -> bytes:
    """A path as git reads one of a line: quoted where it holds an end of a line."""
    if b"\n" not in path and b"\r" not in path:
        return path + b"\n"
    escaped = path.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    return b'"' + escaped.replace(b"\n", b"\\n").replace(b"\r", b"\\r") + b'"\n'


def _told(error: GitError, refused: str) -> str:
    """Why the remote refuses: what its hooks say, else git's word for it."""
    hooks = re.findall(r"^remote: *(?:error: )?(.*\S)", error.said, re.MULTILINE)
    return "; ".join(dict.fromkeys(part for part in (refused, *hooks[:3]) if part)) or str(error)


def _settings() -> Mapping[str, str]:
    """Messages that can be read by a program, and no question where nobody can answer."""
    return {"LC_ALL": "C"} | ({} if sys.stdin.isatty() else {"GIT_TERMINAL_PROMPT": "0"})
