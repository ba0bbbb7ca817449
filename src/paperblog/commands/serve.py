"""`paperblog serve`: build, watch, and show; the same build again after every change."""

import argparse
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

from paperblog.adapters.katex import katex_folder
from paperblog.adapters.server import Problem, Server, State
from paperblog.adapters.theme import JinjaTheme, theme_folder
from paperblog.adapters.watcher import Watcher
from paperblog.commands.location import find_site
from paperblog.commands.printing import as_text, print_failure, wants_color
from paperblog.commands.report import tally
from paperblog.commands.workshop import Workplace, open_site, open_world, present, searchable
from paperblog.features.frame import frame_of
from paperblog.freshness import INPUT_FOLDERS, cache_folder
from paperblog.model.diagnostic import Diagnostic, PaperblogError
from paperblog.pipeline import OnErrors, Options, Report, World, build
from paperblog.steps.load import TEMPLATES
from paperblog.steps.resolve import Publication

# A file that an editor is saving is empty for a moment; built then, it would be no last good page.
_SETTLE = 0.01


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted; drafts are shown, and broken notes keep their last good pages."""
    site = open_site(find_site(arguments.site), arguments.site, None)
    site = searchable(site, arguments.search)
    output = Path(cache_folder(str(site.root))) / "serve"
    server = Server(output, arguments.host, arguments.port)
    changed, stopped = threading.Event(), threading.Event()

    def rebuild() -> None:
        nonlocal site
        theme: JinjaTheme | None = None
        with open_world(site) as world:
            while not stopped.is_set():
                time.sleep(_SETTLE)
                changed.clear()
                try:
                    site = open_site(find_site(str(site.root)), None, server.url)
                    site = searchable(site, arguments.search)
                    if theme is None or not theme.is_current():
                        theme = _theme(site.root)
                        world = replace(world, theme=theme)
                    server.publish(_build(site, world, output))
                except PaperblogError as error:
                    print_failure(error)
                    server.publish(_broken(error))
                changed.wait()

    def on_change(path: str) -> None:
        changed.set()

    with Watcher(site.root, INPUT_FOLDERS, on_change):
        builder = threading.Thread(target=rebuild, name="builder")
        builder.start()
        print(f"{site.config.title}: {server.url} (Ctrl-C ends)", flush=True)
        try:
            server.run()
        except KeyboardInterrupt:
            pass
        finally:
            stopped.set()
            changed.set()
            builder.join()
    return 0


def _theme(root: Path) -> JinjaTheme:
    return JinjaTheme(root / TEMPLATES, theme_folder(), katex_folder())


def _build(site: Workplace, world: World, output: Path) -> State:
    """Build once and print what is worth saying."""
    begun = time.perf_counter()
    options = Options(
        root=site.root,
        output=output,
        publication=Publication(present(site.config), drafts=True, future=True),
        on_errors=OnErrors.HOLD,
    )
    report = build(site.config, options, world, site.plugins, frame_of)
    diagnostics = (*site.warnings, *report.diagnostics)
    _print(report, diagnostics, time.perf_counter() - begun)
    changed = bool(report.counts.written or report.counts.deleted)
    return State(_problems(diagnostics), dict(report.outputs), changed)


def _print(report: Report, diagnostics: tuple[Diagnostic, ...], seconds: float) -> None:
    sys.stderr.write(as_text(diagnostics, wants_color(sys.stderr)) + tally(diagnostics))
    counts = report.counts
    print(
        f"{time.strftime('%H:%M:%S')} {counts.written} files written, "
        f"{counts.deleted} deleted in {seconds:.2f} s",
        flush=True,
    )


def _broken(error: PaperblogError) -> State:
    """The state when nothing could be built: the pages stay, under the reason."""
    problem = Problem("", "error", f"{error}\n")
    return State((*_problems(error.diagnostics), problem), {})


def _problems(diagnostics: tuple[Diagnostic, ...]) -> tuple[Problem, ...]:
    return tuple(
        Problem(diagnostic.span.path, diagnostic.severity.value, as_text([diagnostic], False))
        for diagnostic in diagnostics
    )
