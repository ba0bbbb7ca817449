"""`check --online` against servers on this machine that fail in every way."""

import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import Any

import pytest
import trustme
from msgspec.structs import replace
from sites import MakeSite, Site

from paperblog.adapters.web import HttpWeb
from paperblog.commands import online
from paperblog.links.online import Answer, Manners, Verdict, ask

QUICK = Manners(pause=0.01, patience=1.0, longest_wait=1.5, tries=3, hops=5)
AGENT = "paperblog/1 (test)"


class Host:
    """A server at an address of its own; it keeps what it was asked, and when."""

    def __init__(self, address: str, context: ssl.SSLContext | None = None) -> None:
        self.asked: list[tuple[str, str, float]] = []
        self.agents: set[str] = set()
        self.robots = ""
        self.at_once = self.most_at_once = 0
        self._lock = threading.Lock()
        host = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_HEAD(self) -> None:
                host.answer(self)

            do_GET = do_HEAD  # noqa: N815

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                pass

        self.server = Quiet((address, 0), Handler)
        scheme = "http"
        if context:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
            scheme = "https"
        self.port = self.server.server_address[1]
        self.url = f"{scheme}://{address}:{self.port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        with self._lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            self.asked.append((request.command, request.path, time.monotonic()))
            self.agents.add(request.headers["User-Agent"])
        try:
            path = request.path.partition("?")[0]
            if path == "/robots.txt":
                send(request, 200 if self.robots else 404, self.robots)
            else:
                ROUTES[path](request, self)
        finally:
            with self._lock:
                self.at_once -= 1

    def count(self, path: str) -> int:
        return sum(asked[1] == path for asked in self.asked)


def send(request: BaseHTTPRequestHandler, status: int, body: str = "", **headers: str) -> None:
    request.send_response(status)
    for name, value in headers.items():
        request.send_header(name.replace("_", "-"), value)
    data = body.encode()
    if "Content_Length" not in headers:
        request.send_header("Content-Length", str(len(data)))
    request.end_headers()
    if request.command == "GET":
        request.wfile.write(data)


def status(number: int, **headers: str) -> Callable[[BaseHTTPRequestHandler, Host], None]:
    return lambda request, host: send(request, number, **headers)


def get_only(number: int) -> Callable[[BaseHTTPRequestHandler, Host], None]:
    return lambda request, host: send(request, 200 if request.command == "GET" else number)


def busy_once(number: int) -> Callable[[BaseHTTPRequestHandler, Host], None]:
    def route(request: BaseHTTPRequestHandler, host: Host) -> None:
        if host.count(request.path) == 1:
            send(request, number, Retry_After="1")
        else:
            send(request, 200)

    return route


def hang(request: BaseHTTPRequestHandler, host: Host) -> None:
    time.sleep(2.5)


def drip(request: BaseHTTPRequestHandler, host: Host) -> None:
    """A byte now and then, so that no single read takes long."""
    request.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    for _ in range(30):
        request.wfile.write(b"x")
        request.wfile.flush()
        time.sleep(0.1)


def reset(request: BaseHTTPRequestHandler, host: Host) -> None:
    option = b"\x01\x00\x00\x00\x00\x00\x00\x00"
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, option)
    request.connection.close()


def huge(request: BaseHTTPRequestHandler, host: Host) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p id='there'>")
    for _ in range(100_000):
        request.wfile.write(b"x" * 10_000)


def nonsense(request: BaseHTTPRequestHandler, host: Host) -> None:
    request.wfile.write(b"\x00\x01nonsense\r\n\r\n")


def page(request: BaseHTTPRequestHandler, host: Host) -> None:
    send(request, 200, "<h1 id='here'>", Content_Type="text/html; charset=utf-8")


ROUTES: dict[str, Callable[[BaseHTTPRequestHandler, Any], None]] = {
    "/ok": status(200),
    "/gone": status(410),
    "/missing": status(404),
    "/broken": status(500),
    "/forbidden": status(403),
    "/no-head": get_only(405),
    "/hates-head": get_only(404),
    "/busy-once": busy_once(503),
    "/many-once": busy_once(429),
    "/busy-long": status(503, Retry_After="3600"),
    "/busy-date": status(429, Retry_After="Fri, 01 Jan 2100 00:00:00 GMT"),
    "/busy": status(503),
    "/moved": status(301, Location="/ok"),
    "/moved-far": status(308, Location="/moved"),
    "/lent": status(302, Location="/ok"),
    "/lent-moved": status(302, Location="/moved"),
    "/moved-to-nothing": status(301, Location="/missing"),
    "/circle": status(302, Location="/circle-2"),
    "/circle-2": status(302, Location="/circle"),
    "/endless": lambda request, host: send(
        request, 302, Location=f"/endless?{len(host.asked)}"
    ),
    "/to-mail": status(301, Location="mailto:a@b.example"),
    "/to-nonsense": status(301, Location="http://[::"),
    "/hang": hang,
    "/drip": drip,
    "/reset": reset,
    "/huge": huge,
    "/short": status(200, Content_Length="1000"),
    "/nonsense": nonsense,
    "/page": page,
    "/caf%C3%A9": status(200),
    "/private/x": status(200),
}  # fmt: skip


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    server = Host("127.0.0.1")
    yield server
    server.server.shutdown()
    server.server.server_close()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that is in a hurry; names below `.test` are looked up here."""
    monkeypatch.setattr(online, "MANNERS", QUICK)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, str | int]:
    """What a name server of these tests says: an address, or the number of an error."""
    known: dict[str, str | int] = {}
    real = socket.getaddrinfo

    def look_up(name: Any, *rest: Any, **more: Any) -> Any:
        found = known.get(name.decode() if isinstance(name, bytes) else name, name)
        if isinstance(found, int):
            raise socket.gaierror(found, "as the test says")
        return real(found, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


def answers(*urls: str, manners: Manners = QUICK) -> list[Answer]:
    found = dict(ask(urls, HttpWeb(AGENT), manners))
    return [found[url] for url in urls]


def verdict(url: str, manners: Manners = QUICK) -> tuple[str, str]:
    (answer,) = answers(url, manners=manners)
    return answer.verdict.value, answer.words or answer.where


@pytest.mark.parametrize(
    ("path", "expected", "words"),
    [
        ("/ok", "good", ""),
        ("/missing", "dead", "answers 404 Not Found"),
        ("/gone", "dead", "answers 410 Gone"),
        ("/broken", "failing", "answers 500 Internal Server Error"),
        ("/forbidden", "refused", "answers 403 Forbidden"),
        ("/no-head", "good", ""),
        ("/hates-head", "good", ""),
        ("/busy-long", "failing", "answers 503 Service Unavailable"),
        ("/busy-date", "refused", "answers 429 Too Many Requests"),
        ("/lent", "good", ""),
        ("/lent-moved", "good", ""),
        ("/moved-to-nothing", "dead", "answers 404 Not Found"),
        ("/circle", "dead", "leads round in a circle"),
        ("/endless", "dead", "leads on more than 5 times"),
        ("/to-mail", "dead", "leads on to mailto:a@b.example"),
        ("/to-nonsense", "dead", "leads on to something that is no address"),
        ("/hang", "failing", "does not answer within 1 seconds"),
        ("/drip", "failing", "does not answer within 1 seconds"),
        ("/reset", "failing", "is on a host that breaks the connection off"),
        ("/huge", "good", ""),
        ("/short", "good", ""),
        ("/nonsense", "failing", "gives an answer that is not HTTP"),
        ("/café", "good", ""),
        ("/caf%C3%A9?q=a b#é", "good", ""),
    ],
)
def test_every_kind_of_answer_is_told_apart(
    host: Host, path: str, expected: str, words: str
) -> None:
    begun = time.monotonic()
    assert verdict(host.url + path) == (expected, words)
    assert time.monotonic() - begun < 15


@pytest.mark.parametrize("path", ["/moved", "/moved-far"])
def test_what_has_moved_for_good_has_a_new_address(host: Host, path: str) -> None:
    assert verdict(host.url + path) == ("moved", f"{host.url}/ok")


@pytest.mark.parametrize("path", ["/busy-once", "/many-once"])
def test_a_busy_host_is_asked_again_when_it_says(host: Host, path: str) -> None:
    assert verdict(host.url + path)[0] == "good"
    times = [at for _, asked, at in host.asked if asked == path]
    assert len(times) == 2
    assert times[1] - times[0] >= 1


def test_a_host_that_stays_busy_is_left_alone(host: Host) -> None:
    assert verdict(f"{host.url}/busy")[0] == "failing"
    assert host.count("/busy") == QUICK.tries


def test_a_host_is_asked_one_thing_at_a_time_with_a_pause_by_one_who_says_its_name() -> None:
    server = Host("127.0.0.2")
    slow = replace(QUICK, pause=0.1)
    urls = [f"{server.url}/ok?{number}" for number in range(5)]
    assert {answer.verdict for answer in answers(*urls, manners=slow)} == {Verdict.GOOD}
    times = [at for _, _, at in server.asked]
    assert min(after - before for before, after in pairwise(times)) > 0.09
    assert server.most_at_once == 1
    assert server.agents == {AGENT}
    assert server.count("/robots.txt") == 1


def test_hosts_are_asked_at_once_and_no_more_than_allowed() -> None:
    servers = [Host(f"127.0.0.{number}") for number in range(3, 7)]
    urls = [f"{server.url}/hang" for server in servers]
    begun = time.monotonic()
    answers(*urls, manners=replace(QUICK, hosts_at_once=4))
    assert time.monotonic() - begun < 4 * 1.0


def test_robots_are_respected() -> None:
    server = Host("127.0.0.7")
    server.robots = "User-agent: *\nDisallow: /private/\n"
    found = answers(f"{server.url}/private/x", f"{server.url}/ok")
    assert [answer.verdict for answer in found] == [Verdict.NOT_ASKED, Verdict.GOOD]
    assert server.count("/private/x") == 0


def test_a_host_that_is_not_there_is_asked_once(names: dict[str, str | int]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    found = answers(*(f"http://127.0.0.1:{port}/{number}" for number in range(3)))
    assert {(answer.verdict.value, answer.words) for answer in found} == {
        ("failing", "is on a host that refuses the connection")
    }
    names["nowhere.test"] = socket.EAI_NONAME
    assert verdict("http://nowhere.test/") == ("no-host", "is on a host that does not exist")


def test_a_host_that_never_answers_is_given_up() -> None:
    server = Host("127.0.0.8")
    urls = [f"{server.url}/hang?{number}" for number in range(20)]
    begun = time.monotonic()
    assert {answer.verdict for answer in answers(*urls)} == {Verdict.FAILING}
    assert time.monotonic() - begun < 12


def test_a_bad_certificate_is_said_and_a_good_one_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.9").configure_cert(context)
    server = Host("127.0.0.9", context)
    kind, words = verdict(f"{server.url}/ok")
    assert kind == "certificate"
    assert words.startswith("has a bad certificate: ")
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    monkeypatch.setattr(ssl, "create_default_context", lambda: trusting)
    assert verdict(f"{server.url}/ok")[0] == "good"
    plain = Host("127.0.0.10")
    assert verdict(plain.url.replace("http:", "https:") + "/ok")[0] == "certificate"


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [("here", "good"), ("gone", "lost-anchor"), (":~:text=x", "good"), ("top", "good")],
)
def test_ids_are_looked_for_where_that_is_asked_for(
    host: Host, fragment: str, expected: str
) -> None:
    assert verdict(f"{host.url}/page#{fragment}", replace(QUICK, anchors=True))[0] == expected
    assert verdict(f"{host.url}/page#{fragment}")[0] == "good"
    assert verdict(f"{host.url}/huge#there", replace(QUICK, anchors=True))[0] == "good"


# ------------------------------------------------------------------ the command


@pytest.fixture
def site(make_site: MakeSite, quick: None, host: Host) -> Site:
    note = (
        "---\ntitle: A\nlinks: {website: '@/missing?m'}\n"
        "paper: {title: P, links: {code: '@/gone?p'}}\n---\n"
        "[ok](@/ok) [gone](@/gone) ![](@/missing)\n<@/moved> <a href='@/forbidden'>x</a>\n"
        "[bad](http://a..b/) [again](@/gone)\n"
    )
    files = {"notes/a.md": note.replace("@", host.url)}
    return make_site({**files, "paperblog.toml": "ignore = ['remote-file']\n"})


def said(site: Site, *arguments: str) -> tuple[list[str], dict[str, Any]]:
    report = json.loads(site.check("--online", "--format", "json", *arguments).out)
    found = [f"{d['line']}:{d['column']} {d['code']}" for d in report["diagnostics"] if d["line"]]
    return found, report


def test_what_is_wrong_with_a_link_is_said_at_its_place(site: Site, host: Host) -> None:
    found, report = said(site)
    assert report["status"] == 1
    kinds = [re.sub(r"^(\d+):\d+", r"\1", words) for words in found]
    assert kinds == [
        "3 dead-link",
        "4 dead-link",
        "6 dead-link",
        "6 dead-link",
        "7 moved-link",
        "7 refusing-link",
        "8 malformed-link",
        "8 dead-link",
    ]
    assert report["links"] == 7
    text = site.check("--online").out
    assert f"{host.url}/gone answers 410 Gone" in text
    assert f"it is now {host.url}/ok" in text
    assert "7 links to other sites (0 asked for) checked" in text


def test_answers_are_remembered_and_failures_for_a_shorter_while(
    site: Site, monkeypatch: pytest.MonkeyPatch, host: Host
) -> None:
    first, report = said(site)
    assert report["asked"] == 7
    again, report = said(site)
    assert (again, report["asked"]) == (first, 0)
    monkeypatch.setattr(online, "MANNERS", replace(QUICK, kept=QUICK.kept | {Verdict.DEAD: 0.0}))
    assert said(site)[1]["asked"] == 4
    assert said(site, "--no-cache")[1]["asked"] == 7


def test_a_failure_is_believed_for_a_shorter_while_than_a_success() -> None:
    day = 86400.0
    spans = {"good": 14, "moved": 14, "refused": 7, "dead": 1, "lost-anchor": 1}
    for kind in Verdict:
        answer = Answer(kind, at=1000.0)
        span = spans.get(kind.value, 14 if kind is Verdict.NOT_ASKED else 1 / 24) * day
        assert QUICK.holds(answer, 1000.0 + span - 1)
        assert not QUICK.holds(answer, 1000.0 + span)
        assert not QUICK.holds(answer, 999.0), "a clock that was wrong"


def test_links_can_be_left_out(site: Site, host: Host) -> None:
    ignore = f"[links]\nignore = ['{host.url}/m*', '{host.url}/gone*', 'http://a..b/']\n"
    site.write({"paperblog.toml": f"ignore = ['remote-file']\n{ignore}"})
    assert [words.split()[1] for words in said(site)[0]] == ["refusing-link"]


def test_drafts_are_not_asked_for(site: Site, host: Host) -> None:
    text = (site.root / "notes/a.md").read_text().replace("title: A", "title: A\ndraft: true")
    site.write({"notes/a.md": text})
    assert said(site)[1]["links"] == 0
    assert said(site, "--drafts")[1]["links"] == 7


@pytest.mark.parametrize("kind", [socket.EAI_AGAIN, socket.EAI_NONAME])
def test_without_a_network_it_is_one_sentence(
    make_site: MakeSite, quick: None, names: dict[str, str | int], kind: int
) -> None:
    links = ""
    for number in range(30):
        names[f"host{number}.test"] = kind
        links += f"<https://host{number}.test/> "
    site = make_site({"notes/a.md": f"# A\n\n{links}\n"})
    result = site.check("--online")
    assert (result.status, result.err.count("\n")) == (2, 1)
    assert "there is no network here" in result.err
    names.clear()
    names |= {f"host{number}.test": "127.0.0.1" for number in range(30)}
    assert said(site)[1]["asked"] == 30


def test_a_site_without_links_asks_for_nothing(make_site: MakeSite, quick: None) -> None:
    site = make_site({"notes/a.md": "# A\n\n<mailto:a@b.example>\n"})
    assert said(site)[1]["asked"] == 0
