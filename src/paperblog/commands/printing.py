"""How reports look: diagnostics with the offending line and a caret, in text or JSON."""

import os
import sys
import unicodedata
from collections.abc import Iterable
from typing import TextIO

from paperblog.model.diagnostic import Diagnostic, PaperblogError, Severity, Span

_COLORS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.HINT: "36"}
_TAB = 4


def wants_color(stream: TextIO) -> bool:
    """Whether a stream is a terminal that shows colours (https://no-color.org)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(os.environ.get("FORCE_COLOR")) or stream.isatty()


def as_text(diagnostics: Iterable[Diagnostic], color: bool) -> str:
    """Diagnostics for people, one after the other."""
    return "".join(_one(diagnostic, color) for diagnostic in diagnostics)


def as_data(diagnostic: Diagnostic) -> dict[str, object]:
    """A diagnostic for programs, as JSON data; lines and columns count from 1."""
    span = diagnostic.span
    return {
        "severity": diagnostic.severity.value,
        "code": diagnostic.code,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "file": span.path,
        "line": span.line,
        "column": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def print_failure(error: PaperblogError, form: str = "text") -> None:
    """Say on standard error why a command could not be done; in a workflow, as annotations too."""
    color = wants_color(sys.stderr)
    if form == "github":
        failure = Diagnostic(Severity.ERROR, "paperblog", str(error), Span(""))
        from paperblog.commands.formats import as_github

        sys.stdout.write(as_github([*error.diagnostics, failure]))
    sys.stderr.write(as_text(error.diagnostics, color))
    sys.stderr.write(f"{_paint('paperblog:', '31', color)} {error}\n")


def _one(diagnostic: Diagnostic, color: bool) -> str:
    span = diagnostic.span
    place = visible(span.path)
    if span.line:
        place += f":{span.line}:{span.column}"
    label = _paint(f"{diagnostic.severity}[{diagnostic.code}]", _COLORS[diagnostic.severity], color)
    text = f"{place}: {label}: {visible(diagnostic.message)}\n" if place else ""
    text = text or f"{label}: {visible(diagnostic.message)}\n"
    if span.line and span.excerpt:
        text += _excerpt(span, _COLORS[diagnostic.severity], color)
    if diagnostic.help:
        text += f"   {_paint('help:', '1', color)} {visible(diagnostic.help)}\n"
    return text + "\n"


def _excerpt(span: Span, paint: str, color: bool) -> str:
    """The offending line with carets below its wrong part."""
    number = f"{span.line:5} │ "
    start = span.column - 1 - span.excerpt_shift
    end = len(span.excerpt)
    if span.end_line == span.line:
        end = min(end, span.end_column - 1 - span.excerpt_shift)
    before = _width(_shown(span.excerpt[:start]))
    carets = max(1, _width(_shown(span.excerpt[:end])) - before)
    marks = _paint("^" * carets, paint, color)
    return f"{number}{_shown(span.excerpt)}\n      │ {' ' * before}{marks}\n"


def _shown(text: str) -> str:
    """A line as a terminal can show it: tabs as blanks, control characters visible."""
    return visible(text.expandtabs(_TAB))


def visible(text: str) -> str:
    """A text whose every character can be seen on a terminal."""
    return "".join(char if _is_printable(char) else "\ufffd" for char in text)


def _is_printable(char: str) -> bool:
    return unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp") and char not in _BIDI


# Marks that reorder a line on the screen could make an excerpt say what the file does not.
_BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def _width(text: str) -> int:
    """Columns of a terminal: wide signs take two, combining ones none."""
    return sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _paint(text: str, code: str, color: bool) -> str:
    return f"\033[{code}m{text}\033[0m" if color else text
