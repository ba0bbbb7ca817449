"""Addresses: where a note or page is published, by the pattern of the configuration."""

import re

from paperblog.model.note import Kind, Note
from paperblog.model.slug import slugify

_DATE = re.compile(r"\{(year|month|day)\}")


def needs_date(pattern: str) -> bool:
    """Whether an address by a pattern names a date."""
    return _DATE.search(pattern) is not None


def address_of(note: Note, pattern: str) -> str:
    """The address of a note by a pattern; a page's is its slug alone."""
    if note.kind is Kind.PAGE:
        return f"{note.slug}/"
    date = note.date
    parts = {
        "year": f"{date.year:04}" if date else "undated",
        "month": f"{date.month:02}" if date else "00",
        "day": f"{date.day:02}" if date else "00",
        "slug": note.slug,
    }
    if "{category" in pattern:
        category = slugify(note.categories[0]) if note.categories else ""
        parts["category"] = category or "uncategorised"
    return f"{pattern.strip('/').format_map(parts)}/"
