"""Golden cases: a small site, and what must come of it, down to what its author is told.

A case is a folder in `golden/`: the site in `input/`, what must come of it in `expected/`, and
`case.toml`: `arguments` of the command, the exit `status`, the files to `show` (pages as
`outline.py` has them) and those to show with the `frame` around them. `make golden` writes what
comes of each case; the diff is the review.
"""

import re
import shutil
import tomllib
from html import unescape
from pathlib import Path

import pytest
from outline import outline
from sites import Site

CASES = sorted(path.parent for path in (Path(__file__).parent / "golden").glob("*/case.toml"))


@pytest.mark.katex
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_comes_out_as_expected(
    case: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    options = tomllib.loads((case / "case.toml").read_text(encoding="utf-8"))
    assert set(options) <= {"arguments", "status", "show", "frame"}
    shutil.copytree(case / "input", tmp_path / "blog")
    site = Site(tmp_path / "blog")
    result = site.build(*options.get("arguments", []))
    assert result.status == options.get("status", 0), result.err
    actual = {"diagnostics.txt": result.err, "tree.txt": tree(site)}
    for name in options.get("show", []):
        actual[f"{name}.txt" if name.endswith(".html") else name] = shown(site, name, "main")
    for name in options.get("frame", []):
        actual[f"{name}.frame.txt"] = shown(site, name, "body")
    folder = case / "expected"
    if request.config.getoption("--rewrite"):
        shutil.rmtree(folder, ignore_errors=True)
        for name, text in actual.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
    expected = read(folder)
    for name, text in actual.items():
        assert text == expected.pop(name, None), f"{case.name}/expected/{name}"
    assert list(expected) == []


def tree(site: Site) -> str:
    """The files of the output; of the theme's and KaTeX's, whether they are there."""
    names = site.written() if site.output.exists() else {}
    short = {re.sub(r"^assets/(katex-).*|^assets/.*", r"assets/\1*", name) for name in names}
    return "".join(f"{name}\n" for name in sorted(short))


def shown(site: Site, name: str, part: str) -> str:
    """A file of the output; what changes with every change of the theme is left out."""
    text = site.page(name)
    if name.endswith(".html"):
        text = outline(text, part)
    elif name.endswith("feed.xml"):
        text = re.sub(r'(?<=generator version=")[^"]*', "*", text)
        text = re.sub(r'(?<=<content type="html">).*?(?=</content>)', entry, text, flags=re.DOTALL)
    return re.sub(r"(assets/[\w/-]+\.)[0-9a-f]{8}\.", r"\1*.", text)


def entry(content: re.Match[str]) -> str:
    """The outline of an entry's text, whose markup stands in the feed as text."""
    return outline(f"<main>{unescape(content[0])}</main>")


def read(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }
