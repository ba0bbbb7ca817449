"""Diagnostics in the forms that code hosts and editors read."""

import json
from collections.abc import Sequence
from urllib.parse import quote

from paperblog.model import codes
from paperblog.model.diagnostic import Code, Diagnostic, Severity, Span

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "notice"}
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "note"}
_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def as_github(diagnostics: Sequence[Diagnostic]) -> str:
    """A workflow command for each diagnostic, which GitHub shows beside the line that it is about.

    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
    """
    return "".join(f"{_command(diagnostic)}\n" for diagnostic in diagnostics)


def as_sarif(diagnostics: Sequence[Diagnostic], version: str) -> str:
    """A SARIF 2.1.0 log of one run, as JSON; `version` is paperblog's.

    What concerns no file is a notification of the run: GitHub refuses a whole log for one result
    without a place. https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
    """
    occurring = {diagnostic.code for diagnostic in diagnostics}
    rules = [code for code in codes.ALL if code.name in occurring]
    indexes = {rule.name: index for index, rule in enumerate(rules)}
    placed = [diagnostic for diagnostic in diagnostics if diagnostic.span.path]
    general = [diagnostic for diagnostic in diagnostics if not diagnostic.span.path]
    driver = {"name": "paperblog", "version": version, "rules": [_rule(rule) for rule in rules]}
    run = {
        "tool": {"driver": driver},
        "invocations": [_invocation(general, indexes)],
        "columnKind": "unicodeCodePoints",
        "results": [_result(diagnostic, indexes) for diagnostic in placed],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _command(diagnostic: Diagnostic) -> str:
    span = diagnostic.span
    properties: dict[str, str | int] = {
        "file": span.path,
        "line": span.line,
        "endLine": span.end_line,
        "col": span.column,
        "endColumn": span.end_column,
        "title": diagnostic.code,
    }
    # GitHub takes columns only where both are of one line.
    if span.end_line > span.line:
        del properties["col"], properties["endColumn"]
    listed = ",".join(
        f"{name}={_escaped_property(str(value))}" for name, value in properties.items() if value
    )
    return f"::{_COMMANDS[diagnostic.severity]} {listed}::{_escaped(_message(diagnostic))}"


def _escaped_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _escaped(text: str) -> str:
    return _sound(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _rule(code: Code) -> dict[str, object]:
    return {
        "id": code.name,
        "shortDescription": _sarif_text(code.meaning),
        "defaultConfiguration": {"level": _LEVELS[code.severity]},
    }


def _invocation(diagnostics: Sequence[Diagnostic], indexes: dict[str, int]) -> dict[str, object]:
    """That paperblog ran to its end, and what it has to say that concerns no file."""
    notifications = [
        {
            "associatedRule": _reference(diagnostic.code, indexes, "id", "index"),
            "level": _LEVELS[diagnostic.severity],
            "message": _sarif_text(_message(diagnostic)),
        }
        for diagnostic in diagnostics
    ]
    return {"executionSuccessful": True, "toolConfigurationNotifications": notifications}


def _result(diagnostic: Diagnostic, indexes: dict[str, int]) -> dict[str, object]:
    return {
        **_reference(diagnostic.code, indexes, "ruleId", "ruleIndex"),
        "level": _LEVELS[diagnostic.severity],
        "message": _sarif_text(_message(diagnostic)),
        "locations": [{"physicalLocation": _location(diagnostic.span)}],
    }


def _reference(code: str, indexes: dict[str, int], name: str, index: str) -> dict[str, object]:
    """A rule's name and its place among the rules; a plugin's codes have none there."""
    return {name: code, index: indexes[code]} if code in indexes else {name: code}


def _location(span: Span) -> dict[str, object]:
    """A file with its part, if a part is meant; columns count as ours do, the end exclusive."""
    # A file's name need not be UTF-8; its address has the bytes that it has on disk.
    address = quote(span.path, errors="surrogateescape")
    location: dict[str, object] = {
        "artifactLocation": {"uri": address, "uriBaseId": "%SRCROOT%"},
    }
    region = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
    if span.line:
        location["region"] = {name: number for name, number in region.items() if number}
    return location


def _sarif_text(text: str) -> dict[str, str]:
    """A message in which braces mean themselves: single ones hold places (SARIF, 3.11.5)."""
    return {"text": _sound(text).replace("{", "{{").replace("}", "}}")}


def _message(diagnostic: Diagnostic) -> str:
    return "\n".join(filter(None, (diagnostic.message, diagnostic.help)))


def _sound(text: str) -> str:
    """Text that can be encoded: half a surrogate pair, as in a file's name, is replaced."""
    return text.encode("utf-8", "replace").decode("utf-8")
