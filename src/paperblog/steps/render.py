"""Render: from plans to pages, those alone that the last build did not already write."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from html import escape
from itertools import chain

from markupsafe import Markup
from msgspec import Struct

from paperblog.model.digest import digest
from paperblog.model.page import Page, Plan, Recipe, Written, output_path
from paperblog.model.part import NoteSummary, Placed
from paperblog.model.remembered import by_rows
from paperblog.model.site import Edition
from paperblog.model.texts import Texts, direction
from paperblog.model.view import Frame, View
from paperblog.ports import Memory, Store, Theme, Workers
from paperblog.steps.data import json_text
from paperblog.steps.filling import Filler
from paperblog.steps.keys import page_key, part_digest, plan_keys
from paperblog.steps.linking import Linking
from paperblog.steps.repeated import Repeated

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Signs that no XML may hold, not even escaped: one would make a whole feed unreadable."""
_CHUNK, _FEW = 32, 64
"""How many pages a process renders at a time; how many are not worth one more process."""
_LINKS = 4096
"""For how many addresses links from pages of one depth are kept at hand."""
_TEMPLATES = Memory("templates", dict[str, str])


class Rendered(Struct, frozen=True):
    """The paths of the pages that are as the last build wrote them, and all other pages."""

    standing: Sequence[str]
    pages: Iterator[Page]


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
) -> Rendered:
    """The pages of all plans; `written` are the files that are still as they were written.

    `plugins` names the source of the plugins and what they read. A plan that is the same stands
    for its page. Where it is not, its view may be the same all the same.
    """
    renderer = _Renderer(edition, theme, store, linking, program)
    templates = [renderer.template(plan.template) for plan in plans]
    keys = plan_keys((renderer.program, renderer.linked, plugins), plans, templates)
    standing: list[str] = []
    fresh: list[tuple[Plan, str, str, str]] = []
    for plan, path, key in zip(plans, _paths((), plans), keys, strict=True):
        before = written.get(path)
        if before is not None and before.plan == key and before.source == plan.source:
            standing.append(path)
        else:
            fresh.append((plan, path, key, before.key if before else ""))
    return Rendered(standing, _pages(fresh, renderer, workers))


@by_rows
def _paths(plan: Plan) -> str:
    return output_path(plan.address)


def _pages(
    fresh: Sequence[tuple[Plan, str, str, str]], renderer: "_Renderer", workers: Workers
) -> Iterator[Page]:
    """The pages of plans that are not as before, each with its path, its key and its page's.

    Feeds are planned last and take the longest: processes begin with them, and end together.
    """
    fresh = fresh[::-1]
    size = _CHUNK if len(fresh) > _FEW else _FEW
    jobs = [(plan, before) for plan, _, _, before in fresh]
    chunks = [jobs[at : at + size] for at in range(0, len(jobs), size)]
    done = chain.from_iterable(workers.spread(renderer.render_all, chunks))
    for (plan, path, key, _), (content_key, content) in zip(fresh, done, strict=True):
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
    ) -> None:
        self._edition = edition
        self._theme = theme
        self._store = store
        self._linking = linking
        self.program = digest(program, theme.katex_css(), part_digest(edition.site.catalogue))
        self.linked = repr(linking)
        self._shared: dict[tuple[str, str, str], Markup] = {}
        self._repeated = Repeated()
        self._filler = Filler(edition, store)
        self._templates: dict[str, str] = {}
        self._words: dict[tuple[str, str, int | None], Markup] = {}
        self._made: dict[tuple[str, str], dict[str, object]] = {}

    def template(self, name: str) -> str:
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
            template = self.template(plan.template)
            key = page_key(self.program, template, plan, view, self.linked)
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
        """What templates call; made once for pages of one depth and language."""
        place = prefix, language
        if place not in self._made:
            self._made[place] = self._make_functions(prefix, language)
        return self._made[place]

    def _make_functions(self, prefix: str, language: str) -> dict[str, object]:
        # They hold nothing of the renderer that holds them: in a circle, it would outlive its
        # build until garbage is looked for.
        config, linking, theme = self._edition.site.config, self._linking, self._theme
        texts, filler, words = self._edition.site.catalogue.of(language), self._filler, self._words

        @lru_cache(_LINKS)
        def url(address: str) -> str:
            return linking.link(prefix, address)

        def asset(name: str) -> str:
            return linking.link(prefix, theme.asset(name))

        def katex_css() -> str:
            return linking.link(prefix, theme.katex_css())

        def katex_font(face: str) -> str:
            address = theme.katex_font(face)
            return linking.link(prefix, address) if address else ""

        def place(placed: Placed) -> Markup:
            return Markup(filler.fill(placed, url))

        spoken = language or config.language

        def in_language(named: str) -> Markup:
            other = named or config.language
            if other == spoken:
                return Markup("")
            return Markup(f' lang="{escape(other)}" dir="{direction(other)}"')

        def text(name: str, count: int | None = None, /, **given: object) -> Markup:
            if given:
                return _text(texts, name, count, given)
            known = words.get((language, name, count))
            if known is None:
                known = words[language, name, count] = _text(texts, name, count, given)
            return known

        return {
            "text": text,
            "direction": direction,
            "language": in_language,
            "url": url,
            "absolute": linking.absolute,
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
        place = prefix, language

        def render(template: str, note: NoteSummary) -> Markup:
            values = self._functions(prefix, language) | {"frame": frame, "note": note}
            return Markup(self._theme.render(template, values))

        def repeated(template: str, note: NoteSummary) -> Markup:
            return self._repeated.get(place, render, template, note)

        return repeated


def _text(texts: Texts, name: str, count: int | None, given: Mapping[str, object]) -> Markup:
    """A text with its values put in: HTML ones as they are, all else escaped."""
    values = dict(given) if count is None else {"count": count, **given}
    return Markup(escape(texts.pattern(name, count))).format(**values)
