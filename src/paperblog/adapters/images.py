"""Images: Pillow finds out their sizes and makes smaller forms of them."""

import io
import os
import re
import warnings
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from paperblog.model.diagnostic import PaperblogError
from paperblog.model.digest import content_digest, digest
from paperblog.model.picture import Developed, ImageOptions, Variant

if TYPE_CHECKING:
    from PIL.Image import Image

_MOST_PIXELS = 89_478_485
"""A quarter of a gigabyte of pixels: what Pillow takes for an attack."""

# Two widths that are nearer to each other than this are one.
_STEP = 1.2
# A form that saves less than this is not worth a file.
_WORTH = 0.95
# A drawing keeps every pixel in about the bytes of a lossy form; a photograph needs many more.
_DRAWING = 1.5
_SVG_TAG = re.compile(r"<svg\b[^>]*>", re.IGNORECASE)
_LENGTH = re.compile(r"\s*(\d*\.?\d+)\s*(px|pt|pc|mm|cm|in|)\s*", re.IGNORECASE)
_UNITS = {"px": 1.0, "": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}


class PillowImages(Struct, frozen=True):
    """Develops the images of a site at `root`, remembered in a folder; see the port `Images`."""

    root: Path
    folder: Path

    @property
    def identity(self) -> str:
        """See the port."""
        import PIL

        # What is made costs too much to be made anew for a change of any other module of ours.
        return f"pillow {PIL.__version__} {digest(Path(__file__).read_bytes())}"

    def has(self, file: str) -> bool:
        """See the port."""
        return (self.folder / file).is_file()

    def path(self, file: str) -> str:
        """See the port."""
        return str((self.folder / file).absolute())

    def forget(self, kept: Collection[str]) -> None:
        """See the port."""
        if not self.folder.is_dir():
            return
        made = set(os.listdir(self.folder))
        if len(made) > 4 * len(kept) + 100:
            for file in made - set(kept):
                (self.folder / file).unlink(missing_ok=True)

    def develop(self, path: str, key: str, options: ImageOptions) -> Developed:
        """See the port."""
        try:
            content = (self.root / path).read_bytes()
        except OSError as error:
            return Developed(problem=error.strerror or "it cannot be read")
        if path.lower().endswith(".svg"):
            return _drawing(content)
        return self._photograph(content, key, options)

    def _photograph(self, content: bytes, key: str, options: ImageOptions) -> Developed:
        from PIL import Image, ImageOps, UnidentifiedImageError

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", Image.DecompressionBombWarning)
                with Image.open(io.BytesIO(content)) as image:
                    if image.width * image.height > _MOST_PIXELS:
                        raise Image.DecompressionBombWarning
                    if getattr(image, "is_animated", False):
                        return Developed(image.width, image.height)
                    image.load()
                    upright = ImageOps.exif_transpose(image)
                    made = self._variants(_plain(upright), len(content), key, options)
                    return Developed(upright.width, upright.height, tuple(made))
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            return Developed(problem=f"it has more than {_MOST_PIXELS // 1_000_000} million pixels")
        except UnidentifiedImageError:
            return Developed(problem="it is not an image that browsers show")
        except (OSError, SyntaxError, ValueError, EOFError) as error:
            return Developed(problem=f"it is damaged ({error})")

    def _variants(
        self, image: "Image | None", size: int, key: str, options: ImageOptions
    ) -> Iterator[Variant]:
        """The smaller forms of an image, each smaller than the file itself and than wider ones."""
        if image is None:
            return
        is_drawing = _is_drawing(image, options.quality)
        for name in options.formats:
            # AVIF blurs the edges of drawings, which WebP keeps to the pixel.
            if is_drawing and name == "avif":
                continue
            least = size * _WORTH
            kept: list[Variant] = []
            for width in reversed(_widths(image.width, options.widths)):
                content = _encoded(_scaled(image, width), name, is_drawing, options.quality)
                if len(content) >= least:
                    continue
                least = len(content)
                file = f"{key}-{width}.{name}"
                self._keep(file, content)
                kept.append(Variant(name, width, file, content_digest(content)))
            yield from reversed(kept)

    def _keep(self, file: str, content: bytes) -> None:
        target = self.folder / file
        temporary = target.with_name(f"{file}.{os.getpid()}.tmp")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(content)
            os.replace(temporary, target)
        except OSError as error:
            raise PaperblogError(f"{target} cannot be written: {error.strerror}") from error


def _is_drawing(image: "Image", quality: int) -> bool:
    """Whether an image is drawn: a plot, a diagram, a picture of text."""
    sample = image.copy()
    sample.thumbnail((480, 480))
    exact, lossy = (_encoded(sample, "webp", each, quality) for each in (True, False))
    return len(exact) <= _DRAWING * len(lossy)


def _widths(own: int, wanted: tuple[int, ...]) -> list[int]:
    """The widths to make, ascending: none above the image's own, which itself may be one."""
    found = [width for width in sorted(set(wanted)) if width * _STEP <= own]
    return [*found, own] if own <= max(wanted, default=0) * _STEP else found


def _scaled(image: "Image", width: int) -> "Image":
    from PIL.Image import Resampling

    if width == image.width:
        return image
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Resampling.LANCZOS)


def _encoded(image: "Image", name: str, is_drawing: bool, quality: int) -> bytes:
    """An image in a format; without a word on camera, place or author."""
    buffer = io.BytesIO()
    profile = image.info.get("icc_profile")
    if name == "webp":
        image.save(
            buffer, "WEBP", lossless=is_drawing, quality=quality, method=4, icc_profile=profile
        )
    else:
        # One thread: with more, the bytes depend on how many there are.
        image.save(
            buffer, "AVIF", quality=quality - 15, speed=6, max_threads=1, icc_profile=profile
        )
    return buffer.getvalue()


def _plain(image: "Image") -> "Image | None":
    """The image in eight bits of red, green and blue, as its profile has them; perhaps alpha.

    None for one whose values are more than eight bits can tell.
    """
    if image.mode in ("I", "F") or image.mode.startswith("I;"):
        return None
    has_alpha = image.has_transparency_data
    mode = "RGBA" if has_alpha else "RGB"
    profile = image.info.get("icc_profile")
    image = _in_srgb(image, profile, mode) if profile else image
    if image.mode != mode:
        image = image.convert(mode)
    kept = image.info.get("icc_profile")
    image.info = {"icc_profile": kept} if kept else {}
    return image


def _in_srgb(image: "Image", profile: bytes, mode: str) -> "Image":
    """The image in sRGB; one whose profile is of no use is left as it is, the profile with it."""
    from PIL import ImageCms

    if image.mode in ("P", "LA", "PA"):
        image = image.convert(mode)
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        out = image.mode if image.mode in ("RGB", "RGBA") else "RGB"
        converted = ImageCms.profileToProfile(image, source, target, outputMode=out)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    assert converted is not None
    converted.info.pop("icc_profile", None)
    return converted


def _drawing(content: bytes) -> Developed:
    """The size of an SVG: its own, else that of its view."""
    text = content[:65536].decode("utf-8", "replace")
    tag = _SVG_TAG.search(text)
    if tag is None:
        return Developed(problem="it is not an SVG")
    width, height = _length(tag[0], "width"), _length(tag[0], "height")
    box = re.search(r"\sviewBox\s*=\s*[\"']([^\"']*)", tag[0])
    numbers = re.findall(r"-?\d*\.?\d+(?:[eE][+-]?\d+)?", box[1]) if box else []
    if len(numbers) == 4:
        across, down = float(numbers[2]), float(numbers[3])
        if across > 0 and down > 0:
            if width and not height:
                height = width * down / across
            elif height and not width:
                width = height * across / down
            elif not width:
                width, height = across, down
    return Developed(round(width), round(height)) if width and height else Developed()


def _length(tag: str, name: str) -> float:
    """An attribute's length in pixels; 0 where there is none, or a share of something else."""
    given = re.search(rf"\s{name}\s*=\s*[\"']([^\"']*)", tag)
    match = _LENGTH.fullmatch(given[1]) if given else None
    return float(match[1]) * _UNITS[match[2].lower()] if match else 0.0
