"""A real browser, and the lab's blog as it is met: at a domain, below a path, and on disk."""

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sites import Site

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
MODES = {"domain": "/", "path": "/repo/"}


@dataclass(frozen=True)
class Published:
    """A built blog: its folder, and the address of its home page."""

    folder: Path
    home: str


# Not for the session: while Playwright runs its loop, V8 refuses to work in the same thread.
@pytest.fixture(scope="package")
def browser(require: Callable[[object, str], None]) -> Iterator[Any]:
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    require(program, "Chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not here")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=OPTIONS)
        yield browser
        browser.close()


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder as a host of static pages does, with the page of a missing address."""

    def __init__(self, *arguments: Any, missing: Path, **options: Any) -> None:
        self.missing = missing
        super().__init__(*arguments, **options)

    def send_error(self, code: int, *_: Any) -> None:  # type: ignore[override]
        content = self.missing.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Nothing: what is served is the tests' matter."""


@pytest.fixture(scope="session", params=MODES)
def served(
    request: pytest.FixtureRequest, lab: Site, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Published]:
    """The blog on a server of this machine, at the root or below a path."""
    path = MODES[request.param]
    root = tmp_path_factory.mktemp("served")
    folder = root / path.strip("/") if path != "/" else root
    handler = partial(Handler, directory=str(root), missing=folder / "404.html")
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        home = f"http://127.0.0.1:{server.server_address[1]}{path}"
        result = lab.build("-o", str(folder), "--base-url", home)
        assert result.status == 0, result.err
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Published(folder, home)
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def portable(lab: Site, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """The blog on disk, to be opened without a server."""
    folder = tmp_path_factory.mktemp("portable") / "site"
    result = lab.build("-o", str(folder), "--portable")
    assert result.status == 0, result.err
    return Published(folder, (folder / "index.html").as_uri())
