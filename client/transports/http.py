"""HTTP: one exchange is one POST, bundle up and bundle down, on a connection that stays open.

Requests carry no header but Host and Content-Length: what others send by habit would be a good part
of an exchange that has nothing to say. Bytes are counted as they are on the wire, headers included.
"""

from __future__ import annotations

import ssl
from functools import cache
from typing import Final

import httpx

from shared_schema.errors import MistoError
from shared_schema.limits import BUNDLE_BYTES_MAX, CARRY_BYTES_MAX

PATH: Final = "/v1/exchange"
CARRY_PATH: Final = "/v1/carry"
TIMEOUT: Final = httpx.Timeout(60.0, connect=10.0)
_PROBLEM_BYTES_MAX: Final = 64 * 1024


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


class ReplyTooLarge(MistoError):
    """The server's answer exceeds what any bundle may have; the rest was not read."""

    code = "reply_too_large"


class HttpTransport:
    """Carries bundles to the server at `base_url`."""

    def __init__(self, base_url: str, timeout: httpx.Timeout = TIMEOUT) -> None:
        self.address = base_url.rstrip("/")
        self.bytes_up = 0
        self.bytes_down = 0
        try:
            self._url = httpx.URL(self.address + PATH)
            self._carry_url = httpx.URL(self.address + CARRY_PATH)
        except httpx.InvalidURL as error:
            raise Unreachable(f"no address: {base_url}") from error
        verify = _tls() if self._url.scheme == "https" else False
        limits = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=300)
        self._wire = httpx.HTTPTransport(verify=verify, http2=False, limits=limits)
        self._timeout = timeout.as_dict()
        self._host = self._url.netloc

    def post(self, raw: bytes) -> bytes:
        """The reply bundle to a request bundle.

        Raises:
            Unreachable: nothing, or only a part, came back. What the server did is unknown.
            ServerRefused: a problem came back. ReplyTooLarge: more than a bundle came back.
        """
        return self._send(self._url, raw, BUNDLE_BYTES_MAX)

    def carry(self, raw: bytes) -> bytes:
        """The courier bundle of replies to a courier bundle of requests.

        Raises:
            Unreachable, ServerRefused, ReplyTooLarge: see `post`.
        """
        return self._send(self._carry_url, raw, CARRY_BYTES_MAX)

    def _send(self, url: httpx.URL, raw: bytes, limit: int) -> bytes:
        headers = [(b"Host", self._host), (b"Content-Length", str(len(raw)).encode())]
        request = httpx.Request(
            "POST",
            url,
            headers=headers,
            stream=httpx.ByteStream(raw),
            extensions={"timeout": self._timeout},
        )
        self.bytes_up += _head_size(f"POST {url.path} HTTP/1.1", headers) + len(raw)
        try:
            response = self._wire.handle_request(request)
            try:
                return self._body(response, limit)
            finally:
                response.close()
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            raise Unreachable(str(error) or type(error).__name__) from error
        except (ValueError, UnicodeError) as error:  # an address that cannot be one
            raise Unreachable(str(error)) from error

    def close(self) -> None:
        """Close the connection."""
        self._wire.close()

    def __enter__(self) -> HttpTransport:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _body(self, response: httpx.Response, bytes_max: int) -> bytes:
        reason: bytes = response.extensions.get("reason_phrase", b"")
        line = f"HTTP/1.1 {response.status_code} {reason.decode('ascii', 'replace')}"
        self.bytes_down += _head_size(line, response.headers.raw)
        ok = response.status_code == httpx.codes.OK
        limit = bytes_max if ok else _PROBLEM_BYTES_MAX
        pieces: list[bytes] = []
        size = 0
        for piece in response.iter_raw():
            size += len(piece)
            self.bytes_down += len(piece)
            if size > limit:
                raise ReplyTooLarge(f"more than {limit} bytes")
            pieces.append(piece)
        body = b"".join(pieces)
        if not ok:
            raise ServerRefused(response.status_code, _problem(body))
        return body


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
