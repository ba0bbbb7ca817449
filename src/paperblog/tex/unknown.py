"""What is said of a command that KaTeX does not know."""

from collections.abc import Collection
from difflib import get_close_matches

from paperblog.tex.zones import Zone, zoned

_DECLARE = "under [math.macros] in paperblog.toml, or macros: in the note"
_ALIKE = 0.8
"""How much two names have in common of which one may be a slip for the other."""
_OPERATORS = """
    Cov Hom KL Tr Var diag erf id prox rank sgn sign sinc softmax tr
"""
COMMON = {
    "abs": r"\left| #1 \right|",
    "norm": r"\left\lVert #1 \right\rVert",
    "ceil": r"\left\lceil #1 \right\rceil",
    "floor": r"\left\lfloor #1 \right\rfloor",
    "qty": r"\left( #1 \right)",
    "eval": r"\left. #1 \right|",
    "order": r"\mathcal{O}\left( #1 \right)",
    "dd": r"\,\mathrm{d}",
    "dv": r"\frac{\mathrm{d} #1}{\mathrm{d} #2}",
    "pdv": r"\frac{\partial #1}{\partial #2}",
    "grad": r"\nabla",
    "vb": r"\mathbf{#1}",
    "vect": r"\mathbf{#1}",
    "mat": r"\mathbf{#1}",
    "bs": r"\boldsymbol{#1}",
    "ketbra": r"\left| #1 \middle\rangle \middle\langle #2 \right|",
    "conj": r"\overline{#1}",
    "num": r"#1",
    "si": r"\,\mathrm{#1}",
    "unit": r"\,\mathrm{#1}",
    "SI": r"#1\,\mathrm{#2}",
    "ZZ": r"\mathbb{Z}",
    "QQ": r"\mathbb{Q}",
    "RR": r"\mathbb{R}",
    "CC": r"\mathbb{C}",
    "NN": r"\mathbb{N}",
    "E": r"\mathbb{E}",
    **{name: rf"\operatorname{{{name}}}" for name in _OPERATORS.split()},
}
"""What authors mostly mean by names that packages or their own preambles give."""
_REFERENCES = {"\\cref", "\\Cref", "\\autoref", "\\vref", "\\pageref", "\\nameref"}


def unknown_command(name: str, known: Collection[str], tex: str, at: int) -> tuple[str, str]:
    """The message on a command at an offset of the TeX, and the help.

    `known` are the engine's and the author's own commands.
    """
    if not name[1:].isalpha():
        return f"unknown command {name}", f"write {name[1:]}"
    if name in known and at != -1:
        if zoned(tex).zone_at(at) is Zone.TEXT:
            return f"{name} is a command of formulas, not of text", f"write ${name}$ in the text"
        return f"{name} is a command of text, not of formulas", rf"write \text{{{name}}}"
    return f"unknown command {name}", _help(name, known)


def _help(name: str, known: Collection[str]) -> str:
    if name in _REFERENCES:
        return r"write \eqref{…}"
    if body := COMMON.get(name[1:]):
        return f"declare '{name}' = '{body}' {_DECLARE}"
    near = _nearest(name[1:], known)
    if near:
        return f"did you mean {near}? Else declare it under [math.macros]"
    return f"declare macros {_DECLARE}"


def _nearest(name: str, known: Collection[str]) -> str:
    """The known command that the name is likely a slip for; empty if none is."""
    names = [other[1:] for other in known]
    near = [other for other in names if other.casefold() == name.casefold()]
    near = near or [other for other in names if sorted(other) == sorted(name)]
    near = near or get_close_matches(name, names, 1, _ALIKE)
    return f"\\{near[0]}" if near else ""
