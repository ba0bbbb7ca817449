"""What a build needs, put together: the site's configuration, the plugins and the adapters."""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext
from datetime import datetime
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from paperblog.adapters.bytecode import ThemeBytecode
from paperblog.adapters.cards import PillowCards, fonts_folder
from paperblog.adapters.highlighter import Pygments
from paperblog.adapters.history import GitHistory, NoHistory
from paperblog.adapters.images import PillowImages
from paperblog.adapters.katex import Katex, katex_folder
from paperblog.adapters.pagefind import Pagefind, find_pagefind
from paperblog.adapters.program import program_digest
from paperblog.adapters.progress import Silence
from paperblog.adapters.store import NoStore, SqliteStore, prepare_folder
from paperblog.adapters.theme import JinjaTheme, theme_folder
from paperblog.adapters.turn import take_turn
from paperblog.adapters.workers import InProcess, Processes
from paperblog.commands.location import Location
from paperblog.features import BUILT_IN
from paperblog.freshness import cache_folder
from paperblog.model import codes
from paperblog.model.config import Config
from paperblog.model.diagnostic import Diagnostic, PaperblogError, Span
from paperblog.model.text import Text
from paperblog.pipeline import World
from paperblog.plugins import Plugin, find_plugins
from paperblog.ports import History, Progress, Store, Workers
from paperblog.schema.configuration import read_configuration
from paperblog.schema.site import read_base_url
from paperblog.steps.load import TEMPLATES, SiteFiles, decode
from paperblog.steps.sight import Sight
from paperblog.tex.compatibility import MACROS

BASE_URL = "PAPERBLOG_BASE_URL"
"""The variable that gives the address of the site where the command line does not."""


class Workplace(Struct, frozen=True):
    """A site that is about to be built: its folder, configuration, warnings and plugins."""

    root: Path
    config: Config
    warnings: tuple[Diagnostic, ...]
    plugins: tuple[Plugin, ...]


def open_site(location: Location | None, given: str | None, base_url: str | None) -> Workplace:
    """Read a site's configuration and find its plugins.

    Raises:
        PaperblogError: there is no site, or its configuration is wrong.
    """
    if location is None:
        where = f"in {given}" if given else "here or in a folder above"
        raise PaperblogError(
            f"there is no site {where}: no paperblog.toml, no [tool.paperblog] in pyproject.toml, "
            "no notes/; `paperblog init` begins one"
        )
    config, diagnostics = _configuration(location)
    if any(diagnostic.is_error for diagnostic in diagnostics):
        message = f"{location.configuration} must be mended before anything can be built"
        raise PaperblogError(message, tuple(diagnostics))
    config = _at(base_url, "--base-url", config)
    if not base_url:
        config = _at(os.environ.get(BASE_URL), BASE_URL, config)
    plugins = (*BUILT_IN, *find_plugins(config.plugins))
    return Workplace(Path(location.root), config, tuple(diagnostics), plugins)


def searchable(site: Workplace, wanted: bool = True) -> Workplace:
    """The site with its search turned off where it is not wanted or cannot be made."""
    if not site.config.search:
        return site
    found = find_pagefind() if wanted else None
    if found:
        return site
    warnings = site.warnings
    if wanted:
        message = "Pagefind is not installed, so the site has no search"
        help = "install the package pagefind[bin], or set search = false"
        warnings = (*warnings, codes.NO_SEARCH.at(Span(""), message, help))
    return replace(site, config=replace(site.config, search=False), warnings=warnings)


def _at(address: str | None, origin: str, config: Config) -> Config:
    """The configuration of a site at another address, if one is given."""
    if not address:
        return config
    try:
        return replace(config, base_url=read_base_url(address))
    except ValueError as error:
        raise PaperblogError(f"{origin}: {error}") from error


@contextmanager
def open_world(
    site: Workplace, cache: bool = True, jobs: int = 1, progress: Progress | None = None
) -> Iterator[World]:
    """The adapters that a build of a site works with; what they remember is kept at the end."""
    folder = Path(cache_folder(str(site.root)))
    katex = katex_folder()
    # Without a cache no folder is made to take turns at.
    takes_turns = cache or os.access(folder, os.W_OK)
    turn = partial(take_turn, folder, _wait) if takes_turns else nullcontext
    with ExitStack() as stack:
        engine = stack.enter_context(closing(Katex(katex, MACROS)))
        # Ends before the engine, which its thread may be using.
        workers: Workers
        workers = (
            stack.enter_context(Processes(jobs)) if jobs > 1 else stack.enter_context(InProcess())
        )
        store: Store = NoStore()
        if cache:
            prepare_folder(folder)
            with turn():
                store = stack.enter_context(SqliteStore(folder))
        # What is too large for the store: the search's index, and the smaller forms of images.
        made = folder
        if not cache:
            made = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="paperblog-")))
        program = find_pagefind() if site.config.search else None
        yield World(
            store=store,
            files=SiteFiles(site.root),
            engine=engine,
            highlighter=Pygments(),
            history=open_history(site),
            images=PillowImages(site.root, made / "images"),
            search=Pagefind(program, made / "search") if program else None,
            theme=open_theme(site.root),
            progress=progress or Silence(),
            workers=workers,
            cards=PillowCards(fonts_folder(), katex),
            sight=Sight(),
            program=program_digest(),
            clock_ns=time.time_ns,
            timer=time.perf_counter,
            turn=turn,
        )


def open_theme(root: Path, live: bool = False) -> JinjaTheme:
    """The theme of a site; see the port `Theme`."""
    ours = theme_folder()
    compiled = ThemeBytecode(ours, program_digest())
    return JinjaTheme(root / TEMPLATES, ours, katex_folder(), live, compiled)


def open_history(site: Workplace) -> History:
    """When a site's files came to be, as it is configured; see the port `History`."""
    if site.config.dates != "git":
        return NoHistory()
    return GitHistory(site.root, site.config.zone())


def _wait() -> None:
    print("Another build of this site is at work; this one waits for it.", file=sys.stderr)


def present(config: Config) -> datetime:
    """Today, as far as a build depends on it: `SOURCE_DATE_EPOCH`, else the clock.

    Source: https://reproducible-builds.org/specs/source-date-epoch/
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        seconds = int(epoch) if epoch else time.time()
        if seconds < 0:
            raise ValueError(epoch)
        return datetime.fromtimestamp(seconds, config.zone())
    except (ValueError, OverflowError, OSError) as error:
        message = f"SOURCE_DATE_EPOCH is {epoch!r}, not a number of seconds"
        raise PaperblogError(message) from error


def _configuration(location: Location) -> tuple[Config, list[Diagnostic]]:
    if not location.configuration:
        return Config(), []
    path = Path(location.root) / location.configuration
    try:
        content = decode(path.read_bytes())
    except UnicodeDecodeError as error:
        raise PaperblogError(f"{path} is not UTF-8") from error
    except OSError as error:
        raise PaperblogError(f"{path} cannot be read: {error.strerror}") from error
    table = ("tool", "paperblog") if location.configuration == "pyproject.toml" else ()
    diagnostics: list[Diagnostic] = []
    config = read_configuration(Text(location.configuration, content), table, diagnostics)
    return config or Config(), diagnostics
