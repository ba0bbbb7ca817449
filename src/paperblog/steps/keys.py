"""Keys: what names all that a page depends on."""

from collections.abc import Iterable, Sequence
from operator import attrgetter

import msgspec
from msgspec import Struct

from paperblog.model.digest import content_digest, digest
from paperblog.model.page import Plan, Recipe
from paperblog.model.remembered import by_rows, remembered_of_one
from paperblog.model.site import Entry
from paperblog.model.view import View

# JSON keeps the offset of a moment from UTC, and with it the day; MessagePack has none. A mapping
# counts with its order, since a template may show it.
_ENCODER = msgspec.json.Encoder()
_beside_note = attrgetter(*[name for name in Entry.__struct_fields__ if name != "note"])


@by_rows
def plan_keys(program: str, linked: str, plugins: str, plan: Plan, template: str) -> str:
    """Names everything that a plan's page depends on, as far as it is known without a view.

    `program`, `template` and `plugins` name our own source, the template's, and that of the plugins
    with what they read; `linked` says how links are written.
    """
    view = plan.view
    shown = _made_of(view, plugins) if isinstance(view, Recipe) else _view_digest(view)
    parts = (program, template, linked, plan.address, plan.absolute, shown)
    return content_digest(_ENCODER.encode(parts))


def page_key(program: str, template: str, plan: Plan, view: View, linked: str) -> str:
    """Names everything that the bytes of a plan's page depend on, given the view that it shows."""
    place = "absolute" if plan.absolute else ""
    return digest(program, template, plan.address, _view_digest(view), linked, place)


def _part_digest(part: object) -> str:
    """Names a struct that several pages depend on; it is digested once."""
    name = type(part).__name__
    if isinstance(part, Entry):
        named = (name, part_digest(part.note), _beside_note(part))
        return content_digest(_ENCODER.encode(named))
    return digest(name, _ENCODER.encode(part))


part_digest, tell_digest = remembered_of_one(_part_digest)


def _made_of(recipe: Recipe, plugins: str) -> Sequence[object]:
    """What a view is made of; what many pages are made of is digested once."""
    given: list[object] = [plugins, recipe.make.__module__, recipe.make.__qualname__]
    for value in recipe.given:
        if type(value) is tuple:
            has_parts = value and isinstance(value[0], Struct)
            given.append(list(map(part_digest, value)) if has_parts else value)
        else:
            given.append(part_digest(value) if isinstance(value, Struct) else value)
    return given


def _view_digest(view: View) -> str:
    """Names a view; what many pages show, each part of a list and the frame, is digested once."""
    rest: list[object] = [type(view).__name__]
    parts: list[str] = []
    for name in _fields(view):
        value = getattr(view, name)
        if name == "frame":
            parts.append(part_digest(value))
        elif isinstance(value, tuple) and value and _fields(value[0]):
            rest.append(len(value))
            parts += [part_digest(item) for item in value]
        else:
            rest.append(value)
    return digest(_ENCODER.encode(rest), *parts)


def _fields(value: object) -> Iterable[str]:
    """The names of the fields of a struct, or of a dataclass, which plugins may have; else none."""
    if isinstance(value, Struct):
        return value.__struct_fields__
    return getattr(value, "__dataclass_fields__", ())
