"""Serving neighbours on a local network: bundles in, bundles out, while a person keeps it open.

A visit is one TLS connection. Its first post gets the first bundle that there is to give, the next
post the next one, until nothing is left; what a visitor posts is taken at once, and a post that is
cut off is taken as far as it came: a courier bundle needs no end. Flooders are dropped before TLS,
which costs them more than us.
"""

from __future__ import annotations

import socket
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from typing import Any, Final, Protocol

from client.transports.lan_tls import Session
from client.transports.small_server import Patience, SmallHandler, SmallServer, running
from shared_schema.errors import MistoError
from shared_schema.limits import LAN_BUNDLE_BYTES_MAX, LAN_POSTS_MAX
from shared_schema.sync.lan_address import FULL, LEFT, PATH, LanAddress

PATIENCE: Final = Patience(at_once=4, queue_s=0.5, silent_s=10.0, visit_s=300.0)
VISITS_PER_MINUTE_MAX: Final = 20
"""Of one address."""
ALL_VISITS_PER_MINUTE_MAX: Final = 60
_PIECE_BYTES: Final = 64 * 1024


class Host(Protocol):
    """Who gives and takes; called from the visitors' threads."""

    def give(self) -> list[bytes]:
        """The courier bundles that a visitor gets, each of at most LAN_BUNDLE_BYTES_MAX bytes."""

    def take(self, raw: bytes) -> int:
        """Take what a visitor gives; durable on return, but for that many requests: no room.

        Raises:
            MistoError: it is nothing that can be taken; the visitor hears its code.
        """


class Flood:
    """Counts visits of the last minute, of each address and of all."""

    def __init__(
        self,
        each_max: int = VISITS_PER_MINUTE_MAX,
        all_max: int = ALL_VISITS_PER_MINUTE_MAX,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._each_max, self._all_max, self._clock = each_max, all_max, clock
        self._visits: deque[tuple[float, str]] = deque()

    def allows(self, address: str) -> bool:
        """Whether one more visit is borne; it is counted if so."""
        now = self._clock()
        while self._visits and self._visits[0][0] <= now - 60:
            self._visits.popleft()
        own = sum(each == address for _, each in self._visits)
        if own >= self._each_max or len(self._visits) >= self._all_max:
            return False
        self._visits.append((now, address))
        return True


class _Handler(SmallHandler):
    """One visit."""

    server: _Server
    _left: list[bytes] | None = None
    _posts = 0

    def handle(self) -> None:
        """Greet by TLS, then answer post after post."""
        with suppress(OSError):  # it went away, or speaks something else
            self.connection.do_handshake()
            super().handle()

    def do_POST(self) -> None:
        """Take a bundle, give a bundle."""
        size = self.headers.get("Content-Length", "")
        self._posts += 1
        if self.path != PATH:
            self.send_error(HTTPStatus.NOT_FOUND)
        elif not (size.isascii() and size.isdigit() and len(size) < 12):
            self.send_error(HTTPStatus.LENGTH_REQUIRED)
        elif int(size) > LAN_BUNDLE_BYTES_MAX:
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        elif self._posts > LAN_POSTS_MAX:
            self.send_error(HTTPStatus.TOO_MANY_REQUESTS)
        else:
            self._exchange(int(size))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse by a number, and end the visit."""
        self._send(HTTPStatus(code), b"", left=0)

    def _exchange(self, size: int) -> None:
        host = self.server.host
        body = self._body(size)
        try:
            if self._left is None:
                self._left = list(reversed(host.give()))  # before it is mixed with the visitor's
            full = host.take(body) if body else 0
        except MistoError as error:
            self._send(HTTPStatus.BAD_REQUEST, error.code.encode("ascii"), left=0)
            return
        except Exception:  # noqa: BLE001 - whatever it was, it is ours and not the visitor's
            self.send_error(HTTPStatus.INTERNAL_SERVER_ERROR)
            return
        if len(body) < size:
            self.close_connection = True  # nobody is there to hear the answer
            return
        answer = self._left.pop() if self._left else b""
        self._send(HTTPStatus.OK, answer, left=len(self._left), full=full or 0)

    def _body(self, size: int) -> bytes:
        """What comes of a post: less than was said when the visitor is cut off."""
        pieces = []
        with suppress(OSError):
            while size > 0 and (piece := self.rfile.read1(min(size, _PIECE_BYTES))):
                pieces.append(piece)
                size -= len(piece)
        return b"".join(pieces)

    def _send(self, status: HTTPStatus, body: bytes, left: int, full: int = 0) -> None:
        self.close_connection = status != HTTPStatus.OK
        self.send_response_only(status)
        self.send_header("Content-Length", str(len(body)))
        if status == HTTPStatus.OK:
            self.send_header(LEFT, str(left))
            if full:
                self.send_header(FULL, str(full))
        else:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)


class _Server(SmallServer):
    def __init__(self, address: tuple[str, int], host: Host, session: Session) -> None:
        self.host, self._session, self._flood = host, session, Flood()
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, _Handler, PATIENCE)

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Whether to let a visitor in at all."""
        return self._flood.allows(str(client_address[0]))

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Serve a visitor by TLS; the handshake is a part of the visit, and as patient."""
        tls = self._session.context.wrap_socket(
            request, server_side=True, do_handshake_on_connect=False
        )
        try:
            super().finish_request(tls, client_address)
        finally:
            tls.close()


@contextmanager
def serving(host: Host, address: str, port: int = 0) -> Iterator[LanAddress]:
    """Serve at this address while the context lasts, by a key of this session's own.

    Port 0 is any. When the context ends, visits that go on are given up.

    Raises:
        OSError: this device has no such address, or the port is taken.
    """
    session = Session()
    server = _Server((address, port), host, session)
    with running(server, "lan") as taken:
        yield LanAddress(address, taken, session.fingerprint)
