"""Neighbours of a fake device."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from client.services.courier.beside import Codes, Scanned
from client.services.courier.lan import Served, Visited
from client.services.courier.types import Taken
from shared_schema.sync.frames import Collector, Splitter
from shared_schema.sync.lan_address import LanAddress, fingerprint, read_address

if TYPE_CHECKING:
    from tests.client.ui.fake import FakeDevice

ADDRESS = LanAddress("192.168.43.1", 8312, fingerprint(bytes(32)))


@dataclass
class FakeBeside:
    """Shows what it was told to, and notes who was visited."""

    device: FakeDevice
    bundles: list[bytes] = field(default_factory=list)
    piece_bytes: int = 100
    left_out: int = 0
    neighbours: list[LanAddress] = field(default_factory=list)
    went: Visited = field(default_factory=Visited)
    served: Served = field(default_factory=Served)
    is_open: bool = False
    moved: LanAddress | None = None
    was_shut: threading.Event = field(default_factory=threading.Event)
    visited: list[str] = field(default_factory=list)
    taken: list[bytes] = field(default_factory=list)
    result: Taken = field(default_factory=Taken)
    times_given: int = 0
    heard: Callable[[], None] = lambda: None
    _collector: Collector = field(default_factory=Collector)

    def open(self, heard: Callable[[], None]) -> LanAddress:
        """At the one address there is."""
        self.device.check()
        self.is_open, self.heard = True, heard
        return ADDRESS

    def follow(self) -> LanAddress | None:
        """Where it was told to go."""
        self.device.check()
        moved, self.moved = self.moved, None
        return moved

    def shut(self) -> None:
        """Nobody comes any more."""
        self.is_open = False
        self.was_shut.set()

    def find(self) -> list[LanAddress]:
        """The neighbours there are."""
        self.device.check()
        return self.neighbours

    def visit(self, address: str) -> Visited:
        """As it was told to go."""
        self.device.check()
        self.visited.append(str(read_address(address)))
        return self.went

    def codes(self) -> Codes:
        """Its bundles."""
        self.device.check()
        parts = tuple(Splitter(each, self.piece_bytes) for each in self.bundles)
        return Codes(parts, self.left_out)

    def files(self) -> list[bytes]:
        """Its bundles."""
        return self.bundles

    def given(self) -> None:
        """Counted."""
        self.times_given += 1

    def take_file(self, raw: bytes) -> Taken:
        """Noted."""
        self.device.check()
        self.taken.append(raw)
        return self.result

    def scan(self, text: str) -> Scanned:
        """Put together as ever."""
        progress = self._collector.take(text)
        if progress.whole is not None:
            self.taken.append(progress.whole)
        whole = progress.whole is not None
        return Scanned(progress.have, progress.needed, self.result if whole else None)
