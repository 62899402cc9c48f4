"""A proxy between a device and the server, under which the server dies at a chosen moment."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

from tests.misto.support import HOST

_CHUNK_BYTES = 65_536
Kill = Callable[[], None]


class Moment:
    """When the server dies during the next exchange."""

    def strike(self, request: bytes, server: socket.socket, kill: Kill) -> None:
        raise NotImplementedError


class BeforeItHears(Moment):
    """The request has left the device and never arrives."""

    def strike(self, request: bytes, server: socket.socket, kill: Kill) -> None:
        kill()


class AfterItCommitted(Moment):
    """The reply is on its way, so the commit is durable; the device never gets it."""

    def strike(self, request: bytes, server: socket.socket, kill: Kill) -> None:
        server.sendall(request)
        assert server.recv(_CHUNK_BYTES).startswith(b"HTTP/1.1 200")
        kill()


class SoonAfterItHeard(Moment):
    """Some milliseconds after the request arrived: before, in or after the commit."""

    def __init__(self, delay_ms: float) -> None:
        self._delay_s = delay_ms / 1000

    def strike(self, request: bytes, server: socket.socket, kill: Kill) -> None:
        server.sendall(request)
        time.sleep(self._delay_s)
        kill()


@contextlib.contextmanager
def storm(port: int, moment: Moment, kill: Kill) -> Iterator[str]:
    """The address of a proxy to `port` that takes one request, strikes, and hangs up."""
    with socket.create_server((HOST, 0)) as listener:
        struck: list[bool] = []

        def work() -> None:
            device, _ = listener.accept()
            with device, socket.create_connection((HOST, port)) as server:
                moment.strike(_whole_request(device), server, kill)
                struck.append(True)

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        yield f"http://{HOST}:{listener.getsockname()[1]}"
        thread.join(timeout=60)
        assert struck, "the device sent no request, or the moment never came"


def _whole_request(device: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        received += _more(device)
    head, _, body = received.partition(b"\r\n\r\n")
    headers = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    while len(body) < int(headers[b"content-length"]):
        more = _more(device)
        received, body = received + more, body + more
    return received


def _more(device: socket.socket) -> bytes:
    more = device.recv(_CHUNK_BYTES)
    assert more, "the device hung up"
    return more
