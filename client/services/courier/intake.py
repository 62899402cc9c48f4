"""Taking other people's requests and replies into a courier's store, within its limits.

What has no verdict of the city is never thrown out to make room: when the store is full, what comes
is refused, with the reason. A part of the room is kept for what is urgent. One import takes at most
half of what is free, so that a flood leaves room for the honest bundle that comes after it, and
the next flood gets half as much.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final

from client.services.courier.merging import as_reply, merged
from client.services.courier.types import Refused, Source
from client.services.replica import Replica
from client.storage import carried
from client.storage.carried import Reply, Stored
from shared_schema.errors import MistoError
from shared_schema.limits import (
    CARRIED_IMPORT_CHANGES_MAX,
    CARRIED_IMPORT_SHARE,
    CARRIED_SENDER_REQUESTS_MAX,
    CARRIED_URGENT_SHARE,
)
from shared_schema.sync.bundle import Request
from shared_schema.sync.carried import (
    CarriedReply,
    CarriedRequest,
    check_reply,
    check_request,
    outlives,
    read_carried,
    rebuilt,
    replaces,
)
from shared_schema.sync.receive import changes_of

URGENT_MIN: Final = 2


class Tally:
    """What became of the items of one bundle."""

    def __init__(self) -> None:
        self.requests = 0
        self.replies = 0
        self.known = 0
        self.changes_left = CARRIED_IMPORT_CHANGES_MAX
        self._refused: Counter[tuple[str, str]] = Counter()

    def refuse(self, what: str, reason: str, count: int = 1) -> None:
        """Some items are not taken."""
        if count:
            self._refused[what, reason] += count

    def affords(self, changes: int) -> bool:
        """Whether this import may look at so many more changes; if so, they are counted."""
        if changes > self.changes_left:
            return False
        self.changes_left -= changes
        return True

    def read_reply(
        self, replica: Replica, raw: bytes, request: CarriedRequest
    ) -> CarriedReply | None:
        """A reply to this request, if it is one and this import may still open it."""
        card = replica.card
        try:
            reply = check_reply(raw, request, card.city, card.server_keys, self.changes_left)
        except MistoError as error:
            self.refuse("reply", error.code)
            return None
        self.changes_left -= len(reply.answer.arrivals) + reply.answer.forged
        return reply

    def refused(self) -> tuple[Refused, ...]:
        """What was not taken, and why."""
        return tuple(Refused(*key, count) for key, count in self._refused.items())


class Intake:
    """One import, within one write transaction."""

    def __init__(
        self, replica: Replica, connection: sqlite3.Connection, budget: int, tally: Tally
    ) -> None:
        self._replica = replica
        self._connection = connection
        self._budget = budget
        self._tally = tally
        self._used = carried.used(connection)
        self._share = max(budget - self._used, 0) // CARRIED_IMPORT_SHARE

    def request(
        self, request: CarriedRequest, source: Source, answered: Collection[bytes] = ()
    ) -> None:
        """Store a checked request, if it is new, of use, and there is room.

        One whose reply comes along (`answered`, by request) is of use even when a newer one is
        here already or comes with it: without it nobody could check the receipts and the mail in
        that reply.
        """
        here = carried.of_sender(self._connection, request.sender)
        if any(stored.request == request.outgoing.id for stored, _ in here):
            self._tally.known += 1
            return
        others = [(stored, read_carried(raw)) for stored, raw in here]
        if request.outgoing.id not in answered and any(
            replaces(other, request) for _, other in others
        ):
            self._tally.known += 1
            return
        older = [
            stored
            for stored, other in others
            if stored.reply_time_ms is None
            and stored.request not in answered
            and replaces(request, other)
        ]
        crowd = len(here) - len(older) - CARRIED_SENDER_REQUESTS_MAX + 1
        outlived = _outlived(request, others)[: max(crowd, 0)]
        if len(outlived) < crowd:
            self._tally.refuse("request", "sender_share")
            return
        gone = older + outlived
        freed = sum(stored.size for stored in gone)
        size = len(request.outgoing.raw)
        if not self._room("request", size, request.urgency, freed):
            return
        carried.remove(self._connection, [stored.request for stored in gone])
        now = self._replica.clock()
        came_ms = min([now, *(stored.came_ms for stored in older)])
        stored = Stored(
            request.outgoing.id, request.sender, request.urgency, size, request.changes, came_ms,
            source,
        )  # fmt: skip
        self._tally.requests += carried.add(self._connection, stored, request.outgoing.raw)
        carried.near(self._connection, [stored.request])

    def reply(
        self, stored: Stored, raw: bytes, checked: CarriedReply, request: CarriedRequest
    ) -> None:
        """Store a checked reply, with what the one that is here has beyond it; see `merging`."""
        reply = as_reply(raw, checked)
        if stored.reply_time_ms is not None:
            kept = self._kept(stored, request)
            if kept is not None:
                reply = merged(*kept, reply, checked, self._replica.facts())
            if (
                reply[1:]
                == (stored.reply_time_ms, stored.reply_changes, stored.done, stored.reply_said)
                or reply.time_ms < stored.reply_time_ms
            ):
                self._tally.known += 1
                return
        if self._room("reply", len(reply.raw), URGENT_MIN, 0):
            carried.put_reply(self._connection, stored.request, reply)
            carried.asked(self._connection, stored.request, self._replica.clock(), 0)
            self._tally.replies += 1

    def _kept(self, stored: Stored, request: CarriedRequest) -> tuple[Reply, CarriedReply] | None:
        """The reply that is here; None when this import may not open it again."""
        raw = carried.raw_of(self._connection, stored.request)[1]
        card = self._replica.card
        try:
            checked = check_reply(
                raw or b"", request, card.city, card.server_keys, self._tally.changes_left
            )
        except MistoError:
            return None
        self._tally.changes_left -= len(checked.answer.arrivals) + checked.answer.forged
        return as_reply(raw or b"", checked), checked

    def _room(self, what: str, size: int, urgency: int, freed: int) -> bool:
        limit = self._budget
        if urgency < URGENT_MIN:
            limit -= limit // CARRIED_URGENT_SHARE
        if self._used - freed + size > limit:
            self._tally.refuse(what, "full")
            return False
        if size - freed > self._share:
            self._tally.refuse(what, "import_share")
            return False
        self._used += size - freed
        self._share -= size - freed
        return True


def _outlived(
    request: CarriedRequest, others: Sequence[tuple[Stored, CarriedRequest]]
) -> list[Stored]:
    """Of a sender's requests those that may go for a newer one, oldest first: done ones only."""
    return [stored for stored, other in others if stored.done and outlives(request, other)]


def checked_requests(replica: Replica, raws: Sequence[bytes], tally: Tally) -> list[CarriedRequest]:
    """The requests that may be carried, most urgent first; what may not is counted.

    The small ones are looked at first, so that a flood of junk cannot use up what one import may
    cost before honest requests have had their turn.
    """
    opened = _opened(replica, raws, tally)
    good: list[CarriedRequest] = []
    for raw, request in sorted(opened, key=lambda each: changes_of(each[1])):
        if not tally.affords(changes_of(request)):
            tally.refuse("request", "too_large")
            continue
        try:
            good.append(rebuilt(raw, request))
        except MistoError as error:
            tally.refuse("request", error.code)
    return sorted(good, key=lambda each: -each.urgency)


def _opened(replica: Replica, raws: Sequence[bytes], tally: Tally) -> list[tuple[bytes, Request]]:
    scopes = replica.scopes.name_of.keys()
    senders: Counter[bytes] = Counter()
    opened: list[tuple[bytes, Request]] = []
    with replica.store.holding() as connection:
        here = carried.ids(connection)
    for raw in dict.fromkeys(raws):
        if hashlib.sha256(raw).digest() in here:  # checked when it came
            tally.known += 1
            continue
        try:
            request = check_request(raw, scopes)
        except MistoError as error:
            tally.refuse("request", error.code)
            continue
        senders[request.sender] += 1
        if senders[request.sender] > CARRIED_SENDER_REQUESTS_MAX:
            tally.refuse("request", "sender_share")
        else:
            opened.append((raw, request))
    tally.known += len(raws) - len(set(raws))
    return opened


def checked_reply(
    replica: Replica, request: CarriedRequest | None, raw: bytes, tally: Tally
) -> CarriedReply | None:
    """A reply to a stored request, checked as far as a stranger can; None with the reason."""
    if request is None:
        tally.refuse("reply", "unknown_request")
        return None
    return tally.read_reply(replica, raw, request)
