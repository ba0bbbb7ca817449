"""What a reader finds on a page, as lines of plain text: for comparing without the theme's markup.

Blocks are lines, headings begin with `#`, items with `-`; links and images are written as in
Markdown, formulas as their TeX, ids as `{#id}`. Classes are left out, but for a formula in error.
"""

import re
from html.parser import HTMLParser

_HEADINGS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
_BLOCKS = {"p", "div", "section", "article", "header", "footer", "nav", "main", "aside", "ul"}
_BLOCKS |= {
    "ol",
    "dl",
    "figure",
    "table",
    "tr",
    "pre",
    "details",
    "summary",
    "blockquote",
    "body",
} | {"figcaption"}
_PREFIXES = _HEADINGS | {"li": "- ", "td": "| ", "th": "| ", "dt": "- ", "dd": "  ", "hr": "---"}
_QUIET = {"svg", "script", "style", "button", "form"}
_NAMED = {"title", "description", "robots", "canonical", "alternate", "refresh"}


def outline(page: str, part: str = "main") -> str:
    """The head's facts, and the element named `part`."""
    reader = _Outline(part)
    reader.feed(page)
    reader.close()
    lines = (re.sub(r"[ \n]+", " ", line).strip() for line in "".join(reader.text).split("\0"))
    kept = [line for line in lines if line and line not in ("-", "|")]
    return "\n".join([*reader.head, "", *kept]) + "\n"


class _Outline(HTMLParser):
    """Gathers texts; a NUL ends a line."""

    def __init__(self, part: str) -> None:
        super().__init__()
        self.head: list[str] = []
        self.text: list[str] = []
        self._part = part
        self._depth = 0
        self._quiet = 0
        self._formula = ""
        self._tex = False
        self._spans: list[bool] = []
        self._links: list[str] = []
        self._title = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self._read_head(tag, given)
        if tag == self._part or self._depth:
            self._depth += tag == self._part
            self._open(tag, given)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        self._title = False
        if not self._depth:
            return
        self._depth -= tag == self._part
        if tag in _QUIET:
            self._quiet = max(0, self._quiet - 1)
        elif tag == "span" and self._spans and self._spans.pop():
            self._formula = ""
        elif tag == "annotation":
            self._tex = False
            self.text.append(self._formula)
        elif self._formula or self._quiet:
            return
        elif tag == "a" and self._links:
            href = self._links.pop()
            self.text.append(f"]({href})" if href else "")
        elif tag == "code":
            self.text.append("`")
        elif tag in _BLOCKS or tag in _PREFIXES:
            self.text.append("\0")

    def handle_data(self, data: str) -> None:
        if self._title:
            self.head.append(f"title: {data}")
        elif self._depth and not self._quiet and (not self._formula or self._tex):
            self.text.append(data)

    def _read_head(self, tag: str, given: dict[str, str]) -> None:
        """Facts that the head states; an SVG's title is not the page's."""
        if tag == "title" and not self.head:
            self._title = True
        name = given.get("name") or given.get("rel") or given.get("http-equiv", "")
        value = given.get("content") or given.get("href", "")
        if tag in ("meta", "link") and name in _NAMED:
            self.head.append(f"{name}: {value}")

    def _open(self, tag: str, given: dict[str, str]) -> None:
        if tag == "span":
            is_formula = not self._formula and given.get("class") in ("katex", "katex-display")
            self._spans.append(is_formula)
            if is_formula:
                self._formula = "$$" if given["class"] == "katex-display" else "$"
        elif tag == "annotation":
            self._tex = True
            self.text.append(self._formula)
        if self._formula:
            return
        if tag in _QUIET:
            self._quiet += 1
        if self._quiet:
            return
        if tag in _BLOCKS or tag in _PREFIXES:
            self.text.append("\0" + _PREFIXES.get(tag, ""))
        if "id" in given and tag != self._part:
            self.text.append(f"{{#{given['id']}}} ")
        if tag == "a":
            self._links.append(given.get("href", ""))
            self.text.append("[" if given.get("href") else "")
        elif tag == "code":
            wrong = given.get("class") == "math-error"
            self.text.append(f"<wrong: {given.get('title')}>`" if wrong else "`")
        elif "src" in given:
            alt = given.get("alt", tag)
            self.text.append(f"![{alt}]({given['src']})")
