"""The highlighter: Pygments, with its short class names."""

from difflib import get_close_matches
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from pygments.formatters import HtmlFormatter
    from pygments.lexer import Lexer


class Pygments(Struct, frozen=True):
    """Pygments behind the port `Highlighter`; imported with the first code block."""

    @property
    def identity(self) -> str:
        """Pygments' version."""
        import pygments

        return f"pygments {pygments.__version__}"

    def highlight(self, code: str, language: str) -> str | None:
        """HTML of the code; see the port."""
        return _highlighted(code, language)

    def nearest(self, language: str) -> str:
        """The known language with the nearest name; see the port."""
        from pygments.lexers import get_all_lexers

        names = [alias for _, aliases, _, _ in get_all_lexers() for alias in aliases]
        return next(iter(get_close_matches(language, names, 1)), "")


# Notes of one author share blocks, such as the same import or command.
@lru_cache(maxsize=512)
def _highlighted(code: str, language: str) -> str | None:
    from pygments import highlight

    lexer = _lexer(language)
    return None if lexer is None else str(highlight(code, lexer, _formatter()))


@cache
def _lexer(language: str) -> "Lexer | None":
    """Made once: it is looked for among the names of all languages."""
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    from paperblog.lexing.lexers import quickened

    try:
        return quickened(type(get_lexer_by_name(language)))(stripnl=False)
    except ClassNotFound:
        return None


@cache
def _formatter() -> "HtmlFormatter[str]":
    """Made once: it looks up the style of every kind of token."""
    from pygments.formatters import HtmlFormatter

    return HtmlFormatter(nowrap=True)
