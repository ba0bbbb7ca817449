"""Render: from plans to pages, those alone that the last build did not already write."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from html import escape, unescape
from itertools import chain
from urllib.parse import quote

from markupsafe import Markup
from msgspec import Struct

from paperblog.model.config import Config
from paperblog.model.digest import digest
from paperblog.model.formula import Formula, Numbers, read_numbers
from paperblog.model.page import Page, Plan, Recipe, Written, output_path
from paperblog.model.part import NoteSummary, Placed
from paperblog.model.site import Edition
from paperblog.model.texts import Texts, direction
from paperblog.model.view import Frame, View
from paperblog.ports import ForgottenError, Memory, Store, Theme, Workers
from paperblog.steps.data import json_text
from paperblog.steps.keys import page_key, part_digest, plan_key
from paperblog.steps.parse import BODY
from paperblog.steps.pictures import is_seen_first, picture_slot, without_dark
from paperblog.steps.repeated import Repeated
from paperblog.steps.typeset import TYPESET
from paperblog.tex.columns import with_columns
from paperblog.tex.equations import PLACEHOLDER
from paperblog.tex.letters import with_letters
from paperblog.tex.plain import plain_text
from paperblog.tex.prepare import with_references

_EXTERNAL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
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
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Signs that no XML may hold, not even escaped: one would make a whole feed unreadable."""
_SAFE = "/:@!$&'()*+,;=~-._?"
_IS_SAFE = re.compile(r"[A-Za-z0-9/:@!$&'()*+,;=~\-._?]*")
_CHUNK, _FEW = 32, 64
"""How many pages a process renders at a time; how many are not worth one more process."""
_MOST_SHOWN = 1000
"""How many typeset formulas a process keeps at hand, of some kilobytes each."""
_TEMPLATES = Memory("templates", dict[str, str])


class Linking(Struct, frozen=True):
    """How addresses become links: `portable` links name files, for reading from disk."""

    base_url: str
    portable: bool

    @property
    def base_path(self) -> str:
        """The path at which the site is published, `/` without a `base_url`."""
        path = "/" + self.base_url.partition("://")[2].partition("/")[2]
        return path if path.endswith("/") else path + "/"

    def prefix(self, plan: Plan) -> str:
        """What stands before an address on a page."""
        if plan.absolute:
            return self.base_path if plan.address.endswith(".html") else self.base_url
        return "../" * plan.address.count("/")

    def link(self, prefix: str, address: str) -> str:
        """The link from a page with a prefix to an address; other sites' addresses pass."""
        if _EXTERNAL.match(address):
            return address
        path, mark, fragment = address.partition("#")
        path = "" if path == "./" else path
        query = ""
        if fragment.startswith("?"):
            query, mark, fragment = fragment.partition("#")
        if not path and mark and not prefix and not query:
            return f"#{_quoted(fragment)}"
        if self.portable and (not path or path.endswith("/")):
            path += "index.html"
        link = prefix + _quoted(path)
        # A relative link whose first part holds a colon would read as a scheme.
        if not link or (":" in link.partition("/")[0] and not prefix):
            link = f"./{link}"
        return link + quote(query, safe=_SAFE + "%") + mark + _quoted(fragment)


def render(
    plans: Sequence[Plan],
    edition: Edition,
    theme: Theme,
    store: Store,
    linking: Linking,
    program: str,
    plugins: str,
    written: Mapping[str, Written],
    workers: Workers,
) -> Iterator[Page]:
    """The pages of all plans; `written` are the files that are still as they were written.

    `plugins` names the source of the plugins and what they read. A plan that is the same stands
    for its page. Where it is not, its view may be the same all the same.
    """
    renderer = _Renderer(edition, theme, store, linking, program, plugins)
    planned: list[tuple[Plan, str, str, Written | None]] = []
    fresh: list[tuple[Plan, str]] = []
    for plan in plans:
        path, key = output_path(plan.address), renderer.plan_key(plan)
        before = written.get(path)
        if before and before.plan == key:
            planned.append((plan, path, key, before))
        else:
            planned.append((plan, path, key, None))
            fresh.append((plan, before.key if before else ""))
    size = _CHUNK if len(fresh) > _FEW else _FEW
    chunks = [fresh[at : at + size] for at in range(0, len(fresh), size)]
    done = chain.from_iterable(workers.spread(renderer.render_all, chunks))
    for plan, path, key, before in planned:
        if before:
            yield Page(path, before.key, None, plan.source, key)
        else:
            content_key, content = next(done)
            yield Page(path, content_key, content, plan.source, key)


class _Renderer:
    """Renders plans, the parts that pages share once for each depth and section."""

    def __init__(
        self,
        edition: Edition,
        theme: Theme,
        store: Store,
        linking: Linking,
        program: str,
        plugins: str,
    ) -> None:
        self._edition = edition
        self._theme = theme
        self._store = store
        self._linking = linking
        self._program = digest(program, theme.katex_css(), part_digest(edition.site.catalogue))
        self._linked = repr(linking)
        self._plugins = plugins
        self._shared: dict[tuple[str, str, str], Markup] = {}
        self._repeated = Repeated()
        self._templates: dict[str, str] = {}
        self._words: dict[tuple[str, str, int | None], Markup] = {}
        self._formulas: dict[str, Formula] = {}
        self._shown: dict[str, str] = {}
        self._heard: dict[tuple[str, tuple[str, ...]], str] = {}
        self._tex = {
            formula.key: formula.tex
            for entry in (edition.site.by_path().values() if edition.refused else ())
            for formula in entry.note.formulas
            if formula.key in edition.refused
        }

    def plan_key(self, plan: Plan) -> str:
        """Names everything that a plan's page depends on, as far as it is known without a view."""
        template = self._template(plan.template)
        return plan_key(self._program, template, plan, self._linked, self._plugins)

    def _template(self, name: str) -> str:
        """The digest of a template, which is remembered as long as the theme is the same."""
        if not self._templates:
            self._templates = self._store.get(_TEMPLATES, self._theme.identity) or {}
        if name not in self._templates:
            self._templates[name] = self._theme.digest(name)
            self._store.put_many(_TEMPLATES, {self._theme.identity: self._templates})
        return self._templates[name]

    def render_all(self, plans: Sequence[tuple[Plan, str]]) -> list[tuple[str, bytes | None]]:
        """The keys and contents of some plans' pages; none where the key is that given."""
        done: list[tuple[str, bytes | None]] = []
        for plan, known in plans:
            view = plan.view
            if isinstance(view, Recipe):
                view = view.make(*view.given)
            template = self._template(plan.template)
            key = page_key(self._program, template, plan, view, self._linked)
            done.append((key, None if key == known else self.render(plan, view).encode()))
        return done

    def render(self, plan: Plan, view: View) -> str:
        """The text of a page."""
        prefix = self._linking.prefix(plan)
        frame = getattr(view, "frame", None)
        head = getattr(view, "head", view)
        values = self._functions(prefix, getattr(head, "lang", "")) | {"view": view}
        if frame is not None:
            values["frame"] = frame
            values["shared"] = self._sharer(frame, prefix)
            values["repeated"] = self._repeater(frame, prefix, getattr(head, "lang", ""))
        text = self._theme.render(plan.template, values)
        return _NOT_XML.sub("", text) if plan.template.endswith(".xml") else text

    def _functions(self, prefix: str, language: str = "") -> dict[str, object]:
        config, linking, theme = self._edition.site.config, self._linking, self._theme
        texts = self._edition.site.catalogue.of(language)

        def url(address: str) -> str:
            return linking.link(prefix, address)

        def absolute(address: str) -> str:
            return _absolute(config, linking, address)

        def asset(name: str) -> str:
            return linking.link(prefix, theme.asset(name))

        def katex_css() -> str:
            return linking.link(prefix, theme.katex_css())

        def katex_font(face: str) -> str:
            address = theme.katex_font(face)
            return linking.link(prefix, address) if address else ""

        def place(placed: Placed) -> Markup:
            return Markup(self._place(placed, url))

        spoken = language or config.language

        def in_language(named: str) -> Markup:
            other = named or config.language
            if other == spoken:
                return Markup("")
            return Markup(f' lang="{escape(other)}" dir="{direction(other)}"')

        def text(name: str, count: int | None = None, /, **given: object) -> Markup:
            if given:
                return _text(texts, name, count, given)
            known = self._words.get((language, name, count))
            if known is None:
                known = self._words[language, name, count] = _text(texts, name, count, given)
            return known

        return {
            "text": text,
            "direction": direction,
            "language": in_language,
            "url": url,
            "absolute": absolute,
            "asset": asset,
            "katex_css": katex_css,
            "katex_font": katex_font,
            "place": place,
            "json": json_text,
        }

    def _sharer(self, frame: Frame, prefix: str) -> Callable[[str, str], Markup]:
        def shared(template: str, section: str) -> Markup:
            key = (template, section, prefix)
            if key not in self._shared:
                values = self._functions(prefix) | {"frame": frame, "section": section}
                self._shared[key] = Markup(self._theme.render(template, values))
            return self._shared[key]

        return shared

    def _repeater(
        self, frame: Frame, prefix: str, language: str
    ) -> Callable[[str, NoteSummary], Markup]:
        def render(template: str, note: NoteSummary) -> Markup:
            values = self._functions(prefix, language) | {"frame": frame, "note": note}
            return Markup(self._theme.render(template, values))

        return partial(self._repeated.get, (prefix, language), render)

    def _place(self, placed: Placed, url: Callable[[str], str]) -> str:
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
                else:
                    if placed.feed or _SHOWN not in html:
                        html = with_columns(with_letters(html))
                    answers: tuple[str, ...] = ()
                    if numbers:
                        known = read_numbers(numbers)
                        html = _numbered(html, known, placed, url)
                        answers = tuple(placed.titles[index] for index in known.references)
                    parts[number] = self._spoken(key, answers, html) if placed.feed else html
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
            found = self._store.get_many(TYPESET, dict.fromkeys(wanted))
            self._shown |= {key: typeset.html for key, typeset in found.items()}
        return self._shown

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


def _text(texts: Texts, name: str, count: int | None, given: Mapping[str, object]) -> Markup:
    """A text with its values put in: HTML ones as they are, all else escaped."""
    values = dict(given) if count is None else {"count": count, **given}
    return Markup(escape(texts.pattern(name, count))).format(**values)


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
    return "#" + _quoted(placed.id_prefix + fragment)


def _quoted(text: str) -> str:
    return text if _IS_SAFE.fullmatch(text) else quote(text, safe=_SAFE)


def _absolute(config: Config, linking: Linking, address: str) -> str:
    if not config.base_url:
        return ""
    return linking.link(config.base_url, address)
