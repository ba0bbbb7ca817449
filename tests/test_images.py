"""Images: their sizes, their smaller forms, and what is remembered of them."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageCms, ImageDraw, ImageFilter
from sites import MakeSite, Site

from paperblog.adapters.images import PillowImages
from paperblog.model.picture import Developed, ImageOptions

Develop = Callable[..., Developed]

NOTE = "---\ndate: 2020-01-01\n---\n# A\n\n"


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def photograph(width: int = 1200, height: int = 900) -> Image.Image:
    """Soft noise: what a camera might see."""
    bands = [
        Image.effect_noise((width, height), 50).filter(ImageFilter.GaussianBlur(2))
        for _ in range(3)
    ]
    return Image.merge("RGB", bands)


def drawing(width: int = 900, height: int = 600) -> Image.Image:
    """Axes and a circle on nothing."""
    image = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.line([(50, height - 50), (width - 50, height - 50)], fill=(20, 20, 20, 255), width=3)
    draw.ellipse((300, 200, 500, 400), outline=(180, 40, 40, 255), width=5)
    return image


@pytest.fixture
def develop(tmp_path: Path) -> Develop:
    images = PillowImages(tmp_path, tmp_path / "made")

    def develop(name: str, content: bytes, options: ImageOptions | None = None) -> Developed:
        (tmp_path / name).write_bytes(content)
        return images.develop(name, "key", options or ImageOptions())

    return develop


def test_a_photograph_gets_smaller_forms_and_is_never_made_larger(
    develop: Develop, tmp_path: Path
) -> None:
    content = saved(photograph(), "JPEG", quality=95)
    made = develop("a.jpg", content)
    assert (made.width, made.height) == (1200, 900)
    assert {(v.format, v.width) for v in made.variants} == {
        (form, width) for form in ("avif", "webp") for width in (480, 960, 1200)
    }
    for variant in made.variants:
        file = tmp_path / "made" / variant.file
        assert file.stat().st_size < len(content)
        with Image.open(file) as image:
            assert image.size == (variant.width, round(variant.width * 3 / 4))
            assert image.format == variant.format.upper()


def test_a_drawing_stays_exact_and_transparent(develop: Develop, tmp_path: Path) -> None:
    original = drawing()
    made = develop("a.png", saved(original, "PNG"))
    assert {variant.format for variant in made.variants} == {"webp"}
    widest = max(made.variants, key=lambda variant: variant.width)
    with Image.open(tmp_path / "made" / widest.file) as image:
        assert image.mode == "RGBA"
        assert image.getpixel((0, 0))[3] == 0
        assert image.getpixel((300, 300)) == original.getpixel((300, 300))


def test_an_image_that_lies_on_its_side_is_set_upright_and_says_nothing_of_its_camera(
    develop: Develop,
    tmp_path: Path,
) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Camera"
    made = develop("a.jpg", saved(photograph(800, 600), "JPEG", quality=95, exif=exif))
    assert (made.width, made.height) == (600, 800)
    for variant in made.variants:
        with Image.open(tmp_path / "made" / variant.file) as image:
            assert image.height > image.width
            assert dict(image.getexif()) == {}


def test_colours_of_another_profile_become_those_of_the_web(
    develop: Develop, tmp_path: Path
) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    made = develop("a.png", saved(photograph(), "PNG", icc_profile=lab))
    with Image.open(tmp_path / "made" / made.variants[0].file) as image:
        assert "icc_profile" not in image.info
    broken = develop("b.png", saved(photograph(), "PNG", icc_profile=b"no profile at all"))
    with Image.open(tmp_path / "made" / broken.variants[0].file) as image:
        assert image.info["icc_profile"] == b"no profile at all"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16", "F"])
def test_every_kind_of_pixels_has_a_size(develop: Develop, mode: str) -> None:
    form = {"CMYK": "JPEG", "F": "TIFF"}.get(mode, "PNG")
    made = develop("a.png", saved(Image.new(mode, (300, 200)), form))
    assert (made.width, made.height, made.problem) == (300, 200, "")


def test_an_animation_is_left_alone(develop: Develop) -> None:
    frames = [Image.new("L", (120, 80), shade) for shade in (90, 190)]
    content = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=100)
    assert develop("a.gif", content) == Developed(120, 80)


def test_no_formats_make_no_files(develop: Develop) -> None:
    made = develop("a.jpg", saved(photograph(), "JPEG"), ImageOptions(formats=()))
    assert made == Developed(1200, 900)


@pytest.mark.parametrize(
    ("tag", "size"),
    {
        'viewBox="0 0 200 100"': (200, 100),
        'viewBox="-10,-10,200,100" width="50"': (50, 25),
        'width="2in" height="96"': (192, 96),
        'width="100%" viewBox="0 0 30 40"': (30, 40),
        'width="100%"': (0, 0),
        'viewBox="0 0 0 0"': (0, 0),
    }.items(),
)
def test_an_svg_has_the_size_that_it_gives_or_that_of_its_view(
    develop: Develop,
    tag: str,
    size: tuple[int, int],
) -> None:
    made = develop("a.svg", f'<?xml version="1.0"?>\n<svg {tag}></svg>'.encode())
    assert (made.width, made.height, made.problem) == (*size, "")


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.png", b"not an image", "it is not an image that browsers show"),
        ("a.svg", b"<html>", "it is not an SVG"),
        ("a.png", saved(drawing(), "PNG")[:200], "it is damaged"),
        ("a.png", saved(Image.new("1", (12000, 9000)), "PNG"), "more than 89 million pixels"),
    ],
)
def test_what_cannot_be_shown_is_said(
    develop: Develop, name: str, content: bytes, problem: str
) -> None:
    assert problem in develop(name, content).problem


def site_with(make_site: MakeSite, text: str, **files: bytes) -> Site:
    names = {name.replace("_", "."): content for name, content in files.items()}
    own = {f"notes/{name}": content for name, content in names.items()}
    return make_site(
        {"paperblog.toml": "base_url = 'https://a.org/'\n", "notes/a.md": NOTE + text} | own
    )


def test_a_page_offers_the_forms_with_sizes_and_lazily_but_for_the_first(
    make_site: MakeSite,
) -> None:
    text = "![One](p.jpg)\n\n![Two](p.jpg){width=300}\n"
    site = site_with(make_site, text, p_jpg=saved(photograph(), "JPEG", quality=95))
    assert site.build().status == 0
    page = site.page("notes/a/")
    first, second = re.findall(r"<picture>.*?</picture>", page)
    assert re.findall(r'type="image/(\w+)"', first) == ["avif", "webp"]
    addresses = re.findall(r"\.\./\.\./(assets/images/\S+) (\d+)w", first)
    assert [width for _, width in addresses] == ["480", "960", "1200"] * 2
    assert all(site.has(address) for address, _ in addresses)
    assert 'width="1200" height="900" decoding="async" alt="One"' in first
    assert 'width="300" height="225" loading="lazy" decoding="async"' in second
    assert 'sizes="(min-width: 332px) 300px, calc(100vw - 32px)"' in second
    assert "picture" not in site.page("feed.xml")
    assert "https://a.org/notes/p.jpg&#34; width=&#34;1200&#34;" in site.page("feed.xml")


def test_a_changed_image_renders_its_pages_and_parses_no_note(make_site: MakeSite) -> None:
    site = site_with(make_site, "![One](p.png)\n", p_png=saved(drawing(), "PNG"))
    site.build()
    before = site.written()
    site.write({"notes/p.png": saved(drawing(700, 500), "PNG")})
    (store,) = (site.root / ".paperblog").glob("*.sqlite")
    assert site.build().status == 0
    assert 'width="700" height="500"' in site.page("notes/a/")
    gone = {name for name in before if name.startswith("assets/images/")} - set(site.written())
    assert gone
    warm = site.written()
    assert site.build("--no-cache", "--clean").status == 0
    assert site.written() == warm
    assert store.exists()


@pytest.mark.parametrize("content", [None, b"", b"no image"])
def test_a_form_that_was_lost_or_damaged_is_made_again(
    make_site: MakeSite, content: bytes | None
) -> None:
    site = site_with(make_site, "![One](p.png)\n", p_png=saved(drawing(), "PNG"))
    site.build()
    before = site.written()
    for file in (site.root / ".paperblog/images").iterdir():
        if content is None:
            file.unlink()
        else:
            file.write_bytes(content)
    for path in site.output.glob("assets/images/*"):
        path.unlink()
    assert site.build().status == 0
    assert site.written() == before


def test_images_can_be_left_as_they_are(make_site: MakeSite) -> None:
    site = site_with(make_site, "![One](p.png)\n", p_png=saved(drawing(), "PNG"))
    site.write({"paperblog.toml": "[images]\nformats = []\n"})
    assert site.build().status == 0
    assert "<picture>" not in site.page("notes/a/")
    assert 'width="900" height="600"' in site.page("notes/a/")
    assert not site.has("assets/images")


def test_a_broken_image_is_said_once_at_its_place(make_site: MakeSite) -> None:
    site = site_with(make_site, "Text ![One](p.png) and ![Two](p.png)\n", p_png=b"no image")
    result = site.build()
    assert result.status == 1
    assert result.err.count("broken-image") == 1
    assert "notes/a.md:6:13: error[broken-image]: notes/p.png cannot be shown" in result.err


def test_an_image_for_dark_pages_stands_beside_the_other_and_not_in_feeds(
    make_site: MakeSite,
) -> None:
    text = '![One](p.png "Caption."){dark="d.png"}\n'
    drawn = saved(drawing(), "PNG")
    site = site_with(make_site, text, p_png=drawn, d_png=saved(drawing(800, 600), "PNG"))
    assert site.build().status == 0
    page = site.page("notes/a/")
    assert 'class="on-light"' in page
    assert re.search(r'src="../../notes/d.png" width="800" .*class="on-dark"', page)
    feed = site.page("feed.xml")
    assert "notes/p.png" in feed
    assert "d.png" not in feed
    assert "Caption." in feed
