"""Social cards, drawn with Pillow: what other sites show beside a link to a note."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from paperblog.model.card import CardView
from paperblog.model.digest import digest

if TYPE_CHECKING:
    from paperblog.cards.lettering import Lettering


def fonts_folder() -> Path:
    """Where the fonts of cards lie in the package."""
    return Path(str(files("paperblog"))) / "_fonts"


class PillowCards:
    """Draws cards; see the port `Cards`.

    Of Pillow no more than its version is imported before there is something to draw.
    """

    def __init__(self, fonts: Path, katex: Path) -> None:
        self._fonts = fonts
        self._katex = katex

    @property
    def identity(self) -> str:
        """See the port."""
        import PIL

        own = Path(str(files("paperblog"))) / "cards"
        sources = [path.read_bytes() for path in sorted(own.glob("*.py"))]
        fonts = [(folder / "VERSION").read_bytes() for folder in (self._fonts, self._katex)]
        return digest(PIL.__version__, *fonts, *sources)

    def draw(self, cards: Sequence[CardView]) -> Sequence[bytes]:
        """See the port."""
        from paperblog.cards.drawing import draw_card

        letters = _lettering(self._fonts, self._katex)
        return [draw_card(letters, card) for card in cards]


@cache
def _lettering(fonts: Path, katex: Path) -> "Lettering":
    """A process's own, so that fonts are read once and words measured once."""
    from paperblog.cards.lettering import Lettering

    return Lettering(fonts, katex)
