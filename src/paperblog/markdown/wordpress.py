"""What WordPress did to the inside of `$latex …$` and `[latex]…[/latex]`: entities, options, tags.

The rules are those of Jetpack's `latex` shortcode module.
"""

import re

from msgspec import Struct

from paperblog.tex.edits import apply

_ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#039;": "'", "&#038;": "&", "&amp;": "&"}
_ENTITY = re.compile("|".join(map(re.escape, _ENTITIES)) + r"|\s*<br\s*/?>\s*", re.IGNORECASE)
_OPTION = re.compile(
    r"&(?:s=(?P<size>[+-]?\d)|(?P<ground>fg|bg)=(?P<colour>[0-9a-fA-F]{6}))(?![0-9a-zA-Z])"
)
_ATTRIBUTE = re.compile(
    r"\b(?:s=[\"']?(?P<size>[+-]?\d)|(?P<ground>fg|bg)=[\"']?#?"
    r"(?P<colour>[0-9a-fA-F]{6}|[0-9a-fA-F]{3}))(?![0-9a-zA-Z])"
)
_REFUSED = re.compile(r"&(?:s=[+-]?\d|fg=|bg=)[^&\s\\]*")
"""What was meant as an option and is none."""
_SIZES = range(-4, 5)
_PLAIN = {"fg": "000000", "bg": "ffffff"}


class Shortcode(Struct, frozen=True):
    """The TeX of a `$latex …$` with where it comes from, and its options.

    `pieces` pairs offsets of `tex` with offsets of the source, as in `Formula`. `size` runs from
    −4 (tiny) to 4 (huge), 0 is normal; colours are six hex digits, empty where none counts.
    `refused` are the places in `tex` of what would be an option but for its value.
    """

    tex: str
    pieces: tuple[tuple[int, int], ...]
    size: int = 0
    color: str = ""
    background: str = ""
    refused: tuple[tuple[int, int], ...] = ()


def decode_entities(
    tex: str, pieces: tuple[tuple[int, int], ...]
) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Decode the six entities that WordPress writes, once; its line breaks become blanks."""
    if "&" not in tex and "<" not in tex:
        return tex, pieces
    edits = [(m.start(), m.end(), _ENTITIES.get(m[0].lower(), " ")) for m in _ENTITY.finditer(tex)]
    return apply(tex, pieces, edits)


def read_shortcode(
    tex: str, pieces: tuple[tuple[int, int], ...], attributes: str = ""
) -> Shortcode:
    """Decode the body of a `$latex …$` and take its options out of it.

    An option may stand anywhere after the first character; the last of a kind wins. Those of
    `[latex s=2]` are its `attributes`. Black on white, the old default, is no colour: it would
    defeat a dark page.
    """
    tex, pieces = decode_entities(tex, pieces)
    size, grounds = 0, {"fg": "", "bg": ""}
    options = list(_OPTION.finditer(tex, 1))
    for option in (*_ATTRIBUTE.finditer(attributes), *options):
        if option["ground"]:
            colour = option["colour"].lower()
            grounds[option["ground"]] = (
                colour if len(colour) == 6 else "".join(2 * digit for digit in colour)
            )
        else:
            size = int(option["size"]) if int(option["size"]) in _SIZES else 0
    tex, pieces = apply(tex, pieces, [(*option.span(), "") for option in options])
    refused = tuple(match.span() for match in _REFUSED.finditer(tex, 1))
    for ground, plain in _PLAIN.items():
        if grounds[ground] == plain:
            grounds[ground] = ""
    return Shortcode(tex, pieces, size, grounds["fg"], grounds["bg"], refused)
