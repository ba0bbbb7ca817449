"""What every test may use: sites in temporary folders, and a present that stands still."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sites import ROOT, TODAY, Files, MakeSite, Site

from paperblog.adapters.katex import Katex, katex_folder
from paperblog.commands import workshop
from paperblog.tex.compatibility import MACROS

# How long an example takes says more of the machine than of the code.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite", action="store_true", help="golden tests: write what comes of each case"
    )


@pytest.fixture(autouse=True, scope="session")
def still_environment() -> None:
    """Nothing of the machine's settings changes what a build says."""
    os.environ["SOURCE_DATE_EPOCH"] = TODAY
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        os.environ.pop(name, None)


@pytest.fixture
def make_site(tmp_path: Path) -> MakeSite:
    """Make a site of files given by their paths."""

    def make(files: Files) -> Site:
        site = Site(tmp_path / "blog")
        site.root.mkdir()
        site.write(files)
        return site

    return make


@pytest.fixture(scope="session")
def lab(still_environment: None, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A copy of this repository's own blog, to be built into folders of the tests' own."""
    site = Site(tmp_path_factory.mktemp("lab"))
    shutil.copy(ROOT / "pyproject.toml", site.root)
    for name in ("notes", "pages", "static"):
        if (ROOT / name).exists():
            shutil.copytree(ROOT / name, site.root / name)
    return site


class KeptKatex(Katex):
    """A KaTeX that goes on from build to build; each would start its own V8."""

    def close(self) -> None:
        pass


@pytest.fixture(scope="module")
def one_engine() -> Iterator[None]:
    """One KaTeX for all builds in this process, for tests that build very often."""
    engine = KeptKatex(katex_folder(), MACROS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workshop, "Katex", lambda *_: engine)
        yield
    Katex.close(engine)


@pytest.fixture(scope="session")
def require() -> Callable[[object, str], None]:
    """Skip a test whose tool is not there; fail where everything must be (in CI)."""

    def require(tool: object, name: str) -> None:
        if tool:
            return
        if os.environ.get("PAPERBLOG_REQUIRE_ALL"):
            pytest.fail(f"{name} is not here, and PAPERBLOG_REQUIRE_ALL is set")
        pytest.skip(f"{name} is not here")

    return require
