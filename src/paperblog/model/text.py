"""A source text that can say at which line and column an offset stands."""

from bisect import bisect_right

from paperblog.model.diagnostic import Span

_LONGEST_EXCERPT = 240


class Text:
    """The text of one file, lines ended by a line feed alone.

    Offsets count code points from 0; lines and columns count from 1. The object never changes:
    the table of line starts is only computed late.
    """

    __slots__ = ("_starts", "content", "path")

    def __init__(self, path: str, content: str) -> None:
        self.path = path
        self.content = content
        self._starts: list[int] | None = None

    @property
    def line_starts(self) -> list[int]:
        """The offset of each line's first character."""
        if self._starts is None:
            starts = [0]
            find = self.content.find
            at = find("\n")
            while at != -1:
                starts.append(at + 1)
                at = find("\n", at + 1)
            self._starts = starts
        return self._starts

    def line_of(self, offset: int) -> int:
        """The line, from 1, that holds the offset."""
        return bisect_right(self.line_starts, offset)

    def span(self, start: int, end: int | None = None) -> Span:
        """The place from offset `start` to `end` (one character where no end is given)."""
        start = min(max(start, 0), len(self.content))
        end = start + 1 if end is None else min(max(end, start), max(len(self.content), start))
        line = self.line_of(start)
        end_line = self.line_of(end)
        first = self.line_starts[line - 1]
        excerpt, shift = self._excerpt(line, start - first)
        return Span(
            path=self.path,
            line=line,
            column=start - first + 1,
            end_line=end_line,
            end_column=end - self.line_starts[end_line - 1] + 1,
            excerpt=excerpt,
            excerpt_shift=shift,
        )

    def _excerpt(self, line: int, column: int) -> tuple[str, int]:
        """The line's text and how many characters were cut at its start, to stay printable."""
        first = self.line_starts[line - 1]
        last = self.content.find("\n", first)
        if last == -1:
            last = len(self.content)
        if last - first <= _LONGEST_EXCERPT:
            return self.content[first:last], 0
        shift = max(0, min(column - _LONGEST_EXCERPT // 3, last - first - _LONGEST_EXCERPT))
        return self.content[first + shift : first + shift + _LONGEST_EXCERPT], shift
