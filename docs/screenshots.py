"""Take the pictures of the documentation: `make screenshots`.

The README's shows a note. The contact sheets show every kind of page at three widths, light and
dark, among them the notes of `tests/audit/notes`, which hold every component of the dialect.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

DOCS = Path(__file__).parent
ROOT = DOCS.parent
sys.path.insert(0, str(ROOT / "tests" / "audit"))

from host import hosted  # noqa: E402

IMAGES = DOCS / "images"

PAGES = {
    "home": "",
    "a note": "notes/linformer/",
    "every component": "notes/components/",
    "code": "notes/numpy-vs-matlab-reshape/",
    "a note in Hebrew": "notes/hebrew/",
    "a page": "about/",
    "archive": "archive/",
    "a year": "2020/",
    "a category": "category/transformers/",
    "an author": "author/ou-tulsa-lab/",
    "papers": "papers/",
    "tags": "tags/",
    "search": "search/?q=attention",
    "nothing there": "nothing/there/",
}
WIDTHS = {1440: 0.26, 820: 0.26, 360: 0.36}
HEIGHT = 1100
SHEET = """<meta charset="utf-8"><style>
body { margin: 24px; font: 13px monospace; background: #cfccc2; color: #10181c; width: 1560px; }
section { display: flex; flex-wrap: wrap; gap: 24px 16px; align-items: start; }
figure { margin: 0; display: flex; flex-wrap: wrap; gap: 8px; align-items: start; width: 770px; }
figcaption { width: 100%; }
</style><section>"""


def main() -> None:
    """Build the lab's blog with the notes to look at, and photograph it."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = _build(Path(folder))
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        IMAGES.mkdir(exist_ok=True)
        with hosted(site) as (home, _):
            for scheme in ("light", "dark"):
                _sheet(browser, home, scheme, Path(folder))
            tab = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme="light")
            tab.goto(home + PAGES["a note"], wait_until="networkidle")
            tab.screenshot(path=IMAGES / "note.png")
        browser.close()


def _build(folder: Path) -> Path:
    site = folder / "site"
    for name in ("notes", "pages"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copytree(ROOT / "tests" / "audit" / "notes", folder / "notes", dirs_exist_ok=True)
    shutil.copy(ROOT / "pyproject.toml", folder)
    command = [sys.executable, "-m", "paperblog", "build", str(folder), "-o", str(site)]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1767225600"}
    subprocess.run([*command, "--base-url", "https://example.org/"], check=True, env=environment)
    return site


def _sheet(browser: Any, home: str, scheme: str, folder: Path) -> None:
    """One picture of all kinds of page in one scheme."""
    parts = [SHEET]
    for number, (name, path) in enumerate(PAGES.items()):
        parts.append(f"<figure><figcaption>{name}, {scheme}</figcaption>")
        for width, scale in WIDTHS.items():
            shot = folder / f"{number}-{width}-{scheme}.png"
            tab = browser.new_page(viewport={"width": width, "height": HEIGHT}, color_scheme=scheme)
            tab.goto(home + path, wait_until="networkidle")
            tab.screenshot(path=shot)
            tab.close()
            parts.append(f'<img src="{shot.as_uri()}" width="{round(width * scale)}">')
        parts.append("</figure>")
    page = folder / f"{scheme}.html"
    page.write_text("".join(parts), encoding="utf-8")
    tab = browser.new_page(viewport={"width": 1610, "height": 600})
    tab.goto(page.as_uri(), wait_until="networkidle")
    picture = IMAGES / f"pages-{scheme}.jpg"
    tab.screenshot(path=picture, full_page=True, type="jpeg", quality=60)
    tab.close()


if __name__ == "__main__":
    main()
