"""Raw HTML: it passes, with formulas in its texts typeset and its links made references."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

from paperblog.markdown.context import Context, Origin
from paperblog.markdown.delimiters import Found, Unclosed, find
from paperblog.markdown.links import refer
from paperblog.markdown.math import markup, say_unclosed, written
from paperblog.markdown.slots import slot

_TAG = re.compile(
    r"<!--.*?-->|<[!?][^>]*>|<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)"
    r"(?=[\s/>])(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>",
    re.DOTALL,
)
_ADDRESS = re.compile(
    r"(?<=\s)(?P<name>src|href|poster)\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'"
    r"|(?P<bare>[^\s\"'=<>`]+))",
    re.IGNORECASE,
)
_ID = re.compile(r"(?<=\s)(?:id|name)\s*=\s*[\"']?([^\s\"'>]+)", re.IGNORECASE)
_VERBATIM = {"pre", "code", "script", "style", "textarea", "svg", "math"}


def html_plugin(md: MarkdownIt) -> None:
    """Look into the raw HTML that a parser lets pass."""
    md.core.ruler.push("html", _read)


def _read(state: StateCore) -> None:
    context = Context.of(state.env)
    for token in state.tokens:
        if token.type == "html_block":
            token.content = _block(context, token.content, context.origin_of(token))
        elif token.type == "inline" and token.children:
            for child in token.children:
                if child.type == "html_inline" and "place" in child.meta:
                    context.enter(token)
                    start = child.meta["place"].start
                    child.content = _tag(context, child.content, context.origin.shifted(start))


def _block(context: Context, html: str, origin: Origin) -> str:
    """A block of HTML, its tags and texts looked at one after the other."""
    parts: list[str] = []
    verbatim: list[str] = []
    at, before = 0, ""
    for match in _TAG.finditer(html):
        name = (match["name"] or "").lower()
        tag = "/" + name if match["close"] else name
        text = html[at : match.start()]
        parts.append(text if verbatim else _text(context, text, origin.shifted(at), before, tag))
        parts.append(_tag(context, match[0], origin.shifted(match.start())))
        if name in _VERBATIM:
            if not match["close"]:
                verbatim.append(name)
            elif name in verbatim:
                del verbatim[verbatim.index(name) :]
        at, before = match.end(), tag
    rest = html[at:]
    parts.append(rest if verbatim else _text(context, rest, origin.shifted(at), before, ""))
    return "".join(parts)


def _text(context: Context, text: str, origin: Origin, before: str, after: str) -> str:
    """A text between two tags; a formula that is all of a `<p>` is display math."""
    if "$" not in text and "\\" not in text:
        return text
    alone = before == "p" and after == "/p"
    parts: list[str] = []
    at = done = 0
    while at < len(text):
        found = find(text, at, len(text)) if text[at] in "$\\" else None
        if isinstance(found, Found):
            formula = written(text, found, origin, is_html=True)
            whole = not (text[: found.start] + text[found.end :]).strip()
            if alone and whole:
                formula = formula.displayed()
            parts.append(text[done : found.start] + markup(context, formula))
            at = done = found.end
        elif isinstance(found, Unclosed):
            say_unclosed(context, found, origin)
            at = found.end
        elif text.startswith("\\$", at):
            parts.append(text[done:at] + "$")
            at = done = at + 2
        else:
            at += 1
    return "".join(parts) + text[done:]


def _tag(context: Context, tag: str, origin: Origin) -> str:
    """A tag whose links into the site are slots."""
    context.anchors.extend(match[1] for match in _ID.finditer(tag))

    def replace(match: re.Match[str]) -> str:
        group = next(name for name in ("double", "single", "bare") if match[name] is not None)
        start = origin.at(match.start(group))
        href = match[group].strip().replace("&amp;", "&")
        index = refer(context, href, start, start + max(len(match[group]), 1))
        return match[0] if index is None else f'{match["name"]}="{slot("l", index)}"'

    return _ADDRESS.sub(replace, tag) if not tag.startswith(("<!", "<?")) else tag
