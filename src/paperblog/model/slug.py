"""Slugs: the part of an address that stands for a title or a name."""

import re
import unicodedata
from functools import lru_cache

_APOSTROPHES = str.maketrans("", "", "'’‘`")


@lru_cache(maxsize=1 << 16)
def slugify(text: str) -> str:
    """Lower-case words joined by hyphens: letters and digits of any script, marks composed.

    Latin letters lose their accents (`Réseaux` → `reseaux`), since addresses are typed; other
    scripts stay. Empty where the text holds neither letter nor digit.
    """
    folded = "".join(_without_accent(char) for char in unicodedata.normalize("NFC", text))
    words = re.findall(r"[^\W_]+", folded.translate(_APOSTROPHES).casefold())
    return unicodedata.normalize("NFC", "-".join(words))


def _without_accent(char: str) -> str:
    base = unicodedata.normalize("NFD", char)[0]
    return base if base.isascii() else char
