"""A picture: an image of the site with its size and the smaller forms that a browser may take."""

from msgspec import Struct


class ImageOptions(Struct, frozen=True, gc=False):
    """How images are made smaller: to which widths in pixels, in which formats, how well."""

    widths: tuple[int, ...] = (480, 960, 1440)
    formats: tuple[str, ...] = ("avif", "webp")
    quality: int = 80


class Variant(Struct, frozen=True, gc=False):
    """A smaller form of an image; `file` is its name among those that are remembered.

    `digest` is that of its content.
    """

    format: str
    width: int
    file: str
    digest: str


class Developed(Struct, frozen=True, gc=False):
    """What was found out and made of an image file.

    Its size is that at which a browser shows it, 0 where it has none. An image with a `problem`
    cannot be shown.
    """

    width: int = 0
    height: int = 0
    variants: tuple[Variant, ...] = ()
    problem: str = ""


class Picture(Struct, frozen=True, gc=False):
    """An image on a page: its size, and for each format the addresses of its widths.

    `sources` begin with the format that a browser should take if it can; the file itself is what
    is left for one that can take none.
    """

    width: int
    height: int
    sources: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = ()
