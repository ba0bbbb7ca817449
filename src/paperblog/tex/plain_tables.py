"""Environments in plain text: a matrix as `[a b; c d]`, cases as `{x, x > 0; 0, otherwise}`."""

from msgspec.structs import replace

from paperblog.tex.plain_layout import Kind, Part, Parts, join
from paperblog.tex.plain_reader import SPACES, Range, Reader, sign
from paperblog.tex.plain_symbols import CASES, MATRICES

_BARE_TABLES = ("matrix", "smallmatrix", "array", "darray", "tabular")
"""Tables without delimiters of their own, which mostly have some around them."""


def begin(reader: Reader, name: str) -> Parts:
    begin = reader.at - 1
    environment, body = reader.environment()
    if environment in MATRICES or environment in CASES:
        return _table(reader, environment, body, begin)
    return reader.inside(body)


def end(reader: Reader, name: str) -> Parts:
    reader.argument()
    return []


def braced_table(reader: Reader, name: str) -> Parts:
    """`\\pmatrix{…}` and `\\cases{…}` of plain TeX."""
    begin = reader.at - 1
    return _table(reader, name, reader.argument(), begin)


def _table(reader: Reader, name: str, body: Range, begin: int) -> Parts:
    """A matrix as `[a b; c d]`, cases as `{x, x > 0; 0, otherwise}`."""
    is_cases = name in CASES
    opening, closing = ("{", "}") if is_cases else MATRICES[name]
    rows = [
        [join(reader.inside(cell), tight=not is_cases) for cell in row]
        for row in _cells(reader, body)
    ]
    lines = [_case(row) if is_cases else " ".join(filter(None, row)) for row in rows]
    text = "; ".join(filter(None, lines))
    if name in _BARE_TABLES and _is_delimited(reader, begin):
        return [Part(text)]
    return [Part(opening, Kind.OPEN), Part(text), Part(closing, Kind.CLOSE)]


def _case(row: list[str]) -> str:
    """A case's value and condition, a comma between them."""
    cells = [cell.removesuffix(",") for cell in filter(None, row)]
    return ", ".join(cells)


def _cells(reader: Reader, body: Range) -> list[list[Range]]:
    """The cells of a table's rows."""
    rows: list[list[Range]] = [[]]
    walker = replace(reader, at=body[0], last=body[1])
    first = walker.at
    while walker.at < walker.last:
        token = walker.tokens[walker.at]
        here = walker.at
        walker.at = walker.ends.get(here, here) + 1
        if token.text == "&":
            rows[-1].append((first, here))
            first = walker.at
        elif sign(token).kind is Kind.BREAK:
            rows[-1].append((first, here))
            rows.append([])
            walker.option()
            first = walker.at
    rows[-1].append((first, walker.last))
    return rows


def _is_delimited(reader: Reader, begin: int) -> bool:
    """Whether a delimiter stands before the token at an index."""
    before = begin - 1
    while before >= 0 and reader.tokens[before].kind in SPACES:
        before -= 1
    if before < 0:
        return False
    of_left = before > 0 and reader.tokens[before - 1].text == "\\left"
    return of_left or sign(reader.tokens[before]).kind in (Kind.OPEN, Kind.FENCE)
