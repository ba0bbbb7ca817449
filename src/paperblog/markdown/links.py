"""Links: to files and notes of the site, to ids of the note, by name in double brackets.

A link into the site becomes a reference, resolved when all notes are known; its place is that of
the destination as written.
"""

import re
from collections.abc import Callable, Sequence
from functools import partial
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import validateLink
from markdown_it.renderer import RendererHTML, RendererProtocol
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, autolink, html_inline, image, link
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from msgspec import Struct

from paperblog.markdown.context import Context
from paperblog.markdown.marks import marks_of
from paperblog.markdown.plain import plain
from paperblog.markdown.slots import slot
from paperblog.model import codes
from paperblog.model.config import own_path
from paperblog.model.note import Outside, ReferenceKind

_Rule = Callable[[StateInline, bool], bool]

_EXTERNAL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|\?")
_WEB = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_WIKI = re.compile(r"\[\[([^\[\]|\n#]*)(#[^\[\]|\n]*)?(?:\|([^\[\]\n]+))?\]\]")
_CODE_TAG = re.compile(
    r"<(/?)(?:code|pre|kbd|samp|tt|script|style|textarea|svg|math)\b", re.IGNORECASE
)
_DRAWING_TAG = re.compile(r"<(/?)(?:svg|math)\b", re.IGNORECASE)
_PLAIN = re.compile(
    r"(?:https?://(?:[a-z0-9]{1,63}\.){1,3}[a-z]{1,63}/)?(?:[A-Za-z0-9_.~-]+/)*[A-Za-z0-9_.~-]*"
)
"""Addresses that parsing, encoding and putting together again leave as they are."""
_TITLE = re.compile(
    r"""\s("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\((?:\\.|[^()\\])*\))\s*\)\Z""", re.S
)


class Place(Struct, frozen=True):
    """Where an inline token stands in its inline text, and its raw source."""

    start: int
    end: int
    source: str

    def destination(self) -> tuple[int, int]:
        """The offsets of a link's destination; of the whole link where it stands elsewhere."""
        at = self.source.rfind("](")
        if at == -1 or not self.source.endswith(")"):
            return self.start, self.end
        rest = self.source[at + 2 : -1]
        lead = len(rest) - len(rest.lstrip(" \t\n<"))
        word = re.match(r"[^\s>]*", rest[lead:])
        start = self.start + at + 2 + lead
        return start, start + max(word.end() if word else 1, 1)

    def title(self) -> tuple[int, str] | None:
        """A link's title as written, inside its quotes, and its offset."""
        match = _TITLE.search(self.source)
        if match is None:
            return None
        return self.start + match.start(1) + 1, match[1][1:-1]


def links_plugin(md: MarkdownIt) -> None:
    """Teach a parser wikilinks, and where links and tags stand."""
    # What it would refuse stays a link until its place is known, and is told there.
    md.validateLink = _is_link  # type: ignore[method-assign]
    md.normalizeLink = unless_plain(md.normalizeLink)  # type: ignore[assignment, method-assign]
    md.normalizeLinkText = unless_plain(  # type: ignore[assignment, method-assign]
        md.normalizeLinkText
    )
    md.inline.ruler.at("autolink", _located(autolink, "link_open"))
    md.inline.ruler.at("link", _located(link, "link_open"))
    md.inline.ruler.at("image", _located_image)
    md.inline.ruler.at("html_inline", _html_inline)
    md.inline.ruler.before("link", "wikilink", _wikilink)
    md.inline.ruler.before("wikilink", "lone_bracket", _lone_bracket)
    md.core.ruler.push("references", _resolve)
    md.add_render_rule("link_open", _render_open)
    md.add_render_rule("wiki_text", _render_wiki_text)


def unless_plain(normalize: Callable[[str], str]) -> Callable[[str], str]:
    """What brings an address into its normal form, called for those alone that are not in it."""

    def normalized(address: str) -> str:
        return address if _PLAIN.fullmatch(address) else normalize(address)

    return normalized


def _is_link(url: str, validator: object = None) -> bool:
    """Every address makes a link, a refused one too; see `_refuse`."""
    return True


def refer(context: Context, href: str, start: int, end: int, is_file: bool = False) -> int | None:
    """Add what a link names as a reference, at offsets of the file; its index.

    None where it names nothing of the site: another site, or nothing at all. An absolute address
    of the site itself means a file of it where a page shows one, and else what the site has there.
    """
    own = own_path(context.own, href) if context.own and _WEB.match(href) else None
    if own is not None and is_file:
        href = f"/{own}"
    elif own is None and (not href or _EXTERNAL.match(href)):
        if _WEB.match(href):
            context.outside.append(Outside(href, start, end))
        return None
    path, _, fragment = href.partition("#")
    path, _, query = path.partition("?")
    path, fragment = unquote(path), unquote(fragment)
    if own is not None and not is_file:
        kind = ReferenceKind.OWN
    elif not path:
        kind = ReferenceKind.FRAGMENT
    elif path.startswith("/"):
        kind = ReferenceKind.ADDRESS
    else:
        kind = ReferenceKind.FILE
    return context.reference(kind, path, fragment, start, end, query)


def say_unsafe(context: Context, address: str, start: int, end: int) -> None:
    """Say that no link may lead to an address, which stands at offsets of the file."""
    scheme = address.strip().partition(":")[0].lower()
    help = "put the file beside the note and link to it by its name" if scheme == "file" else ""
    context.say(codes.UNSAFE_LINK, start, end, f"a link may not lead to {scheme}:", help)


def _located(rule: _Rule, kind: str) -> _Rule:
    """A markdown-it rule whose token remembers its place."""

    def located(state: StateInline, silent: bool) -> bool:
        start, count = state.pos, len(state.tokens)
        if not rule(state, silent):
            return False
        if not silent:
            place = Place(start, state.pos, state.src[start : state.pos])
            for token in state.tokens[count:]:
                if token.type == kind:
                    token.meta = {**token.meta, "place": place}
                    break
        return True

    return located


def is_closed(state: StateInline, at: int) -> bool:
    """Whether a closing bracket follows, with no more open ones before it than a parser follows.

    Where none does, rules would look for it in vain, which takes long where there are many.
    """
    marks = marks_of(state.src)
    close = marks.closing("]", at, state.posMax)
    return close != -1 and marks.count("[", at, close) <= state.md.options.maxNesting


def _lone_bracket(state: StateInline, silent: bool) -> bool:
    """A bracket that nothing closes is text."""
    if state.src[state.pos] != "[" or is_closed(state, state.pos):
        return False
    if not silent:
        state.pending += "["
    state.pos += 1
    return True


def _located_image(state: StateInline, silent: bool) -> bool:
    """markdown-it's rule; the alternative text is parsed as a text within the text."""
    if not state.src.startswith("![", state.pos) or not is_closed(state, state.pos):
        return False
    if silent:
        return bool(image(state, silent))
    return Context.of(state.env).within(state.pos + 2, partial(_image, state, silent))


_image = _located(image, "image")


def _html_inline(state: StateInline, silent: bool) -> bool:
    """markdown-it's rule, which also keeps count of elements that hold code or drawings.

    A tag within a drawing gets no place: its addresses and ids are its own.
    """
    start = state.pos
    if not html_inline(state, silent):
        return False
    if not silent:
        source = state.src[start : state.pos]
        context = Context.of(state.env)
        if not context.drawing_depth:
            state.tokens[-1].meta = {"place": Place(start, state.pos, source)}
        if drawing := _DRAWING_TAG.match(source):
            context.drawing_depth = max(0, context.drawing_depth + (-1 if drawing[1] else 1))
        if code := _CODE_TAG.match(source):
            context.code_depth = max(0, context.code_depth + (-1 if code[1] else 1))
    return True


def _wikilink(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("[[", state.pos):
        return False
    match = _WIKI.match(state.src, state.pos, state.posMax)
    if match is None or not (match[1].strip() or match[2]):
        return False
    if not silent:
        name, fragment, text = match[1].strip(), (match[2] or "#")[1:].strip(), match[3]
        opening = state.push("link_open", "a", 1)
        opening.meta = {
            "wiki": (name, fragment),
            "place": Place(match.start(), match.end(), match[0]),
        }
        if text is None:
            content = state.push("wiki_text" if name else "text", "", 0)
            content.content = name or fragment
        else:
            _tokenize(state, *match.span(3))
        state.push("link_close", "a", -1)
    state.pos = match.end()
    return True


def _tokenize(state: StateInline, start: int, end: int) -> None:
    """Parse a part of the text as the text of a link."""
    maximum = state.posMax
    state.pos, state.posMax = end - len(state.src[start:end].lstrip()), end
    state.linkLevel += 1
    state.md.inline.tokenize(state)
    state.linkLevel -= 1
    state.posMax = maximum
    state.tokens[-1].content = state.tokens[-1].content.rstrip()


def _resolve(state: StateCore) -> None:
    """Make references of the links, images and tags of all inline texts."""
    context = Context.of(state.env)
    for token in state.tokens:
        if token.type == "inline" and token.children:
            context.enter(token)
            _resolve_children(context, token.children)


def _resolve_children(context: Context, children: list[Token]) -> None:
    wiki = None
    for number, child in enumerate(children):
        if child.type in ("link_open", "image") and _is_unsafe(child):
            _refuse(context, child)
        elif child.type == "link_open":
            wiki = _resolve_link(context, child)
            named = child.meta.get("reference")
            if named is not None and children[number + 1].type == "link_close":
                child.meta["empty"] = True
        elif child.type == "wiki_text" and wiki is not None:
            child.meta = {"reference": wiki}
        elif child.type == "image":
            _resolve_attribute(context, child, "src")


def _is_unsafe(token: Token) -> bool:
    """Whether an address would run a script or names a file of the author's machine."""
    return not validateLink(str(token.attrs.get("src" if token.type == "image" else "href", "")))


def _refuse(context: Context, token: Token) -> None:
    """Say that an address is refused; the link's text, or the image's, stays as text."""
    place: Place = token.meta["place"]
    address = str(token.attrs.pop("src" if token.type == "image" else "href"))
    start, end = place.destination()
    at = context.origin.at(start)
    say_unsafe(context, address, at, at + end - start)
    if token.type == "image":
        token.type, token.content, token.children = "text", plain(token.children or []), None


def _resolve_link(context: Context, token: Token) -> int | None:
    wiki = token.meta.get("wiki")
    if wiki is None:
        _resolve_attribute(context, token, "href")
        return None
    place: Place = token.meta["place"]
    name, fragment = wiki
    kind = ReferenceKind.WIKI if name else ReferenceKind.FRAGMENT
    start, end = context.origin.at(place.start), context.origin.at(place.end - 1) + 1
    token.meta["reference"] = context.reference(kind, name, fragment, start, end)
    return int(token.meta["reference"])


def _resolve_attribute(context: Context, token: Token, name: str) -> None:
    place: Place | None = token.meta.get("place")
    if place is None:
        return
    start, end = place.destination()
    href = str(token.attrs.get(name, ""))
    at = context.origin.at(start)
    index = refer(context, href, at, at + end - start, is_file=name == "src")
    if index is not None:
        token.meta["reference"] = index
        token.attrs[name] = slot("l", index)


def _render_open(
    self: RendererProtocol,
    tokens: Sequence[Token],
    number: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    token = tokens[number]
    reference = token.meta.get("reference")
    text = slot("t", reference) if token.meta.get("empty") else ""
    if reference is None:
        return f"<a{RendererHTML.renderAttrs(token)}>"
    rest = Token("", "", 0, attrs={k: v for k, v in token.attrs.items() if k != "href"})
    return f"<a{slot('a', reference)}{RendererHTML.renderAttrs(rest)}>{text}"


def _render_wiki_text(
    self: RendererProtocol,
    tokens: Sequence[Token],
    number: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    """The title of the note that a wikilink without a text names."""
    return slot("t", tokens[number].meta["reference"])
