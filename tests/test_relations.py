"""Relations: which notes are related and why, series, and what it costs to find out."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from time import process_time
from typing import Any

from paperblog.adapters.store import NoStore
from paperblog.features.relations import related_note, relations_of
from paperblog.model.config import Config
from paperblog.model.note import Kind, Note, Phrase
from paperblog.model.paper import Paper, read_identifier
from paperblog.model.part import Related
from paperblog.model.remembered import forget_unused
from paperblog.model.site import Entry, Site
from paperblog.model.texts import Catalogue
from paperblog.ports import Store
from paperblog.steps.relate import relate
from paperblog.steps.terms import terms_of

MONTHS = [f"M{number}" for number in range(1, 13)]
CATALOGUE = Catalogue(
    {"en": {"date": "{day} {month}", "months": MONTHS, "months_short": MONTHS}}, "en"
)
TEXTS = CATALOGUE.of()
PAPER = (Paper(read_identifier("arxiv:2006.04768v2")),)
SAME_PAPER = (Paper(read_identifier("https://arxiv.org/abs/2006.04768"), "Linformer"),)


def site_of(notes: Mapping[str, Mapping[str, Any]], store: Store | None = None) -> Site:
    """A site of notes given by their slugs, the newest first; `to` names the notes they link to."""
    entries = []
    day = datetime(2020, 12, 31, tzinfo=UTC)
    for number, (slug, facts) in enumerate(notes.items()):
        own = {key: value for key, value in facts.items() if key != "to"}
        note = Note(
            path=f"notes/{slug}.md",
            kind=Kind.NOTE,
            stem=slug,
            slug=slug,
            title=Phrase(slug, slug),
            body="",
            excerpt="",
            date=day - timedelta(days=number),
            **own,
        )
        targets = tuple(f"notes/{name}/#part" for name in facts.get("to", ()))
        linking = [f"notes/{s}.md" for s, f in notes.items() if slug in f.get("to", ())]
        entries.append(
            Entry(
                note,
                f"notes/{slug}/",
                targets,
                targets,
                tags=tuple(facts.get("tags", ())),
                backlinks=tuple(linking),
            )
        )
    tags = terms_of(entries, "tag", lambda entry: entry.tags, lambda note: note.tags)
    found = relate(entries, tags, store or NoStore(), "program")
    return Site(Config(), CATALOGUE, tuple(entries), (), (), (), tags, (), found, (), None, ())


def related(site: Site, slug: str) -> tuple[Related, ...]:
    place = site.notes.index(site.by_path()[f"notes/{slug}.md"])
    found = relations_of(site)
    pairs = zip(found.related[place], found.reasons[place], strict=True)
    return tuple(related_note(other, reasons, TEXTS) for other, reasons in pairs)


def names(found: tuple[Related, ...]) -> list[str]:
    return [item.address.split("/")[1] for item in found]


def test_a_paper_weighs_more_than_a_link_and_a_link_more_than_a_tag() -> None:
    site = site_of(
        {
            "tagged": {"tags": ("x",)},
            "linking": {"tags": ("x",), "to": ("a",)},
            "only-linking": {"to": ("a",)},
            "a": {"tags": ("x",), "papers": PAPER, "to": ("linked",)},
            "linked": {},
            "paper": {"papers": SAME_PAPER},
            "other": {"tags": ("y",)},
        }
    )
    found = related(site, "a")
    assert names(found) == ["paper", "linking", "linked", "tagged"]
    kinds = [[(reason.kind, reason.names) for reason in item.reasons] for item in found]
    assert kinds == [
        [("paper", ())],
        [("backlink", ()), ("tag", ("x",))],
        [("link", ())],
        [("tag", ("x",))],
    ]


def test_several_reasons_add_up_and_are_all_told() -> None:
    both = {"tags": ("x", "y")}
    site = site_of(
        {"a": {**both, "to": ("b",)}, "b": {**both, "to": ("a",)}, "c": {"tags": ("x",)}}
    )
    first, second = related(site, "a")
    assert [(reason.kind, reason.names) for reason in first.reasons] == [
        ("link", ()),
        ("backlink", ()),
        ("tag", ("x", "y")),
    ]
    assert names((second,)) == ["c"]


def test_a_rare_tag_says_more_than_a_common_one() -> None:
    common = {f"c{number:02}": {"tags": ("common",)} for number in range(12)}
    site = site_of({**common, "a": {"tags": ("common", "rare")}, "z": {"tags": ("rare",)}})
    assert names(related(site, "a")) == ["z", "c11", "c10", "c09"]


def test_notes_of_one_series_are_listed_there_and_not_as_related() -> None:
    part = {"series": "S", "tags": ("x",), "papers": PAPER}
    site = site_of({"c": part, "b": part, "a": part, "z": {"tags": ("x",)}})
    assert names(related(site, "b")) == ["z"]
    assert [entry.address for entry in relations_of(site).series[1]] == [
        "notes/a/",
        "notes/b/",
        "notes/c/",
    ]


def test_a_note_with_nothing_in_common_has_no_related_notes() -> None:
    assert related(site_of({"a": {}, "b": {"tags": ("x",)}}), "a") == ()


def test_what_was_found_last_is_not_taken_for_what_has_changed() -> None:
    store = NoStore()
    first = {"a": {"tags": ("x",)}, "b": {"tags": ("x",)}, "c": {"tags": ("y",)}, "d": {}}
    for notes in (
        first,
        {**first, "c": {"tags": ("x",)}},
        {**first, "d": {"to": ("b",)}},
        {**first, "b": {"tags": ("x",), "series": "S"}, "a": {"tags": ("x",), "series": "S"}},
        {**first, "c": {"papers": PAPER}, "d": {"papers": SAME_PAPER}},
        first,
    ):
        forget_unused()
        assert site_of(notes, store).related == site_of(notes).related


def test_what_was_found_last_is_not_put_into_the_store_again() -> None:
    class Counting(NoStore):
        puts = 0

        def put_packed(self, *given: Any) -> None:
            self.puts += 1
            super().put_packed(*given)

    store = Counting()
    notes = {"a": {"tags": ("x",)}, "b": {"tags": ("x",)}}
    for expected, facts in enumerate((notes, {**notes, "c": {"tags": ("x",)}}), 1):
        for _ in range(2):
            forget_unused()
            site_of(facts, store)
            assert store.puts == expected


def test_finding_relations_takes_time_near_linear_in_the_notes() -> None:
    def seconds(count: int) -> float:
        notes = {f"n{i}": {"tags": ("all", f"t{i % 50}"), "papers": PAPER} for i in range(count)}
        site = site_of(notes)
        begun = process_time()
        relate(site.notes, site.tags, NoStore(), "program")
        return process_time() - begun

    small, large = seconds(400), seconds(3200)
    assert large < small * 8 * 3
