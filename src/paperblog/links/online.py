"""Online: do the links to other sites still lead somewhere? Asked politely.

One host is asked one thing at a time, with a pause between, and only what its robots.txt allows;
a host that is busy is left in peace.
"""

import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from urllib.parse import unquote, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from msgspec import Struct, field

from paperblog.links.scan import scan_html
from paperblog.ports import Reply, Trouble, TroubleError, Web


class Verdict(StrEnum):
    """What came of asking for an address."""

    GOOD = "good"
    MOVED = "moved"
    """It leads on to another address, for good."""
    DEAD = "dead"
    """It is not there, and asking again will not change that."""
    LOST_ANCHOR = "lost-anchor"
    NO_HOST = "no-host"
    CERTIFICATE = "certificate"
    FAILING = "failing"
    """The server or the way to it fails, maybe for a while."""
    REFUSED = "refused"
    """The server does not answer programs, or wants to know who asks."""
    NOT_ASKED = "not-asked"
    """robots.txt asks programs to stay away."""
    UNREACHABLE = "unreachable"
    """There is no network here."""


class Answer(Struct, frozen=True):
    """What came of asking for an address, in words, and when, in seconds since 1970.

    `where` is the new address of what has moved.
    """

    verdict: Verdict
    words: str = ""
    where: str = ""
    at: float = 0.0


class Manners(Struct, frozen=True):
    """How links are asked for; times are in seconds.

    `pause` lies between two requests to a host, `patience` is for one request, `longest_wait` for
    a host that asks to come back later. `kept` is how long an answer is remembered.
    """

    pause: float = 0.5
    patience: float = 20.0
    longest_wait: float = 30.0
    tries: int = 3
    hops: int = 10
    hosts_at_once: int = 16
    anchors: bool = False
    kept: Mapping[Verdict, float] = field(
        default_factory=lambda: {
            Verdict.GOOD: 14 * 86400.0,
            Verdict.MOVED: 14 * 86400.0,
            Verdict.NOT_ASKED: 14 * 86400.0,
            Verdict.REFUSED: 7 * 86400.0,
            Verdict.DEAD: 86400.0,
            Verdict.LOST_ANCHOR: 86400.0,
        }
    )

    def holds(self, answer: Answer, now: float) -> bool:
        """Whether an answer is still to be believed; what may pass by itself is soon asked anew."""
        return answer.at <= now < answer.at + self.kept.get(answer.verdict, 3600.0)


_AGENT = "paperblog"
_PERMANENT = {301, 308}
_REDIRECTS = {301, 302, 303, 307, 308}
_BUSY = {429, 503}
_REFUSALS = {401, 402, 403, 406, 407, 412, 418, 429, 451, 999}
# After so many answers it is clear whether there is a network, or whether a host answers at all.
_TELLING = 8
_SILENT = 3
_LARGEST = 4_000_000
_LARGEST_ROBOTS = 500_000
_VERDICTS = {
    Trouble.MALFORMED: Verdict.DEAD,
    Trouble.NO_HOST: Verdict.NO_HOST,
    Trouble.CERTIFICATE: Verdict.CERTIFICATE,
    Trouble.NO_NETWORK: Verdict.UNREACHABLE,
}


def ask(urls: Iterable[str], web: Web, manners: Manners) -> Iterator[tuple[str, Answer]]:
    """Ask for each address, several hosts at a time; answers come as they are had."""
    by_host: dict[str, list[str]] = {}
    for url in urls:
        by_host.setdefault(_host(url), []).append(url)
    asker = _Asker(web, manners)
    answers: list[Answer] = []
    with ThreadPoolExecutor(manners.hosts_at_once, "links") as pool:
        try:
            for found in pool.map(asker.of_host, by_host.values()):
                yield from found
                answers += [answer for _, answer in found]
                if len(answers) >= _TELLING and is_offline(answers):
                    return
        finally:
            asker.stopped = True
            pool.shutdown(cancel_futures=True)


def is_offline(answers: Iterable[Answer]) -> bool:
    """Whether answers say that it is this machine that has no network."""
    verdicts = [answer.verdict for answer in answers]
    # Some systems without a network say that no host exists; one host may really not.
    telling = {Verdict.UNREACHABLE, Verdict.NO_HOST} if len(verdicts) > 1 else {Verdict.UNREACHABLE}
    return bool(verdicts) and set(verdicts) <= telling


class _Host:
    """One host: its turn, which one request has at a time, and what its robots.txt says."""

    def __init__(self) -> None:
        self.turn = threading.Lock()
        self.asked_at = 0.0
        self.robots: RobotFileParser | None = None
        self.robots_turn = threading.Lock()


class _Asker:
    def __init__(self, web: Web, manners: Manners) -> None:
        self.stopped = False
        self._web = web
        self._manners = manners
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    def of_host(self, urls: list[str]) -> list[tuple[str, Answer]]:
        """Ask for addresses of one host; where the host itself is not to be had, once for all."""
        found: list[tuple[str, Answer]] = []
        silent = 0
        for url in urls:
            if self.stopped:
                break
            host = self._of(url)
            answer = self._answer(url)
            found.append((url, answer))
            silent = silent + 1 if answer.verdict is Verdict.FAILING else 0
            if host.robots is None or silent == _SILENT:
                found += [(other, answer) for other in urls[len(found) :]]
                break
        return found

    def _answer(self, url: str) -> Answer:
        try:
            answer = self._follow(url)
        except TroubleError as trouble:
            answer = Answer(_VERDICTS.get(trouble.kind, Verdict.FAILING), trouble.words)
        except ValueError:
            answer = Answer(Verdict.DEAD, "leads on to something that is no address")
        return Answer(answer.verdict, answer.words, answer.where, time.time())

    def _follow(self, url: str) -> Answer:
        """Ask for an address and those that it leads on to."""
        current, moved, for_good = url, "", True
        seen: set[str] = set()
        for _ in range(self._manners.hops):
            target, _, fragment = current.partition("#")
            if target in seen:
                return Answer(Verdict.DEAD, "leads round in a circle")
            seen.add(target)
            if not self._is_allowed(target):
                return Answer(Verdict.NOT_ASKED)
            reply = self._ask(target, bool(fragment))
            if reply.status not in _REDIRECTS or not reply.headers.get("location"):
                return self._judged(reply, fragment, moved)
            following = urljoin(target, _encoded(reply.headers["location"]))
            if urlsplit(following).scheme not in ("http", "https"):
                return Answer(Verdict.DEAD, f"leads on to {following}")
            current = following if "#" in following or not fragment else f"{following}#{fragment}"
            for_good = for_good and reply.status in _PERMANENT
            moved = current if for_good else moved
        return Answer(Verdict.DEAD, f"leads on more than {self._manners.hops} times")

    def _judged(self, reply: Reply, fragment: str, moved: str) -> Answer:
        status = reply.status
        words = f"answers {status} {reply.reason}".strip()
        if 200 <= status < 300:
            if fragment and self._manners.anchors and not _has(reply, fragment):
                return Answer(Verdict.LOST_ANCHOR, f"has no id {unquote(fragment)}")
            return Answer(Verdict.MOVED, "", moved) if moved else Answer(Verdict.GOOD)
        if status in _REFUSALS:
            return Answer(Verdict.REFUSED, words)
        return Answer(Verdict.DEAD if 400 <= status < 500 else Verdict.FAILING, words)

    def _ask(self, url: str, wants_page: bool) -> Reply:
        """HEAD, and GET where that is refused or the page is wanted; later, where one is asked."""
        reads = wants_page and self._manners.anchors
        for attempt in range(self._manners.tries):
            reply = self._request("GET" if reads else "HEAD", url, _LARGEST if reads else 0)
            if reply.status >= 400 and reply.status not in _BUSY and not reads:
                # Many servers know no HEAD, or take it amiss.
                reply = self._request("GET", url, 0, {"Range": "bytes=0-0"})
                if reply.status == 416:
                    reply = self._request("GET", url, 0)
            if reply.status not in _BUSY or self.stopped:
                return reply
            wait = _asked_wait(reply, time.time())
            wait = self._manners.pause * 2 ** (attempt + 1) if wait is None else wait
            if wait > self._manners.longest_wait or attempt + 1 == self._manners.tries:
                return reply
            self._rest(url, wait)
        return reply

    def _request(
        self, method: str, url: str, limit: int, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """One request when the host's turn comes."""
        host = self._of(url)
        with host.turn:
            time.sleep(max(0.0, host.asked_at + self._manners.pause - time.monotonic()))
            try:
                return self._web.request(method, url, headers or {}, limit, self._manners.patience)
            finally:
                host.asked_at = time.monotonic()

    def _rest(self, url: str, seconds: float) -> None:
        """Leave a host in peace for a while."""
        host = self._of(url)
        with host.turn:
            time.sleep(seconds)

    def _is_allowed(self, url: str) -> bool:
        """Whether robots.txt lets programs ask for an address (RFC 9309)."""
        host = self._of(url)
        with host.robots_turn:
            if host.robots is None:
                robots = RobotFileParser()
                robots.parse(self._robots(urljoin(url, "/robots.txt")).splitlines())
                host.robots = robots
        return host.robots.can_fetch(_AGENT, url)

    def _robots(self, url: str) -> str:
        """The text of a robots.txt; nothing is forbidden where there is none."""
        for _ in range(5):
            reply = self._request("GET", url, _LARGEST_ROBOTS)
            if reply.status in _REDIRECTS and reply.headers.get("location"):
                url = urljoin(url, _encoded(reply.headers["location"]))
                continue
            return reply.body.decode("utf-8", "replace") if reply.status == 200 else ""
        return ""

    def _of(self, url: str) -> _Host:
        with self._lock:
            return self._hosts.setdefault(_host(url), _Host())


def _host(url: str) -> str:
    return "{0.scheme}://{0.netloc}".format(urlsplit(url)).lower()


def _encoded(location: str) -> str:
    """A header's address, whose bytes were read as Latin-1."""
    return location.encode("latin-1", "replace").decode("utf-8", "replace")


def _asked_wait(reply: Reply, now: float) -> float | None:
    """The seconds that a busy host asks to wait: `Retry-After` as a number or a date."""
    text = reply.headers.get("retry-after", "").strip()
    if text.isdecimal():
        return float(text)
    from email.utils import parsedate_to_datetime

    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except ValueError:
        return None


def _has(reply: Reply, fragment: str) -> bool:
    """Whether a page has an id; what is no HTML has what its own program finds."""
    is_page = "html" in reply.headers.get("content-type", "")
    if not is_page or fragment == "top" or fragment.startswith(":~:"):
        return True
    names = set(scan_html(reply.body.decode("utf-8", "replace")).ids)
    wanted = unquote(fragment)
    # GitHub gives ids of its own to what authors write, and a script finds them.
    return not names.isdisjoint({fragment, wanted, f"user-content-{wanted}"})
