"""A courier: any device that passes on what others cannot send, and brings back the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from client.services.courier.types import (
    Carried,
    Cleared,
    CourierState,
    Delivered,
    Source,
    Taken,
)
from shared_schema.limits import CARRIED_BYTES_DEFAULT

if TYPE_CHECKING:
    from client.services.courier.delivering import CarryTransport
    from client.services.replica import Replica


class Courier:
    """The courier's side of a replica."""

    def __init__(self, replica: Replica, budget_bytes: int = CARRIED_BYTES_DEFAULT) -> None:
        self.replica = replica
        self.budget_bytes = budget_bytes

    def own_request(self) -> bytes | None:
        """What waits here, as a request to hand to any courier; None when nothing does.

        It is remembered durably before it is returned, so that its reply can be read whenever and
        however it comes. The same waiting changes make the same bytes.
        """
        raise NotImplementedError

    def give(self, size_max: int = 0, *, public: bool = True) -> list[bytes]:
        """Courier bundles to hand on: the own request, what is carried, replies, public news.

        Args:
            size_max: bytes a bundle at most; 0 for as large as one may be.
            public: with trust and news from the own log.
        """
        raise NotImplementedError

    def give_back(self, sender: bytes, size_max: int = 0) -> list[bytes]:
        """Bundles for one device alone: the replies to its requests that are here."""
        raise NotImplementedError

    def take(self, raw: bytes, source: Source) -> Taken:
        """Take a courier bundle, or a bare request, as far as it is good; durable on return.

        Raises:
            TooLarge, ProtocolError: it is no courier bundle at all.
            OtherCity: it is another city's.
        """
        raise NotImplementedError

    def deliver(self, transport: CarryTransport) -> Delivered:
        """Post what is carried to the city and store its replies.

        Raises:
            MistoError: the transport failed. What came before is durable.
        """
        raise NotImplementedError

    def carried(self) -> list[Carried]:
        """What is carried for others, most urgent first, then oldest."""
        raise NotImplementedError

    def state(self) -> CourierState:
        """How much is carried, and whether all has been handed over."""
        raise NotImplementedError

    def clear(self) -> Cleared:
        """Wipe the carried requests on which the city has given all its verdicts."""
        raise NotImplementedError
