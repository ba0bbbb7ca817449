"""What a build says at its end, as data that the gate can keep and repeat."""

import os
from typing import TextIO

from msgspec.structs import replace

from paperblog import __version__
from paperblog.commands.printing import as_data, as_text, wants_color
from paperblog.commands.workshop import Workplace
from paperblog.model.diagnostic import Diagnostic
from paperblog.model.status import ERRORS, OK
from paperblog.pipeline import Report

_FOREVER = 253_402_300_799.0


def words_of(report: Report, site: Workplace, form: str, stream: TextIO) -> dict[str, object]:
    """The counts, the diagnostics in the form asked for, and the exit status."""
    diagnostics = (*site.warnings, *report.diagnostics)
    words: dict[str, object] = {
        "status": ERRORS if report.has_errors else OK,
        "wrote": report.wrote,
        "notes": report.notes,
        "pages": report.pages,
        "formulas": report.formulas,
        "unpublished": report.unpublished,
        "typeset": report.typeset,
        "rendered": report.rendered,
        "written": report.counts.written,
        "unchanged": report.counts.unchanged,
        "deleted": report.counts.deleted,
        "searchSeconds": round(report.search_seconds, 3),
        "nextDue": report.next_due.isoformat() if report.next_due else None,
    }
    if form == "json":
        return words | {"diagnostics": [as_data(diagnostic) for diagnostic in diagnostics]}
    if form == "github":
        from paperblog.commands.formats import as_github

        here = _from_here(diagnostics, site)
        summary = as_text(here, False) + _due(report, site) + tally(diagnostics)
        return words | {"text": as_github(here), "summary": summary}
    if form == "sarif":
        from paperblog.commands.formats import as_sarif

        return words | {"text": as_sarif(_from_here(diagnostics, site), __version__)}
    text = as_text(diagnostics, wants_color(stream))
    return words | {"text": text + _due(report, site) + tally(diagnostics)}


def _due(report: Report, site: Workplace) -> str:
    """When the next note is published; nothing where notes are shown before their dates."""
    due = report.next_due
    if due is None or any(entry.due for entry in report.site.by_path().values()):
        return ""
    return f"The next note is due on {due:%Y-%m-%d %H:%M} ({site.config.timezone}).\n"


def _from_here(diagnostics: tuple[Diagnostic, ...], site: Workplace) -> list[Diagnostic]:
    """The diagnostics with paths from the current folder, which a code host takes them from."""
    above = os.path.relpath(site.root).replace(os.sep, "/")
    if above == ".":
        return list(diagnostics)
    return [
        replace(d, span=replace(d.span, path=f"{above}/{d.span.path}")) if d.span.path else d
        for d in diagnostics
    ]


def tally(diagnostics: tuple[Diagnostic, ...]) -> str:
    """How many errors and warnings there are, in a line; empty where there are none."""
    errors = sum(diagnostic.is_error for diagnostic in diagnostics)
    warnings = sum(diagnostic.severity == "warning" for diagnostic in diagnostics)
    parts = [
        f"{count} {name}{'s' if count > 1 else ''}"
        for count, name in ((errors, "error"), (warnings, "warning"))
        if count
    ]
    return ", ".join(parts) + "\n" if parts else ""


def period(report: Report) -> tuple[float, float]:
    """The time, in seconds since 1970, in which the same notes are published."""
    first = report.last_shown.timestamp() if report.last_shown else 0.0
    until = report.next_due.timestamp() if report.next_due else _FOREVER
    return min(first, until), until
