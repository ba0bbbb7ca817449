"""The development server: serves a built folder on this machine and tells browsers of builds."""

import asyncio
import ipaddress
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from html import escape
from pathlib import Path

import uvicorn
from msgspec import Struct
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from paperblog.model.diagnostic import PaperblogError

_TRIES = 20
_HEARTBEAT = 15.0
_CLIENT = Path(__file__).with_name("client.js")


class Problem(Struct, frozen=True):
    """A diagnostic as the overlay shows it."""

    file: str
    severity: str
    text: str


class State(Struct, frozen=True):
    """What the last build left: problems, and the notes that pages show by output path.

    `changed` are the paths of the files that it wrote or deleted.
    """

    problems: tuple[Problem, ...]
    sources: Mapping[str, str]
    changed: Sequence[str] = ()


class Server:
    """Serves `folder` below a path; `publish` may be called from any thread."""

    def __init__(self, folder: Path, host: str, port: int, base_path: str = "/") -> None:
        self._folder = folder.resolve()
        self._base_path = base_path
        self._socket = _bind(host, port)
        self._host = host
        self._state = State((), {})
        self._builds = 0
        self._listeners: set[asyncio.Queue[str]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def url(self) -> str:
        """Where the site is served."""
        host, port = self._socket.getsockname()[:2]
        if host in ("0.0.0.0", "::"):
            host = "localhost"
        place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        return f"http://{place}{self._base_path}"

    def publish(self, state: State) -> None:
        """Show a build's state in all open pages; they reload where it changed a file."""
        self._state = state
        self._builds += 1
        if self._loop is not None:
            message = f"event: built\ndata: {json.dumps(_data(state))}\n\n"
            with suppress(RuntimeError):  # The server has ended while this was built.
                self._loop.call_soon_threadsafe(self._tell, message)

    def run(self) -> None:
        """Serve until interrupted."""
        config = uvicorn.Config(
            self._app(),
            log_level="warning",
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)

        async def serve() -> None:
            self._loop = asyncio.get_running_loop()
            await server.serve(sockets=[self._socket])

        asyncio.run(serve())

    def _app(self) -> Starlette:
        routes = [
            Route("/_paperblog/events", self._guarded(self._events)),
            Route("/_paperblog/state", self._guarded(self._show_state)),
            Route("/_paperblog/client.js", self._guarded(self._client)),
            Route(f"{self._base_path}{{path:path}}", self._guarded(self._page)),
            Route("/{path:path}", self._guarded(self._elsewhere)),
        ]
        return Starlette(routes=routes)

    def _guarded(
        self, endpoint: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        """Refuse requests under a foreign name: a page elsewhere could have its name lead here."""

        async def guarded(request: Request) -> Response:
            host = request.url.hostname or ""
            if not (host in ("localhost", self._host) or _is_address(host)):
                return Response("this name is not served here\n", status_code=403)
            return await endpoint(request)

        return guarded

    async def _events(self, request: Request) -> Response:
        queue: asyncio.Queue[str] = asyncio.Queue()

        async def stream() -> AsyncIterator[str]:
            self._listeners.add(queue)
            try:
                yield ": here\n\n"
                # A build may have ended between the page and this.
                if request.query_params.get("build") != str(self._builds):
                    yield "event: behind\ndata: a build\n\n"
                while not await request.is_disconnected():
                    try:
                        yield await asyncio.wait_for(queue.get(), _HEARTBEAT)
                    except TimeoutError:
                        yield ": still here\n\n"
            finally:
                self._listeners.discard(queue)

        headers = {"Cache-Control": "no-store"}
        return StreamingResponse(stream(), media_type="text/event-stream", headers=headers)

    async def _show_state(self, request: Request) -> Response:
        return JSONResponse(_data(self._state), headers={"Cache-Control": "no-store"})

    async def _client(self, request: Request) -> Response:
        return FileResponse(_CLIENT, media_type="text/javascript")

    async def _page(self, request: Request) -> Response:
        path = str(request.path_params["path"])
        file = self._find(path)
        if file is None:
            if path and not path.endswith("/") and self._find(f"{path}/"):
                return Response(status_code=308, headers={"Location": f"{request.url.path}/"})
            missing = self._find("404.html")
            if missing is None:
                raise HTTPException(404)
            return self._html(missing, 404)
        if file.suffix == ".html":
            return self._html(file, 200)
        return FileResponse(file, headers={"Cache-Control": "no-cache"})

    async def _elsewhere(self, request: Request) -> Response:
        """What lies beside the path of the site; from the root one is led there."""
        if request.url.path == "/":
            return Response(status_code=307, headers={"Location": self._base_path})
        message = f"the site is served below {self._base_path}\n"
        return Response(message, status_code=404, media_type="text/plain")

    def _find(self, path: str) -> Path | None:
        """The file at a path, if it lies inside the folder and is meant to be seen."""
        if "\0" in path or any(part.startswith(".") for part in path.split("/")):
            return None
        file = self._folder / (f"{path}index.html" if path.endswith("/") or not path else path)
        resolved = file.resolve()
        return file if resolved.is_file() and resolved.is_relative_to(self._folder) else None

    def _html(self, file: Path, status: int) -> Response:
        """A page with our script at its end."""
        path = file.relative_to(self._folder).as_posix()
        note = self._state.sources.get(path, "")
        script = (
            f'<script src="/_paperblog/client.js" data-note="{escape(note)}" '
            f'data-path="{escape(path)}" data-base="{escape(self._base_path)}" '
            f'data-build="{self._builds}"></script>'
        )
        before, end, after = file.read_text(encoding="utf-8").rpartition("</body>")
        content = before + script + end + after if end else after + script
        headers = {"Cache-Control": "no-store"}
        return Response(content, status, headers, media_type="text/html")

    def _tell(self, message: str) -> None:
        for queue in self._listeners:
            queue.put_nowait(message)


def _data(state: State) -> dict[str, object]:
    problems = [{"file": p.file, "severity": p.severity, "text": p.text} for p in state.problems]
    return {"changed": list(state.changed), "problems": problems}


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _bind(host: str, port: int) -> socket.socket:
    """Listen on the port, or on the next that is free.

    Raises:
        PaperblogError: the host is none of this machine's, or no port is free.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    last = None
    for number in range(port, port + _TRIES if port else 1):
        listener = socket.socket(family)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, number))
            listener.listen(128)
            return listener
        except OSError as error:
            listener.close()
            last = error
    reason = last.strerror if last else "no port is free"
    raise PaperblogError(f"cannot listen on {host}:{port}: {reason}; name another with --port")
