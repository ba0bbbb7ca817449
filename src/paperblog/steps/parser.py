"""The parser: from the text of one source to its note, whatever the other notes are."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from markdown_it import MarkdownIt
from msgspec import Struct
from msgspec.structs import replace

from paperblog.markdown.context import Context
from paperblog.markdown.links import refer
from paperblog.markdown.parser import build_parser, parse_body, parse_line
from paperblog.model import codes
from paperblog.model.config import Config
from paperblog.model.diagnostic import Diagnostic
from paperblog.model.digest import digest
from paperblog.model.note import Body, Kind, Note, Phrase, Source
from paperblog.model.slug import slugify
from paperblog.model.text import Text
from paperblog.plugins import Plugin
from paperblog.ports import Highlighter
from paperblog.schema.front_matter import FrontMatter, read_front_matter
from paperblog.schema.readers import parse_moment
from paperblog.steps.blocks import RememberingHighlighter
from paperblog.steps.emblem import emblem_of
from paperblog.steps.hooks import HookError, failed, teach, transformed
from paperblog.tex.prepare import prepare_macro

_DATED = re.compile(r"(\d{4}-\d{2}-\d{2})[-_ ]?(.*)")
_SUMMARY = 200


class Tools(Struct, frozen=True):
    """What parsing needs beside the text.

    `program` names our own source code, `plugin_key` the plugins' and what they read.
    """

    config: Config
    engine: str
    highlighter: Highlighter
    plugins: tuple[Plugin, ...]
    program: str
    plugin_key: str

    def key(self) -> str:
        """Names everything that a note depends on beside its own file."""
        config = self.config
        flat = [part for macro in config.macros for part in (macro.name, macro.body)]
        return digest(
            self.program,
            self.engine,
            self.highlighter.identity,
            config.timezone,
            config.math_output,
            config.double_dollars,
            config.html,
            *config.own,
            digest(*flat),
            self.plugin_key,
        )


class Parsed(Struct, frozen=True):
    """A note with its body and excerpt, as one source gives them, and its highlighted code."""

    note: Note
    body: Body
    excerpt: Body
    blocks: Mapping[str, str]


class Parser:
    """Parses one source after the other with one markdown-it parser."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._zone = tools.config.zone()
        self._md = self._taught(tools.plugins)

    def parse(self, source: Source, content: str, known: Mapping[str, str]) -> Parsed:
        """The note and body of a source, given its decoded text and the blocks of the last time.

        A note on which a plugin's syntax fails is parsed without that plugin, and says so.
        """
        md, working, failures = self._md, self._tools.plugins, []
        while True:
            try:
                parsed = self._parse(source, content, md, known)
                break
            except HookError as error:
                failures.append(failed(error.plugin, error.error, source.path))
                working = tuple(plugin for plugin in working if plugin is not error.plugin)
                md = self._taught(working)
        note = parsed.note
        if failures:
            note = replace(note, diagnostics=(*note.diagnostics, *failures))
        return replace(parsed, note=transformed(note, self._tools.plugins))

    def _taught(self, plugins: Sequence[Plugin]) -> MarkdownIt:
        """A parser with the syntaxes of plugins."""
        return build_parser(
            [partial(teach, plugin, syntax) for plugin in plugins for syntax in plugin.syntaxes]
        )

    def _parse(
        self, source: Source, content: str, md: MarkdownIt, known: Mapping[str, str]
    ) -> Parsed:
        text = Text(source.path, content)
        diagnostics: list[Diagnostic] = []
        matter = read_front_matter(text, self._zone, diagnostics)
        highlighter = RememberingHighlighter(self._tools.highlighter, known)
        context = self._context(text, matter, highlighter, diagnostics)
        title = parse_line(context, matter.title, matter.title_place) if matter.title else None
        description = parse_line(context, matter.description, matter.description_place)
        parsed = parse_body(md, context, title.plain if title else None)
        title = title or parsed.title
        day, stem = _stem(source.path)
        if title is None:
            title = Phrase(stem, stem)
            if matter.trusted and not matter.has_title:
                message = "the note has neither a title nor a heading"
                context.say(codes.NO_TITLE, matter.body, matter.body + 1, message)
        context.say_unused_macros()
        body = parsed.body
        excerpt = Body(body.markup[: body.excerpt], body.excerpt)
        note = Note(
            path=source.path,
            kind=source.kind,
            stem=stem,
            slug=matter.slug or slugify(stem) or digest(stem)[:8],
            title=title,
            body=_name(body),
            excerpt=_name(excerpt),
            has_more=bool(body.markup[body.excerpt :].strip()),
            date=matter.date or _date(day, self._zone),
            updated=matter.updated,
            authors=matter.authors,
            categories=matter.categories,
            tags=matter.tags,
            description=description.plain,
            summary=_shorten(parsed.summary),
            emblem=emblem_of(context.formulas),
            draft=matter.draft or not matter.trusted,
            trusted=matter.trusted,
            aliases=matter.aliases,
            id=matter.id,
            unlisted=matter.unlisted,
            papers=matter.papers,
            links=matter.links,
            image=_image(context, matter),
            lang=matter.lang,
            series=matter.series,
            license=matter.license,
            nav=matter.nav if source.kind is Kind.PAGE else None,
            extra=matter.extra,
            headings=tuple(context.headings),
            references=tuple(context.references),
            images=tuple(context.images),
            mentions=parsed.mentions,
            outside=tuple(context.outside),
            anchors=tuple(context.anchors),
            formulas=tuple(context.formulas),
            labels=tuple(context.labels.values()),
            macros=tuple(context.macros),
            used_site_macros=tuple(sorted(context.used_site_macros)),
            ignore=matter.ignore,
            words=parsed.words,
            slug_place=matter.slug_place,
            diagnostics=tuple(context.diagnostics),
        )
        return Parsed(note, body, excerpt, highlighter.used)

    def _context(
        self,
        text: Text,
        matter: FrontMatter,
        highlighter: Highlighter,
        diagnostics: list[Diagnostic],
    ) -> Context:
        site = self._tools.config.macros
        own = {macro.name: macro.span for macro in matter.macros}
        return Context(
            text=text,
            base=matter.body,
            highlighter=highlighter,
            engine=self._tools.engine,
            output=matter.math or self._tools.config.math_output,
            macros={macro.name: prepare_macro(macro.body) for macro in (*site, *matter.macros)},
            site_macros={macro.name for macro in site} - own.keys(),
            unused_macros=own,
            has_kramdown=self._tools.config.double_dollars == "kramdown",
            sanitizes=self._tools.config.html == "sanitize",
            own=self._tools.config.own,
            diagnostics=diagnostics,
        )


def _name(body: Body) -> str:
    return digest("body", body.markup, str(body.excerpt))


def _image(context: Context, matter: FrontMatter) -> int | None:
    if not matter.image:
        return None
    return refer(context, matter.image, matter.image_place, matter.image_place + len(matter.image))


def _stem(path: str) -> tuple[str, str]:
    """The day that a file's name begins with, if any, and the rest of the name.

    The folder's name stands for `index.md`.
    """
    folder, _, name = path.rpartition("/")
    name = name.rpartition(".")[0] or name
    if name == "index" and "/" in folder:
        name = folder.rpartition("/")[2]
    match = _DATED.fullmatch(name)
    if match and match[2]:
        return match[1], match[2]
    return "", name


def _date(day: str, zone: ZoneInfo) -> datetime | None:
    return parse_moment(day, zone) if day else None


def _shorten(text: str) -> str:
    """A text cut between words to fit a description."""
    text = text.strip()
    if len(text) <= _SUMMARY:
        return text
    return text[:_SUMMARY].rsplit(" ", 1)[0].rstrip(",.;:–—- ") + " …"
