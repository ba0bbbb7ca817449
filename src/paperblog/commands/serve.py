"""`paperblog serve`: build, watch, and show; the same build again after every change."""

import argparse
import gc
import os
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from paperblog.adapters.changes import Changes
from paperblog.adapters.server import Problem, Server, State
from paperblog.adapters.theme import JinjaTheme
from paperblog.adapters.watcher import Watcher
from paperblog.commands.location import find_site
from paperblog.commands.printing import as_text, print_failure, visible, wants_color
from paperblog.commands.report import tally
from paperblog.commands.workshop import (
    Workplace,
    open_history,
    open_site,
    open_theme,
    open_world,
    present,
    searchable,
)
from paperblog.features.frame import frame_of
from paperblog.freshness import INPUT_FOLDERS, cache_folder
from paperblog.model.diagnostic import Diagnostic, PaperblogError
from paperblog.pipeline import OnErrors, Options, Report, World, build
from paperblog.steps.linking import Linking
from paperblog.steps.resolve import Publication

_MOST_NAMED = 3
_QUIET = 2.0
"""After so many seconds without a change everything is looked at: a watcher may have missed one."""


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted; drafts are shown, and broken notes keep their last good pages."""
    site = open_site(find_site(arguments.site), arguments.site, None)
    output = Path(cache_folder(str(site.root))) / "serve"
    # Where the site will be published below a path, links in it may start with that path.
    base_path = Linking(site.config.base_url, portable=False).base_path
    server = Server(output, arguments.host, arguments.port, base_path)
    changes, stopped = Changes(), threading.Event()
    builder = threading.Thread(
        target=_keep_building,
        args=(site.root, arguments.search, output, server, changes, stopped),
        name="builder",
    )
    with Watcher(site.root, INPUT_FOLDERS, changes.note):
        builder.start()
        print(f"{site.config.title}: {server.url} (Ctrl-C ends)", flush=True)
        try:
            server.run()
        except KeyboardInterrupt:
            pass
        finally:
            stopped.set()
            changes.note("", whole=True)
            builder.join()
    return 0


def _keep_building(
    root: Path,
    search: bool,
    output: Path,
    server: Server,
    changes: Changes,
    stopped: threading.Event,
) -> None:
    """Build, and again after every change; one build ends before the next begins."""
    theme: JinjaTheme | None = None
    state = State((), {})
    said: tuple[Diagnostic, ...] = ()
    cause = _Cause()
    # Most of what a build makes is there for the next one: looking for garbage finds little.
    gc.set_threshold(200_000, 50, 100)
    site = open_site(find_site(str(root)), None, server.url)
    with open_world(site) as world:
        world.workers.submit(world.engine.typeset, [])  # V8 starts while nobody waits for it.
        while not stopped.is_set():
            has_failed = False
            try:
                if cause.may_configure:
                    site = open_site(find_site(str(root)), None, server.url)
                    world = replace(world, history=open_history(site))
                if theme is None or not theme.is_current():
                    theme = open_theme(root, live=True)
                    world = replace(world, theme=theme)
                found = searchable(site, search)
                built, due, heard = _build(found, world, output, cause, said)
            except (PaperblogError, OSError, UnicodeDecodeError) as reason:
                if cause.is_known:
                    cause = _Cause(cause.paths)
                    continue
                error = _failure(reason)
                print_failure(error)
                built, due, heard = _broken(error, state.sources), None, said
                has_failed = True
            if not cause.is_doubt or built.changed or built.problems != state.problems:
                server.publish(built)
            state, said = built, heard
            paths = changes.wait(due, _QUIET if cause.is_known else float("inf"))
            is_doubt = cause.is_known and not paths
            cause = _Cause(paths, is_known=bool(paths) and not has_failed, is_doubt=is_doubt)


def _failure(reason: Exception) -> PaperblogError:
    """What is said of a build that failed: a file may be gone, or another, when it is read."""
    if isinstance(reason, PaperblogError):
        return reason
    return PaperblogError(f"a file was changed while it was built: {reason}")


class _Cause(Struct, frozen=True):
    """Why there is a build: some files were changed, or a time has come.

    It `is_known` where nothing else can have changed. Of that there `is_doubt` after a while: a
    watcher may miss a change, and only a look at everything tells.
    """

    paths: Sequence[str] = ()
    is_known: bool = False
    is_doubt: bool = False

    @property
    def may_configure(self) -> bool:
        """Whether the site may be configured otherwise: its configuration lies in its folder."""
        return not self.is_known or any("/" not in path for path in self.paths)


def _build(
    site: Workplace, world: World, output: Path, cause: _Cause, said: tuple[Diagnostic, ...]
) -> tuple[State, datetime | None, tuple[Diagnostic, ...]]:
    """Build once, and print what was not `said` before.

    With the state come the time at which it changes by itself, a note's date, and what there is
    to say of the site.
    """
    begun = time.perf_counter()
    options = Options(
        root=site.root,
        output=output,
        publication=Publication(present(site.config), drafts=True, future=True),
        on_errors=OnErrors.HOLD,
        touched=cause.paths if cause.is_known else None,
    )
    # A card is only seen on other sites, and costs more than the rest of a page.
    config = replace(site.config, social_cards=False)
    report = build(config, options, world, site.plugins, frame_of)
    diagnostics = (*site.warnings, *report.diagnostics)
    if not cause.is_doubt or report.changed or diagnostics != said:
        _print(report, diagnostics, said, time.perf_counter() - begun, cause.paths)
    # Where the present is told, it stands still.
    due = None if os.environ.get("SOURCE_DATE_EPOCH") else report.next_due
    return State(_problems(diagnostics), report.outputs, report.changed), due, diagnostics


def _print(
    report: Report,
    diagnostics: tuple[Diagnostic, ...],
    said: tuple[Diagnostic, ...],
    seconds: float,
    paths: Sequence[str],
) -> None:
    """Print what is new, and how much there is: who writes need not look for it in a long list."""
    known = frozenset(said)
    new = [diagnostic for diagnostic in diagnostics if diagnostic not in known]
    sys.stderr.write(as_text(new, wants_color(sys.stderr)) + _how_many(diagnostics, len(new), said))
    counts = report.counts
    named = ", ".join(paths[:_MOST_NAMED]) + (" …" if len(paths) > _MOST_NAMED else "")
    print(
        f"{time.strftime('%H:%M:%S')} {visible(named)}{': ' if named else ''}"
        f"{counts.written} files written, {counts.deleted} deleted in {seconds:.2f} s",
        flush=True,
    )


def _how_many(diagnostics: tuple[Diagnostic, ...], new: int, said: tuple[Diagnostic, ...]) -> str:
    """How many errors and warnings there are, and how many of them have just been printed."""
    line = tally(diagnostics)
    if not line:
        return "no errors or warnings are left\n" if tally(said) else ""
    if new == len(diagnostics):
        return line
    return f"{line.rstrip()}, {new or 'none'} of them new\n"


def _broken(error: PaperblogError, sources: Mapping[str, str]) -> State:
    """The state when nothing could be built: the pages stay, under the reason."""
    problem = Problem("", "error", f"{error}\n")
    return State((*_problems(error.diagnostics), problem), sources)


def _problems(diagnostics: tuple[Diagnostic, ...]) -> tuple[Problem, ...]:
    return tuple(
        Problem(diagnostic.span.path, diagnostic.severity.value, as_text([diagnostic], False))
        for diagnostic in diagnostics
    )
