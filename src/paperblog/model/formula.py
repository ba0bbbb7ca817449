"""A formula: from its place in a note to its typeset form."""

from dataclasses import dataclass

from paperblog.model.digest import digest


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as its note has it, before typesetting.

    `macros` are the definitions that its TeX uses, directly or through each other, sorted by
    name. `pieces` pairs offsets of `tex` with offsets of the source text, ascending: between two
    pairs both run on alike. `start` and `end` are the source offsets of the whole, delimiters
    included.
    """

    key: str
    tex: str
    display: bool
    macros: tuple[tuple[str, str], ...]
    start: int
    end: int
    pieces: tuple[tuple[int, int], ...]

    def source_offset(self, tex_offset: int) -> int:
        """Where in the source the character at an offset of the TeX stands."""
        best = self.pieces[0]
        for piece in self.pieces:
            if piece[0] > tex_offset:
                break
            best = piece
        return best[1] + tex_offset - best[0]


@dataclass(frozen=True, slots=True)
class Typeset:
    """A formula in HTML and MathML, as the math engine gave it."""

    html: str


@dataclass(frozen=True, slots=True)
class MathError:
    """Why the math engine refuses a formula.

    `position` and `length` count UTF-16 code units of the TeX, as JavaScript does; they are
    absent where the engine does not know.
    """

    message: str
    position: int | None = None
    length: int | None = None


Outcome = Typeset | MathError


def formula_key(engine: str, tex: str, display: bool, macros: tuple[tuple[str, str], ...]) -> str:
    """The name of a formula's typeset form: equal for what must look the same."""
    flat = [part for macro in macros for part in macro]
    return digest("formula", engine, tex, "display" if display else "inline", *flat)


def plain_text(tex: str) -> str:
    """A formula in a line of plain text, for titles, descriptions and tables of contents."""
    return " ".join(tex.split())
