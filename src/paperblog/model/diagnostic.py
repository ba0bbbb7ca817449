"""What is wrong in an author's files, as values that say where."""

from enum import StrEnum

from msgspec import Struct


class Severity(StrEnum):
    """How bad it is: an error fails the build, a warning is said, a hint is advice."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


class Span(Struct, frozen=True, gc=False, array_like=True):
    """A place in a file: lines and columns count code points from 1; line 0 is the whole file.

    `excerpt` is the first line's text, without its first `excerpt_shift` characters where the
    line is too long to print.
    """

    path: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    excerpt: str = ""
    excerpt_shift: int = 0


class Diagnostic(Struct, frozen=True, gc=False, array_like=True):
    """One message to an author: what is wrong, where, and what to do about it."""

    severity: Severity
    code: str
    message: str
    span: Span
    help: str = ""

    @property
    def is_error(self) -> bool:
        """Whether it fails the build."""
        return self.severity is Severity.ERROR


class Code(Struct, frozen=True, gc=False):
    """A kind of diagnostic under its stable name; `meaning` is its entry in the docs."""

    name: str
    severity: Severity
    meaning: str

    def at(self, span: Span, message: str, help: str = "") -> Diagnostic:
        """A diagnostic of this kind at a place."""
        return Diagnostic(self.severity, self.name, message, span, help)


class PaperblogError(Exception):
    """The environment or the configuration is broken: one sentence, and a way out where known.

    Its `diagnostics` hold the places where there are some.
    """

    def __init__(self, message: str, diagnostics: tuple[Diagnostic, ...] = ()) -> None:
        super().__init__(message)
        self.diagnostics = diagnostics


def by_place(diagnostics: "list[Diagnostic] | tuple[Diagnostic, ...]") -> tuple[Diagnostic, ...]:
    """Sorted by file, line and column, each once."""
    return tuple(
        sorted(
            dict.fromkeys(diagnostics),
            key=lambda d: (d.span.path, d.span.line, d.span.column, d.code, d.message),
        )
    )
