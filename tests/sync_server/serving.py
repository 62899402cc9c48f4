"""A real server on loopback for tests: uvicorn in a thread, sockets and all."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import uvicorn
from fastapi import FastAPI

from sync_server.app import create_app
from sync_server.settings import CARD, SERVER_KEY, Settings
from tests.sync_server.town import Town


@dataclass(frozen=True, slots=True)
class Served:
    """A running server and a client for it."""

    app: FastAPI
    client: httpx.Client
    address: tuple[str, int]

    def post(self, raw: bytes) -> httpx.Response:
        """POST a bundle."""
        return self.client.post("/v1/exchange", content=raw)

    def raw_head(self, head: bytes) -> bytes:
        """The first bytes that come back for a hand-written request."""
        with socket.create_connection(self.address, timeout=10) as connection:
            connection.sendall(head)
            return connection.recv(4096)


@contextlib.contextmanager
def serving(town: Town) -> Iterator[Served]:
    """Serve the town's own city folder and database."""
    (town.folder / CARD).write_bytes(town.card.raw)
    (town.folder / SERVER_KEY).write_text(town.server_seed.hex(), encoding="ascii")
    app = create_app(Settings(town.folder, database_url=town.url))
    config = uvicorn.Config(app, port=0, loop="asyncio", log_config=None, date_header=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    address = server.servers[0].sockets[0].getsockname()[:2]
    try:
        with httpx.Client(base_url=f"http://{address[0]}:{address[1]}", timeout=20) as client:
            yield Served(app, client, address)
    finally:
        server.should_exit = True
        thread.join(timeout=20)
