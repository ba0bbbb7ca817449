"""Values as an author wrote them: texts at their places, not yet typed."""

from msgspec import Struct

from paperblog.model.diagnostic import Code


class Scalar(Struct, frozen=True):
    """A single value: its text, its place in the source, and the quote it stands in if any."""

    text: str
    start: int
    end: int
    quote: str = ""


class Listing(Struct, frozen=True):
    """A list of values."""

    items: tuple["Value", ...]
    start: int
    end: int


class Table(Struct, frozen=True):
    """Keys with their values, in the author's order; a key may stand twice."""

    entries: tuple[tuple[Scalar, "Value"], ...]
    start: int
    end: int


Value = Scalar | Listing | Table


class WrongError(Exception):
    """A value is not what its key takes: the place, what is wrong with it, and a way out."""

    def __init__(self, code: Code, place: Value, message: str, help: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.place = place
        self.message = message
        self.help = help


class UnreadableError(Exception):
    """The text as a whole is not in its language; `offset` is where the reader stopped."""

    def __init__(self, offset: int, message: str, help: str = "") -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message
        self.help = help
