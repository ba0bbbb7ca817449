"""Keys: what names all that a page depends on, and is the same for the same."""

from msgspec.structs import replace

from paperblog.model.note import Kind, Note, Phrase
from paperblog.model.page import Plan, Recipe
from paperblog.model.site import Entry
from paperblog.model.view import RobotsView
from paperblog.steps.keys import plan_keys, tell_digest


def a_view(*_: object) -> RobotsView:
    return RobotsView("")


def a_note() -> Note:
    return Note("notes/a.md", Kind.NOTE, "a", "a", Phrase("A", "A"), body="b", excerpt="c")


def key_of(*given: object) -> str:
    plan = Plan("a/", "note.html", Recipe(a_view, given))
    (key,) = plan_keys(("program", "linked", "plugins"), [plan], ["template"])
    return key


def test_a_plan_made_of_the_same_has_the_same_key() -> None:
    entry = Entry(a_note(), "a/", ("b/",), ("B",))
    twin = Entry(a_note(), "a/", ("b/",), ("B",))
    assert key_of(entry, (entry,), 1) == key_of(twin, (twin,), 1)


def test_a_plan_made_of_something_else_has_another_key() -> None:
    note = a_note()
    entry = Entry(note, "a/", ("b/",), ("B",))
    others = [
        replace(entry, targets=("c/",)),
        replace(entry, due=True),
        replace(entry, note=replace(note, words=1)),
    ]
    keys = {key_of(entry), key_of((entry,)), key_of(entry, 1), *map(key_of, others)}
    assert len(keys) == 6


def test_a_note_is_named_by_what_it_was_parsed_from_until_it_is_another() -> None:
    told, changed = a_note(), a_note()
    tell_digest(told, "from one text")
    tell_digest(changed, "from another text")
    keys = [key_of(Entry(note, "a/", (), ())) for note in (told, changed, a_note())]
    assert len(set(keys)) == 3
    # What is made of a note is not what was parsed.
    renamed = replace(told, slug="other")
    assert key_of(Entry(renamed, "a/", (), ())) not in keys
