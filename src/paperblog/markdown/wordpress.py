"""What WordPress did to the inside of `$latex …$`: entities, options and line breaks.

The rules are those of Jetpack's `latex` shortcode module.
"""

import re

from msgspec import Struct

from paperblog.tex.edits import apply

_ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#039;": "'", "&#038;": "&", "&amp;": "&"}
_ENTITY = re.compile("|".join(map(re.escape, _ENTITIES)))
_OPTION = re.compile(
    r"&(?:s=(?P<size>[+-]?\d)|(?P<ground>fg|bg)=(?P<colour>[0-9a-fA-F]{6}))(?![0-9a-zA-Z])"
)
_SIZES = range(-4, 5)
_PLAIN = {"fg": "000000", "bg": "ffffff"}


class Shortcode(Struct, frozen=True):
    """The TeX of a `$latex …$` with where it comes from, and its options.

    `pieces` pairs offsets of `tex` with offsets of the source, as in `Formula`. `size` runs from
    −4 (tiny) to 4 (huge), 0 is normal; colours are six hex digits, empty where none counts.
    """

    tex: str
    pieces: tuple[tuple[int, int], ...]
    size: int = 0
    color: str = ""
    background: str = ""


def decode_entities(
    tex: str, pieces: tuple[tuple[int, int], ...]
) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Decode the six entities that WordPress writes, once."""
    if "&" not in tex:
        return tex, pieces
    edits = [(m.start(), m.end(), _ENTITIES[m[0]]) for m in _ENTITY.finditer(tex)]
    return apply(tex, pieces, edits)


def read_shortcode(tex: str, pieces: tuple[tuple[int, int], ...]) -> Shortcode:
    """Decode the body of a `$latex …$` and take its options out of it.

    An option may stand anywhere after the first character; the last of a kind wins. Black on
    white, the old default, is no colour: it would defeat a dark page.
    """
    tex, pieces = decode_entities(tex, pieces)
    size, grounds = 0, {"fg": "", "bg": ""}
    edits = []
    for option in _OPTION.finditer(tex, 1):
        edits.append((option.start(), option.end(), ""))
        if option["ground"]:
            grounds[option["ground"]] = option["colour"].lower()
        else:
            size = int(option["size"]) if int(option["size"]) in _SIZES else 0
    tex, pieces = apply(tex, pieces, edits)
    for ground, plain in _PLAIN.items():
        if grounds[ground] == plain:
            grounds[ground] = ""
    return Shortcode(tex, pieces, size, grounds["fg"], grounds["bg"])
