"""The package as a stranger gets it: built from the sdist, installed where there is no Node."""

from __future__ import annotations

import re
import shutil
import tarfile
from pathlib import Path, PurePosixPath
from zipfile import ZipFile

import pytest
from packaged import ROOT, only, run

pytestmark = [pytest.mark.package, pytest.mark.slow]


def test_the_wheel_carries_katex_with_its_licence(wheel: Path) -> None:
    carried = names_in(wheel)
    for name in ["katex.min.js", "katex.min.css", "mhchem.js", "LICENSE", "VERSION"]:
        assert f"paperblog/_katex/{name}" in carried


def test_the_wheel_carries_every_woff2_font_that_the_style_sheet_names(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        style = archive.read("paperblog/_katex/katex.min.css").decode()
    fonts = set(re.findall(r"url\((fonts/[^)]+\.woff2)\)", style))
    assert len(fonts) >= 20
    assert {f"paperblog/_katex/{font}" for font in fonts} <= names_in(wheel)


def test_the_wheel_carries_the_fonts_of_cards_with_their_licences(wheel: Path) -> None:
    carried = names_in(wheel)
    for name in ["LICENSE-SourceSerif", "LICENSE-DejaVu", "DejaVuSansMono.ttf", "VERSION"]:
        assert f"paperblog/_fonts/{name}" in carried
    assert len([name for name in carried if "_fonts/SourceSerif4-" in name]) == 6


def test_the_wheel_carries_the_whole_theme(wheel: Path) -> None:
    templates = ROOT / "templates"
    files = {path.relative_to(templates) for path in templates.rglob("*") if path.is_file()}
    assert files
    assert {f"paperblog/_theme/{path.as_posix()}" for path in files} <= names_in(wheel)


def test_the_wheel_carries_its_own_licence_and_nothing_beside_the_package(wheel: Path) -> None:
    carried = names_in(wheel)
    folders = {PurePosixPath(name).parts[0] for name in carried}
    assert {folder.removesuffix(".dist-info").partition("-")[0] for folder in folders} == {
        "paperblog"
    }
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in carried)
    assert not [name for name in carried if "__pycache__" in name or "node_modules" in name]


def test_the_sdist_carries_what_a_wheel_is_built_from_and_no_fetched_file(built: Path) -> None:
    with tarfile.open(only(built.glob("*.tar.gz"))) as archive:
        carried = {name.partition("/")[2] for name in archive.getnames()}
    assert {"hatch_build.py", "package.json", "package-lock.json", ".npmrc"} <= carried
    assert any(name.startswith("templates/") for name in carried)
    assert not [name for name in carried if re.search("_(katex|fonts)/|^notes/", name)]


def test_a_stranger_without_node_gets_a_blog_with_typeset_math(
    programs: Path, tmp_path: Path
) -> None:
    assert shutil.which("node", path=str(programs)) is None
    paperblog = shutil.which("paperblog", path=str(programs))
    assert paperblog is not None
    run([paperblog, "init", "blog"], cwd=tmp_path, path=programs)
    run([paperblog, "build", "blog"], cwd=tmp_path, path=programs)
    pages = [page.read_text(encoding="utf-8") for page in tmp_path.glob("blog/site/**/*.html")]
    assert any('class="katex"' in page and "<math" in page for page in pages)


def names_in(wheel: Path) -> set[str]:
    with ZipFile(wheel) as archive:
        return set(archive.namelist())
