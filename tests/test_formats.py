"""Diagnostics for code hosts and editors: what is written can be read back, whole."""

import json
import re
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperblog.commands.formats import as_github, as_sarif
from paperblog.model import codes
from paperblog.model.diagnostic import Diagnostic, Severity, Span

PLACE = Span("notes/byol.md", 41, 17, 41, 23, "minimise", 0)
UNKNOWN = codes.MATH_UNDEFINED.at(PLACE, "unknown command \\KLdiv", "did you mean \\KL?")
LONG = codes.MATH_UNCLOSED.at(Span("notes/a.md", 3, 5, 7, 2), "a formula is not closed")
WHOLE_FILE = codes.NO_TITLE.at(Span("notes/b.md"), "the note has no title")
WHOLE_SITE = codes.NO_BASE_URL.at(Span(""), "no base_url", "set it")
OF_A_PLUGIN = Diagnostic(Severity.WARNING, "my-plugin", "too long", Span("notes/c.md", 1, 1, 1, 2))
EVERY = (UNKNOWN, LONG, WHOLE_FILE, WHOLE_SITE, OF_A_PLUGIN)

# Text with what could break a command or a message, more often than chance would have it.
TRICKY = st.text(
    st.sampled_from("%,:\r\n=;{}[]\\ aé😀0A25") | st.characters(exclude_categories=["Cs"])
)
NUMBERS = st.integers(1, 9)
SPANS = st.builds(Span, TRICKY, NUMBERS, NUMBERS, NUMBERS, NUMBERS) | st.builds(Span, TRICKY)
DIAGNOSTICS = st.builds(
    Diagnostic,
    st.sampled_from(Severity),
    st.sampled_from([code.name for code in codes.ALL]) | TRICKY.filter(bool),
    TRICKY.filter(bool),
    SPANS,
    TRICKY,
)


# ------------------------------------------------------------------ GitHub


def parsed(line: str) -> tuple[str, dict[str, str], str]:
    """A workflow command read as GitHub's runner reads it: name, properties, message."""
    match = re.fullmatch(r"::(\w+)(?: ([^:]*))?::(.*)", line)
    assert match, line
    pairs = [pair.split("=", 1) for pair in (match[2] or "").split(",") if pair]
    properties = {name: unescaped(value, "%3A", "%2C") for name, value in pairs}
    return match[1], properties, unescaped(match[3])


def unescaped(text: str, *more: str) -> str:
    """Undo GitHub's escapes; the per cent sign comes last, or `%250A` would become a line feed."""
    for escape in ("%0D", "%0A", *more, "%25"):
        text = text.replace(escape, unquote_to_bytes(escape).decode())
    return text


def test_a_command_names_kind_place_code_message_and_help() -> None:
    assert as_github([UNKNOWN]) == (
        "::error file=notes/byol.md,line=41,endLine=41,col=17,endColumn=23,title=math-undefined"
        "::unknown command \\KLdiv%0Adid you mean \\KL?\n"
    )


def test_a_place_of_many_lines_has_no_columns() -> None:
    assert as_github([LONG]) == (
        "::error file=notes/a.md,line=3,endLine=7,title=math-unclosed::a formula is not closed\n"
    )


def test_a_whole_file_has_no_line() -> None:
    assert as_github([WHOLE_FILE]) == (
        "::warning file=notes/b.md,title=no-title::the note has no title\n"
    )


def test_a_hint_about_the_whole_site_is_a_notice_without_a_file() -> None:
    assert as_github([WHOLE_SITE]) == "::notice title=no-base-url::no base_url%0Aset it\n"


def test_escapes_are_those_of_the_runner() -> None:
    diagnostic = codes.NO_TITLE.at(Span("a,b:c%.md", 2, 1, 2, 9), "100%: a, b\r\nc %0A")
    assert as_github([diagnostic]) == (
        "::warning file=a%2Cb%3Ac%25.md,line=2,endLine=2,col=1,endColumn=9,title=no-title"
        "::100%25: a, b%0D%0Ac %250A\n"
    )


def test_nothing_is_written_of_nothing() -> None:
    assert as_github([]) == ""


@given(st.lists(DIAGNOSTICS))
def test_commands_read_back_are_the_diagnostics(diagnostics: list[Diagnostic]) -> None:
    lines = as_github(diagnostics).split("\n")
    assert lines.pop() == ""
    assert len(lines) == len(diagnostics)
    for line, diagnostic in zip(lines, diagnostics, strict=True):
        kind, properties, message = parsed(line)
        span = diagnostic.span
        assert kind == {"hint": "notice"}.get(diagnostic.severity, diagnostic.severity)
        assert properties.pop("title") == diagnostic.code
        assert properties.pop("file", "") == span.path
        expected = {"line": span.line, "endLine": span.end_line}
        if span.end_line <= span.line:
            expected |= {"col": span.column, "endColumn": span.end_column}
        assert properties == {name: str(value) for name, value in expected.items() if value}
        parts = (diagnostic.message, diagnostic.help)
        assert message == "\n".join(part for part in parts if part)


# ------------------------------------------------------------------ SARIF

LEVELS = ("error", "warning", "note")


def run_of(diagnostics: list[Diagnostic] | tuple[Diagnostic, ...]) -> dict[str, Any]:
    """The run of a log, after the log is checked for what SARIF requires."""
    log = json.loads(as_sarif(diagnostics, "1.2.3"))
    assert set(log) == {"$schema", "version", "runs"}
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("/sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    assert set(run) == {"tool", "invocations", "columnKind", "results"}
    assert run["columnKind"] == "unicodeCodePoints"
    assert set(run["tool"]) == {"driver"}
    driver = run["tool"]["driver"]
    assert set(driver) == {"name", "version", "rules"}
    assert (driver["name"], driver["version"]) == ("paperblog", "1.2.3")
    check_rules(driver["rules"])
    for result in run["results"]:
        check_result(result, driver["rules"])
    return dict(run)


def check_rules(rules: list[dict[str, Any]]) -> None:
    names = [rule["id"] for rule in rules]
    assert len(names) == len(set(names))
    for rule in rules:
        assert set(rule) == {"id", "shortDescription", "defaultConfiguration"}
        check_message(rule["shortDescription"])
        assert rule["defaultConfiguration"]["level"] in LEVELS


def check_result(result: dict[str, Any], rules: list[dict[str, Any]]) -> None:
    assert set(result) - {"ruleIndex"} == {"ruleId", "level", "message", "locations"}
    assert result["level"] in LEVELS
    check_message(result["message"])
    if "ruleIndex" in result:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    else:
        assert result["ruleId"] not in [rule["id"] for rule in rules]
    (location,) = result["locations"]
    assert set(location) == {"physicalLocation"}
    place = location["physicalLocation"]
    assert set(place) - {"region"} == {"artifactLocation"}
    check_address(place["artifactLocation"])
    if "region" in place:
        check_region(place["region"])


def check_message(message: dict[str, str]) -> None:
    """A message is text without a placeholder: single braces would be one."""
    assert set(message) == {"text"}
    assert message["text"]
    rest = message["text"].replace("{{", "").replace("}}", "")
    assert "{" not in rest
    assert "}" not in rest


def check_address(address: dict[str, str]) -> None:
    """An address is relative, and only of signs that RFC 3986 lets stand."""
    assert set(address) == {"uri", "uriBaseId"}
    assert address["uriBaseId"] == "%SRCROOT%"
    assert re.fullmatch(r"(?:[\w.~/-]|%[0-9A-F]{2})+", address["uri"], re.ASCII)
    assert urlsplit(address["uri"]).scheme == ""


def check_region(region: dict[str, int]) -> None:
    assert set(region) <= {"startLine", "startColumn", "endLine", "endColumn"}
    assert region["startLine"] >= 1
    assert all(number >= 1 for number in region.values())


def test_a_result_has_rule_level_message_and_place() -> None:
    (result,) = run_of([UNKNOWN])["results"]
    assert result == {
        "ruleId": "math-undefined",
        "ruleIndex": 0,
        "level": "error",
        "message": {"text": "unknown command \\KLdiv\ndid you mean \\KL?"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "notes/byol.md", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 41, "startColumn": 17, "endLine": 41, "endColumn": 23},
                }
            }
        ],
    }


def test_rules_are_the_known_codes_that_occur_each_once() -> None:
    rules = run_of([*EVERY, *EVERY])["tool"]["driver"]["rules"]
    occurring = {diagnostic.code for diagnostic in EVERY}
    known = [code for code in codes.ALL if code.name in occurring]
    assert [rule["id"] for rule in rules] == [code.name for code in known]
    levels = [rule["defaultConfiguration"]["level"] for rule in rules]
    assert levels == [{"hint": "note"}.get(code.severity, code.severity) for code in known]


def test_a_rule_says_what_its_code_means() -> None:
    (rule,) = run_of([WHOLE_FILE])["tool"]["driver"]["rules"]
    assert rule["shortDescription"]["text"] == codes.NO_TITLE.meaning


def test_every_code_makes_a_sound_rule() -> None:
    run = run_of([code.at(PLACE, "message") for code in codes.ALL])
    assert len(run["tool"]["driver"]["rules"]) == len(run["results"]) == len(codes.ALL)


def test_a_whole_file_has_no_region() -> None:
    (result,) = run_of([WHOLE_FILE])["results"]
    assert "region" not in result["locations"][0]["physicalLocation"]


def test_what_concerns_the_whole_site_is_a_notification_of_the_run() -> None:
    run = run_of([UNKNOWN, WHOLE_SITE])
    assert [result["ruleId"] for result in run["results"]] == ["math-undefined"]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is True
    (notification,) = invocation["toolConfigurationNotifications"]
    rule = notification["associatedRule"]
    assert run["tool"]["driver"]["rules"][rule["index"]]["id"] == rule["id"] == "no-base-url"
    assert notification["level"] == "note"
    assert notification["message"] == {"text": "no base_url\nset it"}


def test_a_code_of_a_plugin_stands_without_a_rule() -> None:
    run = run_of([OF_A_PLUGIN])
    assert run["tool"]["driver"]["rules"] == []
    assert run["results"][0]["ruleId"] == "my-plugin"


def test_braces_in_a_message_hold_no_places() -> None:
    (result,) = run_of([codes.MATH_SYNTAX.at(PLACE, "expected '}' in \\frac{0}")])["results"]
    assert result["message"]["text"] == "expected '}}' in \\frac{{0}}"


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("notes/a b.md", "notes/a%20b.md"),
        ("notes/é.md", "notes/%C3%A9.md"),
        ("c:d/100%.md", "c%3Ad/100%25.md"),
        ("notes/a#b?c.md", "notes/a%23b%3Fc.md"),
        ("notes/\udcff.md", "notes/%FF.md"),
    ],
)
def test_an_address_is_the_path_in_per_cent_signs(path: str, address: str) -> None:
    (result,) = run_of([codes.NO_TITLE.at(Span(path), "no title")])["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == address


def test_half_a_surrogate_pair_does_not_stop_a_report() -> None:
    diagnostic = codes.NO_TITLE.at(Span("notes/\udcff.md"), "\udcff has no title")
    assert as_github([diagnostic]).encode() == (
        b"::warning file=notes/?.md,title=no-title::? has no title\n"
    )
    assert run_of([diagnostic])["results"][0]["message"]["text"] == "? has no title"


def test_a_log_of_nothing_has_a_run_without_results() -> None:
    run = run_of([])
    assert run["results"] == run["tool"]["driver"]["rules"] == []


@given(st.lists(DIAGNOSTICS, max_size=5))
def test_results_read_back_are_the_diagnostics(diagnostics: list[Diagnostic]) -> None:
    run = run_of(diagnostics)
    placed = [diagnostic for diagnostic in diagnostics if diagnostic.span.path]
    assert len(run["results"]) == len(placed)
    for result, diagnostic in zip(run["results"], placed, strict=True):
        text = result["message"]["text"].replace("{{", "{").replace("}}", "}")
        assert text == "\n".join(filter(None, (diagnostic.message, diagnostic.help)))
        place = result["locations"][0]["physicalLocation"]
        uri = place["artifactLocation"]["uri"]
        assert unquote_to_bytes(uri).decode() == diagnostic.span.path
        assert place.get("region", {}).get("startLine", 0) == diagnostic.span.line
