"""Calls of plugins' hooks: what goes wrong in one is said with the plugin's name."""

from collections.abc import Callable, Iterable, MutableMapping, Sequence
from functools import wraps
from pathlib import Path
from traceback import extract_tb
from typing import Any, TypeVar

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.ruler import Ruler
from msgspec.structs import replace

from paperblog.model import codes
from paperblog.model.diagnostic import Diagnostic, PaperblogError, Span
from paperblog.model.note import Note
from paperblog.plugins import Plugin, Syntax

T = TypeVar("T")


class HookError(Exception):
    """A rule that a plugin taught the parser has failed on a note."""

    def __init__(self, plugin: Plugin, error: Exception) -> None:
        super().__init__(str(error))
        self.plugin = plugin
        self.error = error


def teach(plugin: Plugin, syntax: Syntax, md: MarkdownIt) -> None:
    """Add a plugin's syntax to a parser, its rules marked as the plugin's.

    Raises:
        PaperblogError: the plugin fails at it.
    """
    core, block, inline, second = md.core.ruler, md.block.ruler, md.inline.ruler, md.inline.ruler2
    rulers: tuple[Ruler[Any], ...] = (core, block, inline, second)
    before = [{id(rule): rule.fn for rule in ruler.__rules__} for ruler in rulers]
    assert isinstance(md.renderer, RendererHTML)
    rules: MutableMapping[str, Any] = md.renderer.rules
    shown = dict(rules)
    try:
        syntax(md)
    except Exception as error:
        raise PaperblogError(_message(plugin, error, "cannot teach its syntax")) from error
    for ruler, known in zip(rulers, before, strict=True):
        for rule in ruler.__rules__:
            if known.get(id(rule)) is not rule.fn:
                rule.fn = _marked(plugin, rule.fn)
        ruler.__cache__ = None
    for name, function in rules.items():
        if shown.get(name) is not function:
            rules[name] = _marked(plugin, function)


def transformed(note: Note, plugins: Sequence[Plugin]) -> Note:
    """A note as the plugins' transforms leave it; one that fails leaves it as it was."""
    for plugin in plugins:
        for transform in plugin.transforms:
            try:
                note = _expected(transform(note), Note)
            except Exception as error:
                failure = failed(plugin, error, note.path)
                note = replace(note, diagnostics=(*note.diagnostics, failure))
    return note


def gathered(
    plugin: Plugin,
    hook: Callable[..., Iterable[T]],
    kind: type[T],
    diagnostics: list[Diagnostic],
    *given: object,
) -> list[T]:
    """What a hook gives, all of one kind; what it gave until it failed counts."""
    found: list[T] = []
    try:
        for value in hook(*given):
            found.append(_expected(value, kind))
    except Exception as error:
        diagnostics.append(failed(plugin, error))
    return found


def failed(plugin: Plugin, error: Exception, path: str = "") -> Diagnostic:
    """Say that a plugin has failed, on a note where there is one."""
    what = "failed on this note" if path else "failed"
    return codes.PLUGIN_FAILED.at(Span(path), _message(plugin, error, what))


def _marked(plugin: Plugin, function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def call(*arguments: Any, **options: Any) -> Any:
        try:
            return function(*arguments, **options)
        except HookError:
            raise
        except Exception as error:
            raise HookError(plugin, error) from error

    return call


def _expected(value: object, kind: type[T]) -> T:
    if isinstance(value, kind):
        return value
    raise TypeError(f"it gives {value!r:.60}, which is no {kind.__name__}")


def _message(plugin: Plugin, error: Exception, what: str) -> str:
    """What happened to a plugin, and the last line of its own files that had a part in it."""
    own = [frame for frame in extract_tb(error.__traceback__) if frame.filename in plugin.files]
    place = f" ({Path(own[-1].filename).name}:{own[-1].lineno})" if own else ""
    return f"the plugin {plugin.name} {what}: {error!r}{place}"
