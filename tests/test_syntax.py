"""The tables of syntax: every case of `syntax/*.md`, its HTML and what is said about it.

A case is a heading with its title, and blocks fenced by eight backticks: `input`, then `html`,
`title` where the note's title matters, and `problems` where something is said. In an input `→` is
a tab. Slots are shown by what they stand for (see `dialect.readable`). `--rewrite` writes what
comes of each input; the diff is the review.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from dialect import Parsed, parse, readable

FOLDER = Path(__file__).parent / "syntax"
FENCE = "`" * 8
EXCERPT = "⟨the excerpt ends here⟩\n"

_CASE = re.compile(r"^## (?P<title>.+)\n(?P<rest>(?:(?!^## ).*\n)*)", re.MULTILINE)
_SECTION = re.compile(rf"^{FENCE} (?P<name>\w+)\n(?P<text>(?:.*\n)*?){FENCE}$", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    """One case of a table, with its sections by name and its place in the file."""

    file: Path
    title: str
    sections: dict[str, str]


def cases(file: Path) -> list[Case]:
    found = []
    for case in _CASE.finditer(hide_fenced_headings(file.read_text(encoding="utf-8"))):
        sections = {s["name"]: show(s["text"]) for s in _SECTION.finditer(case["rest"])}
        found.append(Case(file, case["title"], sections))
    return found


def hide_fenced_headings(text: str) -> str:
    """The text with `##` at the start of fenced lines marked, so that no case begins there."""
    return re.sub(
        rf"^{FENCE} \w+\n(?:.*\n)*?{FENCE}$",
        lambda block: re.sub(r"^## ", "\x01 ", block[0], flags=re.MULTILINE),
        text,
        flags=re.MULTILINE,
    )


def show(text: str) -> str:
    return re.sub(r"^\x01 ", "## ", text, flags=re.MULTILINE)


def outcome(case: Case) -> dict[str, str]:
    """The sections that come of a case's input."""
    parsed = parse(case.sections["input"].replace("→", "\t"))
    sections = {"input": case.sections["input"]}
    if "title" in case.sections:
        sections["title"] = readable(parsed.note, parsed.note.title.markup) + "\n"
    sections["html"] = parsed.html
    if case.file.stem == "excerpt":
        shown, rest = parsed.markup[: parsed.excerpt], parsed.markup[parsed.excerpt :]
        sections["html"] = readable(parsed.note, shown) + EXCERPT + readable(parsed.note, rest)
    if lines := said(case, parsed):
        sections["problems"] = "".join(f"{line}\n" for line in lines)
    return sections


def said(case: Case, parsed: Parsed) -> list[str]:
    """The diagnostics; most cases have no title, which only those about titles want to hear."""
    about_titles = "title" in case.sections
    return [line for line in parsed.problems if about_titles or " no-title " not in line]


def write(file: Path) -> None:
    """Rewrite a table with what comes of its inputs; its other text stays."""
    text = file.read_text(encoding="utf-8")
    parts = []
    for case in cases(file):
        sections = outcome(case).items()
        blocks = [f"{FENCE} {name}\n{content}{FENCE}\n" for name, content in sections]
        parts.append(f"## {case.title}\n\n" + "\n".join(blocks))
    intro = text[: text.index("\n## ")].rstrip("\n")
    file.write_text(intro + "\n\n" + "\n".join(parts), encoding="utf-8")


FILES = sorted(FOLDER.glob("*.md"))
ALL = [case for file in FILES for case in cases(file)]


@pytest.mark.parametrize("case", ALL, ids=[f"{case.file.stem}: {case.title}" for case in ALL])
def test_what_comes_of_a_syntax_is_what_its_table_says(
    case: Case, request: pytest.FixtureRequest
) -> None:
    if request.config.getoption("--rewrite", default=False):
        if case.title == cases(case.file)[0].title:
            write(case.file)
        return
    assert outcome(case) == case.sections


def test_every_table_holds_cases_and_no_title_stands_twice() -> None:
    assert len(FILES) >= 18
    for file in FILES:
        titles = [case.title for case in cases(file)]
        assert titles, f"{file.name} holds no case"
        assert len(titles) == len(set(titles)), f"{file.name} repeats a title"
