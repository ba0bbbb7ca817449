"""Raw HTML: it passes, with formulas in its texts typeset, its links and ids made slots."""

import re
from collections.abc import Iterator
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from msgspec import Struct

from paperblog.markdown.context import Context, Origin
from paperblog.markdown.delimiters import (
    OPENERS,
    Found,
    Unclosed,
    find,
    is_in_address,
    may_hold,
    open_formula,
)
from paperblog.markdown.images import image_slots, is_web, picture_slots
from paperblog.markdown.links import refer, say_unsafe
from paperblog.markdown.math import in_sentence, markup, written
from paperblog.markdown.remarks import say_doubt, say_no_formula, say_unclosed
from paperblog.markdown.sanitize import is_safe_attribute, is_safe_element
from paperblog.markdown.slots import slot
from paperblog.model import codes

_TAG = re.compile(
    r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)(?=[\s/>])(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>"
)
_ATTRIBUTE = re.compile(
    r"(?P<name>[^\s\"'<>/=]+)"
    r"(?:\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'=<>`]+)))?"
)
_ADDRESSES = {"src", "href", "poster"}
_HAS_ALT = re.compile(r"\salt\b", re.IGNORECASE)
_HAS_SIZE = re.compile(r"\s(?:width|height|loading|srcset)\s*=", re.IGNORECASE)
_BLOCKS = {"p", "div", "center", "blockquote", "li", "dd", "td", "figcaption"}
_CODE = {"pre", "code", "kbd", "samp", "tt"}
_RAW = {"script", "style", "textarea", "svg", "math"}


class _Tag(Struct, frozen=True):
    """A tag's place in its text; `name` is in lower case, empty for a comment or declaration."""

    start: int
    end: int
    name: str = ""
    closes: bool = False


def html_plugin(md: MarkdownIt) -> None:
    """Look into the raw HTML that a parser lets pass."""
    md.core.ruler.push("html", _read)


def _read(state: StateCore) -> None:
    context = Context.of(state.env)
    for token in state.tokens:
        if token.type == "html_block":
            token.content = _block(context, token.content, context.origin_of(token))
        elif token.type == "inline" and token.children:
            context.enter(token)
            for child in token.children:
                if child.type == "html_inline" and "place" in child.meta:
                    origin = context.origin.shifted(child.meta["place"].start)
                    child.content = _tag(context, child.content, origin)


def _block(context: Context, html: str, origin: Origin) -> str:
    """A block of HTML, its tags and texts looked at one after the other."""
    parts: list[str] = []
    code: list[str] = []
    at, before = 0, ""
    looked_at = 0
    for tag in _tags(html):
        if tag.name == "br" and not code:
            found, looked_at = open_formula(html, max(at, looked_at), tag.start, len(html))
            if found:
                continue  # It breaks the formula's lines, as WordPress does where a text has lines.
        after = "/" + tag.name if tag.closes else tag.name
        text = html[at : tag.start]
        parts.append(text if code else _text(context, text, origin.shifted(at), before, after))
        whole = html[tag.start : tag.end]
        if tag.name:
            whole = _tag(context, whole, origin.shifted(tag.start))
        elif context.sanitizes and (opening := _TAG.match(whole)):
            _say_removed(context, opening, origin.shifted(tag.start))
        parts.append(whole)
        if tag.name in _CODE and not tag.closes:
            code.append(tag.name)
        elif tag.name in code and tag.closes:
            del code[code.index(tag.name) :]
        at, before = tag.end, after
    rest = html[at:]
    parts.append(rest if code else _text(context, rest, origin.shifted(at), before, ""))
    return "".join(parts)


def _tags(html: str) -> Iterator[_Tag]:
    """The tags of a text; comments, and elements of which nothing is ours, count as one."""
    at = html.find("<")
    while at != -1:
        end = at + 1
        if html.startswith(("<!", "<?"), at):
            end = _comment_end(html, at)
            yield _Tag(at, end)
        elif match := _TAG.match(html, at):
            name, end = match["name"].lower(), match.end()
            if name in _RAW and not match["close"]:
                end = _element_end(html, name, end)
                yield _Tag(at, end)
            else:
                yield _Tag(at, end, name, bool(match["close"]))
        at = html.find("<", end)


def _comment_end(html: str, at: int) -> int:
    """Where a comment or declaration ends, as browsers read it: `<!-->` is whole."""
    closing = "-->" if html.startswith("<!--", at) else ">"
    end = html.find(closing, at + 2)
    return end + len(closing) if end != -1 else len(html)


def _element_end(html: str, name: str, at: int) -> int:
    closing = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(html, at)
    return closing.end() if closing else len(html)


def _text(context: Context, text: str, origin: Origin, before: str, after: str) -> str:
    """A text between two tags; a formula that is all of a `<p>` is display math.

    One that begins with `\\displaystyle` is so in any block.
    """
    if not may_hold(text):
        return text
    alone = before in _BLOCKS and after == f"/{before}"
    parts: list[str] = []
    at = done = 0
    while at < len(text):
        char = text[at]
        is_open = char in OPENERS and not (char == "$" and is_in_address(text, at))
        found = find(text, at, len(text)) if is_open else None
        if isinstance(found, Found):
            say_doubt(context, text, found, origin)
            formula = in_sentence(context, written(text, found, origin, is_html=True))
            whole = not (text[: found.start] + text[found.end :]).strip()
            if alone and whole and (before == "p" or formula.wants_display):
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
            if is_open:
                say_no_formula(context, text, at, len(text), origin)
            at += 1
    return "".join(parts) + text[done:]


def _tag(context: Context, tag: str, origin: Origin) -> str:
    """A tag whose links into the site and ids are slots."""
    opening = _TAG.match(tag)
    if opening is None or opening["close"]:
        return tag
    if context.sanitizes:
        _say_removed(context, opening, origin)
    is_image = opening["name"].lower() == "img"
    if is_image and not _HAS_ALT.search(tag):
        message = "this image has no alternative text"
        help = 'say what it shows: alt="…", or alt="" if it only decorates'
        context.say(codes.MISSING_ALT, origin.at(0), origin.at(len(tag) - 1) + 1, message, help)
    # What its author has said of an image's size or loading stays as it is.
    takes_size = is_image and not _HAS_SIZE.search(tag)
    parts: list[str] = []
    around = ("", "")
    done = 0
    for match in _ATTRIBUTE.finditer(tag, opening.end("name")):
        group = next((g for g in ("double", "single", "bare") if match[g] is not None), None)
        if group is None:
            continue
        value = _value(context, opening["name"], match, origin, group)
        if isinstance(value, int):
            given = f' src="{slot("l", value)}"'
            if takes_size:
                around, given = picture_slots(value), image_slots(context, value)
            parts += [tag[done : match.start()].rstrip(), given]
            done = match.end()
        elif value is not None:
            parts += [tag[done : match.start()], f'{match["name"]}="{value}"']
            done = match.end()
    return around[0] + "".join(parts) + tag[done:] + around[1]


def _say_removed(context: Context, opening: re.Match[str], origin: Origin) -> None:
    """Say what of a tag will not stay where the HTML of notes is sanitised."""
    element = opening["name"].lower()
    if not is_safe_element(element):
        start = origin.at(0)
        message = f"the element {element} is taken out"
        context.say(codes.HTML_REMOVED, start, start + 1 + len(element), message)
        return
    for match in _ATTRIBUTE.finditer(opening[0], opening.end("name"), opening.end() - 1):
        name = match["name"].lower()
        value = match["double"] or match["single"] or match["bare"] or ""
        if not is_safe_attribute(element, name, unescape(value)):
            start = origin.at(match.start())
            message = f"the attribute {name} is taken out"
            context.say(codes.HTML_REMOVED, start, start + len(match["name"]), message)


def _value(
    context: Context, tag: str, match: re.Match[str], origin: Origin, group: str
) -> str | int | None:
    """The slot that stands for an attribute's value; None where it stays as it is.

    For the address of an image the index of its reference.
    """
    name, value = match["name"].lower(), unescape(match[group].strip())
    if name in _ADDRESSES:
        start = origin.at(match.start(group))
        end = start + max(len(match[group]), 1)
        index = refer(context, value, start, end, is_file=name != "href")
        if index is not None:
            return index if (tag.lower(), name) == ("img", "src") else slot("l", index)
        if value.lower().startswith("file:"):
            say_unsafe(context, value, start, end)
        elif name != "href" and is_web(value):
            message = "a page with this asks another site for a file"
            context.say(codes.REMOTE_FILE, start, end, message, "save it beside the note")
        return None
    if value and (name == "id" or (name == "name" and tag.lower() == "a")):
        context.anchors.append(value)
        return slot("i", value)
    return None
