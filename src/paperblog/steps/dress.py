"""Dress: of KaTeX's style sheet and fonts, what the formulas of a site use and no more."""

from collections.abc import Iterable

from paperblog.model.digest import digest
from paperblog.ports import ForgottenError, Memory, Store, Theme
from paperblog.steps.typeset import CLASSES
from paperblog.tex.stylesheet import fonts_of, prune

_SHEETS = Memory("sheets", str)


def dress(theme: Theme, store: Store, formulas: Iterable[str]) -> Theme:
    """The theme with a style sheet for the typeset formulas of some keys."""
    keys = list(dict.fromkeys(formulas))
    found = store.get_many(CLASSES, keys)
    if len(found) < len(keys):
        raise ForgottenError("the classes of a formula")
    classes = sorted({name for names in found.values() for name in names})
    sheet = theme.math_sheet()
    key = digest(sheet, *classes)
    pruned = store.get(_SHEETS, key)
    if pruned is None:
        pruned = prune(sheet, frozenset(classes))
        store.put_many(_SHEETS, {key: pruned})
    return theme.with_math_sheet(pruned, fonts_of(pruned))
