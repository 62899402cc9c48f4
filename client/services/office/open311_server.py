"""A read-only GeoReport v2 endpoint that a desk's machine may serve; nothing starts it by itself.

It knows GET of five addresses and nothing else, hands out what a callable gives it, keeps no log,
and listens on this machine only, unless told otherwise. A city puts its own web server before it:
that one has TLS, and keeps crowds away.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs

from client.services.office.open311 import Service, ServiceRequest
from client.services.office.open311_formats import (
    CONTENT_TYPES,
    Format,
    errors,
    requests,
    services,
)
from client.services.office.open311_query import BadQuery, find, parse_query

URL_CHARS_MAX: Final = 4_096
ARGUMENTS_MAX: Final = 32
AT_ONCE_MAX: Final = 16
"""More visitors than this at a time are turned away; a desk's machine has other work."""
QUEUE_SECONDS: Final = 0.5
PATIENCE_SECONDS: Final = 10.0
"""How long a visitor may stay silent."""
VISIT_SECONDS: Final = 30.0
"""How long a visit may last in all."""
MAX_AGE_SECONDS: Final = 60
_ADDRESS: Final = re.compile(r"/(services|requests)(?:/([0-9a-f]{16}))?\.(json|xml)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is public at a moment."""

    services: tuple[Service, ...]
    requests: tuple[ServiceRequest, ...]
    now_ms: int


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer before it is sent."""

    status: HTTPStatus
    content_type: str
    body: bytes


def answer(url: str, snapshot: Callable[[], Snapshot]) -> Reply:
    """The answer to GET of a URL: a path, and arguments that may be there."""
    path, _, query = url.partition("?")
    match, form = _ADDRESS.fullmatch(path), _form(path)
    if match is None or (match[1] == "services" and match[2]):
        return refusal(HTTPStatus.NOT_FOUND, "no such resource", form)
    try:
        arguments = parse_qs(query, max_num_fields=ARGUMENTS_MAX, errors="strict")
        body = _body(match, arguments, snapshot(), form)
    except BadQuery as error:
        return refusal(HTTPStatus.BAD_REQUEST, str(error), form)
    except ValueError:
        return refusal(HTTPStatus.BAD_REQUEST, "the arguments are not understood", form)
    if body is None:
        return refusal(HTTPStatus.NOT_FOUND, "service_request_id was not found", form)
    return Reply(HTTPStatus.OK, CONTENT_TYPES[form], body)


def refusal(status: HTTPStatus, description: str, form: Format) -> Reply:
    """An error in the form of the specification."""
    return Reply(status, CONTENT_TYPES[form], errors(status.value, description, form))


def _form(path: str) -> Format:
    return "json" if path.endswith(".json") else "xml"


def _body(
    match: re.Match[str], arguments: Mapping[str, list[str]], public: Snapshot, form: Format
) -> bytes | None:
    if match[1] == "services":
        return services(public.services, form)
    if match[2]:
        found = [each for each in public.requests if each.service_request_id == match[2]]
        return requests(found, form) if found else None
    return requests(find(public.requests, parse_query(arguments, public.now_ms)), form)


class _Handler(BaseHTTPRequestHandler):
    """One visitor. Says neither what runs here, nor what went wrong inside."""

    server: _Server
    timeout = PATIENCE_SECONDS
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        """Begin, and have it end in time, however slowly the visitor speaks."""
        super().setup()
        self._end = threading.Timer(VISIT_SECONDS, _hang_up, [self.connection])
        self._end.daemon = True
        self._end.start()

    def finish(self) -> None:
        """End a visit."""
        self._end.cancel()
        super().finish()

    def do_GET(self) -> None:
        """Answer a GET; anything else ends in `send_error`."""
        if len(self.path) > URL_CHARS_MAX:
            self.send_error(HTTPStatus.REQUEST_URI_TOO_LONG)
            return
        try:
            reply = answer(self.path, self.server.snapshot)
        except Exception:  # noqa: BLE001 - whatever it was, it is the desk's and not the visitor's
            reply = refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "try again later", _form(self.path))
        self._send(reply)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse without repeating anything of what was asked."""
        unknown = code == HTTPStatus.NOT_IMPLEMENTED
        status = HTTPStatus.METHOD_NOT_ALLOWED if unknown else HTTPStatus(code)
        self._send(refusal(status, status.phrase, "xml"))

    def _send(self, reply: Reply) -> None:
        tag = f'"{sha256(reply.body).hexdigest()[:32]}"'
        good = reply.status == HTTPStatus.OK
        asked = getattr(self, "headers", None)  # none yet, when the first line is broken
        known = good and asked is not None and asked.get("If-None-Match") == tag
        headers = {
            "Content-Type": reply.content_type,
            "Cache-Control": f"public, max-age={MAX_AGE_SECONDS}" if good else "no-store",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'",
            "Connection": "close",
            **({"ETag": tag} if good else {}),
            **({"Allow": "GET"} if reply.status == HTTPStatus.METHOD_NOT_ALLOWED else {}),
            **({} if known else {"Content-Length": str(len(reply.body))}),
        }
        self.send_response(HTTPStatus.NOT_MODIFIED if known else reply.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if not known and self.command != "HEAD":
            self.wfile.write(reply.body)

    def version_string(self) -> str:
        """The name in the Server header."""
        return "misto"

    def log_message(self, format: str, *args: Any) -> None:
        """No log: who looks at what a city publishes is nobody's business."""


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], snapshot: Callable[[], Snapshot]) -> None:
        self.snapshot = snapshot
        self._places = threading.BoundedSemaphore(AT_ONCE_MAX)
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        """Bind without asking a name server who we are, as the base class would."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "misto", self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        """Take a visitor in when there is a place, or soon will be."""
        if self._places.acquire(timeout=QUEUE_SECONDS):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve a visitor, and free the place."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A visitor that went away is no news."""


@contextmanager
def serving(
    snapshot: Callable[[], Snapshot], host: str = "127.0.0.1", port: int = 0
) -> Iterator[str]:
    """Serve while the context lasts; gives the address, as `http://127.0.0.1:8311`.

    The callable is asked for each request, from other threads; it should be quick. Port 0 is any.

    Raises:
        OSError: the port is taken.
    """
    server = _Server((host, port), snapshot)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.1}, name="open311", daemon=True
    )
    thread.start()
    try:
        yield f"http://{host}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
