"""HTML of authors who are not trusted: elements that could do harm are taken out of a body.

The work is ammonia's, by way of nh3: it parses as browsers do and writes a tree anew, so that
nothing left open reaches beyond the note. Slots go through it as words and names that it keeps.
"""

import re

from markdown_it.common.normalize_url import validateLink

from paperblog.model.digest import digest

_NAMES = """
a abbr article aside b bdi bdo blockquote br caption center cite code col colgroup data dd
del details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i
img input ins kbd label li mark nav ol p picture pre q rp rt ruby s samp section small
source span strike strong sub summary sup table tbody td tfoot th thead time tr track tt u
ul var video wbr
"""
ELEMENTS = frozenset(_NAMES.split())
_EVERYWHERE = {"class", "dir", "id", "lang", "role", "style", "tabindex", "title"}
_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"download", "href", "hreflang", "name", "rel"},
    "blockquote": {"cite"},
    "col": {"span"},
    "colgroup": {"span"},
    "data": {"value"},
    "del": {"cite", "datetime"},
    "details": {"name", "open"},
    "img": {"alt", "decoding", "fetchpriority", "height", "loading", "sizes", "src", "srcset"}
    | {"width"},
    "input": {"checked", "disabled", "name", "type"},
    "ins": {"cite", "datetime"},
    "label": {"for"},
    "li": {"value"},
    "ol": {"reversed", "start", "type"},
    "q": {"cite"},
    "source": {"height", "media", "sizes", "src", "srcset", "type", "width"},
    "table": {"align"},
    "td": {"align", "colspan", "headers", "rowspan"},
    "th": {"align", "colspan", "headers", "rowspan", "scope"},
    "time": {"datetime"},
    "track": {"default", "kind", "label", "src", "srclang"},
    "video": {"controls", "height", "loop", "muted", "playsinline", "poster", "preload", "width"},
}
_PREFIXES = {"aria-", "data-"}
# Colours of formulas, columns of tables, and the places of footnotes beside the text.
_STYLES = {"background-color", "color", "text-align", "--below", "--beside", "--here"}
_SCHEMES = {"http", "https", "mailto", "tel"}
# Slots that stand for whole attributes, and what goes through the cleaning in their place.
_ATTRIBUTE_SLOTS = {"a": "href", "d": "data-slot"}
_CONTROLS = {"checkbox", "radio"}
_CLOSED_CONTENT = {"script", "style", "noscript", "template", "textarea", "title"}


def sanitize(markup: str) -> str:
    """The HTML of a body, with its slots, without what could do more than be read."""
    import nh3

    mark = f"slot{digest(markup)[:16]}n"
    parts = markup.split("\0")
    for number in range(1, len(parts), 2):
        parts[number] = _hidden(parts[number], number, mark)
    levels = {f"{mark}h{level}" for level in range(1, 7)}
    cleaned = nh3.clean(
        "".join(parts),
        tags=set(ELEMENTS | levels),
        clean_content_tags=_CLOSED_CONTENT,
        attributes={"*": _EVERYWHERE, **_ATTRIBUTES},
        attribute_filter=_attribute,
        generic_attribute_prefixes=_PREFIXES,
        filter_style_properties=_STYLES,
        url_schemes=_SCHEMES | {"data"},
        link_rel=None,
    )
    return _with_slots(cleaned, mark, markup.split("\0"))


def is_safe_element(name: str) -> bool:
    """Whether an element, its name in lower case, stays."""
    return name in ELEMENTS


def is_safe_attribute(element: str, name: str, value: str) -> bool:
    """Whether an attribute stays on an element; all in lower case but the value."""
    named = name in _EVERYWHERE or name in _ATTRIBUTES.get(element, ())
    prefixed = any(name.startswith(prefix) for prefix in _PREFIXES)
    return (named or prefixed) and _attribute(element, name, value) is not None


def _attribute(element: str, name: str, value: str) -> str | None:
    """The value of an attribute that stays, None for one that does not."""
    if element == "input" and name == "type" and value.lower() not in _CONTROLS:
        return None
    if name in ("href", "src", "poster", "cite") and not validateLink(value):
        return None
    return value


def _hidden(value: str, number: int, mark: str) -> str:
    """What stands for a slot while the HTML around it is looked at."""
    if value[0] == "h":
        return f"{mark}h{value[1:]}"
    word = f"{mark}{number}x"
    name = _ATTRIBUTE_SLOTS.get(value[0])
    return f' {name}="{word}"' if name else word


def _with_slots(cleaned: str, mark: str, parts: list[str]) -> str:
    def slot(match: re.Match[str]) -> str:
        return f"\0{parts[int(match['number'])]}\0"

    cleaned = re.sub(rf"{mark}(h[1-6])", lambda match: f"\0{match[1]}\0", cleaned)
    whole = {str(n) for n in range(1, len(parts), 2) if parts[n][0] in _ATTRIBUTE_SLOTS}

    def attribute(match: re.Match[str]) -> str:
        return slot(match) if match["number"] in whole else match[0]

    cleaned = re.sub(rf' (?:href|data-slot)="{mark}(?P<number>\d+)x"', attribute, cleaned)
    return re.sub(rf"{mark}(?P<number>\d+)x", slot, cleaned)
