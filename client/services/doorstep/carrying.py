"""The doorstep's side of the courier: what is collected here is carried like anything else."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from client.services.courier.courier import Courier
from client.services.doorstep.slip_device import Thread
from client.storage import carried
from shared_schema.errors import MistoError
from shared_schema.sync.courier import encode_courier, reply_item, request_item


class NoRoom(MistoError):
    """The courier's storage does not take another request; nothing was saved."""

    code = "no_room"


class Carrying:
    """Hands slips' requests to the courier of this device, and finds them again."""

    def __init__(self, courier: Courier) -> None:
        self._courier = courier
        self._replica = courier.replica

    def carry(self, threads: Sequence[Thread]) -> None:
        """Carry requests of a slip that were composed here, with their replies; durable on return.

        Raises:
            NoRoom: there is no room for one of them; the detail says why.
        """
        items = [request_item(thread.request) for thread in threads]
        items += [
            reply_item(hashlib.sha256(thread.request).digest(), thread.reply)
            for thread in threads
            if thread.reply is not None
        ]
        bundle = encode_courier(self._replica.card.city, items)
        taken = self._courier.take(bundle, "collected")
        for refused in taken.refused:
            if refused.what == "request":
                raise NoRoom(refused.reason)

    def carried(self, device: bytes) -> list[Thread]:
        """What is carried here of one device: by the time of the reply, those without one last."""
        with self._replica.store.holding() as connection:
            found = [stored for stored, _ in carried.of_sender(connection, device)]
            found.sort(key=lambda each: (each.reply_time_ms is None, each.reply_time_ms))
            return [Thread(*carried.raw_of(connection, each.request)) for each in found]
