"""Filling: a text with its slots filled, as it stands on one page."""

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape, unescape

from paperblog.model.formula import Formula, Numbers, read_numbers
from paperblog.model.part import Placed
from paperblog.model.site import Edition
from paperblog.ports import ForgottenError, Store
from paperblog.steps.linking import quoted
from paperblog.steps.parse import BODY
from paperblog.steps.pictures import is_seen_first, picture_slot, without_dark
from paperblog.steps.typeset import TYPESET
from paperblog.tex.columns import with_columns
from paperblog.tex.equations import PLACEHOLDER
from paperblog.tex.letters import with_letters
from paperblog.tex.plain import plain_text
from paperblog.tex.prepare import with_references

_ANCHOR = re.compile(r'<a class="anchor"[^>]*>#</a>')
_MATHML = re.compile(r"<math( .*?)</math>", re.DOTALL)
_SHOWN = '<span class="katex-html"'
_ANNOTATION = re.compile(r"<annotation .*?</annotation>", re.DOTALL)
_ROW = re.compile(r'<span class="eqn-num"></span>')
_SPOKEN_ROW = re.compile(r'<mtd class ?="mml-eqn-num"></mtd>')
_FILLED = {
    _ROW: '<span class="eqn-num">{}</span>',
    _SPOKEN_ROW: '<mtd class="mml-eqn-num"><mtext>{}</mtext></mtd>',
}
_MOST_SHOWN = 1000
"""How many typeset formulas a process keeps at hand, of some kilobytes each."""


class Filler:
    """Fills the slots of texts; formulas and what is heard of them are read once for all pages."""

    def __init__(self, edition: Edition, store: Store) -> None:
        self._edition = edition
        self._store = store
        self._formulas: dict[str, Formula] = {}
        self._shown: dict[str, str] = {}
        self._heard: dict[tuple[str, tuple[str, ...]], str] = {}
        self._in_feeds: dict[str, str] = {}
        self._tex = {
            formula.key: formula.tex
            for entry in (edition.site.by_path().values() if edition.refused else ())
            for formula in entry.note.formulas
            if formula.key in edition.refused
        }

    def fill(self, placed: Placed, url: Callable[[str], str]) -> str:
        """The HTML of a text with its slots filled."""
        markup = placed.markup
        if placed.body:
            body = self._store.get(BODY, placed.body)
            if body is None:
                raise ForgottenError(f"the body {placed.body}")
            markup = body.markup
        if "\0" not in markup:
            return markup
        texts = self._edition.site.catalogue.of(placed.lang)
        parts = markup.split("\0")
        keys = [part[1:].partition(" ")[0] for part in parts[1::2] if part[0] == "f"]
        formulas = self._typeset(keys)
        if placed.feed:
            without_dark(parts)
        at, images = 0, 0
        for number in range(1, len(parts), 2):
            at += len(parts[number - 1])
            letter, value = parts[number][0], parts[number][1:]
            if letter == "f":
                key, _, numbers = value.partition(" ")
                html = formulas.get(key)
                if html is None:
                    parts[number] = self._refused(key)
                elif placed.feed and not numbers:
                    parts[number] = self._fed(key, html)
                else:
                    parts[number] = self._formula(key, html, numbers, placed, url)
            elif letter == "h":
                parts[number] = f"h{min(6, int(value) + placed.lowered)}"
            elif letter == "i":
                parts[number] = escape(placed.id_prefix + value)
            elif letter == "w":
                name, _, word = value.partition(" ")
                parts[number] = escape(texts(name, value=word))
            elif letter in "pdq":
                lazy = images > 0 or not is_seen_first(placed, at)
                images += letter == "d" and not value.endswith(" size")
                parts[number] = picture_slot(letter, value, placed, url, lazy)
            elif letter == "-":
                parts[number] = ""
            elif letter == "n":
                parts[number] = escape(_fragment_link(placed, unescape(value), url))
            else:
                parts[number] = _reference(placed, letter, int(value), url)
        html = "".join(parts)
        return _ANCHOR.sub("", html) if placed.feed else html

    def _typeset(self, keys: Sequence[str]) -> Mapping[str, str]:
        """The HTML of formulas by key; the latest are kept, since lists show notes again."""
        wanted = [key for key in keys if key not in self._shown]
        if wanted:
            if len(self._shown) > _MOST_SHOWN:
                self._shown = {}
                wanted = list(keys)
            self._shown |= self._store.get_many(TYPESET, dict.fromkeys(wanted))
        return self._shown

    def _fed(self, key: str, html: str) -> str:
        """A formula without numbers as feeds show it; a note stands in some of them."""
        fed = self._in_feeds.get(key)
        if fed is None:
            if len(self._in_feeds) > _MOST_SHOWN:
                self._in_feeds = {}
            fed = self._in_feeds[key] = self._spoken(key, (), with_columns(with_letters(html)))
        return fed

    def _formula(
        self, key: str, html: str, numbers: str, placed: Placed, url: Callable[[str], str]
    ) -> str:
        """A typeset formula as it stands in a text, with its numbers."""
        if placed.feed or _SHOWN not in html:
            html = with_columns(with_letters(html))
        answers: tuple[str, ...] = ()
        if numbers:
            known = read_numbers(numbers)
            html = _numbered(html, known, placed, url)
            answers = tuple(placed.titles[index] for index in known.references)
        return self._spoken(key, answers, html) if placed.feed else html

    def _spoken(self, key: str, answers: tuple[str, ...], html: str) -> str:
        """A formula as MathML alone, for feed readers: they print an annotation as text."""
        alternative = self._heard.get((key, answers))
        if alternative is None:
            alternative = self._heard[key, answers] = escape(self._said(key, answers))
        math = _MATHML.search(html)
        if math is None:
            return alternative
        return f'<math alttext="{alternative}"{_ANNOTATION.sub("", math[1])}</math>'

    def _said(self, key: str, answers: tuple[str, ...]) -> str:
        """What a reader hears of a formula; `answers` are the numbers that it refers to."""
        if not self._formulas:
            self._formulas = {
                formula.key: formula
                for entry in self._edition.site.by_path().values()
                for formula in entry.note.formulas
            }
        formula = self._formulas[key]
        tex = with_references(formula.tex, answers) if answers else formula.tex
        return plain_text(tex, dict(formula.macros))

    def _refused(self, key: str) -> str:
        """A formula that the engine refused, marked in its place."""
        error = self._edition.refused.get(key)
        if error is None:
            raise ForgottenError(f"the formula {key}")
        message = escape(error.message)
        return f'<code class="math-error" title="{message}">{escape(self._tex.get(key, ""))}</code>'


def _numbered(html: str, numbers: Numbers, placed: Placed, url: Callable[[str], str]) -> str:
    """A typeset formula with numbers in the places that KaTeX leaves, and those referred to."""
    for place, texts in ((_ROW, numbers.rows), (_SPOKEN_ROW, numbers.spoken)):
        parts = place.split(html)
        filled = [*texts, *("" for _ in range(len(parts) - 1 - len(texts)))]
        html = parts[0] + "".join(
            _FILLED[place].format(escape(text)) + part
            for text, part in zip(filled, parts[1:], strict=False)
        )
    spoken, mark, shown = html.partition(_SHOWN)
    for number, index in enumerate(numbers.references):
        text = escape(placed.titles[index])
        place_holder = PLACEHOLDER.format(number)
        link = _reference(placed, "a", index, url)
        spoken = spoken.replace(place_holder, text)
        shown = shown.replace(place_holder, f"<a{link}>{text}</a>")
    return spoken + mark + shown


def _reference(placed: Placed, letter: str, index: int, url: Callable[[str], str]) -> str:
    if letter == "t":
        return escape(placed.titles[index])
    target = placed.targets[index]
    if target.startswith("#"):
        link = _fragment_link(placed, target[1:], url)
    else:
        link = url(target) if target else ""
    if letter == "a":
        return f' href="{escape(link)}"' if link else ""
    return escape(link)


def _fragment_link(placed: Placed, fragment: str, url: Callable[[str], str]) -> str:
    """The link to an id of the text's own note."""
    if placed.home:
        return url(f"{placed.home}#{fragment}")
    return "#" + quoted(placed.id_prefix + fragment)
