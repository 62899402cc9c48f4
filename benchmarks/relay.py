"""A link that dies after every so many bytes: a TCP relay that passes them, then hangs up.

The bytes of both directions and of all connections count together, so that opening a new connection
does not make the link any better. What is not passed has not been on the link.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import dataclass, field


@dataclass(slots=True)
class CuttingRelay:
    """Relays connections to `target`; 0 bytes a life never cut."""

    target: tuple[str, int]
    life_bytes: int = 0
    cuts: int = 0
    up: int = 0
    down: int = 0
    _left: int = 0
    _open: set[socket.socket] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    @property
    def url(self) -> str:
        """Where to find the server over this link."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def start(self) -> str:
        """Relay in daemon threads; returns the relay's address."""
        self._left = self.life_bytes
        threading.Thread(target=self._accept, daemon=True).start()
        return self.url

    @property
    def passed(self) -> int:
        """Bytes that have been on the link, both ways."""
        return self.up + self.down

    def stop(self) -> None:
        """Take no more connections, and close those that are open."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            self._hang_up()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        """One connection, until both of its directions have ended."""
        with near, contextlib.suppress(OSError), socket.create_connection(self.target) as far:
            with self._lock:
                self._open |= {near, far}
            back = threading.Thread(target=self._pump, args=(far, near, False), daemon=True)
            back.start()
            self._pump(near, far, True)
            back.join()
            with self._lock:
                self._open -= {near, far}

    def _pump(self, source: socket.socket, sink: socket.socket, up: bool) -> None:
        with contextlib.suppress(OSError):
            while chunk := source.recv(65536):
                with self._lock:
                    if source not in self._open:
                        break  # it came after the cut: it was never on the link
                    self._pass(sink, chunk, up)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _pass(self, sink: socket.socket, chunk: bytes, up: bool) -> None:
        if self.life_bytes:
            chunk = chunk[: self._left]
            self._left -= len(chunk)
        self.up += len(chunk) * up
        self.down += len(chunk) * (not up)
        sink.sendall(chunk)
        if self.life_bytes and not self._left:
            self.cuts += 1
            self._left = self.life_bytes
            self._hang_up()

    def _hang_up(self) -> None:
        for end in self._open:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._open.clear()
