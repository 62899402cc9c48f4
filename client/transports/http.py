"""HTTP: one exchange is one POST, bundle up and bundle down, on a connection that stays open.

Requests carry no header but Host and Content-Length: what others send by habit would be a good part
of an exchange that has nothing to say. Bytes are counted with all headers, as they are given to the
system or come from it. What it still had in its buffers when a link was cut is counted and never
went out: up to a part for each cut. Only whoever owns the link knows that (`benchmarks/badlink`).

A long post, and every post for a while after a connection broke, goes through the door for parts:
after a cut it goes on where it stopped, in both directions, as long as each attempt gets some bytes
further. See `shared_schema/sync/part.py`.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator
from functools import cache
from http import HTTPStatus
from typing import Final

import httpx

from client.transports.patience import patience_s, too_slow
from client.transports.post import Post, ReplyTooLarge
from shared_schema.errors import MistoError
from shared_schema.limits import PART_FROM_BYTES
from shared_schema.sync.part import CARRY_DOOR, DOOR_BYTES_MAX, EXCHANGE_DOOR

PATHS: Final = {EXCHANGE_DOOR: "/v1/exchange", CARRY_DOOR: "/v1/carry"}
PART_PATH: Final = "/v1/part"
_ALL_PATHS: Final = (*PATHS.values(), PART_PATH)
TIMEOUT: Final = httpx.Timeout(60.0, connect=20.0)
"""Seconds. With 30 % of packets lost each way one connection in 30 is not made in 20 s (five SYNs);
in 10 s it would be one in 15."""
ROUGH_POSTS: Final = 16
"""So many posts without a cut, and a link counts as good again."""
_ROUGH_PART_BYTES: Final = 16 * 1024
_PIECE_BYTES: Final = 16 * 1024
"""What is given to the system at a time: a TLS record is no longer."""
_STUCK_MAX: Final = 5
"""Attempts in a row that bring a post no byte further."""
_PROBLEM_BYTES_MAX: Final = 64 * 1024
_PASSING: Final = (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.INSUFFICIENT_STORAGE)


class Unreachable(MistoError):
    """No answer: there is no network, no server, or the connection broke. Retry later."""

    code = "unreachable"


class ServerRefused(MistoError):
    """The server answered with a problem instead of a bundle."""

    code = "server_refused"

    def __init__(self, status: int, problem: str) -> None:
        super().__init__(f"HTTP {status}: {problem}" if problem else f"HTTP {status}")
        self.status = status
        self.problem = problem


class _Broken(Unreachable):
    """There was a connection, and no whole answer: what was on its way may have arrived in part."""


class _Cut(_Broken):
    """The connection was closed on the way. It is worth trying another one at once."""


class HttpTransport:
    """Carries bundles to the server at `base_url`."""

    def __init__(self, base_url: str, timeout: httpx.Timeout = TIMEOUT) -> None:
        self.address = base_url.rstrip("/")
        self.bytes_up = 0
        """Bytes that the system took, heads included; see the module's head."""
        self.bytes_down = 0
        """Bytes that came, heads included."""
        self._rough = 0
        """Posts that must go well before the link counts as good again."""
        self._unfinished: dict[int, Post] = {}
        """By door: what was begun there in parts, and goes on when the same bytes come again."""
        self._parts_known = True
        try:
            self._urls = {path: httpx.URL(self.address + path) for path in _ALL_PATHS}
        except httpx.InvalidURL as error:
            raise Unreachable(f"no address: {base_url}") from error
        some = self._urls[PART_PATH]
        verify = _tls() if some.scheme == "https" else False
        limits = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=300)
        self._wire = httpx.HTTPTransport(verify=verify, http2=False, limits=limits)
        self._timeout = timeout
        self._host = some.netloc

    @property
    def rough(self) -> bool:
        """Whether connections have been breaking lately: ask for little, the most urgent.

        Not while an exchange is unfinished: the same words again go on where they were cut.
        """
        return bool(self._rough) and EXCHANGE_DOOR not in self._unfinished

    @property
    def half_carried(self) -> bool:
        """Whether some of a courier bundle has got through: the same bytes again go on there."""
        post = self._unfinished.get(CARRY_DOOR)
        return post is not None and post.moved > 0

    def post(self, raw: bytes) -> bytes:
        """The reply bundle to a request bundle.

        Raises:
            Unreachable: nothing, or only a part, came back. What the server did is unknown.
            ServerRefused: a problem came back. ReplyTooLarge: more than a bundle came back.
        """
        return self._bring(EXCHANGE_DOOR, raw)

    def carry(self, raw: bytes) -> bytes:
        """The courier bundle of replies to a courier bundle of requests.

        Raises:
            Unreachable, ServerRefused, ReplyTooLarge: see `post`.
        """
        return self._bring(CARRY_DOOR, raw)

    def _bring(self, door: int, raw: bytes) -> bytes:
        try:
            by_parts = self._parts_known and (self._rough or len(raw) >= PART_FROM_BYTES)
            reply = self._in_parts(door, raw) if by_parts else self._at_once(door, raw)
        except _Broken:
            self._rough = ROUGH_POSTS
            raise
        self._rough = max(self._rough - 1, 0)
        return reply

    def _at_once(self, door: int, raw: bytes) -> bytes:
        pieces: list[bytes] = []
        size = 0

        def take(piece: bytes) -> None:
            nonlocal size
            size += len(piece)
            if size > DOOR_BYTES_MAX[door]:
                raise ReplyTooLarge(f"more than {DOOR_BYTES_MAX[door]} bytes")
            pieces.append(piece)

        self._send(PATHS[door], raw, take)
        return b"".join(pieces)

    def _in_parts(self, door: int, raw: bytes) -> bytes:
        post = self._unfinished.pop(door, None)
        if post is None or post.raw != raw:
            post = Post(door, raw)
        try:
            return self._go_on(post)
        except Unreachable:
            self._unfinished[door] = post
            raise
        except ServerRefused as error:
            if error.status in _PASSING:
                self._unfinished[door] = post
            if error.status != HTTPStatus.NOT_FOUND:
                raise
            self._parts_known = False  # a server of a version without this door
            return self._at_once(door, raw)

    def _go_on(self, post: Post) -> bytes:
        """Part after part until the reply is whole, or nothing moves any more."""
        stuck = furthest = 0
        while post.reply is None:
            try:
                part = post.next_part(_ROUGH_PART_BYTES if self._rough else 0)
                self._send(PART_PATH, part, post.take)
            except _Cut:
                self._rough = ROUGH_POSTS + 1
                if stuck >= _STUCK_MAX:
                    raise
                time.sleep(0.05 * 2**stuck)
            stuck = 0 if post.moved > furthest else stuck + 1
            furthest = max(furthest, post.moved)
            if stuck > _STUCK_MAX:
                raise Unreachable("no part gets through")
        return post.reply

    def _send(self, path: str, raw: bytes, take: Callable[[bytes], None]) -> None:
        headers = [(b"Host", self._host), (b"Content-Length", str(len(raw)).encode())]
        url = self._urls[path]
        base_s = self._timeout.read
        wait = {} if base_s is None else {"read": patience_s(len(raw), base_s)}
        request = httpx.Request(
            "POST",
            url,
            headers=headers,
            stream=_Counted(self, _head_size(f"POST {url.path} HTTP/1.1", headers), raw),
            extensions={"timeout": self._timeout.as_dict() | wait},
        )
        try:
            response = self._wire.handle_request(request)
            try:
                self._body(response, take)
            finally:
                response.close()
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise Unreachable(str(error) or type(error).__name__) from error
        except httpx.TimeoutException as error:
            raise _Broken(str(error) or type(error).__name__) from error
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            raise _Cut(str(error) or type(error).__name__) from error
        except (ValueError, UnicodeError) as error:  # an address that cannot be one
            raise Unreachable(str(error)) from error

    def close(self) -> None:
        """Close the connection."""
        self._wire.close()

    def __enter__(self) -> HttpTransport:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _body(self, response: httpx.Response, take: Callable[[bytes], None]) -> None:
        reason: bytes = response.extensions.get("reason_phrase", b"")
        line = f"HTTP/1.1 {response.status_code} {reason.decode('ascii', 'replace')}"
        self.bytes_down += _head_size(line, response.headers.raw)
        ok = response.status_code == httpx.codes.OK
        problem = bytearray()
        for piece in self._pieces(response):
            if ok:
                take(piece)
                continue
            problem += piece
            if len(problem) > _PROBLEM_BYTES_MAX:
                raise ReplyTooLarge(f"more than {_PROBLEM_BYTES_MAX} bytes")
        if not ok:
            raise ServerRefused(response.status_code, _problem(bytes(problem)))

    def _pieces(self, response: httpx.Response) -> Iterator[bytes]:
        started = time.monotonic()
        size = 0
        for piece in response.iter_raw():
            size += len(piece)
            self.bytes_down += len(piece)
            yield piece
            if too_slow(size, time.monotonic() - started):
                raise _Broken("the answer trickles")


class _Counted(httpx.SyncByteStream):
    """A body that is counted as the system takes it; its head has gone out before it is asked."""

    def __init__(self, transport: HttpTransport, head_bytes: int, raw: bytes) -> None:
        self._transport, self._head_bytes, self._raw = transport, head_bytes, raw

    def __iter__(self) -> Iterator[bytes]:
        self._transport.bytes_up += self._head_bytes
        for start in range(0, len(self._raw), _PIECE_BYTES):
            piece = self._raw[start : start + _PIECE_BYTES]
            yield piece
            self._transport.bytes_up += len(piece)


@cache
def _tls() -> ssl.SSLContext:
    """Loading the system's authorities takes long: once for all transports."""
    return httpx.create_ssl_context()


def _head_size(line: str, headers: list[tuple[bytes, bytes]]) -> int:
    return len(line) + 4 + sum(len(name) + len(value) + 4 for name, value in headers)


def _problem(body: bytes) -> str:
    """What RFC 9457 problem details say, or the beginning of whatever came instead."""
    try:
        problem = httpx.Response(200, content=body).json()
        return str(problem.get("detail") or problem.get("title") or "")
    except (ValueError, AttributeError):
        return body[:200].decode("utf-8", "replace")
