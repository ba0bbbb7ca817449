"""KaTeX's style sheet, cut down to what the formulas of a site can match.

The sheet is read as the minified, well-formed CSS that it is. Wherever it does not tell whether
something is needed, it is kept.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import product

from msgspec import Struct

_CLASS_SELECTOR = re.compile(r"\.([^\s.#:>+~*,]+)")
_TOKEN = re.compile(
    r"""/\*.*?\*/ | "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' | url\([^"')]*\) | \\."""
    r"""| [{}()\[\],;] | [^{}()\[\],;"'\\/u]+ | .""",
    re.DOTALL | re.VERBOSE,
)
_OPENING, _CLOSING = frozenset("{(["), frozenset("})]")
_GROUPS = ("@media", "@supports", "@container")
_FONT_VALUE = re.compile(r"(?<![\w-])font(?:-family|-weight|-style)?\s*:([^;}]*)")
_UNTELLABLE = re.compile(r"\(|\bbolder\b|\blighter\b")
_WEIGHT = re.compile(r"(?<![\w.-])(?:[1-9]\d{0,3}|bold)(?![\w.%-])")
_SLANTED = re.compile(r"\b(?:italic|oblique)\b")
_REGULAR = 400
_BOLD = 700
_WOFF2_ADDRESS = re.compile(r"""url\(\s*["']?([^"')]+\.woff2)""")


def prune(css: str, classes: Collection[str]) -> str:
    """The rules that a page can match whose elements have no other classes than these.

    Which elements there are besides is not asked: `.katex svg` is kept with `.katex`. A font's
    face is kept where its family is named in a rule that is kept, and some rules together can ask
    for its weight and style; of its sources only the woff2 file is.
    """
    statements = _statements(css)
    used = frozenset(classes)
    rules = _written(statements, used, frozenset())
    return _written(statements, used, _asked_for(rules, tuple(_faces(statements))))


def fonts_of(css: str) -> tuple[str, ...]:
    """The names of the woff2 files that a sheet refers to, without their folder, sorted."""
    addresses = _WOFF2_ADDRESS.findall(css)
    return tuple(sorted({address.rpartition("/")[2] for address in addresses}))


class _Style(Struct, frozen=True):
    """A style rule; each selector stands beside the classes without which nothing matches it."""

    selectors: tuple[tuple[str, frozenset[str]], ...]
    body: str


class _Face(Struct, frozen=True):
    """A `@font-face` rule; `weight` is None where it is no single number."""

    family: str
    weight: int | None
    slanted: bool
    body: str


class _Group(Struct, frozen=True):
    """A conditional rule, such as `@media`, around others."""

    prelude: str
    inner: "tuple[_Statement, ...]"


class _Other(Struct, frozen=True):
    """An at-rule that is kept as it is."""

    text: str


_Statement = _Style | _Face | _Group | _Other


# A site has one sheet, and prunes it in every build that `serve` makes.
@lru_cache(maxsize=2)
def _statements(css: str) -> tuple[_Statement, ...]:
    """A sheet or the inside of a conditional rule, read."""
    return tuple(_statement(prelude, block) for prelude, block in _cut(css))


def _cut(css: str) -> Iterator[tuple[str, str | None]]:
    """Each statement as what stands before its braces and what between; None if it has none."""
    depth = 0
    prelude: list[str] = []
    block: list[str] = []
    for token in _TOKEN.findall(css):
        if token.startswith("/*"):
            continue
        depth += (token == "{") - (token == "}")
        if depth == 0 and token == "}":
            yield "".join(prelude).strip(), "".join(block[1:])
            prelude, block = [], []
        elif depth == 0 and token == ";":
            yield "".join(prelude).strip(), None
            prelude = []
        else:
            (block if depth else prelude).append(token)


def _statement(prelude: str, block: str | None) -> _Statement:
    if block is None:
        return _Other(f"{prelude};")
    if prelude == "@font-face":
        return _face(block)
    if prelude.startswith(_GROUPS):
        return _Group(prelude, _statements(block))
    if prelude.startswith("@"):
        return _Other(f"{prelude}{{{block}}}")
    return _Style(tuple((text, _required(text)) for text in _split(prelude, ",")), block)


def _face(block: str) -> _Face:
    """A face, with its sources cut down to woff2, which every browser knows that shows KaTeX."""
    pairs = [part.partition(":")[::2] for part in _split(block, ";")]
    face = {name.strip().lower(): value.strip() for name, value in pairs}
    if "src" in face:
        sources = [source for source in _split(face["src"], ",") if "woff2" in source]
        face["src"] = ",".join(sources) or face["src"]
    return _Face(
        family=face.get("font-family", "").strip("\"'"),
        weight=_weight(face.get("font-weight", "normal")),
        slanted=bool(_SLANTED.search(face.get("font-style", ""))),
        body=";".join(f"{name}:{value}" for name, value in face.items()),
    )


def _weight(value: str) -> int | None:
    if value.isdecimal():
        return int(value)
    return {"normal": _REGULAR, "bold": _BOLD}.get(value)


def _required(selector: str) -> frozenset[str]:
    """The classes that elements must have for a selector to match.

    What stands in brackets demands none: `:not(.a)` matches where no class is `a`. Nor is an
    escaped name read; its selector then stays.
    """
    if "\\" in selector:
        return frozenset()
    bare = "".join(token for token, depth in _nested(selector) if depth == 0)
    return frozenset(_CLASS_SELECTOR.findall(bare))


def _split(text: str, separator: str) -> list[str]:
    """The parts between separators that stand in no brackets or quotes."""
    parts = [""]
    for token, depth in _nested(text):
        if depth == 0 and token == separator:
            parts.append("")
        else:
            parts[-1] += token
    return [part.strip() for part in parts if part.strip()]


def _nested(text: str) -> Iterator[tuple[str, int]]:
    """Tokens, each with the number of brackets that it stands in or is itself."""
    depth = 0
    for token in _TOKEN.findall(text):
        depth += token in _OPENING
        yield token, depth
        depth -= token in _CLOSING


def _written(
    statements: Sequence[_Statement], used: frozenset[str], faces: frozenset[_Face]
) -> str:
    """The statements that the classes in use leave, with no other faces than these."""
    return "".join(_kept(statement, used, faces) for statement in statements)


def _kept(statement: _Statement, used: frozenset[str], faces: frozenset[_Face]) -> str:
    match statement:
        case _Style(selectors, body):
            prelude = ",".join(text for text, required in selectors if required <= used)
        case _Face(body=body):
            prelude = "@font-face" if statement in faces else ""
        case _Group(prelude, inner):
            body = _written(inner, used, faces)
            prelude = prelude if body else ""
        case _Other(text):
            return text
    return f"{prelude}{{{body}}}" if prelude else ""


def _faces(statements: Sequence[_Statement]) -> Iterator[_Face]:
    for statement in statements:
        if isinstance(statement, _Face):
            yield statement
        elif isinstance(statement, _Group):
            yield from _faces(statement.inner)


def _asked_for(rules: str, faces: Sequence[_Face]) -> frozenset[_Face]:
    """The faces that a browser can choose for elements to which these rules apply.

    An element can have its family from one rule and its weight and style from others, or from
    its parent, so every family is asked for in every weight and style. Where a family does not
    have the one asked for, the browser takes the nearest
    (https://www.w3.org/TR/css-fonts-4/#font-style-matching).
    """
    values = " ; ".join(_FONT_VALUE.findall(rules))
    if _UNTELLABLE.search(values):
        return frozenset(faces)
    weights = {_REGULAR} | {_weight(word) or _REGULAR for word in _WEIGHT.findall(values)}
    slants = {False} | ({True} if _SLANTED.search(values) else set())
    asked: set[_Face] = set()
    for family in {face.family for face in faces}:
        if re.search(rf"(?<![\w-]){re.escape(family)}(?![\w-])", values, re.IGNORECASE):
            own = [face for face in faces if face.family == family]
            for weight, slanted in product(weights, slants):
                asked.update(_nearest(own, weight, slanted))
    return frozenset(asked)


def _nearest(faces: Sequence[_Face], weight: int, slanted: bool) -> list[_Face]:
    """Of one family's faces those nearest in style, then in weight, and those of any weight."""

    def distance(face: _Face) -> tuple[bool, int]:
        return face.slanted != slanted, abs((face.weight or weight) - weight)

    least = min(distance(face) for face in faces)
    return [face for face in faces if face.weight is None or distance(face) == least]
