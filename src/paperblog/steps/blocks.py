"""Blocks: the code that a note shows, highlighted; what it showed before from memory."""

from collections.abc import Mapping

from paperblog.model.digest import digest
from paperblog.ports import Highlighter, Memory

BLOCKS = Memory("blocks", dict[str, str])
"""By a note's path, the blocks that it showed when it was last parsed, each under its own key."""


class RememberingHighlighter:
    """Highlights a note's code; see the port `Highlighter`.

    Of blocks that are `known` nothing is asked anew, so a note whose text alone has changed is
    parsed without the highlighter. `used` are those that the note shows now.
    """

    def __init__(self, highlighter: Highlighter, known: Mapping[str, str]) -> None:
        self._highlighter = highlighter
        self._known = known
        self.used: dict[str, str] = {}

    @property
    def identity(self) -> str:
        """See the port."""
        return self._highlighter.identity

    def highlight(self, code: str, language: str) -> str | None:
        """See the port."""
        key = digest(self.identity, language, code)
        html = self._known.get(key)
        if html is None:
            html = self._highlighter.highlight(code, language)
        if html is not None:
            self.used[key] = html
        return html

    def nearest(self, language: str) -> str:
        """See the port."""
        return self._highlighter.nearest(language)
