"""From a formula as its author wrote it to one that KaTeX typesets alike."""

import re
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from paperblog.model.formula import Pieces
from paperblog.tex.compatibility import REWRITTEN, compatibility_edits
from paperblog.tex.definitions import Definition, take_definitions
from paperblog.tex.edits import apply
from paperblog.tex.equations import ENVIRONMENTS, Equation, read_equation
from paperblog.tex.scripts import UNBRACED
from paperblog.tex.tokens import tokenize
from paperblog.tex.typography import typography_edits

# Most formulas hold nothing that needs a second look; they are not cut into tokens.
_COMMANDS = (
    "label ref eqref tag newcommand renewcommand providecommand def gdef edef xdef "
    "DeclareMathOperator"
)
_SELDOM = {"mathbb", "color", "textcolor", "colorbox"}
"""Commands that are rewritten before certain arguments alone."""
_NEEDS_WORK = re.compile(
    r"\\(?:" + "|".join((*_COMMANDS.split(), *sorted(set(REWRITTEN) - _SELDOM))) + r")(?![A-Za-z])"
    r"|\\mathbb\s*\{?\s*1|\\(?:text)?color(?:box)?\s*\["
    # Of environments, those that are rewritten, and arrays with more than plain columns.
    rf"|\\begin\s*\{{\s*(?:{'|'.join(sorted(ENVIRONMENTS))})\*?\s*\}}"
    r"|\\begin\s*\{\s*(?:d?array|tabular|subarray)\s*\}(?!\{[lcr|: ]*\})"
    r"|\\begin\{[pbBvV]smallmatrix\}"
    rf"|{UNBRACED}"
    # Beyond Latin-1 only letters, the scripts of texts and mathematical signs are TeX's business.
    r"|[\u00a0\u00ad\u2000-\u206f\u2212\ufeff]"
)
_NOTHING = Equation((), (), (), True)


class Prepared(Struct, frozen=True):
    """A formula for KaTeX, with what was read from it on the way.

    `pieces` pairs offsets of `tex` with offsets of the source that the author's pieces lead to.
    """

    tex: str
    pieces: Pieces
    display: bool
    equation: Equation
    definitions: tuple[Definition, ...] = ()


def prepare(tex: str, pieces: Pieces, display: bool) -> Prepared:
    """Rewrite what KaTeX lacks, and take out what is ours: definitions, labels, references."""
    if not _NEEDS_WORK.search(tex):
        return Prepared(tex, pieces, display, _NOTHING)
    tokens = tokenize(tex)
    definitions, taken = take_definitions(tex, tokens)
    equation = read_equation(tex, tokens, display)
    edits = [*taken, *equation.edits, *compatibility_edits(tex, tokens), *typography_edits(tex)]
    prepared, mapped = apply(tex, pieces, edits)
    return Prepared(
        prepared,
        mapped,
        equation.display,
        equation,
        tuple(_rewritten(definition) for definition in definitions),
    )


def prepare_macro(body: str) -> str:
    """A macro's body with the same rewrites as a formula, but for what belongs to equations."""
    edits = [*compatibility_edits(body, tokenize(body)), *typography_edits(body)]
    return apply(body, ((0, 0),), edits)[0]


def with_references(tex: str, numbers: Sequence[str]) -> str:
    """A formula that says the numbers of what it refers to, in the order of its references."""
    references = read_equation(tex, tokenize(tex), True).references
    edits = [
        (at.start, at.end, f"({number})" if tex.startswith("\\eqref", at.start) else number)
        for at, number in zip(references, numbers, strict=False)
    ]
    return apply(tex, ((0, 0),), edits)[0]


def _rewritten(definition: Definition) -> Definition:
    return replace(definition, body=prepare_macro(definition.body))
