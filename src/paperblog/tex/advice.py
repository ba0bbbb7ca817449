"""What an author can do about an error of KaTeX."""

import re
from difflib import get_close_matches

from paperblog.tex.zones import Zone, zoned

_EXPECTED = re.compile(r"Expected '(.*?)', got '(.*?)'(?: at |\Z)", re.DOTALL)
_ENVIRONMENT = re.compile(r"No such environment: (\S+)")
_ENVIRONMENTS = (
    *("align", "aligned", "alignat", "alignedat", "array", "bmatrix", "Bmatrix", "cases", "CD"),
    *("equation", "gather", "gathered", "matrix", "multline", "pmatrix", "smallmatrix", "split"),
    *("vmatrix", "Vmatrix", "dcases", "rcases", "eqnarray", "subarray", "flalign", "darray"),
)
_STRAY = {
    "&": "it tells columns apart within aligned, array and their kin; else write \\&",
    "\\\\": "rows belong within aligned, array and their kin",
    "}": "its { is missing",
    "\\right": "its \\left is missing",
    "\\middle": "it belongs between \\left and \\right",
    "\\end": "its \\begin is missing",
    "#": "write \\# for the sign",
    "\\hline": "rules belong within array",
    "\\cr": "rows belong within aligned, array and their kin",
}
_MISSING = {
    "}": "a { is not closed",
    "\\right": "a \\left is not closed; \\right. closes it without a sign",
    "\\end": "an environment is not closed",
}
_OTHERS = (
    ("Double superscript", "write {x^a}^b or x^{ab}"),
    ("Double subscript", "write {x_a}_b or x_{ab}"),
    ("Can't use function '$'", "write \\$ for the sign; a $ in a code span closes no formula"),
    ("Expected & or", "an environment is not closed"),
    ("Unexpected end of input in a macro argument", "a { is not closed"),
    ("Expected group", "what it applies to is missing; write {} for nothing"),
    ("Multiple \\tag", "an equation has one number; in align each row has its own"),
    ("Missing a <", "a label of an arrow stands between two signs of the arrow: A @>f>> B"),
)


def advice(message: str, tex: str, at: int | None) -> str:
    """What to do about an error of KaTeX at an offset of the TeX; empty where nobody knows."""
    if expected := _EXPECTED.match(message):
        wanted, got = expected.groups()
        if got in ("_", "^") and at is not None and zoned(tex).zone_at(at) is Zone.TEXT:
            return f"in text write \\{got}" if got == "_" else "in text write \\textasciicircum"
        return _STRAY.get(got, "") if wanted == "EOF" else _MISSING.get(wanted, "")
    if environment := _ENVIRONMENT.match(message):
        name = environment[1]
        near = get_close_matches(name.rstrip("*"), _ENVIRONMENTS, 1, 0.7)
        return f"did you mean {near[0]}?" if near else ""
    return next((help for begins, help in _OTHERS if message.startswith(begins)), "")
