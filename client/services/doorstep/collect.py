"""Taking an appeal for somebody who has no phone.

The resident is the author: a device of their own is made for the appeal, on paper (see
`crypto.slip`). This device seals, signs and carries it, and keeps nothing by which it could ever be
opened here: no draft, no key, no secret. What was typed is in memory until it is confirmed.
"""

from __future__ import annotations

from typing import NamedTuple

from client.services.doorstep.carrying import Carrying
from client.services.doorstep.slip_device import SlipDevice
from client.services.replica import Replica
from shared_schema.crypto.slip import Slip, new_slip, secrets_of_slip
from shared_schema.records.appeal import Opened


class Collected(NamedTuple):
    """An appeal that was taken, and the slip that alone opens it. Shown once, kept nowhere."""

    slip: Slip
    record: str
    sender: str
    """The slip's device, by which a carried reply to it is known."""


class Collecting:
    """Takes appeals on this device for others."""

    def __init__(self, replica: Replica, carrying: Carrying) -> None:
        self._replica = replica
        self._carrying = carrying

    def take(self, opened: Opened) -> Collected:
        """Seal an appeal to the queue, and carry it; durable on return.

        Raises:
            NoRoom, PayloadError, StorageErrors: nothing is saved, and there is no slip.
        """
        slip = new_slip(self._replica.card.city)
        with SlipDevice(self._replica, secrets_of_slip(slip)) as device:
            record = device.appeals.file(opened).record
            self._carrying.carry(device.threads())
            return Collected(slip, record, device.device.hex())
