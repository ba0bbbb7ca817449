"""A warning about a formula, at its place in the TeX."""

from msgspec import Struct

from paperblog.model.diagnostic import Code


class Finding(Struct, frozen=True):
    """Something to warn of, at `tex[start:end]`."""

    code: Code
    start: int
    end: int
    message: str
    help: str = ""
