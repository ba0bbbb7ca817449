"""A warning about a formula, at its place in the TeX."""

from dataclasses import dataclass

from paperblog.model.diagnostic import Code


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to warn of, at `tex[start:end]`."""

    code: Code
    start: int
    end: int
    message: str
    help: str = ""
