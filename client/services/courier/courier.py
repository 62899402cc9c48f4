"""A courier: any device that passes on what others cannot send, and brings back the answers."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from client.services.asking import compose_for_courier
from client.services.courier.clearing import URGENT_MIN, sort
from client.services.courier.delivering import Delivery, fetch_heads
from client.services.courier.handed import mark_handed
from client.services.courier.handing import carried_items, public_ends, public_items, replies_to
from client.services.courier.intake import Tally
from client.services.courier.metered import CarryTransport
from client.services.courier.own_requests import remember
from client.services.courier.pace import Step, Turn
from client.services.courier.taking import take
from client.services.courier.types import (
    Carried,
    Cleared,
    CourierState,
    Delivered,
    Source,
    Taken,
)
from client.services.notes import Notes
from client.storage import carried, outbox
from client.storage.carried import Stored
from client.storage.log import State
from shared_schema.ids import MAIL, TRUST
from shared_schema.limits import (
    CARRIED_BYTES_DEFAULT,
    ENDS_BYTES_DEFAULT,
    OWN_REQUEST_BUDGET_BYTES,
    PUBLIC_BYTES_DEFAULT,
)
from shared_schema.sync.compose import Outgoing
from shared_schema.sync.courier import Item, request_item, split

if TYPE_CHECKING:
    from client.services.replica import Replica

_WANTED: Final = (TRUST, MAIL)
"""What a handed request asks back. News travel once for everybody, as a public item."""
ALL: Final = Turn()


class Courier:
    """The courier's side of a replica."""

    def __init__(self, replica: Replica, budget_bytes: int = CARRIED_BYTES_DEFAULT) -> None:
        self.replica = replica
        self.budget_bytes = budget_bytes
        self._made: tuple[bytes, ...] = ()
        self._step = Step()
        self._delivering = threading.Lock()

    def own_request(self) -> bytes | None:
        """What waits here, as a request to hand to any courier.

        Without anything that waits it asks for the mailbox alone, that is for what the desk has
        replied; None when this device has never written anything.

        It is remembered durably before it is returned, so that its reply can be read whenever and
        however it comes. The same waiting changes make the same bytes.
        """
        outgoing = self.own_outgoing()
        return outgoing.raw if outgoing else None

    def own_outgoing(self) -> Outgoing | None:
        """The same, with the ids of the changes that it offers."""
        self._made = ()
        asked = compose_for_courier(self.replica, _WANTED, OWN_REQUEST_BUDGET_BYTES)
        if not asked.rows and not self._has_thread():
            return None
        out = asked.outgoing
        remember(self.replica, out.id, out.raw)
        self._made = tuple(change_id for run in out.runs for change_id in run.ids)
        return out

    def given(self) -> None:
        """The last own request was really given away: only now its changes show as carried."""
        if self._made:
            mark_handed(self.replica, Notes(self.replica), self._made)
            self._made = ()

    def give(self, size_max: int = 0, *, public: bool = True) -> list[bytes]:
        """Courier bundles to hand on: the own request, what is carried, replies, public news.

        Args:
            size_max: bytes a bundle at most; 0 for as large as one may be. An item that is longer
                by itself gets a bundle of its own.
            public: with trust and news from the own log.
        """
        shown = public_items(self.replica, PUBLIC_BYTES_DEFAULT) if public else []
        return self._give(shown, size_max)

    def give_by_codes(self, size_max: int, one_code: int) -> list[bytes]:
        """The same for codes on a screen: of trust and news only who has lost a role.

        Args:
            one_code: bytes of a bundle that one code shows; it is not exceeded for that.
        """
        plain = self._give([], size_max)
        ends = public_ends(self.replica, ENDS_BYTES_DEFAULT)
        told = self._give(ends, size_max) if ends else plain
        whole = not plain or len(plain[0]) > one_code or len(told[0]) <= one_code
        return told if whole else plain

    def _give(self, shown: list[Item], size_max: int) -> list[bytes]:
        own = self.own_request()
        with self.replica.store.holding() as connection:
            others = list(carried_items(connection))
        items = [*shown[:1], *([request_item(own)] if own else []), *others, *shown[1:]]
        return self._split(items, size_max)

    def give_back(self, sender: bytes, size_max: int = 0) -> list[bytes]:
        """Bundles for one device alone: the replies to its requests that are here."""
        with self.replica.store.holding() as connection:
            return self._split(replies_to(connection, sender), size_max)

    def take(self, raw: bytes, source: Source) -> Taken:
        """Take a courier bundle, or a bare request, as far as it is good; durable on return.

        Raises:
            TooLarge, ProtocolError: it is no courier bundle at all.
            OtherCity: it is another city's.
        """
        return take(self.replica, raw, source, self.budget_bytes, Tally())

    def deliver(self, transport: CarryTransport, turn: Turn = ALL) -> Delivered:
        """Post what is carried to the city and store its replies; without any, ask for nothing.

        Args:
            turn: all of it, unless it says only what is due, and within so many bytes.

        Raises:
            MistoError: the transport failed. What came before is durable.
        """
        with self._delivering:
            delivery = Delivery(self.replica, transport, self.budget_bytes, turn, self._step)
            sent = delivery.run()
            arrived = fetch_heads(self.replica, transport, delivery.room) if sent.posted else 0
        return Delivered(sent.posted, len(sent.answered), sent.done, arrived)

    @property
    def waits(self) -> bool:
        """Whether something is carried of which the city has not said how it ended."""
        with self.replica.store.holding() as connection:
            return carried.waits(connection)

    def carried(self) -> list[Carried]:
        """What is carried for others, most urgent first, then oldest."""
        with self.replica.store.holding() as connection:
            stored = carried.in_order(connection)
        return [_shown(each) for each in stored]

    def state(self) -> CourierState:
        """How much is carried, and whether all has been handed over."""
        with self.replica.store.holding() as connection:
            stored = carried.in_order(connection)
            own = outbox.count(connection, State.PENDING)
        waiting = [each for each in stored if not each.done]
        return CourierState(
            requests=len(stored),
            bytes=sum(each.size for each in stored),
            budget_bytes=self.budget_bytes,
            waiting=len(waiting),
            waiting_urgent=sum(each.urgency >= URGENT_MIN for each in waiting),
            replies=sum(each.reply_time_ms is not None for each in stored),
            oldest_ms=min((each.came_ms for each in waiting), default=None),
            own_waiting=own,
        )

    def clear(self, handed: Mapping[str, int], *, replies_too: bool = False) -> Cleared:
        """Wipe what the city has given all its verdicts on and what nobody waits for here.

        See `clearing`: what has no verdict is kept, whatever is asked.

        Args:
            handed: for each request in hex, how much its reply said when it was handed over.
            replies_too: also replies that were not handed over.
        """
        with self.replica.store.writing() as connection:
            stored = [_shown(each) for each in carried.in_order(connection)]
            found = sort(stored, handed, replies_too=replies_too)
            carried.remove(connection, [bytes.fromhex(each.request) for each in found.gone])
        return found.cleared

    def _split(self, items: Iterable[Item], size_max: int) -> list[bytes]:
        return split(self.replica.card.city, list(items), size_max)

    def _has_thread(self) -> bool:
        """Whether there is a thread of one's own, and so a mailbox worth asking for."""
        queues = tuple(self.replica.scopes.queue_ids)
        marks = ",".join("?" * len(queues))
        sql = f"SELECT 1 FROM changes WHERE author = 1 AND scope IN ({marks}) LIMIT 1"
        return bool(self.replica.store.rows(sql, queues))


def _shown(each: Stored) -> Carried:
    return Carried(
        each.request.hex(), each.sender.hex(), each.urgency, each.changes, each.size, each.came_ms,
        each.source, each.reply_time_ms, each.done, each.reply_said,
    )  # fmt: skip
