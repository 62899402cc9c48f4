"""A small HTTP server for a device that has other work: few visitors at a time, and none for long.

It keeps no log, says neither what runs here nor what went wrong inside, and stops with its context.
What it answers is its users' matter: `services/office/open311_server.py`, `lan_server.py`.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, NamedTuple

_FAREWELL_S: Final = 10.0
"""How long a visit that was given up may still be about what it had received."""


class Patience(NamedTuple):
    """How much of a visitor is borne."""

    at_once: int
    """More visitors than this at a time are turned away."""
    queue_s: float
    """How long one waits for a place before that."""
    silent_s: float
    """How long a visitor may stay silent."""
    visit_s: float
    """How long a visit may last in all, however slowly the visitor speaks."""


class SmallHandler(BaseHTTPRequestHandler):
    """One visitor."""

    server: SmallServer
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        """Begin, and have it end in time."""
        super().setup()
        self.server.begins(self.connection)
        self.connection.settimeout(self.server.patience.silent_s)
        self._end = threading.Timer(self.server.patience.visit_s, hang_up, [self.connection])
        self._end.daemon = True
        self._end.start()

    def finish(self) -> None:
        """End a visit."""
        self._end.cancel()
        self.server.ends(self.connection)
        super().finish()

    def version_string(self) -> str:
        """The name in the Server header."""
        return "misto"

    def log_message(self, format: str, *args: Any) -> None:
        """No log: who visits is nobody's business."""


def hang_up(connection: socket.socket) -> None:
    """End a connection from another thread: whoever reads from it gets its end."""
    with suppress(OSError):
        # Not the method of a TLS socket: that takes the socket from under its reader.
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


class SmallServer(ThreadingHTTPServer):
    """Takes visitors in, each in a thread of its own."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(
        self, address: tuple[str, int], handler: type[SmallHandler], patience: Patience
    ) -> None:
        self.patience = patience
        self._places = threading.BoundedSemaphore(patience.at_once)
        self._lock = threading.Lock()
        self._visits: dict[socket.socket, threading.Thread] = {}
        self._over = False
        super().__init__(address, handler)

    def server_bind(self) -> None:
        """Bind without asking a name server who we are, as the base class would."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "misto", self.server_address[1]

    def begins(self, connection: socket.socket) -> None:
        """Note a visit of this thread.

        Raises:
            OSError: nobody is served any more.
        """
        with self._lock:
            if self._over:
                raise OSError("closed")
            self._visits[connection] = threading.current_thread()

    def ends(self, connection: socket.socket) -> None:
        """Forget a visit."""
        with self._lock:
            self._visits.pop(connection, None)

    def server_close(self) -> None:
        """Close; give up the visits that go on, and wait until they have noticed."""
        super().server_close()
        with self._lock:
            self._over, going_on = True, dict(self._visits)
        for connection in going_on:
            hang_up(connection)
        for thread in going_on.values():
            thread.join(_FAREWELL_S)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Take a visitor in when there is a place, or soon will be."""
        if self._places.acquire(timeout=self.patience.queue_s):
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
def running(server: SmallServer, name: str) -> Iterator[int]:
    """Serve while the context lasts; gives the port."""
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.1}, name=name, daemon=True
    )
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
