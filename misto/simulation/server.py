"""The real exchange service on real SQLite, with a plug that can be pulled."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from misto.simulation.network import Server
from shared_schema.crypto.card import Card
from shared_schema.crypto.signing import Signer
from shared_schema.errors import MistoError
from shared_schema.sync.courier import COURIER
from sync_server.services.carrying import carry
from sync_server.services.exchange import ExchangeService
from sync_server.storage.base import Store, Writer
from sync_server.storage.sql import SqlStore


class Killed(Exception):
    """The plug was pulled."""


class FragileStore(SqlStore):
    """A store whose process can be killed right before a commit."""

    die_before_commit = False

    @contextlib.contextmanager
    def write(self) -> Iterator[Writer]:  # type: ignore[override]
        """One transaction; when the plug is pulled it never commits."""
        with super().write() as writer:
            yield writer
            if self.die_before_commit:
                raise Killed


class SimulatedServer(Server):
    """A server process that lives on a database file."""

    def __init__(self, city: Path, card: Card, clock: Callable[[], int]) -> None:
        """Start with the city folder's key and a new database."""
        self._card = card
        self._signer = Signer(bytes.fromhex((city / "server.key").read_text().strip()))
        self._folder = city / "server"
        self._folder.mkdir()
        self._clock = clock
        self.restarts = 0
        self.failures: list[str] = []
        """Requests that it could not answer, though nobody had pulled the plug."""
        self._start()

    @property
    def database(self) -> Path:
        """The database of the running process."""
        return self._folder / "server.db"

    @property
    def store(self) -> Store:
        """The store of the running process."""
        return self._store

    def handle(self, raw: bytes, *, die_before_commit: bool = False) -> bytes:
        """Answer a request or a courier's batch of them, or die while at it."""
        self._store.die_before_commit = die_before_commit
        try:
            if raw[:1] == bytes((COURIER,)):
                return carry(self.service, self._card.city, raw)
            return self.service.handle(raw)
        except Killed:
            return b""
        except MistoError as error:
            self.failures.append(error.code)
            raise

    def restart(self) -> None:
        """Kill the process and start it again from what is on disk at this moment."""
        self.restarts += 1
        copy = self._folder.with_name(f"server-crash-{self.restarts}")
        shutil.copytree(self._folder, copy, ignore=shutil.ignore_patterns("*-shm"))
        self._store.close()  # too late to tidy up: the copy has been made
        shutil.rmtree(self._folder)
        self._folder = copy
        self._start()

    def close(self) -> None:
        """Stop."""
        self._store.close()

    def _start(self) -> None:
        self._store = FragileStore(f"sqlite:///{self.database}")
        self.service = ExchangeService(self._store, self._signer, self._card, self._clock)
