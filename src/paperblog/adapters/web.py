"""The web: one request at a time, bounded in time and size."""

import errno
import socket
import ssl
import threading
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import quote, urlsplit

from paperblog.ports import Reply, Trouble, TroubleError

_NO_NETWORK = {errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH}
_SAFE = "/:@!$&'()*+,;=~-._?%"


class HttpWeb:
    """Asks by HTTP; see the port `Web`. Redirects and cookies are not followed."""

    def __init__(self, agent: str) -> None:
        self._agent = agent
        self._tls = ssl.create_default_context()

    def request(
        self, method: str, url: str, headers: Mapping[str, str], limit: int, patience: float
    ) -> Reply:
        """See the port."""
        parts = urlsplit(url)
        given = {"User-Agent": self._agent, "Accept": "*/*", "Accept-Encoding": "identity"}
        given |= {"Connection": "close", **headers}
        target = quote(parts.path or "/", safe=_SAFE)
        target += f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""
        try:
            host = (parts.hostname or "").encode("idna").decode()
            connection = self._connection(parts.scheme, host, parts.port, patience)
        except (UnicodeError, ValueError) as error:
            raise TroubleError(Trouble.MALFORMED, f"is no address: {error}") from error
        # A server that sends a byte now and then never meets the time-out of one read.
        late = threading.Event()
        clock = threading.Timer(patience, _hang_up, (connection, late))
        clock.daemon = True
        clock.start()
        try:
            connection.request(method, target, headers=given)
            answer = connection.getresponse()
            body = answer.read(limit) if limit else b""
            if late.is_set():
                raise TimeoutError
            received = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, answer.reason, received, body)
        except (OSError, HTTPException, ValueError) as error:
            raise _trouble(error, late.is_set(), patience) from error
        finally:
            clock.cancel()
            connection.close()

    def _connection(
        self, scheme: str, host: str, port: int | None, patience: float
    ) -> HTTPConnection:
        if scheme == "https":
            return HTTPSConnection(host, port, timeout=patience, context=self._tls)
        return HTTPConnection(host, port, timeout=patience)


def _hang_up(connection: HTTPConnection, late: threading.Event) -> None:
    late.set()
    sock = connection.sock
    if sock is not None:
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return


def _trouble(error: Exception, is_late: bool, patience: float) -> TroubleError:
    """What went wrong, in words that an author understands."""
    if is_late or isinstance(error, TimeoutError):
        return TroubleError(Trouble.FAILURE, f"does not answer within {patience:g} seconds")
    if isinstance(error, ssl.SSLCertVerificationError):
        return TroubleError(Trouble.CERTIFICATE, f"has a bad certificate: {error.verify_message}")
    if isinstance(error, ssl.SSLError):
        reason = (error.reason or "the handshake failed").replace("_", " ").lower()
        return TroubleError(Trouble.CERTIFICATE, f"cannot be reached safely: {reason}")
    if isinstance(error, socket.gaierror):
        if error.errno == socket.EAI_AGAIN:
            return TroubleError(Trouble.NO_NETWORK, "cannot be looked up: there is no name server")
        return TroubleError(Trouble.NO_HOST, "is on a host that does not exist")
    if isinstance(error, ConnectionRefusedError):
        return TroubleError(Trouble.FAILURE, "is on a host that refuses the connection")
    if isinstance(error, ConnectionError):
        return TroubleError(Trouble.FAILURE, "is on a host that breaks the connection off")
    if isinstance(error, OSError) and error.errno in _NO_NETWORK:
        return TroubleError(Trouble.NO_NETWORK, "cannot be reached: there is no network")
    if isinstance(error, HTTPException):
        return TroubleError(Trouble.FAILURE, "gives an answer that is not HTTP")
    return TroubleError(Trouble.FAILURE, f"cannot be asked for: {error}")
