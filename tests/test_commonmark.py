"""Every example of the CommonMark specification, through our full dialect.

The examples come from the npm package `commonmark-spec`; what our rules make different stands in
`commonmark/differences.toml`, grouped by the rule, and that list is exact in both directions.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from itertools import chain
from pathlib import Path
from urllib.parse import unquote

import pytest
from dialect import render

SPECIFICATION = Path(__file__).parents[1] / "node_modules" / "commonmark-spec" / "spec.txt"
DIFFERENCES = Path(__file__).parent / "commonmark" / "differences.toml"
EXAMPLES = 652
WRAPPERS = ("headings carry an id and an anchor", "code blocks are wrapped")
MATH = "what stands between delimiters is a formula"

_EXAMPLE = re.compile(r"^`{32} example\n(.*?)^\.\n(.*?)^`{32}$", re.MULTILINE | re.DOTALL)
DELIMITER = re.compile(r"\$|\\\(|\\\[|\\begin\{")
_BLOCK = re.compile(
    "address|article|aside|blockquote|body|dd|div|dl|dt|figcaption|figure|footer|form|h[1-6]|header"
    "|hr|li|main|nav|ol|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul"
)
_VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


@dataclass(frozen=True)
class Example:
    number: int
    markdown: str
    html: str


def examples() -> list[Example]:
    text = SPECIFICATION.read_text(encoding="utf-8").replace("→", "\t")
    found = _EXAMPLE.findall(text)
    return [Example(number, *pair) for number, pair in enumerate(found, 1)]


class Normaliser(HTMLParser):
    """HTML in one form: attributes sorted, blanks folded outside `pre`, none around blocks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._verbatim = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attrs = sorted(attrs)
        shown = "".join(
            f' {name}="{escape(canonical(name, value or ""))}"' for name, value in attrs
        )
        self._mark(tag, f"<{tag}{shown}>")
        self._verbatim += tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        self._verbatim -= tag == "pre"
        if tag not in _VOID:
            self._mark(tag, f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._verbatim:
            data = re.sub(r"[ \t\n]+", " ", data)
            if self._after_block():
                data = data.lstrip(" ")
        if data:
            self.parts.append(escape(data))

    def handle_comment(self, data: str) -> None:
        self.parts.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.parts.append(f"<!{decl}>")

    def unknown_decl(self, data: str) -> None:
        self.parts.append(f"<![{data}]>")

    def handle_pi(self, data: str) -> None:
        self.parts.append(f"<?{data}>")

    def _mark(self, tag: str, markup: str) -> None:
        if _BLOCK.fullmatch(tag) and self.parts and not self._verbatim:
            self.parts[-1] = self.parts[-1].rstrip(" ")
        self.parts.append(markup)

    def _after_block(self) -> bool:
        if not self.parts:
            return True
        match = re.match(r"</?([a-z0-9]+)", self.parts[-1])
        return match is not None and bool(_BLOCK.fullmatch(match[1]))


def canonical(name: str, value: str) -> str:
    """An attribute's value; a link into the site as a `Reference` holds it: decoded, no query."""
    if name not in ("href", "src") or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//|\?", value):
        return value
    path, mark, fragment = value.partition("#")
    return unquote(path.partition("?")[0]) + mark + unquote(fragment)


def normalise(html: str) -> str:
    normaliser = Normaliser()
    normaliser.feed(html)
    normaliser.close()
    return "".join(normaliser.parts).strip()


def ours(markdown: str) -> str:
    """What the dialect makes of an example, with its slots filled."""
    markup, context = render(markdown)

    def fill(match: re.Match[str]) -> str:
        letter, value = match[1], match[2]
        if letter in "la":
            reference = context.references[int(value)]
            mark = "#" if reference.fragment else ""
            href = escape(reference.target + mark + reference.fragment)
            return href if letter == "l" else f' href="{href}"'
        if letter == "d":
            return f' src="{escape(context.references[int(value.split()[0])].target)}"'
        if letter in "pq":
            return ""
        return f"h{value}" if letter == "h" else value

    return re.sub(r"\0(.)(.*?)\0", fill, markup)


def without_wrappers(html: str) -> str:
    """Our HTML without what headings and code blocks always carry."""
    html = re.sub(r'<a class="anchor" .*?</a>(?=</h\d>)', "", html)
    html = re.sub(r'(<h\d) id="[^"]*"', r"\1", html)
    html = re.sub(r'<div class="code"[^>]*>(<pre.*?</pre>)</div>', r"\1", html, flags=re.DOTALL)
    return html


def examples_that_differ(strip: Callable[[str], str]) -> set[int]:
    return {
        example.number
        for example in examples()
        if normalise(strip(ours(example.markdown))) != normalise(example.html)
    }


def listed_differences() -> dict[str, list[int]]:
    differences: dict[str, list[int]] = tomllib.loads(DIFFERENCES.read_text(encoding="utf-8"))
    return differences


@pytest.fixture(autouse=True)
def specification(require: Callable[[object, str], None]) -> None:
    require(SPECIFICATION.is_file(), "the npm package commonmark-spec")


def test_the_specification_has_all_its_examples() -> None:
    assert len(examples()) == EXAMPLES


def test_what_differs_from_commonmark_is_what_is_listed() -> None:
    listed = [number for numbers in listed_differences().values() for number in numbers]
    assert len(listed) == len(set(listed)), "an example stands under two rules"
    assert examples_that_differ(str) == set(listed)


def test_beside_what_headings_and_code_carry_only_the_other_rules_differ() -> None:
    differences = listed_differences()
    others = [numbers for rule, numbers in differences.items() if rule not in WRAPPERS]
    assert examples_that_differ(without_wrappers) == set(chain.from_iterable(others))


def test_only_examples_that_hold_a_delimiter_differ_because_of_math() -> None:
    with_delimiter = {e.number for e in examples() if DELIMITER.search(e.markdown)}
    assert set(listed_differences()[MATH]) <= with_delimiter


def test_an_example_of_math_differs_by_a_formula() -> None:
    by_number = {example.number: example for example in examples()}
    for number in listed_differences()[MATH]:
        assert render(by_number[number].markdown)[1].formulas


def test_the_normaliser_sees_a_difference() -> None:
    assert normalise("<p>a</p>\n<p>b</p>") == normalise("<p>a</p><p> b </p>")
    assert normalise('<img b="1" a="2" />') == normalise("<img a=2 b='1'>")
    assert normalise("<p>a <em>b</em></p>") != normalise("<p>a<em>b</em></p>")
    assert normalise("<pre>a  b</pre>") != normalise("<pre>a b</pre>")
    assert normalise('<a href="b">c</a>') != normalise('<a href="d">c</a>')
