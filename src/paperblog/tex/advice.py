"""What an author can do about an error of KaTeX."""

import re
from difflib import get_close_matches

from paperblog.tex.tokens import TokenKind
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
    ("Too many expansions", "one of them calls itself, or the formula is so long; divide it"),
    ("Missing a <", "a label of an arrow stands between two signs of the arrow: A @>f>> B"),
    ("Got function", "put it into braces, with all that belongs to it"),
    ("Invalid size", "a size has a unit, as in 1em, 2pt or 3mm"),
    ("Unknown column alignment", "a column is l, c or r, a rule between columns |"),
    ("Expected node of symbol group type", "its columns are missing, as in \\begin{array}{lcr}"),
    ("Environment name should", "one pair of braces belongs around its name"),
    ("Unexpected character: '\\'", "a backslash ends the formula; take it out"),
    ("Unexpected character", "take it out; it may stand for a backslash and the letter behind it"),
    ("Can't use function '\\(' in math", "take it out: a delimiter within a formula"),
    ("Can't use function '\\)' in math", "take it out: a delimiter within a formula"),
    ("Can't use function '\\[' in math", "take it out: a delimiter within a formula"),
    ("Can't use function '\\]' in math", "take it out: a delimiter within a formula"),
    ("Too many tab characters", "split has one & in a row; aligned has room for more"),
)
_TEXTS = {
    "tabular": "write array, or a table in Markdown",
    "center": "display math stands in the middle by itself",
    "tikzpicture": "export the picture as SVG, and show it as an image",
    **dict.fromkeys(("enumerate", "itemize"), "write a list in Markdown"),
    **dict.fromkeys(("figure", "table"), "write it in Markdown"),
    **dict.fromkeys(
        ("bNiceArray", "pNiceArray", "NiceArray"), "write array between \\left and \\right"
    ),
}
"""What stands for environments of LaTeX that are no math, or too much of it."""


def advice(message: str, tex: str, at: int | None) -> str:
    """What to do about an error of KaTeX at an offset of the TeX; empty where nobody knows."""
    if expected := _EXPECTED.match(message):
        wanted, got = expected.groups()
        if got in ("_", "^") and at is not None and zoned(tex).zone_at(at) is Zone.TEXT:
            return f"in text write \\{got}" if got == "_" else "in text write \\textasciicircum"
        if wanted == "EOF" and got == "&" and "\\\\" in tex and "\\begin" not in tex:
            return "put \\begin{aligned} before the first row and \\end{aligned} behind the last"
        return _STRAY.get(got, "") if wanted == "EOF" else _MISSING.get(wanted, "")
    if environment := _ENVIRONMENT.match(message):
        name = environment[1]
        if name in _TEXTS:
            return _TEXTS[name]
        near = get_close_matches(name.rstrip("*"), _ENVIRONMENTS, 1, 0.7)
        return f"did you mean {near[0]}?" if near else ""
    if message.startswith("Unexpected end of input in a macro") and _is_balanced(tex):
        return "put the argument of the command before it into braces"
    return next((help for begins, help in _OTHERS if message.startswith(begins)), "")


def _is_balanced(tex: str) -> bool:
    """Whether each brace that is opened is closed."""
    return all(token.closed_by != -1 for token in zoned(tex).tokens if token.kind is TokenKind.OPEN)
