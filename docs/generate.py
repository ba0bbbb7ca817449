"""Write the generated parts of the documentation: `make docs`.

A part stands in its file between `<!-- generated: NAME -->` and `<!-- end: NAME -->`; everything
around it is written by hand. `tests/test_docs.py` fails where a part is out of date.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

import msgspec.structs

from paperblog import cli
from paperblog.model import codes, part, view
from paperblog.model.diagnostic import Code
from paperblog.model.text import Text
from paperblog.schema import configuration, front_matter
from paperblog.schema.readers import Field

DOCS = Path(__file__).parent
THEME = DOCS.parent / "templates"
EXAMPLES = DOCS / "examples"

# Templates with the view that each shows; `base.html` is what they extend.
VIEWS: dict[str, type] = {
    "list.html": view.ListView,
    "note.html": view.NoteView,
    "page.html": view.StandalonePageView,
    "terms.html": view.IndexView,
    "archive.html": view.ArchiveView,
    "papers.html": view.PapersView,
    "papers.bib": view.BibliographyView,
    "search.html": view.SearchView,
    "404.html": view.NotFoundView,
    "redirect.html": view.RedirectView,
    "feed.xml": view.FeedView,
    "feed.json": view.FeedView,
    "sitemap.xml": view.SitemapView,
    "sitemap-index.xml": view.SitemapView,
    "llms.txt": view.PlainIndexView,
    "robots.txt": view.RobotsView,
}

# Every type that a template meets, by its name: the views, and what they are made of.
TYPES: dict[str, type] = {
    name: kind
    for name, kind in (vars(part) | vars(view)).items()
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind is not msgspec.Struct
}

# Ways out that the message itself has no room for.
CURES = {
    "not-utf8": "Open the file in an editor that knows its old encoding and save it as UTF-8.",
    "unreadable": "Look at the file's permissions. A symbolic link must stay inside the site and "
    "lead to a file.",
    "too-deep": "More than about a hundred levels are nearly always a mistake in a script.",
    "math-undefined": "Define the command under `[math.macros]` in the configuration, or under "
    "`macros` in the note. [Which commands there are](math.md#what-katex-knows).",
    "math-unclosed": "Where no formula is meant, write `\\$` for a dollar sign.",
    "math-limit": "The [limits](math.md#limits) are far above what a reader can take in. Look for "
    "a macro that uses itself.",
    "math-entity": "In raw HTML and in `$latex …$` entities are decoded. Elsewhere write the sign.",
    "math-lookalike": "Write `$x$` without blanks. [What is a formula](math.md#what-is-a-formula).",
    "math-escape": "Take the backslash away. A whole blog is mended by "
    "[a command](math.md#from-other-blogs).",
    "unused-macro": "Remove it. A macro of the configuration counts as used by drafts as well.",
    "math-syntax": "The words are KaTeX's. Look at the caret, and left of it.",
    "unpublished-note": "Nothing, if the other note is about to come. The link appears with it.",
    "unknown-heading": "Ids come from headings: `## Part two` is `#part-two`. "
    "Write `## Part two {#two}` to name one yourself.",
    "unknown-file": "Names are compared letter by letter, capitals too.",
    "unsafe-link": "Web addresses, mail addresses and files of the site are what a reader can "
    "follow.",
    "broken-image": "Open it in an image editor and save it anew, or make it smaller.",
    "remote-file": "Save the file beside the note, if its licence allows it, and name it there.",
    "no-search": "`pip install 'pagefind[bin]'` brings the program for most systems.",
    "broken-link": "The message stands where the link was written. If it is right there, the site "
    "may be older than the notes: build it again.",
    "link-case": "Name the file as it is spelled. macOS and Windows open it all the same, "
    "a server does not.",
    "outside-link": "Write links relative to the page, or let Markdown do it: "
    '`[x](/about/)` works in every folder, `<form action="/about/">` does not.',
    "foreign-resource": "Keep a copy beside the note. Where the other host is meant, put "
    "`foreign-resource` into the note's `ignore`.",
    "unreachable-page": "Link to it, list it in the navigation, or mark the note as `unlisted`.",
    "dead-link": "Look for a new address, or link to a copy in an archive of the web.",
    "unknown-host": "The domain has lapsed, or its name is misspelt.",
    "failing-link": "Wait. What fails for weeks is dead.",
    "refusing-link": "Open it in a browser. If it is there, put it into `ignore` under `[links]`.",
    "no-base-url": "Set `base_url`, or pass `--base-url` where you publish. A site that is only "
    "read from disk needs neither.",
    "plugin-failed": "The rest of the site is still checked. The message names the plugin and the "
    "Python error; the fault is the plugin's.",
    "yaml-syntax": "A title with a colon or with TeX wants single quotes: `title: 'A: $\\beta$'`.",
    "unknown-key": "The [reference](reference.md) lists all keys.",
    "wrong-value": "The [reference](reference.md) says what each key takes.",
    "wrong-date": "The month comes before the day, and both have two digits.",
    "duplicate-address": "Change the `slug` of one note. Addresses that differ by capitals alone "
    "count as one, since they are one file on some systems.",
}


def main() -> None:
    """Write every part into its file."""
    texts = {path: renewed(path.read_text(encoding="utf-8")) for path in DOCS.glob("*.md")}
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")


def renewed(text: str) -> str:
    """A document with its generated parts made anew."""
    mark = re.compile(r"(<!-- generated: ([\w-]+) -->\n).*?(<!-- end: \2 -->)", re.DOTALL)
    return mark.sub(lambda match: f"{match[1]}{_spaced(PARTS[match[2]]())}{match[3]}", text)


def _spaced(part: str) -> str:
    """A part with one blank line around it, and between its paragraphs."""
    return re.sub(r"\n{3,}", "\n\n", f"\n{part.strip()}\n\n")


# ---------------------------------------------------------------- keys


def front_matter_keys() -> str:
    """The keys of a note, as a table."""
    return _keys(front_matter.Keys(Text("", ""), ZoneInfo("UTC")).all())


def configuration_keys() -> str:
    """The keys of the configuration, as a table."""
    return _keys(configuration.Keys(Text("", "")).all())


def _keys(fields: Iterable[Field[object]]) -> str:
    return "\n" + _table(("key", "takes", "meaning"), map(_key, fields))


def _key(field: Field[object]) -> tuple[str, str, str]:
    also = f" (or `{field.also}`)" if field.also else ""
    # What a table holds by default is said in its meaning.
    has_default = isinstance(field.default, str | int) and field.default not in ("", False)
    default = "true" if field.default is True else field.default
    told = f" Default: `{default}`." if has_default else ""
    return f"`{field.name}`{also}", field.form, field.meaning + told


# ---------------------------------------------------------------- commands


def commands() -> str:
    """Every command with its arguments, from the command line's own parser."""
    actions = cli._parser()._actions
    found = next(action for action in actions if isinstance(action, argparse._SubParsersAction))
    words = {choice.dest: choice.help for choice in found._choices_actions}
    return "".join(_command(*item, words) for item in found.choices.items()) + "\n"


def _command(name: str, parser: argparse.ArgumentParser, words: Mapping[str, str | None]) -> str:
    actions = [action for action in parser._actions if action.dest != "help"]
    usage = " ".join(["paperblog", name, "[OPTIONS]" if _has_options(actions) else ""]).strip()
    for action in actions:
        if not action.option_strings:
            named = str(action.metavar or action.dest).upper()
            forms = {"?": f" [{named}]", "*": f" [{named} …]"}
            usage += forms.get(str(action.nargs), f" {named}")
    rows = [(f"`{_spelled(action)}`", _help(action)) for action in actions]
    heading = f"### paperblog {name}\n\n{_sentence(words[name])}\n\n```\n{usage}\n```\n\n"
    return f"\n{heading}{_table(('argument', 'meaning'), rows)}".removesuffix("\n")


def _has_options(actions: Iterable[argparse.Action]) -> bool:
    return any(action.option_strings for action in actions)


def _help(action: argparse.Action) -> str:
    words = action.help or ""
    is_told = action.nargs == 0 or action.default is None or "default" in words
    return words if is_told else f"{words} (default: {action.default})"


def _spelled(action: argparse.Action) -> str:
    metavar = action.metavar or (
        "{" + ",".join(map(str, action.choices)) + "}" if action.choices else action.dest.upper()
    )
    if not action.option_strings:
        return str(metavar).upper()
    names = ", ".join(action.option_strings)
    return names if action.nargs == 0 else f"{names} {metavar}"


# ---------------------------------------------------------------- diagnostics


def diagnostics() -> str:
    """A table of all codes, and a section for each."""
    rows = [
        (f"[`{code.name}`](#{code.name})", str(code.severity), code.meaning) for code in codes.ALL
    ]
    table = _table(("code", "severity", "meaning"), rows)
    return f"\n{table}" + "".join(map(_code, codes.ALL)) + "\n"


def _code(code: Code) -> str:
    parts = [f"### {code.name}", f"*{str(code.severity).capitalize()}.* {code.meaning}"]
    if example := printed_examples().get(code.name):
        parts.append(f"```text\n{example}\n```")
    if cure := CURES.get(code.name):
        parts.append(f"What to do: {cure}")
    return "\n" + "\n\n".join(parts) + "\n"


@cache
def printed_examples() -> dict[str, str]:
    """What `paperblog check` says of the broken site in `examples/`: one message a code."""
    found: dict[str, str] = {}
    for message in _check(EXAMPLES / "broken").split("\n\n"):
        if code := re.search(r"\[([\w-]+)\]: ", message):
            found.setdefault(code[1], message.rstrip())
    return found


def _check(site: Path) -> str:
    """The output of the command, on a copy, since a build leaves its cache in the site."""
    output = io.StringIO()
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(output):
        copy = shutil.copytree(site, Path(folder, "site"))
        status = cli.main(["check", str(copy), "--no-cache", "--jobs", "1"])
    if status != cli.ERRORS:
        raise SystemExit(f"paperblog check ended with status {status} in {site}")
    return output.getvalue()


# ---------------------------------------------------------------- templates


def views() -> str:
    """The templates with their views, and every value that a view holds."""
    rows = [(f"`{template}`", _link(kind)) for template, kind in VIEWS.items()]
    kinds = list(get_args(view.View))
    held = [kind for kind in TYPES.values() if kind not in kinds]
    table = _table(("template", "`view` is a"), rows)
    return f"\n{table}" + "".join(map(_view, [*kinds, *held])) + "\n"


def _view(kind: Any) -> str:
    rows = [(f"`{field.name}`", _type(field.type)) for field in msgspec.structs.fields(kind)]
    words = re.sub(r"\n\s+", lambda gap: "\n\n" if gap[0].count("\n") > 1 else " ", kind.__doc__)
    table = _table(("value", "type"), rows)
    return f"\n### {kind.__name__}\n\n{words.strip()}\n\n{table}".removesuffix("\n")


def _type(kind: Any) -> str:
    """A type in words."""
    name = kind.__name__ if isinstance(kind, type) and not get_args(kind) else str(kind)
    name = re.sub(r"\b\w+\.(?=\w)|['\"]|ForwardRef\(|\)", "", name)
    name = re.sub(r"tuple\[(\w+), \.\.\.\]", r"list of \1", name)
    name = re.sub(r"tuple\[tuple\[(.*?)\], \.\.\.\]", r"list of pairs (\1)", name)
    name = name.replace("Mapping[str, object]", "table").replace(" | ", " or ")
    return re.sub(r"\w+", lambda word: _word(word[0]), name)


def _word(name: str) -> str:
    if name in TYPES:
        return _link(TYPES[name])
    return {"str": "text", "bool": "true or false", "int": "number"}.get(name, name)


def _link(kind: type) -> str:
    return f"[{kind.__name__}](#{kind.__name__.lower()})"


def blocks() -> str:
    """The blocks that a template of the site can fill, by template."""
    rows = []
    for path in sorted(THEME.glob("*.*")):
        names = re.findall(r"{%-? block (\w+)", path.read_text(encoding="utf-8"))
        if names:
            rows.append((f"`{path.name}`", ", ".join(f"`{name}`" for name in names)))
    return "\n" + _table(("template", "blocks"), rows)


def variables() -> str:
    """The variables of the style sheet with their values."""
    style = (THEME / "assets" / "style.css").read_text(encoding="utf-8")
    root = style[style.index(":root {") : style.index("\n}", style.index(":root {"))]
    pairs = re.findall(r"(--[\w-]+):\s*([^;]+);", root)
    rows = [(f"`{name}`", f"`{' '.join(value.split())}`") for name, value in pairs]
    return "\n" + _table(("variable", "value"), rows)


# ---------------------------------------------------------------- examples


def _file(name: str, language: str) -> Callable[[], str]:
    def part() -> str:
        text = (EXAMPLES / name).read_text(encoding="utf-8").rstrip()
        return f"\n```{language}\n{text}\n```\n\n"

    return part


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    cells = [[cell.replace("|", "\\|") for cell in line] for line in lines]
    return "".join(f"| {' | '.join(line)} |\n" for line in cells) + "\n"


def _sentence(words: str | None) -> str:
    words = words or ""
    return f"{words[:1].upper()}{words[1:]}."


PARTS: dict[str, Callable[[], str]] = {
    "front-matter": front_matter_keys,
    "configuration": configuration_keys,
    "commands": commands,
    "diagnostics": diagnostics,
    "views": views,
    "blocks": blocks,
    "variables": variables,
    "plugin": _file("plugin/formula_index.py", "python"),
    "template-base": _file("templates/base.html", "jinja"),
    "template-note": _file("templates/note.html", "jinja"),
    "template-css": _file("templates/assets/custom.css", "css"),
    "template-texts": _file("templates/texts/en.toml", "toml"),
}


if __name__ == "__main__":
    os.environ["NO_COLOR"] = "1"
    main()
