"""Names: what wikilinks call notes by."""

from collections.abc import Sequence

from paperblog.model.note import Note


def names_of(notes: Sequence[Note]) -> tuple[dict[str, list[Note]], ...]:
    """The names that wikilinks match, kind by kind, in order of precedence."""
    kinds: tuple[dict[str, list[Note]], ...] = ({}, {}, {}, {})
    for note in notes:
        aliases = {name for alias in note.aliases for name in _alias_names(alias)}
        names = ({note.slug}, {note.stem}, aliases, {note.title.plain})
        for table, given in zip(kinds, names, strict=True):
            for name in given:
                table.setdefault(name.casefold(), []).append(note)
    return kinds


def _alias_names(alias: str) -> set[str]:
    bare = alias.strip("/")
    return {bare, bare.rpartition("/")[2]}
