"""Dress: of KaTeX's style sheet and fonts, what the formulas of a site use and no more."""

from collections.abc import Collection

from paperblog.model.digest import digest
from paperblog.ports import ForgottenError, Memory, Store, Theme
from paperblog.steps.typeset import CLASSES
from paperblog.tex.stylesheet import fonts_of, prune

# By the formulas, and by the classes that these use: a new formula seldom brings a new class.
_SHEETS = Memory("sheets", str)


def dress(theme: Theme, store: Store, formulas: Collection[str]) -> Theme:
    """The theme with a style sheet for the typeset formulas of some keys, each given once."""
    sheet = theme.math_sheet()
    if theme.live:
        return theme.with_math_sheet(sheet, fonts_of(sheet))
    keys = sorted(formulas)
    store.keep(CLASSES, keys)
    by_formulas = digest("formulas", sheet, "".join(keys))
    pruned = store.get(_SHEETS, by_formulas)
    if pruned is None:
        found = store.get_many(CLASSES, keys)
        if len(found) < len(keys):
            raise ForgottenError("the classes of a formula")
        classes = sorted({name for names in set(found.values()) for name in names.split()})
        by_classes = digest("classes", sheet, *classes)
        pruned = store.get(_SHEETS, by_classes) or prune(sheet, frozenset(classes))
        store.put_many(_SHEETS, {by_formulas: pruned, by_classes: pruned})
    return theme.with_math_sheet(pruned, fonts_of(pruned))
