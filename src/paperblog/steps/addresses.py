"""Addresses: where a note or page is published."""

import re

from paperblog.model.note import Kind, Note
from paperblog.model.slug import slugify

_DATE = re.compile(r"\{(year|month|day)\}")


class Pattern:
    """The pattern of notes' addresses, as the configuration has it."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._has_date = _DATE.search(pattern) is not None
        self._form = f"{pattern.strip('/')}/"

    def lacking(self, note: Note) -> str:
        """What a note lacks for an address, if anything."""
        if note.date or not self._has_date or note.kind is Kind.PAGE:
            return ""
        return f"the address pattern {self._pattern} needs a date, and the note has none"

    def address(self, note: Note) -> str:
        """The address of a note; a page's is its slug alone."""
        if note.kind is Kind.PAGE:
            return f"{note.slug}/"
        date = note.date if self._has_date else None
        category = slugify(note.categories[0]) if note.categories else ""
        return self._form.format(
            year=f"{date.year:04}" if date else "undated",
            month=f"{date.month:02}" if date else "00",
            day=f"{date.day:02}" if date else "00",
            slug=note.slug,
            category=category or "uncategorised",
        )
