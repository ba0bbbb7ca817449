"""The build: from a folder of notes to a site, in seven steps on one screen."""

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from paperblog.model.config import Config
from paperblog.model.diagnostic import Diagnostic, by_place
from paperblog.model.note import Kind, Note
from paperblog.model.page import FilePlan, Page, Plan, output_path
from paperblog.model.remembered import forget_unused, kept
from paperblog.model.site import Edition, Site
from paperblog.plugins import Plugin, plugin_key
from paperblog.ports import (
    Cards,
    Files,
    ForgottenError,
    Highlighter,
    History,
    Images,
    MathEngine,
    Progress,
    SearchEngine,
    Store,
    Theme,
    Workers,
)
from paperblog.steps.develop import develop
from paperblog.steps.draw import draw, without_cards
from paperblog.steps.dress import dress
from paperblog.steps.index import index
from paperblog.steps.linking import Linking
from paperblog.steps.load import Stats, load, look_again
from paperblog.steps.parse import parse
from paperblog.steps.parser import Tools
from paperblog.steps.plan import FrameOf, Planned, plan
from paperblog.steps.render import render
from paperblog.steps.resolve import Publication, no_base_url, resolve
from paperblog.steps.sight import Sight
from paperblog.steps.typeset import TYPESET, Typesetter, typeset
from paperblog.steps.write import Counts, Output, keep_apart


class OnErrors(StrEnum):
    """What a build with errors in the notes does."""

    STOP = "stop"
    """It writes nothing: the last good site stays."""
    MARK = "mark"
    """It writes the site, broken formulas marked in their place."""
    HOLD = "hold"
    """It writes the site, and the last good pages of broken notes stay."""


class Options(Struct, frozen=True):
    """What was asked of a build; without an `output` it only reports.

    `only` are the paths of notes to report on alone; what they link to is looked up all the same.
    `touched` are the only files that may have changed since the last build in the same world, and
    nobody else has been at the output; None where that is not known. `stats` are those of the
    site's files as far as they are known, from before the build.
    """

    root: Path
    output: Path | None
    publication: Publication
    on_errors: OnErrors = OnErrors.STOP
    clean: bool = False
    portable: bool = False
    only: Container[str] | None = None
    touched: Collection[str] | None = None
    stats: Stats = {}


class World(Struct, frozen=True):
    """What the steps ask of the world; `program` names our own source code.

    There is a `search` engine where the configuration asks for a search.
    A build takes a `turn`: of several builds of a site, one is at work at a time.
    """

    store: Store
    files: Files
    engine: MathEngine
    highlighter: Highlighter
    history: History
    images: Images
    search: SearchEngine | None
    theme: Theme
    progress: Progress
    workers: Workers
    cards: Cards
    sight: Sight
    program: str
    clock_ns: Callable[[], int]
    timer: Callable[[], float]
    turn: Callable[[], AbstractContextManager[None]]


class Report(Struct, frozen=True):
    """What a build did, and what is wrong with the notes.

    `pages` counts what templates made, `formulas` those of published notes, `unpublished` drafts
    and notes to come, `typeset` the formulas that were not remembered. It `wrote` unless errors
    stopped it; `search_seconds` went into the index of the search. `outputs` are the files of the
    output folder, each with the note that it shows, if any; without a folder those that would be
    there. `stats` are the times and sizes of what is there; `changed` are the files that were
    written or deleted.
    """

    site: Site
    notes: int
    pages: int
    formulas: int
    unpublished: int
    typeset: int
    rendered: int
    counts: Counts
    diagnostics: tuple[Diagnostic, ...]
    next_due: datetime | None
    last_shown: datetime | None
    wrote: bool
    search_seconds: float
    outputs: Mapping[str, str]
    stats: Mapping[str, tuple[int, int]]
    changed: Sequence[str]

    @property
    def has_errors(self) -> bool:
        """Whether any diagnostic is an error."""
        return any(diagnostic.is_error for diagnostic in self.diagnostics)


def build(
    config: Config,
    options: Options,
    world: World,
    plugins: Sequence[Plugin],
    frame_of: FrameOf,
) -> Report:
    """Build a site, warm or cold: what the store remembers is not done again.

    Raises:
        PaperblogError: the environment is broken (an unwritable folder, a bad template).
    """
    if options.output:
        keep_apart(options.output, options.root)
    with world.turn():
        try:
            return _build(config, options, world, plugins, frame_of)
        except ForgottenError:
            world.store.clear()
            if world.search:
                world.search.clear()
            return _build(config, options, world, plugins, frame_of)


def _build(
    config: Config,
    options: Options,
    world: World,
    plugins: Sequence[Plugin],
    frame_of: FrameOf,
) -> Report:
    forget_unused()
    config = kept("config", config)
    store, files, theme, progress = world.store, world.files, world.theme, world.progress
    tools = Tools(
        config=config,
        engine=world.engine.identity,
        highlighter=world.highlighter,
        plugins=tuple(plugins),
        program=world.program,
        plugin_key=plugin_key(plugins, options.root),
    )
    progress.step("Looking for notes")
    seen, left = world.sight.take()
    if options.touched is None:
        seen = left = None
    again = seen and look_again(seen, options.root, options.touched or ())
    found = again or load(options.root, store, world.clock_ns(), options.stats)

    progress.step("Reading notes", len(found.sources))
    typesetter = Typesetter(world.engine, store, world.workers)

    def on_notes(new: Collection[Note]) -> None:
        progress.advance(len(new))
        typesetter.submit(_reported(new, options))

    notes, unread = parse(found.sources, files, tools, store, world.workers, on_notes)
    site = resolve(
        notes,
        found.assets,
        config,
        options.publication,
        world.history.dates(),
        files,
        kept("texts", theme.texts(config.language)),
        store,
        world.program,
    )
    progress.step("Typesetting formulas")
    refused = typesetter.collect()
    progress.step("Developing images")
    album = develop(site, world.images, store, files, world.workers)
    site = album.site
    commands = world.engine.commands() if refused else ()
    edition = typeset(site, _reported(notes, options), refused, files, commands)
    if options.only is None:
        shown = [entry.note for entry in site.by_path().values()]
        keys = {formula.key for note in shown for formula in note.formulas} - refused.keys()
        theme = dress(theme, store, keys)
    else:
        # Nobody asks for the other notes' formulas, and the next build needs them.
        store.keep(TYPESET, [formula.key for note in notes for formula in note.formulas])
    planned = plan(edition, plugins, frame_of, theme, files)
    every = (
        *found.diagnostics,
        *unread,
        *site.diagnostics,
        *album.diagnostics,
        *edition.diagnostics,
        *planned.diagnostics,
        *no_base_url(config),
    )
    diagnostics = heard((d for d in every if _about(d, options)), config, notes)
    pages_planned = without_cards(planned.plans)
    rendered, counts, search_seconds = 0, Counts(), 0.0
    output = Output(options.output, store, options.clean, left) if options.output else None
    stopped = options.on_errors is OnErrors.STOP and any(d.is_error for d in diagnostics)
    if output and not stopped:
        linking = Linking(config.base_url, options.portable)
        broken = [d.span.path for d in diagnostics if d.is_error]
        held = output.held(broken if options.on_errors is OnErrors.HOLD else ())
        written = output.written()
        fresh = render(
            pages_planned,
            edition,
            theme,
            store,
            linking,
            world.program,
            tools.plugin_key,
            written,
            world.workers,
        )
        drawn = draw(planned.plans, world.cards, store, written, world.workers)
        searched, search_seconds = _searched(edition, planned.plans, world)
        progress.step("Rendering pages", len(pages_planned))

        def pages() -> Iterator[Page]:
            nonlocal rendered
            for page in fresh.pages:
                progress.advance()
                rendered += page.path not in held and page.content is not None
                yield held.get(page.path, page)
            yield from drawn
            yield from held.values()

        progress.advance(len(fresh.standing))
        copied = (*album.files, *searched, *planned.files)
        counts = output.write(fresh.standing, pages(), copied, options.root)
        world.sight.keep(found, output.left())
    published = site.notes + site.hidden
    counted = _asked_for([entry.note for entry in published + site.pages], options)
    return Report(
        site=site,
        notes=sum(note.kind is Kind.NOTE for note in counted),
        pages=len(pages_planned),
        formulas=sum(len(note.formulas) for note in counted),
        unpublished=len(_asked_for(notes, options)) - len(counted),
        typeset=typesetter.typeset_now,
        rendered=rendered,
        counts=counts,
        diagnostics=diagnostics,
        next_due=site.next_due,
        last_shown=max((e.note.date for e in published if e.note.date and not e.due), default=None),
        wrote=not stopped,
        search_seconds=search_seconds,
        outputs=output.contents() if output else _outputs(planned),
        stats=output.stats() if output else {},
        changed=output.changed() if output else (),
    )


def _outputs(planned: Planned) -> dict[str, str]:
    """The files that an output folder would hold, each with the note that it shows, if any."""
    items: list[Plan | FilePlan] = [*planned.plans, *planned.files]
    return {output_path(item.address): item.source for item in items}


def _searched(
    edition: Edition, plans: Sequence[Plan], world: World
) -> tuple[Sequence[FilePlan], float]:
    """The files that a browser searches, and the seconds that it took to make them."""
    if world.search is None or not edition.site.config.search:
        return (), 0.0
    world.progress.step("Indexing for the search")
    begun = world.timer()
    files, is_new = index(edition, plans, world.store, world.search, world.program)
    return files, world.timer() - begun if is_new else 0.0


def _reported(notes: Collection[Note], options: Options) -> Collection[Note]:
    """The notes whose formulas are reported on: all that were asked for but hidden drafts.

    A note that counts as a draft for its broken front matter is no hidden one: its author hears of
    everything at once.
    """
    drafts = options.publication.drafts
    heard = [note for note in notes if not note.draft or not note.trusted or drafts]
    return _asked_for(heard, options)


def _asked_for(notes: Collection[Note], options: Options) -> Collection[Note]:
    only = options.only
    return notes if only is None else [note for note in notes if note.path in only]


def _about(diagnostic: Diagnostic, options: Options) -> bool:
    """Whether a diagnostic is about what was asked for; an error without a place always is."""
    path = diagnostic.span.path
    asked_for = options.only is None or path in options.only
    return asked_for or (not path and diagnostic.is_error)


def heard(
    diagnostics: Iterable[Diagnostic], config: Config, notes: Iterable[Note]
) -> tuple[Diagnostic, ...]:
    """The diagnostics by their places, without those that the site or a note ignores.

    Where an error says what a warning says at the same place, the warning is left out.
    """
    diagnostics = list(diagnostics)
    ignored = {note.path: note.ignore for note in notes if note.ignore}
    errors = {(d.span, d.message) for d in diagnostics if d.is_error}
    return by_place(
        [
            diagnostic
            for diagnostic in diagnostics
            if diagnostic.code not in config.ignore
            and diagnostic.code not in ignored.get(diagnostic.span.path, ())
            and (diagnostic.is_error or (diagnostic.span, diagnostic.message) not in errors)
        ]
    )
