"""The kinds of hook that plugins offer, and how plugins are found."""

import importlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from importlib.metadata import entry_points
from itertools import takewhile
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from paperblog.model.diagnostic import Diagnostic, PaperblogError
from paperblog.model.digest import digest
from paperblog.model.note import Note
from paperblog.model.page import Plan
from paperblog.model.site import Edition, Site
from paperblog.model.view import Frame

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

GROUP = "paperblog.plugins"

Syntax = Callable[["MarkdownIt"], None]
Transform = Callable[[Note], Note]
Check = Callable[[Site], Iterable[Diagnostic]]
Emitter = Callable[[Edition, Frame], Iterable[Plan]]


class Plugin(Struct, frozen=True):
    """A named set of hooks, all of them plain functions.

    `syntaxes` teach the parser; `transforms` return a changed note after parsing; `checks` look
    at the resolved site; `emitters` plan pages, and may ask a frame of the whole site.
    `inputs` are patterns of files, from the site's root, that the hooks read. `files` are the
    plugin's own source files, and `source` names what they held when it was loaded: what it
    touches is done anew when that changes.
    """

    name: str
    version: str
    syntaxes: tuple[Syntax, ...] = ()
    transforms: tuple[Transform, ...] = ()
    checks: tuple[Check, ...] = ()
    emitters: tuple[Emitter, ...] = ()
    inputs: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    source: str = ""


def find_plugins(names: Sequence[str]) -> tuple[Plugin, ...]:
    """The installed plugins (by the entry point group `paperblog.plugins`) and the named modules.

    A module or entry point offers its plugin as the attribute `plugin`, or is one.

    Raises:
        PaperblogError: a named plugin is not there, or what was found is none.
    """
    installed = {point.name: point for point in entry_points(group=GROUP)}
    found = [_plugin_of(_imported(n, point.load), n) for n, point in installed.items()]
    for name in names:
        if name in installed:
            continue
        found.append(_plugin_of(_imported(name, partial(_import_as_written, name)), name))
    return tuple(found)


def _import_as_written(name: str) -> object:
    """Import a module that its author may just be writing.

    Python takes its bytecode for current by the second and the size: one that is saved twice
    within a second would run as it was first, under the name of what it is.
    """
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        return importlib.import_module(name)
    finally:
        sys.dont_write_bytecode = before


def plugin_files(plugins: Sequence[Plugin], root: Path) -> list[Path]:
    """The files that plugins are made of, and those of the site at `root` that they read.

    What they would read if it were there is among them: a file that is named, or the folders in
    which one that a pattern fits may come to be.
    """
    own = {Path(name) for plugin in plugins for name in plugin.files}
    awaited = {path for plugin in plugins for name in plugin.inputs for path in _places(name, root)}
    return sorted(own | awaited | set(_inputs(plugins, root)))


def plugin_key(plugins: Sequence[Plugin], root: Path) -> str:
    """Names everything that the plugins' work depends on beside what it is given."""
    parts: list[str | bytes] = []
    for plugin in plugins:
        parts += [plugin.name, plugin.version, plugin.source]
    for path in sorted(set(_inputs(plugins, root))):
        parts += [path.name, path.read_bytes()]
    return digest(*parts)


def _inputs(plugins: Sequence[Plugin], root: Path) -> list[Path]:
    found = (path for plugin in plugins for name in plugin.inputs for path in root.glob(name))
    return [path for path in found if path.is_file()]


def _places(pattern: str, root: Path) -> Iterator[Path]:
    """The file that a pattern names, or the folders in which it looks for files."""
    parts = PurePath(pattern).parts
    plain = tuple(takewhile(lambda part: not set(part) & set("*?["), parts))
    yield root.joinpath(*plain)
    if len(parts) > len(plain) + 1:
        for place, folders, _ in os.walk(root.joinpath(*plain)):
            folders[:] = [name for name in folders if not name.startswith(".")]
            yield from (Path(place, name) for name in folders)


def _imported(name: str, load: Callable[[], object]) -> object:
    """What is found under a name; importing it runs the plugin's own code, which may fail."""
    try:
        return load()
    except Exception as error:
        reason = str(error) if isinstance(error, ImportError) else repr(error)
        raise PaperblogError(f"the plugin {name} cannot be imported: {reason}") from error


def _plugin_of(value: object, name: str) -> Plugin:
    plugin = value if isinstance(value, Plugin) else getattr(value, "plugin", None)
    if not isinstance(plugin, Plugin):
        raise PaperblogError(f"{name} offers no plugin: it needs an attribute `plugin`")
    files = _source_files(plugin, value)
    return replace(plugin, files=files, source=_source_as_loaded(plugin, files))


@cache
def _source_as_loaded(plugin: Plugin, files: tuple[str, ...]) -> str:
    """Names a plugin's code, once in a process: a module that is edited is not loaded again."""
    paths = map(Path, files)
    return digest(*(part for path in paths for part in (path.name, path.read_bytes())))


def _source_files(plugin: Plugin, value: object) -> tuple[str, ...]:
    """The files of the packages that a plugin and its hooks come from."""
    hooks = (*plugin.syntaxes, *plugin.transforms, *plugin.checks, *plugin.emitters)
    modules = {getattr(item, "__module__", "") for item in hooks}
    modules.add(getattr(value, "__name__", ""))
    found: set[str] = set()
    for name in {module.partition(".")[0] for module in modules if module}:
        origin = getattr(sys.modules.get(name), "__file__", None)
        if origin is None:
            continue
        path = Path(origin)
        package = path.parent.rglob("*") if path.stem == "__init__" else [path]
        found |= {str(file) for file in package if file.suffix != ".pyc" and file.is_file()}
    return tuple(sorted(found))
