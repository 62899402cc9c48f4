"""A read-only GeoReport v2 endpoint that a desk's machine may serve; nothing starts it by itself.

It knows GET of five addresses and nothing else, hands out what a callable gives it, keeps no log,
and listens on this machine only, unless told otherwise. A city puts its own web server before it:
that one has TLS, and keeps crowds away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from typing import Final
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
from client.transports.small_server import Patience, SmallHandler, SmallServer, running

URL_CHARS_MAX: Final = 4_096
ARGUMENTS_MAX: Final = 32
AT_ONCE_MAX: Final = 16
"""More visitors than this at a time are turned away; a desk's machine has other work."""
PATIENCE: Final = Patience(at_once=AT_ONCE_MAX, queue_s=0.5, silent_s=10.0, visit_s=30.0)
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


class _Handler(SmallHandler):
    """One visitor. Says neither what runs here, nor what went wrong inside."""

    server: _Server

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


class _Server(SmallServer):
    def __init__(self, address: tuple[str, int], snapshot: Callable[[], Snapshot]) -> None:
        self.snapshot = snapshot
        super().__init__(address, _Handler, PATIENCE)


@contextmanager
def serving(
    snapshot: Callable[[], Snapshot], host: str = "127.0.0.1", port: int = 0
) -> Iterator[str]:
    """Serve while the context lasts; gives the address, as `http://127.0.0.1:8311`.

    The callable is asked for each request, from other threads; it should be quick. Port 0 is any.

    Raises:
        OSError: the port is taken.
    """
    with running(_Server((host, port), snapshot), "open311") as taken:
        yield f"http://{host}:{taken}"
