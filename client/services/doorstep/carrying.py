"""What the doorstep needs of a courier: to carry requests on, and to find those of a slip."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from client.services.doorstep.slip_device import Thread
from shared_schema.errors import MistoError


class NoRoom(MistoError):
    """The courier's storage does not take another request; nothing was saved."""

    code = "no_room"


class Carrying(Protocol):
    """A courier, as far as the doorstep asks it for anything."""

    def carry(self, threads: Sequence[Thread]) -> None:
        """Carry requests of a slip that were composed here, with their replies; durable on return.

        Raises:
            NoRoom: there is no room for one of them.
        """

    def carried(self, device: bytes) -> list[Thread]:
        """What is carried here of one device, those with the oldest replies first."""
