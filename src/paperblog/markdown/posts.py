"""Posts of other sites, quoted in the note: who wrote them, when, and where they stand.

A quote is one by its attributes, on a line before it:
`{.post author="Ada Sample" handle="@ada@social.example" date="2020-09-09" url="https://…"}`.
"""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import validateLink
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from paperblog.markdown.context import Context
from paperblog.markdown.slots import attribute
from paperblog.model import codes

_NEEDED = {"author": "an author", "date": "a date (2020-09-09)", "url": "a url (https://…)"}
_WEB = re.compile(r"https?://", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})?)?")


def posts_plugin(md: MarkdownIt) -> None:
    """Teach a parser quoted posts."""
    md.core.ruler.push("posts", _posts)


def _posts(state: StateCore) -> None:
    context = Context.of(state.env)
    waiting: list[Token | None] = []
    for token in state.tokens:
        if token.type == "blockquote_open":
            waiting.append(token if _is_post(token) else None)
            if waiting[-1] is not None:
                _open(context, token)
        elif token.type == "blockquote_close":
            opening = waiting.pop()
            if opening is not None:
                _close(token, opening)
    state.tokens = [part for token in state.tokens for part in token.meta.pop("parts", [token])]


def _is_post(quote: Token) -> bool:
    return "post" in str(quote.attrs.get("class", "")).split()


def _open(context: Context, quote: Token) -> None:
    """Put a figure around a quote; what is known of the post goes to its end."""
    known = {name: str(quote.attrs.pop(name, "")) for name in (*_NEEDED, "handle")}
    _say_missing(context, quote, known)
    if not (_WEB.match(known["url"]) and validateLink(known["url"])):
        known["url"] = ""
    quote.meta["post"] = known
    figure = Token("figure_open", "figure", 1, attrs=dict(quote.attrs), block=True)
    quote.attrs = {"cite": known["url"]} if known["url"] else {}
    quote.meta["parts"] = [figure, quote]


def _say_missing(context: Context, quote: Token, known: dict[str, str]) -> None:
    """Say which of what a reader must know of a post is not there."""
    wrong = [name for name in _NEEDED if not known[name]]
    if known["date"] and not _DAY.fullmatch(known["date"]):
        wrong.append("date")
    if known["url"] and not _WEB.match(known["url"]):
        wrong.append("url")
    if not wrong or quote.map is None:
        return
    starts = context.text.line_starts
    line = context.text.line_of(context.base) - 1 + quote.map[0]
    # The attributes stand on the line before the quote, where there are any.
    at = starts[max(line - 1, 0)]
    end = context.text.content.find("\n", at)
    message = f"a quoted post needs {' and '.join(_NEEDED[name] for name in wrong)}"
    help = '{.post author="Ada Sample" date="2020-09-09" url="https://…"} on the line before it'
    context.say(codes.INCOMPLETE_POST, at, end if end != -1 else at + 1, message, help)


def _close(closing: Token, opening: Token) -> None:
    known = opening.meta["post"]
    source = _source(known)
    html = f"<figcaption>{source}</figcaption>\n" if source else ""
    caption = Token("html_inline", "", 0, content=html)
    closing.meta["parts"] = [closing, caption, Token("figure_close", "figure", -1, block=True)]


def _source(known: dict[str, str]) -> str:
    """Whose post it is, and the link to it on its day."""
    date, url = known["date"], known["url"]
    day = date[:10]
    if _DAY.fullmatch(date):
        day = f'<time datetime="{attribute(date)}">{attribute(day)}</time>'
    else:
        day = attribute(date or url)
    link = f'<a href="{attribute(url)}">{day}</a>' if url else day
    named = f'<cite class="post-author">{attribute(known["author"])}</cite>'
    handle = f'<span class="post-handle">{attribute(known["handle"])}</span>'
    return " ".join(_said((named, known["author"]), (handle, known["handle"]), (link, url or date)))


def _said(*parts: tuple[str, str]) -> Sequence[str]:
    """The parts of which something is known."""
    return [html for html, known in parts if known]
