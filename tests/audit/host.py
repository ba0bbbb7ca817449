"""A host as sites are published on: compressed, with the page of a missing address."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

# What a careful publisher sends along with every page.
POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; media-src 'self'; frame-src 'none'; base-uri 'none'"
)
_COMPRESSED = (".html", ".css", ".js", ".svg", ".xml", ".txt", ".json")


class Host(SimpleHTTPRequestHandler):
    """Serves a folder; `sent` counts the bytes of each answer's body by its path."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments: Any, sent: dict[str, int], **options: Any) -> None:
        self.sent = sent
        super().__init__(*arguments, **options)

    def do_GET(self) -> None:
        """Send a file, or the page of a missing address."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        status = 200 if path.is_file() else 404
        if status == 404:
            path = Path(self.directory) / "404.html"
        content = path.read_bytes()
        self.send_response(status)
        if path.suffix in _COMPRESSED:
            content = gzip.compress(content, 6)
            self.send_header("Content-Encoding", "gzip")
        self.sent[self.path] = len(content)
        self.send_header("Content-Type", self.guess_type(str(path)) + self._charset(path))
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "max-age=600")
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(content)

    def _charset(self, path: Path) -> str:
        return "; charset=utf-8" if path.suffix in _COMPRESSED else ""

    def log_message(self, *_: Any) -> None:
        """Nothing: what is served is the audit's matter."""


@contextmanager
def hosted(folder: Path) -> Iterator[tuple[str, dict[str, int]]]:
    """Serve a folder on this machine: its address, and the bytes sent by path."""
    sent: dict[str, int] = {}
    handler = partial(Host, directory=str(folder), sent=sent)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/", sent
        finally:
            server.shutdown()
            thread.join()
