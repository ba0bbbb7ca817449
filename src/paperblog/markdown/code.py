"""Code blocks, highlighted."""

from collections.abc import Sequence
from html import escape

from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from markdown_it.renderer import RendererHTML, RendererProtocol
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from paperblog.markdown.context import Context
from paperblog.markdown.slots import attribute
from paperblog.model import codes


def code_plugin(md: MarkdownIt) -> None:
    """Render a parser's code blocks with the context's highlighter."""
    md.add_render_rule("fence", _render)
    md.add_render_rule("code_block", _render)


def _render(
    self: RendererProtocol,
    tokens: Sequence[Token],
    number: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    token = tokens[number]
    words = unescapeAll(token.info).split()
    language = words[0].strip("{}.").lower() if words else ""
    html = None
    if language:
        context = Context.of(env)
        html = context.highlighter.highlight(token.content, language)
        if html is None:
            _say_unknown(context, token, language)
    name = f' data-language="{attribute(language)}"' if language else ""
    kind = f' class="language-{attribute(language)}"' if language else ""
    content = escape(token.content, quote=False) if html is None else html
    attributes = RendererHTML.renderAttrs(token)
    return f'<div class="code"{name}><pre{attributes}><code{kind}>{content}</code></pre></div>\n'


def _say_unknown(context: Context, token: Token, language: str) -> None:
    line = context.text.line_of(context.base) - 1 + (token.map[0] if token.map else 0)
    start = context.text.line_starts[line]
    at = context.text.content.find(token.markup + token.info, start)
    at += len(token.markup) + len(token.info) - len(token.info.lstrip())
    near = context.highlighter.nearest(language)
    context.say(
        codes.UNKNOWN_LANGUAGE,
        at,
        at + len(language),
        f"no highlighter knows the language {language}",
        f"did you mean {near}?" if near else "text is the language of plain text",
    )
