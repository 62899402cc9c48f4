"""A courier's storage for the doorstep's tests, in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from client.services.doorstep.slip_device import Thread
from shared_schema.sync.carried import read_carried


class Carrier:
    """Carries whatever it is given, each request once, with its last reply."""

    def __init__(self) -> None:
        self.held: dict[bytes, Thread] = {}

    def carry(self, threads: Sequence[Thread]) -> None:
        for thread in threads:
            self.held[hashlib.sha256(thread.request).digest()] = thread

    def carried(self, device: bytes) -> list[Thread]:
        return [each for each in self.held.values() if read_carried(each.request).sender == device]


def durable(folder: Path) -> dict[str, bytes]:
    """All files of a profile but SQLite's index of who reads the WAL, which reading alters."""
    return {
        path.name: path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith("-shm")
    }
