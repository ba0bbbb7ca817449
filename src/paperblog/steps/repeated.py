"""Repeated: notes as lists show them, rendered once for all lists that show them alike."""

from collections.abc import Callable

from markupsafe import Markup

from paperblog.model.part import NoteSummary

_MOST = 1 << 23
"""How many characters are kept; lists of more than that are rendered one by one."""

Place = tuple[str, str]
"""What decides the links and words of a note on a list: the prefix, and the language."""


class Repeated:
    """Notes in HTML. A note stands on six lists or more, and on most of them it looks the same."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, Place, int], tuple[Markup, NoteSummary]] = {}
        self._size = 0

    def get(
        self,
        place: Place,
        render: Callable[[str, NoteSummary], Markup],
        template: str,
        note: NoteSummary,
    ) -> Markup:
        """A note as a template makes it for lists at some place."""
        key = template, place, id(note)
        found = self._known.get(key)
        if found is None:
            # The note is kept too: as long as it lives, no other has its identity.
            found = render(template, note), note
            if self._size < _MOST:
                self._known[key] = found
                self._size += len(found[0])
        return found[0]
