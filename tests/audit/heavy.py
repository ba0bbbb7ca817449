"""The heaviest page there is: a note of 390 formulas, made of those of the lab's own notes."""

from __future__ import annotations

import tomllib
from itertools import cycle
from pathlib import Path

from dialect import parse

from paperblog.model.config import Config

FORMULAS = 390
_INLINE_IN_A_PARAGRAPH = 3
_PARAGRAPHS_IN_A_SECTION = 8
_WORDS = (
    "With {0} as above, the bound of the last section holds for every {1} that the model can "
    "represent, {2} among them, and not only for those met in training.",
    "Written out for {0}, this says that {1} falls as the number of samples grows, at a rate that "
    "{2} decides, whatever the distribution.",
    "Two terms remain. The first, {0}, is what the loss asks for; the second, {1}, is what the "
    "regulariser pays back, and it vanishes as {2} does.",
)


def heavy_note(root: Path) -> str:
    """The text of the note, from the notes of the blog at `root`."""
    table = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    macros = tuple(table["tool"]["paperblog"].get("math", {}).get("macros", {}).items())
    inline: list[str] = []
    display: list[str] = []
    for path in sorted((root / "notes").rglob("*.md")):
        parsed = parse(path.read_text(encoding="utf-8"), Config(macros=macros))
        for formula in parsed.formulas:
            if not formula.macros:
                (display if formula.display else inline).append(formula.tex)
    # A label may stand once in a note.
    blocks = cycle([tex for tex in display if "\\label" not in tex and "\\tag" not in tex])
    signs = cycle([tex for tex in inline if "\\ref" not in tex and "\\eqref" not in tex])
    parts = ["---\ntitle: The heaviest note\ndate: 2020-01-01\ncategory: Mathematics\n---"]
    for number in range(FORMULAS // (_INLINE_IN_A_PARAGRAPH + 1) + 1):
        if number % _PARAGRAPHS_IN_A_SECTION == 0:
            parts.append(f"## Part {number // _PARAGRAPHS_IN_A_SECTION + 1}")
        words = _WORDS[number % len(_WORDS)]
        parts.append(words.format(*(f"${next(signs)}$" for _ in range(_INLINE_IN_A_PARAGRAPH))))
        parts.append(f"$$\n{next(blocks)}\n$$")
    return "\n\n".join(parts) + "\n"
