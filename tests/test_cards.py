"""Social cards: what is on them, what they cost, and that equal ones are equal bytes."""

import io
import os

import pytest
from PIL import Image
from sites import MakeSite, Site, process

from paperblog.adapters.cards import PillowCards, fonts_folder
from paperblog.adapters.katex import katex_folder
from paperblog.cards.drawing import draw_card
from paperblog.cards.lettering import Lettering
from paperblog.model.card import CARD_SIZE, CardView

BASE = "https://notes.example/"
TITLE_AREA = (0, 125, 1200, 400)
PROMPT_AREA = (0, 60, 1200, 115)
BAND, TEXT, TRACE, CURSOR = (16, 24, 28), (221, 227, 225), (95, 211, 180), (240, 179, 90)


@pytest.fixture(scope="module")
def letters() -> Lettering:
    return Lettering(fonts_folder(), katex_folder())


def card(title: str = "A title", formula: str = "", prompt: str = "lab") -> CardView:
    return CardView(prompt=prompt, site="The Lab", title=title, formula=formula)


def picture(letters: Lettering, view: CardView) -> Image.Image:
    return Image.open(io.BytesIO(draw_card(letters, view))).convert("RGB")


def inked(image: Image.Image, area: tuple[int, int, int, int], colour: tuple[int, ...]) -> bool:
    """Whether anything in an area has nearly a colour."""
    colours = image.crop(area).getcolors(1 << 20) or []
    return any(
        count > 20 and max(abs(a - b) for a, b in zip(found, colour, strict=True)) < 24
        for count, found in colours
        if isinstance(found, tuple)
    )


def test_a_card_has_the_size_that_other_sites_want_and_the_colours_of_the_theme(
    letters: Lettering,
) -> None:
    image = picture(letters, card(formula="x² + y²"))
    assert image.size == CARD_SIZE == (1200, 630)
    assert image.getpixel((4, 4)) == BAND
    assert inked(image, PROMPT_AREA, CURSOR)
    assert inked(image, TITLE_AREA, TEXT)
    assert inked(image, TITLE_AREA, TRACE)
    assert inked(image, (0, 525, 1200, 536), TRACE)


def test_equal_cards_are_equal_bytes(letters: Lettering) -> None:
    other = Lettering(fonts_folder(), katex_folder())
    assert draw_card(letters, card()) == draw_card(other, card())
    assert draw_card(letters, card()) != draw_card(letters, card("Another"))


@pytest.mark.parametrize(
    "text",
    [
        "Łukasz Ærøskøbing naïve",
        "Γειά σου",
        "Привет, Їжак",
        "Đặng Văn",
        "O(n²) ∀x ∈ ℝ",
        "f₂ – “so”",
    ],
)
def test_titles_in_latin_greek_and_cyrillic_letters_are_set(letters: Lettering, text: str) -> None:
    assert letters.serif(text) is not None
    assert inked(picture(letters, card(text)), TITLE_AREA, TEXT)


@pytest.mark.parametrize("text", ["注意机构", "機械学習", "תורה", "نظرية", "कखग"])
def test_a_title_that_no_font_has_is_left_out_and_the_rest_stands(
    letters: Lettering, text: str
) -> None:
    assert letters.serif(text) is None
    image = picture(letters, card(f"A {text} title", "∇f = 0", prompt=text))
    assert not inked(image, TITLE_AREA, TEXT)
    assert inked(image, TITLE_AREA, TRACE)
    assert inked(image, PROMPT_AREA, CURSOR)


def test_an_emoji_is_left_out_and_the_title_stands(letters: Lettering) -> None:
    assert letters.serif("Go \N{ROCKET}!") == letters.serif("Go !")


def test_a_long_title_is_set_smaller_and_then_cut(letters: Lettering) -> None:
    long = picture(letters, card("A word or two more " * 30))
    assert not inked(long, (1140, 125, 1200, 500), TEXT)
    wide = picture(letters, card("Donaudampfschifffahrtsgesellschaft" * 4))
    assert not inked(wide, (1140, 125, 1200, 500), TEXT)


def test_formulas_have_slanted_variables_upright_names_and_small_signs(letters: Lettering) -> None:
    line = letters.formula("log p(x_{t−1}) = 𝔼[y²]")
    assert line is not None
    fonts = {part.text.strip(): (part.font, part.size) for part in line}
    assert fonts["log"] == ("KaTeX_Main-Regular", 1)
    assert fonts["p"] == ("KaTeX_Math-Italic", 1)
    assert fonts["t"][1] < 1
    assert fonts["2"][1] < 1
    assert fonts["𝔼" if "𝔼" in fonts else "E"][0] == "KaTeX_AMS-Regular"


def test_a_formula_that_does_not_fit_is_left_out(letters: Lettering) -> None:
    image = picture(letters, card("Short", "x + " * 60))
    assert not inked(image, TITLE_AREA, TRACE)


def test_many_cards_are_drawn_in_processes_as_in_one(make_site: MakeSite) -> None:
    notes = {f"notes/n{i}.md": f"---\ntitle: Number {i}\n---\nText.\n" for i in range(20)}
    site = make_site({"paperblog.toml": f'base_url = "{BASE}"', **notes})
    one, two = site.root / "one", site.root / "two"
    assert site.build("--no-cache", "-o", str(one)).status == 0
    assert process("build", "--jobs", "2", "--no-cache", "-o", str(two), cwd=site.root).status == 0
    assert site.written(one) == site.written(two)


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    return make_site(
        {
            "paperblog.toml": f'title = "The Lab"\nbase_url = "{BASE}"\n',
            "notes/a.md": "---\ntitle: A\ndate: 2020-01-02\n---\n$$e^{i\\pi} + 1 = 0$$\n",
            "notes/own.md": "---\ntitle: Own\ndate: 2020-01-01\nimage: p.png\n---\nText.\n",
            "notes/p.png": b"png",
            "notes/bundle/index.md": "---\ntitle: Bundle\n---\nText.\n",
            "notes/bundle/social-card.png": b"own",
        }
    )


def test_a_note_without_an_image_has_a_card_that_its_page_names(site: Site) -> None:
    assert site.build().status == 0
    page = site.page("notes/a/")
    assert f'<meta property="og:image" content="{BASE}notes/a/social-card.png">' in page
    assert '<meta property="og:image:width" content="1200">' in page
    assert '<meta property="og:image:height" content="630">' in page
    assert '<meta property="og:image:alt" content="A">' in page
    with Image.open(site.output / "notes/a/social-card.png") as image:
        assert image.size == CARD_SIZE
    assert not site.has("notes/own/social-card.png")
    assert f'content="{BASE}notes/p.png"' in site.page("notes/own/")
    assert (site.output / "notes/bundle/social-card.png").read_bytes() == b"own"


def test_the_size_of_a_notes_own_image_is_said_where_its_text_shows_it(
    make_site: MakeSite,
) -> None:
    file = io.BytesIO()
    Image.new("RGB", (40, 20)).save(file, "PNG")
    site = make_site(
        {
            "paperblog.toml": f'base_url = "{BASE}"',
            "notes/a.md": "---\ntitle: A\nimage: p.png\n---\n![A plot](p.png)\n",
            "notes/p.png": file.getvalue(),
        }
    )
    result = site.build()
    assert result.status == 0, result.err
    page = site.page("notes/a/")
    assert '<meta property="og:image:width" content="40">' in page
    assert '<meta property="og:image:height" content="20">' in page


def test_a_card_is_drawn_anew_only_when_what_it_shows_has_changed(site: Site) -> None:
    path = site.output / "notes/a/social-card.png"
    site.build()
    before = path.read_bytes()
    os.utime(path, (1, 1))
    site.write(
        {"notes/a.md": "---\ntitle: A\ndate: 2020-01-02\n---\n$$e^{i\\pi} + 1 = 0$$\n\nMore.\n"}
    )
    assert site.build().counts.startswith("3 notes")
    assert path.read_bytes() == before
    site.write({"notes/a.md": "---\ntitle: B\ndate: 2020-01-02\n---\nText.\n"})
    site.build()
    assert path.read_bytes() != before


def test_a_lost_picture_comes_from_the_store(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    path = site.output / "notes/a/social-card.png"
    site.build()
    before = path.read_bytes()
    path.unlink()
    drawn: list[int] = []
    draw = PillowCards.draw
    monkeypatch.setattr(
        PillowCards, "draw", lambda self, views: drawn.append(len(views)) or draw(self, views)
    )
    site.build()
    assert path.read_bytes() == before
    assert drawn == []


@pytest.mark.parametrize("line", [f'base_url = "{BASE}"\nsocial_cards = false', ""])
def test_cards_can_be_switched_off_and_need_an_absolute_address(
    make_site: MakeSite, line: str
) -> None:
    site = make_site({"paperblog.toml": line, "notes/a.md": "---\ntitle: A\n---\nText.\n"})
    assert site.build().status == 0
    assert not site.has("notes/a/social-card.png")
    assert "og:image" not in site.page("notes/a/")


def test_an_ill_letter_ends_no_build(make_site: MakeSite) -> None:
    title = "".join(map(chr, [0x200F, 0x202E, 0xE000, 0x1F600, 0x301, 0xAD, 0xFFFD]))
    site = make_site(
        {
            "paperblog.toml": f'base_url = "{BASE}"',
            "notes/a.md": f"---\ntitle: 'x{title}'\n---\nText.\n",
        }
    )
    assert site.build().status == 0
    assert site.has("notes/a/social-card.png")
