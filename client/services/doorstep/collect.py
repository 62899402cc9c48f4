"""Taking an appeal for somebody who has no phone.

The resident is the author: a device of their own is made for the appeal, on paper (see
`crypto.slip`). This device seals, signs and carries it, and keeps no draft and no key of it. What
was typed is in memory until it is confirmed.

A battery may end while nine words are being copied. So the slip's secret is saved together with the
appeal, sealed like a note, and shown again at the next start, until the resident has it: then it is
deleted here, and nothing on this device opens the appeal any more.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import msgspec

from client.services.doorstep.carrying import Carrying
from client.services.doorstep.slip_device import SlipDevice
from client.services.notes import Notes
from client.services.replica import Replica
from shared_schema.crypto.slip import Slip, new_slip, secrets_of_slip
from shared_schema.records.appeal import Opened

HANDING: Final = "handing/"
"""Names of the notes of slips that have not been handed over."""


class Collected(NamedTuple):
    """An appeal that was taken, and the slip that alone opens it."""

    slip: Slip
    record: str
    sender: str
    """The slip's device, by which a carried reply to it is known."""


class _Note(msgspec.Struct, frozen=True):
    secret: bytes
    record: str


def unhanded(notes: Notes) -> tuple[str, ...]:
    """The devices, in hex, of slips that nobody has confirmed to have."""
    return tuple(name.removeprefix(HANDING) for name in notes.all(HANDING, _Note))


class Collecting:
    """Takes appeals on this device for others."""

    def __init__(self, replica: Replica, carrying: Carrying) -> None:
        self._replica = replica
        self._carrying = carrying
        self._notes = Notes(replica)

    def take(self, opened: Opened) -> Collected:
        """Seal an appeal to the queue, carry it, and keep its slip; durable on return, all or none.

        Raises:
            NoRoom, PayloadError, StorageErrors: nothing is saved, and there is no slip.
        """
        slip = new_slip(self._replica.card.city)
        with SlipDevice(self._replica, secrets_of_slip(slip)) as device:
            record = device.appeals.file(opened).record
            taken = Collected(slip, record, device.device.hex())
            with self._replica.store.writing():
                self._notes.put(HANDING + taken.sender, _Note(slip.secret, record))
                self._carrying.carry(device.threads())
        return taken

    def unhanded(self) -> list[Collected]:
        """Slips that were shown here and of which nobody has confirmed that the resident has it."""
        city = self._replica.card.city
        return [
            Collected(Slip(note.secret, city), note.record, name.removeprefix(HANDING))
            for name, note in self._notes.all(HANDING, _Note).items()
        ]

    def handed(self, taken: Collected) -> None:
        """The resident has the slip: forget it, in the database's journal too.

        Raises:
            StorageErrors: it is still kept, and will be shown again.
        """
        self._notes.forget(HANDING + taken.sender)
        self._replica.store.empty_journal()
