"""A social card: the picture that other sites show beside a link to a note."""

from msgspec import Struct

CARD_SIZE = (1200, 630)
"""The width and height of social cards, in pixels, as sites that show them prefer it."""


class CardView(Struct, frozen=True, gc=False):
    """A social card: a picture of a note's title and of one formula, in plain Unicode.

    `prompt` is the lab's short name, `site` its whole one.
    """

    prompt: str
    site: str
    title: str
    formula: str
