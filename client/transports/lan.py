"""Visiting a neighbour on a local network: bundles up, bundles down (protocol, 19).

What is cut off is not lost: the part of an answer that came is handed on, for a courier bundle
counts as far as it goes. Nothing is said before the neighbour has proved its key.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from typing import Final, NamedTuple, Self

from client.transports.http import ServerRefused, Unreachable
from client.transports.lan_tls import check_peer, visitor_context
from client.transports.post import ReplyTooLarge
from client.transports.small_server import hang_up
from shared_schema.limits import LAN_BUNDLE_BYTES_MAX
from shared_schema.sync.lan_address import FULL, LEFT, PATH, LanAddress

CONNECT_S: Final = 5.0
SILENT_S: Final = 15.0
VISIT_S: Final = 300.0
_PIECE_BYTES: Final = 64 * 1024
_PROBLEM_CHARS_MAX: Final = 64


class LanAnswer(NamedTuple):
    """What a neighbour gave for a post."""

    raw: bytes
    """A courier bundle, or nothing."""
    left: int
    """Bundles it has after this one."""
    cut: bool
    """The connection ended before the answer did: it is unknown whether the post was taken."""
    full: int = 0
    """Requests of the post that the neighbour had no room for."""


class LanVisit:
    """One visit to a neighbour; a context manager. Not for several threads."""

    def __init__(self, address: LanAddress, silent_s: float = SILENT_S) -> None:
        """Connect, and have the neighbour prove its key.

        Raises:
            Unreachable: nobody is there, or it does not speak as it should.
            WrongPeer: it has another key.
        """
        self.bytes_up = self.bytes_down = 0
        self._socket = _connected(address, silent_s)
        self._end = threading.Timer(VISIT_S, hang_up, [self._socket])
        self._end.daemon = True
        self._end.start()
        self._http = http.client.HTTPConnection(address.host, address.port)
        self._http.sock = self._socket

    def post(self, raw: bytes) -> LanAnswer:
        """Give a courier bundle (or nothing) and get one (or nothing).

        Raises:
            Unreachable: no answer. ReplyTooLarge: more than a bundle came back.
            ServerRefused: it did not take the bundle; the problem is a code.
        """
        try:
            self._http.request("POST", PATH, raw, {"Host": "misto"})
            self.bytes_up += len(raw)
            with self._http.getresponse() as response:
                return self._answer(response)
        except (http.client.HTTPException, OSError, ValueError) as error:
            raise Unreachable(str(error) or type(error).__name__) from error

    def close(self) -> None:
        """End the visit."""
        self._end.cancel()
        self._http.close()
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _answer(self, response: http.client.HTTPResponse) -> LanAnswer:
        length = response.length
        if length is None:
            raise Unreachable("an answer without a length")
        if length > LAN_BUNDLE_BYTES_MAX:
            raise ReplyTooLarge(f"more than {LAN_BUNDLE_BYTES_MAX} bytes")
        body = _read(response, length)
        self.bytes_down += len(body)
        if response.status != http.client.OK:
            problem = body[:_PROBLEM_CHARS_MAX].decode("ascii", "replace")
            raise ServerRefused(response.status, problem)
        left, full = (_number(response.headers.get(name, "0")) for name in (LEFT, FULL))
        return LanAnswer(body, left, len(body) < length, full)


def _number(said: str) -> int:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 0


def _connected(address: LanAddress, silent_s: float) -> ssl.SSLSocket:
    plain: socket.socket | None = None
    try:
        plain = socket.create_connection((address.host, address.port), CONNECT_S)
        plain.settimeout(silent_s)
        connection = visitor_context().wrap_socket(plain)
    except (OSError, ValueError) as error:
        if plain is not None:
            plain.close()
        raise Unreachable(str(error) or type(error).__name__) from error
    try:
        check_peer(connection, address.fingerprint)
    except BaseException:
        connection.close()
        raise
    return connection


def _read(response: http.client.HTTPResponse, length: int) -> bytes:
    """What comes of an answer: less than was said when the connection ends."""
    pieces = []
    try:
        while length > 0 and (piece := response.read1(min(length, _PIECE_BYTES))):
            pieces.append(piece)
            length -= len(piece)
    except (http.client.HTTPException, OSError):
        pass
    return b"".join(pieces)
