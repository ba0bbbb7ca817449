"""Take the picture of the README: `python docs/screenshot.py site/notes/reformer/index.html`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

PICTURE = Path(__file__).parent / "images" / "note.png"


def main(page: Path) -> None:
    """Photograph a page that was built with `--portable`, so that it opens from disk."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        tab = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme="light")
        tab.goto(page.resolve().as_uri(), wait_until="networkidle")
        tab.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
