"""Lexers that try only the rules that may fit: the same tokens as Pygments' own, in fewer steps."""

import re
import sys
from collections.abc import Callable, Iterable
from itertools import islice
from types import FrameType
from typing import Any, ClassVar

import pytest
from effort import dice, tries
from pygments.lexer import Lexer, RegexLexer, bygroups
from pygments.lexers import find_lexer_class_by_name
from pygments.token import Name, Number, Text
from sites import ROOT

from paperblog.lexing.beginnings import ASCII, beginnings
from paperblog.lexing.lexers import quickened

LANGUAGES = [
    *("python", "c", "c++", "java", "javascript", "typescript", "bash", "html", "css", "json"),
    *("yaml", "toml", "latex", "r", "julia", "rust", "go", "haskell", "ocaml", "scheme", "matlab"),
    *("fortran", "sql", "bibtex", "diff", "makefile", "docker", "lean4", "coq", "cuda"),
]
# Each rule is needed often before it pays to look at how it begins.
TEXTS = [
    path.read_text(encoding="utf-8")[:6000] * 3
    for path in (
        ROOT / "Makefile",
        ROOT / "hatch_build.py",
        ROOT / "templates" / "base.html",
        ROOT / "templates" / "assets" / "theme.js",
        ROOT / "templates" / "assets" / "style.css",
    )
]
SIGNS = "".join(sorted(ASCII)) + "äſıK☃"


def tokens(kind: type[Lexer], text: str) -> list[tuple[Any, str]]:
    """The first tokens of a text: there are lexers that come to no end."""
    lexer = kind(stripnl=False)  # type: ignore[no-untyped-call]
    return list(islice(lexer.get_tokens(text), 10_000))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_token_is_that_of_pygments(language: str) -> None:
    kind = find_lexer_class_by_name(language)
    kind()
    quick = quickened(kind)
    rng = dice(language)
    for text in TEXTS:
        assert tokens(quick, text) == tokens(kind, text)
    for _ in range(tries(3)):
        text = "".join(rng.choices(SIGNS, k=300))
        assert tokens(quick, text) == tokens(kind, text)


def test_few_rules_are_tried() -> None:
    kind = find_lexer_class_by_name("python")
    kind()
    quick = quickened(kind)
    tokens(quick, TEXTS[1])
    tried = matches(lambda: tokens(kind, TEXTS[1]))
    assert 8 * matches(lambda: tokens(quick, TEXTS[1])) < tried


def matches(work: Callable[[], object]) -> int:
    """How often some work asks whether a regular expression matches."""
    count = 0

    def look(_: FrameType, event: str, called: object) -> None:
        nonlocal count
        count += event == "c_call" and getattr(called, "__name__", "") == "match"

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


class Toy(RegexLexer):
    """Rules that follow one another, come back, and match nothing."""

    tokens: ClassVar[dict[str, Any]] = {
        "root": [
            (r"(?=[a-c])", Text, "letters"),
            (r"(\d)(\1)", bygroups(Number, Name)),
            (r"\d", Number),
        ],
        "letters": [(r"[A-C]", Name), (r"", Text, "#pop")],
    }
    flags = re.IGNORECASE


def test_a_rule_may_match_nothing_and_an_unknown_sign_is_an_error() -> None:
    Toy()
    text = "aB11 2;C☃\n" * 300
    assert tokens(quickened(Toy), text) == tokens(Toy, text)


def test_a_lexer_without_rules_of_its_own_is_left_as_it_is() -> None:
    for language in ("c#", "html+jinja", "text"):
        kind = find_lexer_class_by_name(language)
        kind()
        assert quickened(kind) is kind


@pytest.mark.parametrize(
    ("pattern", "flags", "first"),
    [
        ("ab|cd", 0, "ac"),
        ("(x?)y", 0, "xy"),
        ("(?:a*)+b", 0, "ab"),
        (r"\b(?!q)(?<=z)[a-c\d]", 0, "abc0123456789"),
        ("(?i)k", 0, "kK"),
        ("(?i:s)t", 0, "sS"),
        ("(?x) # a word \n w", 0, "w"),
        ("[^a-z]", 0, ASCII - set("abcdefghijklmnopqrstuvwxyz")),
        ("[^a]", re.IGNORECASE, ASCII),
        ("ſ", re.IGNORECASE, ASCII),
        ("[ſ-ƀ]", re.IGNORECASE, ASCII),
        ("[a-ſ]", 0, set("abcdefghijklmnopqrstuvwxyz{|}~\x7f")),
        (r"\S", re.ASCII, ASCII - set(" \t\n\r\f\v")),
        (r"[^\s]", 0, ASCII - set(" \t\n\r\f\v\x1c\x1d\x1e\x1f")),
        (".", 0, ASCII),
        ("a?", 0, ASCII),
        (r"(a)|\1b", 0, ASCII),
        ("(?>a|b)c", 0, "ab"),
        ("(", 0, ASCII),
    ],
)
def test_what_a_match_may_begin_with(pattern: str, flags: int, first: Iterable[str]) -> None:
    assert beginnings(pattern, flags) == set(first)


def test_no_match_begins_otherwise() -> None:
    texts = [*TEXTS, "".join(dice("beginnings").choices(SIGNS, k=2000))]
    for language in LANGUAGES:
        kind = find_lexer_class_by_name(language)
        kind()
        rules: dict[str, list[Any]] = vars(kind).get("_tokens", {})
        patterns = {rule[0].__self__ for those in rules.values() for rule in those}
        for pattern in patterns:
            may_begin = beginnings(pattern.pattern, pattern.flags)
            for text in texts:
                for match in islice(pattern.finditer(text[:2000]), 30):
                    assert not match[0] or match[0][0] in may_begin or not match[0][0].isascii()
