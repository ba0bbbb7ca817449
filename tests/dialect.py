"""What the tests of the dialect share: a note parsed from a text, and its body made readable."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from sites import ROOT

from paperblog.adapters.theme import JinjaTheme
from paperblog.markdown.context import Context
from paperblog.markdown.parser import build_parser
from paperblog.model.config import Config
from paperblog.model.diagnostic import by_place
from paperblog.model.formula import Formula
from paperblog.model.note import Kind, Note, Source
from paperblog.model.text import Text
from paperblog.steps.load import decode
from paperblog.steps.parser import Parser, Tools

ENGLISH = JinjaTheme(ROOT / "none", ROOT / "templates", ROOT).texts("en")
LANGUAGES = ("latex", "python", "text")


class Upper:
    """A highlighter of three languages that puts the code into capitals."""

    identity = "upper"

    def highlight(self, code: str, language: str) -> str | None:
        return escape(code.upper(), quote=False) if language in LANGUAGES else None

    def nearest(self, language: str) -> str:
        return "python" if language.startswith("p") else ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A note with its text, its body's HTML with slots, and where the excerpt ends."""

    source: str
    note: Note
    markup: str
    excerpt: int

    @property
    def formulas(self) -> tuple[Formula, ...]:
        return self.note.formulas

    @property
    def problems(self) -> list[str]:
        """The diagnostics as `line:column code message`, sorted by place."""
        return [
            f"{d.span.line}:{d.span.column} {d.code} {d.message}"
            for d in by_place(self.note.diagnostics)
        ]

    @property
    def codes(self) -> list[str]:
        return [d.code for d in by_place(self.note.diagnostics)]

    @property
    def html(self) -> str:
        """The body with its slots in a readable form."""
        return readable(self.note, self.markup)


def tools(config: Config | None = None) -> Tools:
    """What parsing needs, with a highlighter of three languages and no plugin."""
    return Tools(
        config=config or Config(),
        engine="none",
        highlighter=Upper(),
        plugins=(),
        program="program",
        plugin_key="",
    )


def parse(text: str, config: Config | None = None, path: str = "notes/case.md") -> Parsed:
    """Parse the text of a note's file, as a build does."""
    content = decode(text.encode())
    parsed = Parser(tools(config)).parse(Source(path, Kind.NOTE, ""), content, {})
    return Parsed(content, parsed.note, parsed.body.markup, parsed.body.excerpt)


def context_of(text: str) -> Context:
    """The context of a text without front matter."""
    return Context(Text("case.md", text), 0, Upper(), "none", "html", {})


def render(text: str) -> tuple[str, Context]:
    """The HTML, with slots, that the dialect's Markdown parser makes of a text by itself."""
    context = context_of(text)
    return build_parser().render(text, context.environment()), context


def readable(note: Note, markup: str) -> str:
    """A body with its slots replaced by what they stand for."""
    formulas = {formula.key: formula for formula in note.formulas}

    def show(match: re.Match[str]) -> str:
        letter, value = match[1], match[2]
        if letter == "f":
            formula = formulas[value.partition(" ")[0]]
            return f"⟨{'display' if formula.display else 'math'}: {formula.tex}⟩"
        if letter in "pq":
            return ""
        if letter == "d":
            index, *size = value.split(" ")
            if size[2:] == ["size"]:
                return f" ⟨size of {note.references[int(index)].target}⟩"
            given = zip(("width", "height"), size, strict=False)
            pixels = "".join(f' {name}="{number}"' for name, number in given if number != "0")
            return f' src="{note.references[int(index)].target}"{pixels}'
        if letter in "lat":
            reference = note.references[int(value)]
            target = reference.target + (f"#{reference.fragment}" if reference.fragment else "")
            return {"l": target, "a": f' href="{target}"', "t": f"⟨title: {target}⟩"}[letter]
        if letter == "w":
            name, _, word = value.partition(" ")
            return ENGLISH.of()(name, value=word)
        return {"i": value, "n": f"#{value}", "h": f"h{value}"}[letter]

    return re.sub(r"\0(.)(.*?)\0", show, markup)
