"""Giving what waits to a courier, as a file: a courier bundle with this device's own request.

Whoever carries it can read nothing and change nothing. Nothing here is finished by it: the changes
keep waiting until a receipt comes, over the network or back through couriers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from client.services.courier.courier import Courier
from client.services.courier.handed import load_handed, mark_handed
from client.services.notes import Notes
from shared_schema.sync.courier import encode_courier, request_item

if TYPE_CHECKING:
    from client.services.replica import Replica


class Handover:
    """Bundles for couriers, and what was given to them."""

    def __init__(self, replica: Replica, notes: Notes) -> None:
        self._replica = replica
        self._courier = Courier(replica)
        self._notes = notes
        self._made: tuple[bytes, ...] = ()
        load_handed(replica, notes)

    def bundle(self) -> tuple[bytes, int]:
        """What waits, as a file for a courier, and how many changes that are."""
        outgoing = self._courier.own_outgoing()
        runs = outgoing.runs if outgoing else ()
        self._made = tuple(change_id for run in runs for change_id in run.ids)
        items = [request_item(outgoing.raw)] if outgoing else []
        return encode_courier(self._replica.card.city, items), len(self._made)

    def given(self) -> None:
        """The last bundle was really given away: only now its changes count as carried."""
        mark_handed(self._replica, self._notes, self._made)
        self._made = ()
