"""Where closing delimiters stand in a text: looked up once for the whole text.

Searching anew from every opening delimiter would take quadratic time on a text of many that are
never closed.
"""

import re
from bisect import bisect_left
from functools import cached_property, lru_cache

ENVIRONMENTS = (
    "equation",
    "align",
    "gather",
    "alignat",
    "multline",
    "flalign",
    "eqnarray",
    "displaymath",
    "math",
    "CD",
    "subequations",
    "split",
    "aligned",
    "alignedat",
    "gathered",
    "multlined",
    "array",
    "darray",
    "matrix",
    "pmatrix",
    "bmatrix",
    "Bmatrix",
    "vmatrix",
    "Vmatrix",
    "smallmatrix",
    "psmallmatrix",
    "bsmallmatrix",
    "Bsmallmatrix",
    "vsmallmatrix",
    "Vsmallmatrix",
    "cases",
    "dcases",
    "rcases",
    "drcases",
)

_ENVIRONMENT = re.compile(r"\\(begin|end)\{((?:" + "|".join(ENVIRONMENTS) + r")\*?)\}")
_BRACE = re.compile(r"\\.|[{}$]", re.DOTALL)
_DOLLAR = re.compile(r"[^\\$]*+(?:\\.[^\\$]*+)*+\$", re.DOTALL)
_PARENTHESIS = re.compile(r"\\(?:[^()\[\]]|([()\[\]]))", re.DOTALL)
_TEXT = re.compile(r"\\(?:text[a-z]*|mbox|hbox|fbox)\s*\{[^{}]*\}")
_BLANK_LINE = re.compile(r"\n[ \t>]*\n")
_TEXT_GROUP = re.compile(r"\\(?:text[a-z]*|mbox|hbox|fbox|ce|pu|tag\*?)\s*\Z")
_MAY_HAVE_TEXT = re.compile(r"\\(?:text|[mhf]box|ce|pu|tag)")
_LONGEST_COMMAND = 12
# A search leaps to a sign of its own; to a run of one it goes step by step.
_TICKS = re.compile("``*")


@lru_cache(maxsize=8)
def marks_of(text: str) -> "Marks":
    """The marks of a text; those of the latest texts are kept."""
    return Marks(text)


class Marks:
    """The places in one text at which formulas and code may close."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._closings: dict[str, list[int]] = {}

    def closing(self, delimiter: str, at: int, end: int) -> int:
        """Where the delimiter stands next, whole before `end`; -1 if nowhere.

        One with a backslash before it does not count, unless another escapes the backslash.
        """
        found = _next(self._places(delimiter), at)
        return found if found + len(delimiter) <= end else -1

    def math_closing(self, delimiter: str, at: int, end: int) -> int:
        """As `closing`, for a delimiter of math: one in a code span does not count."""
        found = self.closing(delimiter, at, end)
        while found != -1 and (span := self._code_span(found)):
            found = self.closing(delimiter, span, end)
        return found

    def parenthesis(self, at: int, end: int) -> int:
        """The `\\)` or `\\]` of the `\\(` or `\\[` at `at`; -1 if none does before `end`."""
        close = self._parentheses.get(at, -1)
        return close if close + 2 <= end else -1

    def count(self, delimiter: str, at: int, end: int) -> int:
        """How many of the delimiter stand between `at` and `end`."""
        places = self._places(delimiter)
        return bisect_left(places, end) - bisect_left(places, at)

    def dollar(self, at: int, end: int) -> int:
        """The `$` that closes a formula whose TeX begins at `at`; -1 if none does before `end`.

        A `$` inside the braces of `\\text{…}` and its kin belongs to the text.
        """
        places, closes = self._dollars
        number = bisect_left(places, at)
        close = closes[number] if number < len(closes) else -1
        if close == -1 or close >= end:
            close = self.math_closing("$", at, end)
        return close

    def environment(self, at: int, end: int) -> int:
        """Where the environment ends that begins at `at`; -1 if not before `end`."""
        close = self._environments.get(at, -1)
        return close if close <= end else -1

    def code(self, at: int) -> int:
        """Where the code span that the backticks at `at` open ends; -1 if it is none."""
        run = _TICKS.match(self._text, at)
        if run is None:
            return -1
        length = run.end() - at
        close = _next(self._ticks.get(length, []), run.end())
        return close + length if close < len(self._text) else -1

    def _places(self, delimiter: str) -> list[int]:
        places = self._closings.get(delimiter)
        if places is None:
            places = self._closings[delimiter] = _unescaped(self._text, delimiter)
        return places

    def _code_span(self, at: int) -> int:
        """Where the code span ends that `at` stands in; 0 if in none."""
        starts, ends = self._code_spans
        number = bisect_left(starts, at) - 1
        return ends[number] if number >= 0 and at < ends[number] else 0

    @cached_property
    def _code_spans(self) -> tuple[list[int], list[int]]:
        """Where code spans begin and end, as far as the text alone tells.

        None crosses a blank line. The quotation marks of TeX, within a text, begin none.
        """
        starts: list[int] = []
        ends: list[int] = []
        if "`" not in self._text:
            return starts, ends
        found = _TEXT.finditer(self._text) if _MAY_HAVE_TEXT.search(self._text) else ()
        texts = [match.span() for match in found if "`" in match[0]]
        blank = [match.start() for match in _BLANK_LINE.finditer(self._text)]
        quoted = {run.start() for text in texts for run in _TICKS.finditer(self._text, *text)}
        at = 0
        while run := _TICKS.search(self._text, at):
            at, close = run.end(), -1
            if run.start() not in quoted and not _is_escaped(self._text, run.start()):
                close = self.code(run.start())
            if close != -1 and _next(blank, at) >= close:
                starts.append(run.start())
                ends.append(close)
                at = close
        return starts, ends

    @cached_property
    def _parentheses(self) -> dict[int, int]:
        """The closing `\\)` and `\\]` of each `\\(` and `\\[`, the inner ones first."""
        ends: dict[int, int] = {}
        open_at: dict[str, list[int]] = {")": [], "]": []}
        for mark in _PARENTHESIS.finditer(self._text):
            match mark[1]:
                case "(" | "[":
                    if not self._code_span(mark.start()):
                        open_at[")" if mark[1] == "(" else "]"].append(mark.start())
                case ")" | "]":
                    begun = open_at[mark[1]]
                    if begun and not self._code_span(mark.start()):
                        ends[begun.pop()] = mark.start()
        return ends

    @cached_property
    def _environments(self) -> dict[int, int]:
        ends: dict[int, int] = {}
        open_at: dict[str, list[int]] = {}
        for mark in _ENVIRONMENT.finditer(self._text):
            begun = open_at.setdefault(mark[2], [])
            if mark[1] == "begin":
                begun.append(mark.start())
            elif begun:
                ends[begun.pop()] = mark.end()
        return ends

    @cached_property
    def _dollars(self) -> tuple[list[int], list[int]]:
        """The places of `$` and of the braces of texts, each with the `$` that closes there.

        A closing `$` is itself; a text's is the first one after its closing brace.
        """
        if not _MAY_HAVE_TEXT.search(self._text):
            found = _dollars(self._text)
            if "`" in self._text:
                found = [at for at in found if not self._code_span(at)]
            return found, found
        places: list[int] = []
        ends: list[int] = []
        open_braces: list[int] = []
        for mark in _BRACE.finditer(self._text):
            at = mark.start()
            if self._code_span(at):
                continue
            if mark[0] == "$":
                places.append(at)
                ends.append(at)
            elif mark[0] == "{":
                command = self._text[max(0, at - _LONGEST_COMMAND) : at]
                is_text = bool(_TEXT_GROUP.search(command))
                open_braces.append(len(places) if is_text else -1)
                if is_text:
                    places.append(at)
                    ends.append(-1)
            elif mark[0] == "}" and open_braces:
                opening = open_braces.pop()
                if opening != -1:
                    ends[opening] = at
        return places, _closes(self._text, places, ends)

    @cached_property
    def _ticks(self) -> dict[int, list[int]]:
        places: dict[int, list[int]] = {}
        for run in _TICKS.finditer(self._text):
            places.setdefault(run.end() - run.start(), []).append(run.start())
        return places


def _dollars(text: str) -> list[int]:
    """The places of all `$` without a backslash before them."""
    places: list[int] = []
    at = 0
    while match := _DOLLAR.match(text, at):
        at = match.end()
        places.append(at - 1)
    return places


def _closes(text: str, places: list[int], ends: list[int]) -> list[int]:
    """For each place the `$` that closes, from the last place to the first."""
    closes = [-1] * len(places)
    for number in range(len(places) - 1, -1, -1):
        if text[places[number]] == "$":
            closes[number] = places[number]
        elif ends[number] != -1:
            after = bisect_left(places, ends[number])
            closes[number] = closes[after] if after < len(closes) else -1
        elif number + 1 < len(closes):
            closes[number] = closes[number + 1]
    return closes


def _unescaped(text: str, delimiter: str) -> list[int]:
    places = []
    at = text.find(delimiter)
    while at != -1:
        if not _is_escaped(text, at):
            places.append(at)
        at = text.find(delimiter, at + 1)
    return places


def _is_escaped(text: str, at: int) -> bool:
    before = at
    while before and text[before - 1] == "\\":
        before -= 1
    return (at - before) % 2 == 1


def _next(places: list[int], at: int) -> int:
    """The first place from `at` on; beyond every text if there is none."""
    number = bisect_left(places, at)
    return places[number] if number < len(places) else 1 << 62
