"""`paperblog publish`: commit the site to a branch of a git remote, from which a host serves it."""

import argparse
import ipaddress
import sys
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from msgspec import Struct

from paperblog.adapters.git import Branch, Git
from paperblog.adapters.workers import available_cores
from paperblog.commands.location import find_site
from paperblog.commands.printing import as_text, wants_color
from paperblog.commands.report import tally
from paperblog.commands.workshop import Workplace, open_site, open_world, present, searchable
from paperblog.features.frame import frame_of
from paperblog.freshness import cache_folder
from paperblog.model.diagnostic import PaperblogError
from paperblog.model.remembered import building_once
from paperblog.model.status import ERRORS, OK
from paperblog.pipeline import Options, Report, build
from paperblog.steps.listing import MARKER, listed_in
from paperblog.steps.resolve import Publication

_DOMAIN = "CNAME"
# With this file GitHub Pages serves what is there, in place of sending it through Jekyll.
_AS_IT_IS = ".nojekyll"
_SHOWN = 10


class Change(Struct, frozen=True):
    """What publishing would make of a branch: its files, each as git lists it, and how they differ.

    `kept` are those that paperblog did not write and leaves alone.
    """

    files: Mapping[str, str]
    added: tuple[str, ...]
    changed: tuple[str, ...]
    deleted: tuple[str, ...]
    kept: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.deleted)


def run(arguments: argparse.Namespace) -> int:
    """Build what is published today, say what would change, and push it as one commit."""
    site = searchable(open_site(find_site(arguments.site), arguments.site, arguments.base_url))
    _see_that_others_can_read(site.config.base_url)
    git = Git(site.root)
    if git.root() is None:
        raise PaperblogError(
            f"{site.root} is in no git repository: `git init`, and `git remote add origin ADDRESS`"
        )
    branch = Branch(git, arguments.remote, arguments.branch)
    output = Path(cache_folder(str(site.root))) / "publish"
    report = _build(site, output)
    if report.has_errors:
        print("nothing published: there are errors in the notes")
        return ERRORS
    paths = [*report.outputs, MARKER, _AS_IT_IS]
    (output / _AS_IT_IS).touch()
    new = dict(zip(paths, branch.listed((output / path for path in paths), False), strict=True))
    change = change_of(branch.files(), _ours(branch), new, arguments.clean)
    _see_the_domain(change, branch, output, site.config.base_url)
    _print(change, branch, in_full=arguments.dry_run)
    if arguments.dry_run or not change:
        return OK
    branch.listed((output / path for path in paths), True)
    message = arguments.message or _message(report, git)
    commit = branch.commit(change.files, message, arguments.history == "keep")
    branch.push(commit)
    print(f"published {commit[:10]} on {branch.name} of {branch.remote}")
    if not branch.tip:
        print(f"On GitHub, choose the branch {branch.name} once: Settings, Pages, Source.")
    return OK


def change_of(
    old: Mapping[str, str], ours: set[str] | None, new: Mapping[str, str], clean: bool
) -> Change:
    """What becomes of a branch with files `old`, of which paperblog has published `ours`.

    A branch without our marker (`ours` is None) holds somebody else's files: only `clean` takes
    it over. Files whose name begins with a dot, and `CNAME`, belong to the host and stay.

    Raises:
        PaperblogError: the branch holds files that paperblog did not publish.
    """
    strangers = set(old) - (ours or set()) - {MARKER, _AS_IT_IS}
    foreign = sorted(path for path in strangers if not _is_the_hosts(path))
    if ours is None and foreign and not clean:
        shown = ", ".join(foreign[:3]) + (" …" if len(foreign) > 3 else "")
        raise PaperblogError(
            f"the branch holds files that paperblog did not publish ({shown}); "
            "name another with --branch, or pass --clean to delete them"
        )
    folders = {folder for path in new for folder in _folders(path)}
    kept = {
        path: old[path]
        for path in strangers - set(new) - folders
        if new.keys().isdisjoint(_folders(path)) and (_is_the_hosts(path) or not clean)
    }
    files = kept | dict(new)
    return Change(
        files=dict(sorted(files.items())),
        added=tuple(sorted(set(files) - set(old))),
        changed=tuple(sorted(path for path in set(files) & set(old) if files[path] != old[path])),
        deleted=tuple(sorted(set(old) - set(files))),
        kept=tuple(sorted(kept)),
    )


def _see_that_others_can_read(base_url: str) -> None:
    """A site that is built for this machine alone is not for others."""
    host = urlsplit(base_url).hostname or ""
    try:
        is_here = not ipaddress.ip_address(host).is_global
    except ValueError:
        is_here = host == "localhost" or host.endswith(".localhost")
    if is_here:
        raise PaperblogError(
            f"the site is built for {base_url}, which only this machine or its network can read; "
            "set base_url, or pass --base-url"
        )


def _build(site: Workplace, output: Path) -> Report:
    """Build without drafts and notes to come, into a folder of its own, and print what is wrong."""
    options = Options(
        root=site.root, output=output, publication=Publication(present(site.config), False, False)
    )
    with building_once(), open_world(site, jobs=available_cores()) as world:
        report = build(site.config, options, world, site.plugins, frame_of)
    diagnostics = (*site.warnings, *report.diagnostics)
    sys.stderr.write(as_text(diagnostics, wants_color(sys.stderr)) + tally(diagnostics))
    sys.stderr.flush()
    return report


def _ours(branch: Branch) -> set[str] | None:
    """What paperblog has published on a branch; None where it never has, or nothing is there."""
    return listed_in(branch.content(MARKER)).paths if MARKER in branch.files() else None


def _is_the_hosts(path: str) -> bool:
    return path == _DOMAIN or path.startswith(".")


def _folders(path: str) -> list[str]:
    return [str(folder) for folder in PurePosixPath(path).parents][:-1]


def _see_the_domain(change: Change, branch: Branch, output: Path, base_url: str) -> None:
    """The domain that the host is told must be the one that the pages were built for."""
    if _DOMAIN not in change.files:
        return
    built = output / _DOMAIN
    text = branch.content(_DOMAIN) if _DOMAIN in change.kept else built.read_text(encoding="utf-8")
    domain, host = text.strip().lower(), urlsplit(base_url).hostname or ""
    if host and domain and host != domain:
        raise PaperblogError(
            f"{_DOMAIN} says {domain}, and the site is built for {host}: "
            f"set base_url to https://{domain}/, or mend {_DOMAIN}"
        )


def _print(change: Change, branch: Branch, in_full: bool) -> None:
    """Say what would change; the names of all only where nothing else happens."""
    where = f"{branch.name} of {branch.remote}"
    if not change:
        print(f"{where} is as it should be; there is nothing to publish")
        return
    marked = [("+", change.added), ("~", change.changed), ("-", change.deleted)]
    counts = [
        f"{len(paths)} {word}"
        for (_, paths), word in zip(marked, ("added", "changed", "deleted"), strict=True)
    ]
    kept = f" (kept: {', '.join(change.kept)})" if change.kept else ""
    print(f"{where}: {', '.join(counts)}{kept}")
    for mark, paths in marked:
        shown = paths if in_full else paths[:_SHOWN]
        for path in shown:
            print(f"  {mark} {path if path.isprintable() else ascii(path)}")
        if len(paths) > len(shown):
            print(f"  {mark} … and {len(paths) - len(shown)} more")


def _message(report: Report, git: Git) -> str:
    """What is published, and what it was made of."""
    count = "1 note" if report.notes == 1 else f"{report.notes} notes"
    commit = git.line("rev-parse", "--verify", "HEAD")
    if not commit:
        return f"Publish {count}"
    # Asked as usual, git would write to the index what it finds.
    dirty = git.line("--no-optional-locks", "status", "--porcelain", "--", ".")
    more = ", with changes that are not committed" if dirty else ""
    return f"Publish {count}\n\nMade of {commit}{more}."
