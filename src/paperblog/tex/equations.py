"""Rows, numbers, labels and references of a formula, which KaTeX does not know.

amsmath's rules: `equation`, `align` and their kin number each row, their starred forms none;
`\\tag` names a row, `\\notag` leaves one out. Beyond them, a labelled row is always numbered, also
in `$$…$$`, since otherwise nothing could refer to it.
"""

from collections.abc import Sequence

from msgspec import Struct

from paperblog.tex.edits import Edit
from paperblog.tex.plain import plain_text
from paperblog.tex.tokens import TexToken, TokenKind, read_argument, skip_blanks

PLACEHOLDER = "@{}@"
"""Stands in KaTeX's output where the number of the n-th reference belongs."""

_NUMBERED = {"equation", "align", "gather", "alignat", "multline", "flalign", "eqnarray"}
_BARE = {"displaymath", "math", "subequations"}
_KATEX = {"multline": "gather", "flalign": "align", "eqnarray": "align"}
_FORMS = ("multline", "flalign")
_INLINE = {
    "align": "aligned",
    "flalign": "aligned",
    "eqnarray": "aligned",
    "alignat": "alignedat",
    "gather": "gathered",
    "multline": "gathered",
}
_INNER = {
    "multlined": ("{gathered}", "{gathered}"),
    **dict.fromkeys(("eqnarray", "eqnarray*"), ("{darray}{rcl}", "{darray}")),
}
"""What stands behind `\\begin` and `\\end` in their stead, within a formula."""
_PUNCTUATION = (".", ",", ";", ":")
ENVIRONMENTS = frozenset(_NUMBERED | _BARE | {"multlined"})
"""The environments, but for their stars, of which `read_equation` has something to say."""
_NO_NUMBER = {"\\notag", "\\nonumber"}


class Named(Struct, frozen=True):
    """A label or a reference: its name and its place in the TeX."""

    name: str
    start: int
    end: int


class Row(Struct):
    """A row that may have a number: `tag` is its text as the author gave it, else None.

    A row is `numbered` where the next number is its own. `bare` tags stand without parentheses.
    """

    numbered: bool = False
    tag: str | None = None
    bare: bool = False
    silenced: bool = False
    labels: list[Named] = []
    ampersands: list[int] = []
    end: int = 0


class Equation(Struct, frozen=True):
    """What a formula says of itself beyond its looks, and the edits that KaTeX needs.

    `subequations` share a number and are told apart by letters. In an environment KaTeX leaves a
    place for each numbered row. `labels` are all that the formula has. `form` is an environment
    whose rows or columns the style sheet has to place, where KaTeX has another in its stead.
    """

    edits: tuple[Edit, ...]
    rows: tuple[Row, ...]
    references: tuple[Named, ...]
    display: bool
    subequations: bool = False
    in_environment: bool = False
    labels: tuple[Named, ...] = ()
    form: str = ""


class _Environment(Struct, frozen=True):
    """An environment that is all of a formula: its name, and the tokens of its content.

    `rest` is the place of the punctuation behind it.
    """

    name: str
    starred: bool
    begin: tuple[int, int]
    finish: tuple[int, int]
    first: int
    last: int
    rest: tuple[int, int]


def read_equation(tex: str, tokens: Sequence[TexToken], display: bool) -> Equation:
    """Read the rows, labels and references of a formula."""
    edits: list[Edit] = []
    first, last = skip_blanks(tokens, 0), len(tokens)
    subequations = False
    environment = _whole(tex, tokens, first, last)
    while environment is not None and environment.name in _BARE:
        subequations = subequations or environment.name == "subequations"
        display = display and environment.name != "math"
        edits += [(*environment.begin, ""), (*environment.finish, "")]
        first, last = environment.first, environment.last
        environment = _whole(tex, tokens, skip_blanks(tokens, first), last)
    if environment is not None:
        first, last = environment.first, environment.last
    rows = _rows(tex, tokens, first, last, edits)
    labels = tuple(label for row in rows for label in row.labels)
    references = _references(tex, tokens, edits)
    edits += _inner_environments(tex, tokens, environment)
    if environment is not None:
        edits += _fit(tex, environment, rows, display)
    elif display and any(row.labels and row.tag is None for row in rows):
        edits += _wrap(tex, rows)
    else:
        rows = [row for row in rows if row.tag is not None]
    return Equation(
        edits=tuple(edits),
        rows=tuple(rows) if display else (),
        references=references,
        display=display,
        subequations=subequations,
        in_environment=environment is not None or any(row.numbered for row in rows),
        labels=labels,
        form=environment.name if environment and environment.name in _FORMS else "",
    )


def _whole(tex: str, tokens: Sequence[TexToken], at: int, end: int) -> _Environment | None:
    """The environment that takes all tokens from `at` to `end`, if it is one of ours."""
    name = _environment_name(tex, tokens, at, "\\begin")
    if name is None:
        return None
    depth, index = 0, at
    while index < end:
        text = tokens[index].text
        if text in ("\\begin", "\\end"):
            argument = read_argument(tokens, index + 1)
            if argument is None:
                return None
            depth += 1 if text == "\\begin" else -1
            if depth == 0:
                if not _is_end(tokens, argument.after, end):
                    return None
                return _environment(tex, tokens, at, index, name, tokens[end - 1].end)
            index = argument.after
        else:
            index += 1
    return None


def _is_end(tokens: Sequence[TexToken], at: int, end: int) -> bool:
    """Whether nothing but the sentence's punctuation stands between two tokens."""
    rest = (tokens[index] for index in range(skip_blanks(tokens, at), end))
    skipped = (TokenKind.BLANK, TokenKind.COMMENT)
    return all(token.kind in skipped or token.text in _PUNCTUATION for token in rest)


def _environment(
    tex: str, tokens: Sequence[TexToken], begin: int, finish: int, name: str, end: int
) -> _Environment | None:
    bare = name.removesuffix("*")
    if bare not in _NUMBERED | _BARE:
        return None
    opening, closing = read_argument(tokens, begin + 1), read_argument(tokens, finish + 1)
    assert opening is not None
    assert closing is not None
    return _Environment(
        name=bare,
        starred=name != bare,
        begin=(tokens[begin].start, tokens[opening.after - 1].end),
        finish=(tokens[finish].start, tokens[closing.after - 1].end),
        first=opening.after,
        last=finish,
        rest=(tokens[closing.after - 1].end, end),
    )


def _environment_name(tex: str, tokens: Sequence[TexToken], at: int, command: str) -> str | None:
    if at >= len(tokens) or tokens[at].text != command:
        return None
    argument = read_argument(tokens, at + 1)
    return argument.text(tex, tokens).strip() if argument else None


def _rows(
    tex: str, tokens: Sequence[TexToken], first: int, last: int, edits: list[Edit]
) -> list[Row]:
    """The rows between two tokens; labels are taken out of the TeX."""
    rows = [Row()]
    depth = at = 0
    at = first
    while at < last:
        token = tokens[at]
        text = token.text
        if token.kind is TokenKind.OPEN or text == "\\begin":
            depth += 1
        elif token.kind is TokenKind.CLOSE or text == "\\end":
            depth -= 1
        elif text in ("\\\\", "\\cr") and depth == 0:
            rows[-1].end = token.start
            rows.append(Row())
        elif text == "&" and depth == 0:
            rows[-1].ampersands.append(token.start)
        elif text in _NO_NUMBER:
            rows[-1].silenced = True
        elif text in ("\\label", "\\tag", "\\tag*"):
            at = _read_mark(tex, tokens, at, rows[-1], edits)
            continue
        at += 1
    rows[-1].end = tokens[last - 1].end if last > first else 0
    if len(rows) > 1 and _is_empty(tokens, first, last):
        rows.pop()
    return rows


def _is_empty(tokens: Sequence[TexToken], first: int, last: int) -> bool:
    """Whether nothing but blanks follows the last row's separator."""
    for index in range(last - 1, first - 1, -1):
        if tokens[index].kind not in (TokenKind.BLANK, TokenKind.COMMENT):
            return tokens[index].text in ("\\\\", "\\cr")
    return True


def _read_mark(tex: str, tokens: Sequence[TexToken], at: int, row: Row, edits: list[Edit]) -> int:
    """Read a `\\label` or `\\tag` into a row; the index of what follows it."""
    argument = read_argument(tokens, at + 1)
    if argument is None:
        return at + 1
    start, end = tokens[at].start, tokens[argument.after - 1].end
    text = argument.text(tex, tokens)
    if tokens[at].text == "\\label":
        row.labels.append(Named(text.strip(), start, end))
        edits.append((start, end, ""))
    else:
        row.tag = plain_text(text.replace("$", ""))
        row.bare = tokens[at].text == "\\tag*"
    return argument.after


def _references(tex: str, tokens: Sequence[TexToken], edits: list[Edit]) -> tuple[Named, ...]:
    """The references of a formula; placeholders stand for their numbers."""
    found: list[Named] = []
    for at, token in enumerate(tokens):
        if token.text not in ("\\ref", "\\eqref"):
            continue
        argument = read_argument(tokens, at + 1)
        if argument is None:
            continue
        end = tokens[argument.after - 1].end
        mark = PLACEHOLDER.format(len(found))
        text = f"({mark})" if token.text == "\\eqref" else mark
        edits.append((token.start, end, f"\\text{{{text}}}"))
        found.append(Named(argument.text(tex, tokens).strip(), token.start, end))
    return tuple(found)


def _inner_environments(
    tex: str, tokens: Sequence[TexToken], whole: _Environment | None
) -> list[Edit]:
    """Environments within the formula that KaTeX knows under another name."""
    edits: list[Edit] = []
    marks = (whole.begin[0], whole.finish[0]) if whole else ()
    for at, token in enumerate(tokens):
        if token.text in ("\\begin", "\\end") and token.start not in marks:
            argument = read_argument(tokens, at + 1)
            other = _INNER.get(argument.text(tex, tokens).strip()) if argument else None
            if argument and other:
                end = tokens[argument.after - 1].end
                edits.append((token.start, end, token.text + other[token.text == "\\end"]))
    return edits


def _fit(tex: str, environment: _Environment, rows: list[Row], display: bool) -> list[Edit]:
    """Turn an environment into one that KaTeX has, with numbers where we want them."""
    edits: list[Edit] = []
    mark = tex[slice(*environment.rest)].strip()
    if environment.name in _KATEX and mark in _PUNCTUATION and rows[-1].end:
        # Behind the environment it would keep the numbers from the end of the line.
        edits += [(*environment.rest, ""), (rows[-1].end, rows[-1].end, mark)]
    if environment.name == "eqnarray":
        edits += [(at, at + 1, "") for row in rows for at in row.ampersands[1:2]]
    if not display:
        name = _INLINE.get(environment.name, "")
        return edits + _rename(environment, name)
    if environment.name == "multline":
        # All rows are one equation, whose number stands at the last.
        rows[-1].labels = [label for row in rows for label in row.labels]
        for row in rows[:-1]:
            row.labels = []
    labelled = any(row.labels for row in rows)
    for row in rows:
        wanted = bool(row.labels) or not (environment.starred or row.silenced)
        if environment.name == "multline" and row is not rows[-1]:
            wanted = False
        row.numbered = wanted and row.tag is None
        quiet = not row.numbered and row.tag is None and not row.silenced
        if quiet and (labelled or not environment.starred):
            edits.append((row.end, row.end, "\\notag "))
    star = "*" if environment.starred and not labelled else ""
    return edits + _rename(environment, _KATEX.get(environment.name, environment.name) + star)


def _rename(environment: _Environment, name: str) -> list[Edit]:
    """Another name for an environment; none takes its marks away."""
    begin, finish = (f"\\begin{{{name}}}", f"\\end{{{name}}}") if name else ("", "")
    return [(*environment.begin, begin), (*environment.finish, finish)]


def _wrap(tex: str, rows: list[Row]) -> list[Edit]:
    """Give a labelled formula without an environment the one that is numbered."""
    merged = Row(numbered=True, labels=[label for row in rows for label in row.labels])
    rows[:] = [merged]
    return [(0, 0, "\\begin{equation}"), (len(tex), len(tex), "\\end{equation}")]
