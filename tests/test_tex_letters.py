"""The letters of MathML that are characters of their own."""

import pytest

from paperblog.tex.letters import with_letters

LETTERS = {
    '<mi mathvariant="script">L</mi>': '<mi mathvariant="normal">ℒ</mi>',
    '<mi mathvariant="script">N</mi>': '<mi mathvariant="normal">𝒩</mi>',
    '<mi mathvariant="double-struck">R</mi>': '<mi mathvariant="normal">ℝ</mi>',
    '<mi mathvariant="double-struck">E</mi>': '<mi mathvariant="normal">𝔼</mi>',
    '<mi mathvariant="fraktur">g</mi>': '<mi mathvariant="normal">𝔤</mi>',
    '<mi mathvariant="bold">x</mi>': '<mi mathvariant="normal">𝐱</mi>',
    '<mi mathvariant="bold">xy</mi>': "<mi>𝐱𝐲</mi>",
    '<mn mathvariant="bold">10</mn>': "<mn>𝟏𝟎</mn>",
    '<mi mathvariant="bold-italic">α</mi>': '<mi mathvariant="normal">𝜶</mi>',
    '<mi mathvariant="normal">Γ</mi>': '<mi mathvariant="normal">Γ</mi>',
    '<mi mathvariant="script">é</mi>': '<mi mathvariant="script">é</mi>',
    '<mtext mathvariant="bold">so</mtext>': '<mtext mathvariant="bold">so</mtext>',
}


@pytest.mark.parametrize(("given", "written"), LETTERS.items(), ids=LETTERS)
def test_a_letter_of_a_variant_is_a_character(given: str, written: str) -> None:
    assert with_letters(given) == written
