"""A real browser, and the lab's blog as it is met: at a domain, below a path, and on disk."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sites import Files, Site, process

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
MODES = {"domain": "/", "path": "/repo/"}
WIDE = {"width": 1280, "height": 900}
# The strictest policy that a site can be published under.
POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; media-src 'self'; frame-src 'none'; base-uri 'none'"
)


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

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

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


@pytest.fixture(scope="module")
def publish(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Files], Published]]:
    """Build a site of files, in a process of its own, and serve it."""
    servers: list[ThreadingHTTPServer] = []

    def publish(files: Files) -> Published:
        site = Site(tmp_path_factory.mktemp("published"))
        site.write(files)
        done = process("build", cwd=site.root)
        assert done.status == 0, done.err
        handler = partial(Handler, directory=str(site.output), missing=site.output / "404.html")
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return Published(site.output, f"http://127.0.0.1:{server.server_address[1]}/")

    yield publish
    for server in servers:
        server.shutdown()
        server.server_close()


class Visit:
    """A tab that notes what goes wrong while pages are opened in it."""

    def __init__(self, page: Any, home: str) -> None:
        self.page = page
        self.problems: list[str] = []
        self._home = urlsplit(home)
        page.on("pageerror", lambda error: self._note(f"exception: {error}"))
        page.on("console", self._on_message)
        page.on("requestfailed", self._on_failure)
        page.on("response", self._on_response)
        page.route("**/*", self._on_request)

    def open(self, address: str) -> Any:
        response = self.page.goto(address, wait_until="load")
        return response

    def _note(self, problem: str) -> None:
        self.problems.append(f"{self.page.url}: {problem}")

    def _on_failure(self, request: Any) -> None:
        # What still loads when the next page is opened is cut off, and browsers never take the
        # captions of a clip from disk.
        if request.failure != "net::ERR_ABORTED" and not self._is_caption(request.url):
            self._note(f"failed: {request.url} {request.failure}")

    def _is_caption(self, text: str) -> bool:
        return self._home.scheme == "file" and ".vtt" in text

    def _on_message(self, message: Any) -> None:
        if message.type in ("error", "warning") and not self._is_caption(message.text):
            self._note(f"{message.type}: {message.text}")

    def _on_response(self, response: Any) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            self._note(f"{response.status}: {response.url}")

    def _on_request(self, route: Any) -> None:
        url = urlsplit(route.request.url)
        if url.scheme != "data" and (url.scheme, url.netloc) != self._home[:2]:
            self._note(f"a request to another place: {route.request.url}")
            route.abort()
        else:
            route.continue_()


@pytest.fixture
def visit(browser: Any) -> Callable[..., Any]:
    @contextmanager
    def visit(home: str, **options: Any) -> Iterator[Visit]:
        context = browser.new_context(**{"viewport": WIDE, **options})
        try:
            yield Visit(context.new_page(), home)
        finally:
            context.close()

    return visit
