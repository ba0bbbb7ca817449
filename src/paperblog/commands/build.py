"""`paperblog build`: build the site, or say that there is nothing to do."""

import argparse
import os
import sys
import time

from paperblog import freshness
from paperblog.commands.closing import built, say
from paperblog.commands.location import Location, find_site

OUTPUT = "site"


def run(arguments: argparse.Namespace) -> int:
    """Build, and report on standard output (diagnostics on standard error)."""
    begun, begun_ns = time.perf_counter(), time.time_ns()
    location = find_site(arguments.site)
    inputs = freshness.look(location.root) if location else {}
    words = None
    if location and not arguments.no_cache and not arguments.clean:
        output = _output(location, arguments.output)
        words = freshness.recall(location.root, output, _asked(arguments), inputs)
    if words is None:
        words = _build(location, arguments, begun_ns, inputs)
    if arguments.verify and words["wrote"]:
        assert location is not None
        words = _verified(words, _output(location, arguments.output), arguments)
    seconds = time.perf_counter() - begun
    status = say(words, arguments.format, built(words), seconds, sys.stderr)
    if arguments.format == "github":
        from paperblog.commands.actions import hand_on

        assert location is not None
        hand_on(words, built(words), _output(location, arguments.output), arguments.published)
    return status


def _output(location: Location, given: str | None) -> str:
    return os.path.abspath(given) if given else os.path.join(location.root, OUTPUT)


def _asked(arguments: argparse.Namespace) -> list[str]:
    """The arguments that decide what is built and said."""
    names = ("base_url", "drafts", "future", "keep_going", "portable", "format")
    color = sys.stderr.isatty(), os.environ.get("NO_COLOR"), os.environ.get("FORCE_COLOR")
    return [str(getattr(arguments, name)) for name in names] + [str(color)]


def _verified(
    words: dict[str, object], output: str, arguments: argparse.Namespace
) -> dict[str, object]:
    """The words with what differs from a cold build, which is an error."""
    from pathlib import Path

    from paperblog.commands.verification import as_text, verify
    from paperblog.model.status import ERRORS

    given = [arguments.site] if arguments.site else []
    given += ["--base-url", arguments.base_url] if arguments.base_url else []
    for name in ("drafts", "future", "keep_going", "portable"):
        given += [f"--{name.replace('_', '-')}"] if getattr(arguments, name) else []
    differences = verify(Path(output), given)
    if arguments.format == "json":
        words = words | {"differences": differences}
    elif arguments.format == "text":
        words = words | {"text": f"{words['text']}{as_text(differences)}"}
    else:
        sys.stderr.write(as_text(differences))
    return words | {"status": ERRORS} if differences else words


def _build(
    location: Location | None,
    arguments: argparse.Namespace,
    begun_ns: int,
    inputs: dict[str, freshness.Stat],
) -> dict[str, object]:
    """Build for real, and leave a manifest for the next time.

    `inputs` are what the site was made of a little after `begun_ns`.
    """
    import gc
    from contextlib import ExitStack
    from pathlib import Path

    # What a build makes is needed to its end, and hardly any of it is garbage: to look for some
    # often is to look through all notes in vain.
    gc.set_threshold(2_000_000, 50, 100)

    from paperblog.adapters.history import history_files
    from paperblog.adapters.progress import Silence, TerminalProgress
    from paperblog.adapters.workers import available_cores
    from paperblog.commands.report import period, words_of
    from paperblog.commands.workshop import open_site, open_world, present, searchable
    from paperblog.features.frame import frame_of
    from paperblog.model.remembered import building_once
    from paperblog.pipeline import OnErrors, Options, build
    from paperblog.plugins import plugin_files
    from paperblog.steps.resolve import Publication

    site = open_site(location, arguments.site, arguments.base_url)
    # Browsers fetch nothing from disk, so a site to be read from there could not be searched.
    site = searchable(site, wanted=not arguments.portable)
    assert location is not None
    output = _output(location, arguments.output)
    publication = Publication(present(site.config), arguments.drafts, arguments.future)
    options = Options(
        root=site.root,
        output=Path(output),
        publication=publication,
        on_errors=OnErrors.MARK if arguments.keep_going else OnErrors.STOP,
        clean=arguments.clean,
        portable=arguments.portable,
        stats=inputs,
    )
    extra = [str(path) for path in plugin_files(site.plugins, site.root)]
    extra += history_files(site.root) if site.config.dates == "git" else []
    inputs |= freshness.look_at(location.root, extra)
    jobs = arguments.jobs or available_cores()
    with ExitStack() as stack:
        shown = sys.stderr.isatty() and arguments.format == "text"
        progress = stack.enter_context(TerminalProgress()) if shown else Silence()
        world = stack.enter_context(open_world(site, not arguments.no_cache, jobs, progress))
        stack.enter_context(building_once())
        report = build(site.config, options, world, site.plugins, frame_of)
    words = words_of(report, site, arguments.format, sys.stderr)
    if not arguments.no_cache:
        freshness.remember(
            root=location.root,
            output=output,
            arguments=_asked(arguments),
            begun_ns=begun_ns,
            inputs=inputs,
            extra=extra,
            outputs=report.stats,
            period=period(report),
            words=words
            | dict.fromkeys(("typeset", "rendered", "written", "deleted"), 0)
            | {"unchanged": len(report.outputs), "searchSeconds": 0.0},
        )
    return words
