"""From a formula as it was found to its slot: definitions, numbers, labels, references, lints."""

import re
from collections.abc import Iterator

from paperblog.markdown.context import Context
from paperblog.markdown.slots import slot
from paperblog.model import codes
from paperblog.model.digest import digest
from paperblog.model.formula import Label, Numbers, Pieces, source_offset
from paperblog.model.note import ReferenceKind
from paperblog.model.slug import slugify
from paperblog.tex.definitions import Definition
from paperblog.tex.equations import Equation, Row
from paperblog.tex.limits import LONGEST, MOST_EM, too_long
from paperblog.tex.lint import lint
from paperblog.tex.prepare import prepare

_PREFIX = re.compile(r"(?:eqn?|equation)[:_-]", re.IGNORECASE)


def add_formula(
    context: Context, tex: str, pieces: Pieces, display: bool, start: int, end: int
) -> tuple[str, bool, tuple[str, ...], str]:
    """Add a formula to the context.

    Returns its slot (empty where it only makes definitions), whether it is display math, the ids
    that links can name it by, the first of which stays while the text around it changes, and the
    form of `Equation`.
    """
    if len(tex) > LONGEST:
        return slot("f", context.formula(tex, tex, display, pieces, start, end)), False, (), ""
    for finding in lint(tex, context.macros):
        place = _place(pieces, finding.start, finding.end)
        context.say(finding.code, *place, finding.message, finding.help)
    for length in too_long(tex):
        place = _place(pieces, length.start, length.end)
        context.say(codes.MATH_LIMIT, *place, f"{length.text} is more than {MOST_EM}em")
    prepared = prepare(tex, pieces, display)
    for definition in prepared.definitions:
        _define(context, definition, pieces)
    if not prepared.tex.strip() and prepared.definitions:
        return "", False, (), ""
    if not prepared.display:
        for label in prepared.equation.labels:
            message = "a formula within the line has no number for a label"
            place = _place(pieces, label.start, label.end)
            context.say(codes.MATH_LABEL, *place, message, "display it, as in $$…$$")
    key = context.formula(tex, prepared.tex, prepared.display, prepared.pieces, start, end)
    numbers, ids = _number(context, prepared.equation, pieces)
    if prepared.display and not ids:
        ids = (_unused(context, f"eq-{digest(tex)[:8]}"),)
    return slot("f", _value(key, numbers)), prepared.display, ids, prepared.equation.form


def _define(context: Context, definition: Definition, pieces: Pieces) -> None:
    if definition.provides and definition.name in context.macros:
        return
    place = _place(pieces, definition.start, definition.end)
    context.define(definition.name, definition.macros(), *place)


def _number(
    context: Context, equation: Equation, pieces: Pieces
) -> tuple[Numbers, tuple[str, ...]]:
    """Count the rows of an equation on, and remember what its labels name."""
    rows: list[str] = []
    spoken: list[str] = []
    ids: list[str] = []
    letters = iter("abcdefghijklmnopqrstuvwxyz")
    if equation.subequations and any(row.numbered for row in equation.rows):
        context.numbers += 1
    for row in equation.rows:
        number = _number_of(context, equation, row, letters)
        if row.numbered:
            rows.append(f"({number})")
        if number and equation.in_environment:
            spoken.append(number if row.bare else f"({number})")
        for label in row.labels:
            if label.name in context.labels:
                message = f"the label {label.name} is given twice"
                place = _place(pieces, label.start, label.end)
                context.say(codes.DUPLICATE_LABEL, *place, message, "give each its own name")
                continue
            name = _unused(context, f"eq-{slugify(_PREFIX.sub('', label.name)) or 'label'}")
            context.labels[label.name] = Label(label.name, number, name)
            ids.append(name)
    references = tuple(
        context.reference(
            ReferenceKind.EQUATION,
            use.name,
            "",
            *_place(pieces, use.start, use.end),
        )
        for use in equation.references
    )
    return Numbers(tuple(rows), tuple(spoken), references), tuple(ids)


def _place(pieces: Pieces, start: int, end: int) -> tuple[int, int]:
    """The offsets in the file of a part of a formula."""
    return source_offset(pieces, start), source_offset(pieces, end - 1) + 1


def _number_of(context: Context, equation: Equation, row: Row, letters: Iterator[str]) -> str:
    if row.tag is not None:
        return row.tag
    if not row.numbered:
        return ""
    if equation.subequations:
        return f"{context.numbers}{next(letters, '')}"
    context.numbers += 1
    return str(context.numbers)


def _unused(context: Context, name: str) -> str:
    """The id, with a number after it where it is taken; it is taken from now on."""
    found = name
    while found in context.equation_ids:
        context.equation_ids[name] += 1
        found = f"{name}-{context.equation_ids[name]}"
    context.equation_ids[found] = 1
    context.anchors.append(found)
    return found


def _value(key: str, numbers: Numbers) -> str:
    return key if numbers == Numbers() else f"{key} {numbers.written()}"
