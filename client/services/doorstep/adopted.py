"""Slips that somebody has taken over to their own phone.

An adopted slip is one whose secrets this device remembers, sealed like a draft, together with the
least by which its thread can be read without a network. Nothing else is different: it stays a
device of its own, on paper and here, and whoever has the words sees the same thread.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Final

import msgspec

from client.services.doorstep.slip_device import SlipDevice, Thread
from client.services.exchange import Transport
from client.services.notes import Notes
from client.services.replica import Replica
from shared_schema.crypto.slip import SlipSecrets
from shared_schema.errors import SealError

_PREFIX: Final = "slip/"


class _Note(msgspec.Struct, frozen=True):
    signing_seed: bytes
    device_secret: bytes
    threads: list[Thread]


class Adopted:
    """The adopted slips of a device. They are opened when they are first asked for."""

    def __init__(self, replica: Replica, notes: Notes) -> None:
        self._replica = replica
        self._notes = notes
        self._lock = threading.RLock()
        self._open: dict[bytes, SlipDevice] | None = None

    def slips(self) -> list[SlipDevice]:
        """All of them, open in memory."""
        with self._lock:
            if self._open is None:
                opened = (self._opened(note) for note in self._notes.all(_PREFIX, _Note).values())
                self._open = {slip.device: slip for slip in opened}
            return list(self._open.values())

    def of(self, record: str) -> SlipDevice | None:
        """The adopted slip that has this record, or None."""
        return next((slip for slip in self.slips() if record in _records(slip)), None)

    def holds(self, device: bytes) -> bool:
        """Whether the slip of this device has been adopted."""
        return any(slip.device == device for slip in self.slips())

    def threads(self, device: bytes) -> list[Thread]:
        """What is kept of an adopted slip; nothing of any other."""
        return [each for slip in self.slips() if slip.device == device for each in slip.threads()]

    def keep(self, slip: SlipDevice) -> None:
        """Remember a slip with what is known of its thread by now, durably.

        Raises:
            SealError: the thread is too long for a sealed note.
        """
        secrets = slip.secrets
        threads = slip.threads()
        note = _Note(secrets.signing_seed, secrets.device_secret, threads)
        with self._lock:
            held = {each.device: each for each in self.slips()}
            self._notes.put(_PREFIX + slip.device.hex(), note)
            if slip.device not in held and self._open is not None:
                self._open[slip.device] = self._opened(note)
            elif held[slip.device] is not slip:
                _take(held[slip.device], threads)

    def let_go(self, record: str) -> None:
        """Forget the slip with this record here; whoever has the words still has its thread."""
        with self._lock:
            slip = self.of(record)
            if slip is not None and self._open is not None:
                self._notes.forget(_PREFIX + slip.device.hex())
                self._open.pop(slip.device).close()

    def look(self, transport: Transport) -> None:
        """Ask the city about each of them.

        What became too long to keep is shown until the app closes, and asked for again after.

        Raises:
            MistoError: the transport failed. What came before is durable.
        """
        for slip in self.slips():
            if slip.look(transport):
                with suppress(SealError):
                    self.keep(slip)

    def close(self) -> None:
        """Forget what is open in memory."""
        with self._lock:
            for slip in (self._open or {}).values():
                slip.close()
            self._open = None

    def _opened(self, note: _Note) -> SlipDevice:
        slip = SlipDevice(self._replica, SlipSecrets(note.signing_seed, note.device_secret))
        _take(slip, note.threads)
        return slip


def _take(slip: SlipDevice, threads: Iterable[Thread]) -> None:
    for thread in threads:
        slip.take(thread.request, thread.reply)


def _records(slip: SlipDevice) -> Iterator[str]:
    return (view.record for view in slip.views())
