"""The kinds of hook that plugins offer, and how plugins are found."""

import importlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING

from paperblog.model.diagnostic import Diagnostic, PaperblogError
from paperblog.model.note import Note
from paperblog.model.page import Frame, Plan
from paperblog.model.site import Edition, Site

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

GROUP = "paperblog.plugins"

Syntax = Callable[["MarkdownIt"], None]
Transform = Callable[[Note], Note]
Check = Callable[[Site], Iterable[Diagnostic]]
Emitter = Callable[[Edition, Frame], Iterable[Plan]]


@dataclass(frozen=True, slots=True)
class Plugin:
    """A named set of hooks, all of them plain functions.

    `syntaxes` teach the parser; `transforms` return a changed note after parsing; `checks` look
    at the resolved site; `emitters` plan pages, and may ask a frame of the whole site.
    `inputs` are patterns of files, from the site's root, that the hooks read.
    """

    name: str
    version: str
    syntaxes: tuple[Syntax, ...] = ()
    transforms: tuple[Transform, ...] = ()
    checks: tuple[Check, ...] = ()
    emitters: tuple[Emitter, ...] = ()
    inputs: tuple[str, ...] = ()


def find_plugins(names: Sequence[str]) -> tuple[Plugin, ...]:
    """The installed plugins (by the entry point group `paperblog.plugins`) and the named modules.

    A module or entry point offers its plugin as the attribute `plugin`, or is one.

    Raises:
        PaperblogError: a named plugin is not there, or what was found is none.
    """
    installed = {point.name: point for point in entry_points(group=GROUP)}
    found = [_load(point) for point in installed.values()]
    for name in names:
        if name in installed:
            continue
        try:
            module = importlib.import_module(name)
        except ImportError as error:
            raise PaperblogError(f"the plugin {name} cannot be imported: {error}") from error
        found.append(_plugin_of(module, name))
    return tuple(found)


def _load(point: EntryPoint) -> Plugin:
    try:
        value = point.load()
    except ImportError as error:
        raise PaperblogError(f"the plugin {point.name} cannot be imported: {error}") from error
    return _plugin_of(value, point.name)


def _plugin_of(value: object, name: str) -> Plugin:
    plugin = value if isinstance(value, Plugin) else getattr(value, "plugin", None)
    if not isinstance(plugin, Plugin):
        raise PaperblogError(f"{name} offers no plugin: it needs an attribute `plugin`")
    return plugin
