"""The dialect's parser, and what it makes of a text."""

import re
from collections.abc import Callable, Sequence
from html import escape
from itertools import accumulate

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_core.normalize import normalize
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from msgspec import Struct
from msgspec.structs import replace

from paperblog.markdown.attributes import attributes_plugin
from paperblog.markdown.callouts import callouts_plugin
from paperblog.markdown.cjk import cjk_plugin
from paperblog.markdown.code import code_plugin
from paperblog.markdown.context import Context
from paperblog.markdown.delimiters import OPENERS, Found, Unclosed, find
from paperblog.markdown.figures import figures_plugin
from paperblog.markdown.folded import folded_origin
from paperblog.markdown.footnotes import footnotes_plugin
from paperblog.markdown.glue import glue_plugin
from paperblog.markdown.headings import headings_plugin, lower_headings, phrase
from paperblog.markdown.html import html_plugin
from paperblog.markdown.ids import ids_plugin
from paperblog.markdown.links import links_plugin
from paperblog.markdown.math import markup, math_plugin, written
from paperblog.markdown.mentions import mentions_in
from paperblog.markdown.paragraph import paragraph_plugin
from paperblog.markdown.plain import count_words, plain, words_of
from paperblog.markdown.posts import posts_plugin
from paperblog.markdown.references import references_plugin
from paperblog.markdown.remarks import say_no_formula, say_unclosed
from paperblog.markdown.sanitize import sanitize
from paperblog.markdown.table import table_plugin
from paperblog.markdown.tabs import tabs_plugin
from paperblog.markdown.tasks import tasks_plugin
from paperblog.model.note import Body, Mention, Phrase
from paperblog.tex.plain import plain_text

Syntax = Callable[[MarkdownIt], None]

_MORE = re.compile(r"\s*<!--(?:more(?:\s[^>]*)?|\s+more\s+)-->\s*")
_SHORT = 40
_DEEPEST = 100

# Core rules run in the order in which these add them: figures first, since captions are texts of
# their own; formulas before headings, whose texts hold them.
_SYNTAXES: tuple[Syntax, ...] = (
    paragraph_plugin,
    table_plugin,
    code_plugin,
    tabs_plugin,
    cjk_plugin,
    footnotes_plugin,
    deflist_plugin,
    tasks_plugin,
    callouts_plugin,
    attributes_plugin,
    posts_plugin,
    figures_plugin,
    links_plugin,
    math_plugin,
    glue_plugin,
    references_plugin,
    html_plugin,
    headings_plugin,
    ids_plugin,
)


class Parsed(Struct, frozen=True):
    """A body with what its tokens tell.

    `title` is the heading that stands for a missing title, taken out of the body where it was
    the first block. `summary` is the excerpt in plain text. `mentions` are links to other notes.
    """

    body: Body
    title: Phrase | None
    summary: str
    words: int
    mentions: tuple[Mention, ...]


def build_parser(syntaxes: Sequence[Syntax] = ()) -> MarkdownIt:
    """A parser of the whole dialect, with further syntaxes."""
    md = MarkdownIt("commonmark", {"html": True, "maxNesting": _DEEPEST})
    md.enable(["table", "strikethrough"])
    md.core.ruler.at("normalize", _normalize)
    for syntax in (*_SYNTAXES, *syntaxes):
        syntax(md)
    return md


def _normalize(state: StateCore) -> None:
    """The rule of markdown-it where it has something to do: it writes every line's end anew."""
    if "\r" in state.src or "\0" in state.src:
        normalize(state)


def parse_body(md: MarkdownIt, context: Context, title: str | None) -> Parsed:
    """Parse the text from the context's base on; `title` is the front matter's, if it has one."""
    env = context.environment()
    tokens = _tokens(md, context, env)
    found = _title(md, tokens, title, env)
    if found and found[1]:
        tokens = tokens[3:]
        context.headings.pop(0)
    lower_headings(tokens, context)
    end = _excerpt_end(tokens)
    shown = [token for token in tokens if not _is_more(token)]
    if len(shown) < len(tokens):
        end = len([token for token in tokens[:end] if not _is_more(token)])
    excerpt = md.renderer.render(shown[:end], md.options, env)
    rest = md.renderer.render(shown[end:], md.options, env)
    if context.sanitizes:
        excerpt, rest = sanitize(excerpt), sanitize(rest)
    summary = " ".join(plain(token.children) for token in shown[:end] if token.children)
    return Parsed(
        body=Body(excerpt + rest, len(excerpt)),
        title=found[0] if found else None,
        summary=summary,
        words=sum(words_of(token.children) for token in shown if token.children),
        mentions=mentions_in(shown, context.references),
    )


def _tokens(md: MarkdownIt, context: Context, env: dict[str, object]) -> list[Token]:
    """The tokens of the text; none, with a diagnostic, if it is nested deeper than Python goes."""
    try:
        tokens = md.parse(context.text.content[context.base :], env)
    except RecursionError:
        context.too_deep(context.base)
        return []
    _say_too_deep(context, tokens)
    return tokens


def parse_line(context: Context, line: str, place: int) -> Phrase:
    """A line of the front matter: formulas are typeset, everything else is text.

    `place` is the offset at which it begins; what YAML did to it is found out here.
    """
    origin = folded_origin(context.text.content, line, place)
    html: list[str] = []
    heard: list[str] = []
    at = done = 0
    while at < len(line):
        found = find(line, at, len(line)) if line[at] in OPENERS else None
        if isinstance(found, Found):
            text = line[done : found.start]
            formula = replace(written(line, found, origin), display=False)
            html += [escape(text), markup(context, formula)]
            heard += [text, plain_text(formula.shortcode.tex, context.macros)]
            at = done = found.end
            continue
        if isinstance(found, Unclosed):
            say_unclosed(context, found, origin)
            at = found.end - 1
        elif line.startswith("\\$", at):
            html.append(escape(line[done:at]) + "$")
            heard.append(line[done:at] + "$")
            done = at + 2
            at += 1
        elif line[at] in OPENERS:
            say_no_formula(context, line, at, len(line), origin)
        at += 1
    return Phrase("".join(html) + escape(line[done:]), "".join(heard) + line[done:])


def _title(
    md: MarkdownIt, tokens: list[Token], title: str | None, env: dict[str, object]
) -> tuple[Phrase, bool] | None:
    """The heading that is the note's title, and whether it is to be taken out of the body.

    A first heading of level one that repeats the title is taken out too.
    """
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            text = phrase(md, tokens[number + 1].children or [], env)
            first = number == 0 and token.tag == "h1"
            if title is None:
                return text, first
            return (text, True) if first and text.plain == title else None
    return None


def _is_more(token: Token) -> bool:
    return token.type in ("html_block", "html_inline") and bool(_MORE.fullmatch(token.content))


def _excerpt_end(tokens: list[Token]) -> int:
    """The index of the first token after the excerpt: blocks are never cut.

    The excerpt ends at `<!--more-->`, or with the block that holds it; else after the first
    block, or the second where the first is short.
    """
    ends = _ends(tokens)
    for number, token in enumerate(tokens):
        if _is_more(token):
            return number if number in (0, *ends) else next(end for end in ends if end > number)
        if token.children and any(map(_is_more, token.children)):
            token.children = [child for child in token.children if not _is_more(child)]
            return next(end for end in ends if end > number)
    blocks = [end for end in ends if not _is_light(tokens[end - 1])]
    if not blocks:
        return len(tokens)
    first = " ".join(token.content for token in tokens[: blocks[0]])
    return blocks[1] if len(blocks) > 1 and count_words(first) < _SHORT else blocks[0]


def _is_light(token: Token) -> bool:
    """Whether a block that ends with this token is nothing to read by itself."""
    return token.type == "heading_close" or (
        token.type == "html_block" and token.content.startswith("<!--")
    )


def _ends(tokens: list[Token]) -> list[int]:
    """After which tokens no block is open."""
    depths = accumulate(token.nesting for token in tokens)
    return [number for number, depth in enumerate(depths, 1) if depth == 0]


def _say_too_deep(context: Context, tokens: list[Token]) -> None:
    """Report nesting at the parser's limit, beyond which it drops text."""
    for token in tokens:
        if token.level >= _DEEPEST - 1 and token.map is not None:
            line = context.text.line_of(context.base) - 1 + token.map[0]
            context.too_deep(context.text.line_starts[line])
            return
