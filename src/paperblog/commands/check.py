"""`paperblog check`: every diagnostic of a build, and of what was built; writes nothing."""

import argparse
import os
import sys
import time
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from paperblog.adapters.folder import DiskFolder
from paperblog.adapters.workers import InProcess, Processes, available_cores
from paperblog.commands.closing import checked, say
from paperblog.commands.report import words_of
from paperblog.commands.selection import select
from paperblog.commands.workshop import Workplace, open_site, open_world, present
from paperblog.features.frame import frame_of
from paperblog.freshness import CONFIGURATIONS
from paperblog.links.blame import Sources, diagnostics_of
from paperblog.links.crawl import Crawled, Leaf, gather, read_leaves
from paperblog.links.resolve import Mount
from paperblog.model.diagnostic import Diagnostic, PaperblogError
from paperblog.model.remembered import building_once
from paperblog.model.status import OK
from paperblog.pipeline import Options, Report, build, heard
from paperblog.steps.load import TEMPLATES, SiteFiles
from paperblog.steps.resolve import Publication

OUTPUT = "site"


def run(arguments: argparse.Namespace) -> int:
    """Report on standard output, as `build` does on standard error."""
    begun = time.perf_counter()
    if arguments.portable and arguments.built is None:
        raise PaperblogError("--portable says how to read a built site: it needs --built")
    selection = select(arguments.paths)
    if selection is None:
        print("no notes to check")
        return OK
    location, only = selection
    if only is not None and arguments.built is not None:
        raise PaperblogError("--built looks at a whole site, not at single notes")
    site = open_site(location, " ".join(arguments.paths), arguments.base_url)
    publication = Publication(present(site.config), arguments.drafts, arguments.future)
    options = Options(root=site.root, output=None, publication=publication, only=only)
    jobs = arguments.jobs or available_cores()
    crawl = None
    if arguments.built is not None:
        # Begun before the build, whose threads forbid to fork.
        folder = _built(site, arguments.built)
        mount = Mount(site.config.base_url, arguments.portable)
        crawl = read_leaves(folder, mount, Processes(jobs) if jobs > 1 else InProcess())
    with building_once(), open_world(site, not arguments.no_cache, jobs) as world:
        report = build(site.config, options, world, site.plugins, frame_of)
        counts: dict[str, object] = {}
        if arguments.online:
            from paperblog.commands.online import check_online

            found, counts = check_online(site, report.site, world.store)
            report = _with(report, found)
    if crawl is not None:
        report, crawled = _with_crawl(report, site, folder, crawl)
        counts |= {"files": crawled.files, "addresses": crawled.addresses}
    words = words_of(report, site, arguments.format, sys.stdout) | counts
    seconds = time.perf_counter() - begun
    return say(words, arguments.format, checked(words), seconds, sys.stdout)


def _built(site: Workplace, given: str) -> DiskFolder:
    folder = os.path.abspath(given) if given else str(site.root / OUTPUT)
    if not os.path.isdir(folder):
        raise PaperblogError(f"there is no built site in {folder}; `paperblog build` makes one")
    return DiskFolder(folder)


def _with_crawl(
    report: Report, site: Workplace, folder: DiskFolder, leaves: Iterable[Sequence[Leaf]]
) -> tuple[Report, Crawled]:
    """The report with what is wrong in the built site, said at the places that it comes from."""
    crawled = gather(leaves)
    entries = report.site.by_path()
    templates = DiskFolder(str(site.root / TEMPLATES)).files()
    sources = Sources(
        files=SiteFiles(site.root),
        built=folder,
        name=os.path.relpath(folder.root, site.root).replace(os.sep, "/"),
        shown=report.outputs,
        entries=entries,
        others=(*CONFIGURATIONS, *(f"{TEMPLATES}/{name}" for name in templates)),
    )
    said = {(d.span.path, d.span.line, d.span.column) for d in report.diagnostics}
    found = [
        diagnostic
        for diagnostic in diagnostics_of(crawled.findings, sources)
        if not diagnostic.span.line
        or (diagnostic.span.path, diagnostic.span.line, diagnostic.span.column) not in said
    ]
    return _with(report, found), crawled


def _with(report: Report, found: Sequence[Diagnostic]) -> Report:
    """The report with more diagnostics, as far as the site and its notes do not ignore them."""
    notes = [entry.note for entry in report.site.by_path().values()]
    diagnostics = heard((*report.diagnostics, *found), report.site.config, notes)
    return replace(report, diagnostics=diagnostics)
