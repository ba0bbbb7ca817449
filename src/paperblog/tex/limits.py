"""What no formula may pass: its own length, and lengths that KaTeX would cut down in silence."""

import re
from collections.abc import Iterator

from msgspec import Struct

LONGEST = 20_000
"""Characters of a formula; a longer one is an error, and nobody looks into it."""
MOST_EM = 50
"""KaTeX's `maxSize`, in em."""

# In em of ten points, KaTeX's own size of text.
_EMS = {"em": 1, "ex": 0.431, "mu": 1 / 18, "pt": 0.1, "pc": 1.2, "in": 7.227, "cm": 2.845}
_EMS |= {"mm": 0.2845, "bp": 0.1004, "dd": 0.107, "cc": 1.284, "nd": 0.1067, "nc": 1.28}
_EMS |= {"sp": 0.1 / 65536, "px": 0.1004}
_COMMAND = re.compile(
    r"\\(?:rule|m?kern|[hm]skip|hspace\*?|mspace|raisebox|above|genfrac|vspace|\\)(?![A-Za-z])"
)
_LENGTH = re.compile(rf"[+-]?(\d{{1,30}}(?:\.\d{{0,30}})?)\s*({'|'.join(_EMS)})(?![A-Za-z])")
_REACH = 120


class Length(Struct, frozen=True):
    """A length that is too long, as it is written, with its place in the TeX."""

    text: str
    start: int
    end: int


def too_long(tex: str) -> Iterator[Length]:
    """The lengths of a formula that are more than KaTeX sets."""
    seen: set[int] = set()
    for command in _COMMAND.finditer(tex):
        for length in _LENGTH.finditer(tex, command.end(), command.end() + _REACH):
            ems = float(length[1]) * _EMS[length[2]]
            if ems > MOST_EM and length.start() not in seen:
                seen.add(length.start())
                yield Length(length[0], length.start(), length.end())
