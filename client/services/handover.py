"""Giving what waits to a courier, as a file: a courier bundle with this device's own request.

Whoever carries it can read nothing and change nothing. Nothing here is finished by it: the changes
keep waiting until a receipt comes, over the network or back through couriers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from client.services.courier.courier import Courier
from client.services.courier.handed import load_handed
from client.services.notes import Notes
from shared_schema.sync.courier import encode_courier, request_item

if TYPE_CHECKING:
    from client.services.replica import Replica


class Handover:
    """Bundles for couriers, and what was given to them."""

    def __init__(self, replica: Replica, notes: Notes) -> None:
        self._city = replica.card.city
        self._courier = Courier(replica)
        load_handed(replica, notes)

    def bundle(self) -> tuple[bytes, int]:
        """What waits, as a file for a courier, and how many changes that are."""
        outgoing = self._courier.own_outgoing()
        if outgoing is None:
            return encode_courier(self._city, []), 0
        changes = sum(len(run.ids) for run in outgoing.runs)
        return encode_courier(self._city, [request_item(outgoing.raw)]), changes

    def given(self) -> None:
        """The last bundle was really given away: only now its changes count as carried."""
        self._courier.given()
