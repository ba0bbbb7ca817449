"""Pages beyond the parsing of notes, each written as a plugin; this is the list of built-ins."""

from paperblog.features import (
    archives,
    feeds,
    home,
    not_found,
    notes,
    pages,
    papers,
    plain_index,
    redirects,
    search,
    sitemap,
    taxonomies,
)
from paperblog.plugins import Plugin

BUILT_IN: tuple[Plugin, ...] = (
    home.plugin,
    notes.plugin,
    pages.plugin,
    archives.plugin,
    taxonomies.plugin,
    papers.plugin,
    feeds.plugin,
    redirects.plugin,
    search.plugin,
    sitemap.plugin,
    plain_index.plugin,
    not_found.plugin,
)
