"""A formula: from its place in a note to its typeset form."""

import json
from bisect import bisect_right
from operator import itemgetter

from msgspec import Struct

from paperblog.model.digest import content_digest

Pieces = tuple[tuple[int, int], ...]
"""Pairs of an offset of a text and the offset of its source, ascending, the first at 0.

Between two pairs both run on alike.
"""


def source_offset(pieces: Pieces, offset: int) -> int:
    """Where in the source the character at an offset of the text stands."""
    start, source = pieces[max(bisect_right(pieces, offset, key=itemgetter(0)) - 1, 0)]
    return source + offset - start


class Formula(Struct, frozen=True, gc=False, array_like=True):
    """A formula as its note has it, before typesetting.

    `tex` is the author's, `prepared` what the math engine is given; `output` is `html` or
    `mathml`. `macros` are the definitions
    that it uses, directly or through each other, sorted by name. `pieces` pairs offsets of
    `prepared` with offsets of the source text, ascending: between two pairs both run on alike.
    `start` and `end` are the source offsets of the whole, delimiters included.
    """

    key: str
    tex: str
    prepared: str
    output: str
    display: bool
    macros: tuple[tuple[str, str], ...]
    start: int
    end: int
    pieces: tuple[tuple[int, int], ...]

    def source_offset(self, tex_offset: int) -> int:
        """Where in the source the character at an offset of the prepared TeX stands."""
        return source_offset(self.pieces, tex_offset)


class Typeset(Struct, frozen=True, gc=False):
    """A formula in HTML and MathML, as the math engine gave it.

    `classes` are those that its elements have, separated by blanks.
    """

    html: str
    classes: str = ""


class MathError(Struct, frozen=True, gc=False):
    """Why the math engine refuses a formula.

    `position` and `length` count UTF-16 code units of the TeX, as JavaScript does; they are
    absent where the engine does not know.
    """

    message: str
    position: int | None = None
    length: int | None = None


Outcome = Typeset | MathError


class Label(Struct, frozen=True, gc=False, array_like=True):
    """A name that references use for a numbered row: its number and the id to link to."""

    name: str
    number: str
    id: str


class Numbers(Struct, frozen=True, gc=False):
    """What belongs into a typeset formula after typesetting, so that no key depends on it.

    `rows` are the numbers of rows that the engine leaves a place for; `spoken` those of MathML,
    where tags have a place too. `references` are indexes of the note's references, whose numbers
    stand where the prepared TeX has placeholders.
    """

    rows: tuple[str, ...] = ()
    spoken: tuple[str, ...] = ()
    references: tuple[int, ...] = ()

    def written(self) -> str:
        """As a text without NUL, which `read_numbers` reads."""
        return json.dumps([self.rows, self.spoken, self.references], separators=(",", ":"))


def read_numbers(text: str) -> Numbers:
    """What `Numbers.written` wrote."""
    rows, spoken, references = json.loads(text)
    return Numbers(tuple(rows), tuple(spoken), tuple(references))


def formula_key(
    engine: str,
    tex: str,
    prepared: str,
    output: str,
    display: bool,
    macros: tuple[tuple[str, str], ...],
) -> str:
    """The name of a formula's typeset form: equal for what must look the same."""
    # One text with the lengths of its parts, since this is done for every formula of a site.
    form = "display" if display else "inline"
    defined = "".join([f"{len(name)} {len(body)} {name}{body}" for name, body in macros])
    lengths = f"{len(engine)} {len(tex)} {len(prepared)} {output} {form} "
    named = f"formula {lengths}{engine}{tex}{prepared}{defined}"
    return content_digest(named.encode("utf-8", "surrogatepass"))
