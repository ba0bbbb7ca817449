"""What LaTeX and plain TeX have and KaTeX lacks: macros that stand for it, and rewrites.

Rewrites are edits of the author's text, so that an error of KaTeX is found again in it.
Sources: amsmath's user's guide, The TeXbook's appendix B, KaTeX's list of supported functions.
"""

import re
from collections.abc import Callable, Sequence

from paperblog.tex.edits import Edit
from paperblog.tex.scripts import script_edits
from paperblog.tex.tokens import (
    TexToken,
    TokenKind,
    group_end,
    read_argument,
    read_optional,
    skip_blanks,
)

_INTEGRALS = r"\@ifnextchar\limits{{\mathop{{{0}}}}}{{{{{0}}}}}"
"""As an operator, which limits need, MathML has no signs in it."""
MACROS: tuple[tuple[str, str], ...] = tuple(
    sorted(
        {
            r"\mbox": r"\text{#1}",
            r"\ensuremath": r"\TextOrMath{$#1$}{{#1}}",
            r"\framebox": r"\fbox{#1}",
            r"\textsc": r"\text{#1}",
            r"\textsl": r"\textit{#1}",
            r"\hfill": r"\qquad",
            r"\idotsint": _INTEGRALS.format(r"\int\mkern-3mu\cdots\mkern-3mu\int"),
            r"\iiiint": _INTEGRALS.format(r"\int\mkern-9mu\int\mkern-9mu\int\mkern-9mu\int"),
            r"\cancelto": r"{\cancel{#2}}^{#1}",
            r"\sideset": r"\mathop{{\vphantom{#3}}#1{#3}#2}",
            r"\strut": r"\vphantom{(}",
            r"\xspace": r"",
            r"\hdotsfor": r"\dots",
            r"\em": r"\it",
            r"\sc": r"\rm",
            r"\sl": r"\it",
            r"\cline": r"\hline",
            r"\of": r"",
            r"\textsuperscript": r"{}^{\text{#1}}",
            r"\textsubscript": r"{}_{\text{#1}}",
            r"\nicefrac": r"{}^{#1}\!/_{#2}",
            r"\sfrac": r"{}^{#1}\!/_{#2}",
            r"\prescript": r"{}^{#1}_{#2}{#3}",
            r"\lefteqn": r"\mathrlap{\displaystyle{#1}}",
            r"\hdots": r"\ldots",
            r"\iddots": r"\mathinner{⋰}",
            r"\scr": r"\mathscr",
            r"\mit": r"\mathnormal",
            r"\overparen": r"\overgroup{#1}",
            r"\underparen": r"\undergroup{#1}",
            r"\wideparen": r"\overgroup{#1}",
            r"\overunderset": r"\overset{#1}{\underset{#2}{#3}}",
            r"\shoveleft": r"{#1}",
            r"\shoveright": r"{#1}",
            r"\skew": r"\@firstoftwo{}{#1}",
            r"\mspace": r"\mskip",
            r"\vspace": r"\@firstoftwo{}{#1}",
            r"\rmfamily": r"\rm",
            r"\sffamily": r"\sf",
            r"\ttfamily": r"\tt",
            r"\normalfont": r"\rm",
            r"\bfseries": r"\bf",
            r"\itshape": r"\it",
            r"\hfil": r"\quad",
            r"\require": r"\@firstoftwo{}{#1}",
            r"\allowdisplaybreaks": r"",
            r"\noindent": r"",
            r"\centering": r"",
            r"\qedhere": r"\qquad\square",
            r"\null": r"{}",
            r"\one@": r"\html@mathml{\mathrm{1\mkern-4.5mu l}}{\text{𝟙}}",
        }.items()
    )
)

_GROUPS = {
    "\\pmatrix": ("\\begin{pmatrix}", "\\end{pmatrix}"),
    "\\matrix": ("\\begin{matrix}", "\\end{matrix}"),
    "\\cases": ("\\begin{cases}", "\\end{cases}"),
    "\\eqalign": ("\\begin{aligned}", "\\end{aligned}"),
    "\\displaylines": ("\\begin{gathered}", "\\end{gathered}"),
    "\\intertext": ("&\\text{", "}\\notag\\\\"),
    "\\shortintertext": ("&\\text{", "}\\notag\\\\"),
}
_SMALL = {"p": "()", "b": "[]", "B": ("\\{", "\\}"), "v": "||", "V": ("\\|", "\\|")}
"""What stands around `psmallmatrix` and its kin."""
_DOUBLE_STRUCK = {"\\mathbb", "\\mathds", "\\mathbbm"}
_REACH = 200
"""Tokens within which `\\root` finds its `\\of`, and `\\buildrel` its `\\over`."""
_CODE_POINT = re.compile(r"\s*(?:[xX]([0-9A-Fa-f]{2,6})|([0-9]{3,7}))\s*")
_COLUMN = re.compile(r"\*\s*(?:\{\s*(\d{1,2})\s*\}|(\d))\s*(?:\{((?:[^{}]|\{[^{}]*\})*)\}|([lcr]))")


def compatibility_edits(tex: str, tokens: Sequence[TexToken]) -> list[Edit]:
    """The edits that make a formula's commands those that KaTeX and `MACROS` know."""
    edits: list[Edit] = []
    for at, token in enumerate(tokens):
        if token.kind is TokenKind.COMMAND:
            edits += script_edits(tokens, at)
            rewrite = _REWRITES.get(token.text)
            if rewrite is not None:
                edits += rewrite(tex, tokens, at)
    return edits


def character(number: str) -> str:
    """What MathJax's `\\unicode` shows for `x2AEB` or `10987`; empty for what is no character.

    None that TeX may take for its own.
    """
    match = _CODE_POINT.fullmatch(number)
    if match is None:
        return ""
    code = int(match[1], 16) if match[1] else int(match[2])
    if code < 0xA0 or code > 0x10FFFF or 0xD800 <= code < 0xE000:
        return ""
    return chr(code)


def _group(tex: str, tokens: Sequence[TexToken], at: int) -> list[Edit]:
    """`\\pmatrix{…}` and its kin: an environment in place of the braces."""
    brace = skip_blanks(tokens, at + 1)
    if brace >= len(tokens) or tokens[brace].kind is not TokenKind.OPEN:
        return []
    end = group_end(tokens, brace)
    if end is None:
        return []
    opening, closing = _GROUPS[tokens[at].text]
    return [
        (tokens[at].start, tokens[brace].end, opening),
        (tokens[end].start, tokens[end].end, closing),
    ]


def _equation_number(tex: str, tokens: Sequence[TexToken], at: int) -> list[Edit]:
    """`\\eqno(1)`, up to the formula's end, is `\\tag*{(1)}`."""
    end = tokens[-1].end
    return [(tokens[at].start, tokens[at].end, "\\tag*{$"), (end, end, "$}")]


def _root(tex: str, tokens: Sequence[TexToken], at: int) -> list[Edit]:
    """`\\root n \\of x` is `\\sqrt[n]x`."""
    for index in range(at + 1, min(len(tokens), at + _REACH)):
        if tokens[index].text == "\\of":
            return [
                (tokens[at].start, tokens[at].end, "\\sqrt["),
                (tokens[index].start, tokens[index].end, "]"),
            ]
    return []


def _buildrel(tex: str, tokens: Sequence[TexToken], at: int) -> list[Edit]:
    """`\\buildrel a \\over b` is `\\overset{a}{b}` as a relation."""
    for index in range(at + 1, min(len(tokens), at + _REACH)):
        if tokens[index].text == "\\over":
            base = read_argument(tokens, index + 1)
            if base is None:
                return []
            end = tokens[base.after - 1].end
            return [
                (tokens[at].start, tokens[at].end, "\\mathrel{\\overset{"),
                (tokens[index].start, tokens[index].end, "}{"),
                (end, end, "}}"),
            ]
    return []


def _color(tex: str, tokens: Sequence[TexToken], at: int) -> list[Edit]:
    """`\\color[rgb]{1,0,0}`: a model and its numbers become six hexadecimal digits."""
    model = read_optional(tokens, at + 1)
    value = read_argument(tokens, model.after) if model else None
    if model is None or value is None:
        return []
    color = _hex(model.text(tex, tokens).strip(), value.text(tex, tokens))
    if not color:
        return []
    return [(tokens[at].end, tokens[value.after - 1].end, f"{{#{color}}}")]


def _hex(model: str, value: str) -> str:
    if model == "HTML" and re.fullmatch(r"[0-9A-Fa-f]{6}", value.strip()):
        return value.strip().lower()
    try:
        numbers = [float(part) for part in value.split(",")]
    except ValueError:
        return ""
    scale = {"rgb": 255.0, "RGB": 1.0, "gray": 255.0}.get(model, 0.0)
    levels = [max(0, min(255, round(number * scale))) for number in numbers]
    if model == "gray" and len(levels) == 1:
        levels *= 3
    return "".join(f"{level:02x}" for level in levels) if scale and len(levels) == 3 else ""


def _environment(tex: str, tokens: Sequence[TexToken], at: int) -> list[Edit]:
    """An environment that KaTeX lacks: mathtools' small matrices, the columns of an array."""
    name = read_argument(tokens, at + 1)
    if name is None:
        return []
    text = name.text(tex, tokens)
    if text[1:] != "smallmatrix" or text[0] not in _SMALL:
        return _columns(tex, tokens, at) if tokens[at].text == "\\begin" else []
    opening, closing = _SMALL[text[0]]
    new = rf"\left{opening}\begin{{smallmatrix}}"
    if tokens[at].text == "\\end":
        new = rf"\end{{smallmatrix}}\right{closing}"
    return [(tokens[at].start, tokens[name.after - 1].end, new)]


def _columns(tex: str, tokens: Sequence[TexToken], at: int) -> list[Edit]:
    """An array's columns: `@{…}`, widths and its `[t]` go, `*{3}{c}` is written out."""
    name = read_argument(tokens, at + 1)
    if name is None or name.text(tex, tokens) not in ("array", "darray", "tabular", "subarray"):
        return []
    place = read_optional(tokens, name.after)
    edits = [] if place is None else [(tokens[name.after].start, tokens[place.last].end, "")]
    columns = read_argument(tokens, place.after if place else name.after)
    if columns is None:
        return []
    before = columns.text(tex, tokens)
    after = _COLUMN.sub(lambda m: (m[3] or m[4] or "") * int(m[1] or m[2]), before)
    after = re.sub(r"[@!<>]\s*\{(?:[^{}]|\{[^{}]*\})*\}", "", after)
    after = re.sub(r"[pmbX]\s*\{[^{}]*\}", "l", after)
    if after != before:
        first = tokens[columns.first].start
        edits.append((first, first + len(before), after))
    return edits


def _multicolumn(tex: str, tokens: Sequence[TexToken], at: int) -> list[Edit]:
    """`\\multicolumn{2}{c}{x}`: the cell, and the empty ones that it covers."""
    count = read_argument(tokens, at + 1)
    columns = read_argument(tokens, count.after) if count else None
    cell = read_argument(tokens, columns.after) if columns else None
    if count is None or columns is None or cell is None:
        return []
    number = count.text(tex, tokens).strip()
    more = "&" * (int(number) - 1) if number.isdecimal() and int(number) < 100 else ""
    end = tokens[cell.after - 1].end
    return [(tokens[at].start, tokens[columns.after - 1].end, ""), (end, end, more)]


def _double_struck(tex: str, tokens: Sequence[TexToken], at: int) -> list[Edit]:
    """The double-struck one, which KaTeX's fonts lack, and the packages' names for the rest."""
    argument = read_argument(tokens, at + 1)
    if argument is not None and argument.text(tex, tokens).strip() == "1":
        return [(tokens[at].start, tokens[argument.after - 1].end, "{\\one@}")]
    if tokens[at].text == "\\mathbb":
        return []
    return [(tokens[at].start, tokens[at].end, "\\mathbb")]


def _unicode(tex: str, tokens: Sequence[TexToken], at: int) -> list[Edit]:
    """MathJax's `\\unicode[font]{x2AEB}` is the character."""
    font = read_optional(tokens, at + 1)
    number = read_argument(tokens, font.after if font else at + 1)
    char = character(number.text(tex, tokens)) if number else ""
    if number is None or not char:
        return []
    return [(tokens[at].start, tokens[number.after - 1].end, f"{{{char}}}")]


_Rewrite = Callable[[str, Sequence[TexToken], int], list[Edit]]

_REWRITES: dict[str, _Rewrite] = {
    **dict.fromkeys(_GROUPS, _group),
    **dict.fromkeys(_DOUBLE_STRUCK, _double_struck),
    "\\eqno": _equation_number,
    "\\leqno": _equation_number,
    "\\root": _root,
    "\\buildrel": _buildrel,
    "\\color": _color,
    "\\textcolor": _color,
    "\\colorbox": _color,
    "\\begin": _environment,
    "\\end": _environment,
    "\\unicode": _unicode,
    "\\multicolumn": _multicolumn,
}

_MARKS = ("\\begin", "\\end")
REWRITTEN = tuple(command.removeprefix("\\") for command in _REWRITES if command not in _MARKS)
"""The names of the commands that `compatibility_edits` looks at, beside environments."""
