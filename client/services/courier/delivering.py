"""Bringing what is carried to the city, when this device has network: the batch door.

What goes when, and how much at a time, is `pace`'s to say. Each answered post is durable by itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from client.services.applying import apply
from client.services.asking import Terms, compose
from client.services.courier.late import keep_heads
from client.services.courier.merging import as_reply
from client.services.courier.metered import CarryTransport, Metered
from client.services.courier.pace import ROOM_MIN, Step, Turn, batch_of, in_turn
from client.storage import carried
from client.storage.carried import Reply, Stored
from client.transports.http import ServerRefused
from shared_schema.errors import MistoError
from shared_schema.ids import NEWS, TRUST
from shared_schema.sync.carried import CarriedReply, check_reply, read_carried, receipts_only
from shared_schema.sync.courier import (
    ANSWER_ITEM,
    decode_courier,
    encode_courier,
    request_item,
    split_answer,
)
from shared_schema.sync.receive import read_reply

if TYPE_CHECKING:
    from client.services.replica import Replica

_HEADS_ROOM_MIN: Final = 2 * ROOM_MIN
"""With less room, in bytes, heads of public feeds are not asked for: a change may come along."""


@dataclass(slots=True)
class Sent:
    """What a turn came to."""

    posted: int = 0
    """Requests that went out, each counted every time."""
    answered: set[bytes] = field(default_factory=set)
    done: int = 0


class Delivery:
    """One turn of bringing what is carried to the city."""

    def __init__(
        self, replica: Replica, transport: CarryTransport, budget: int, turn: Turn, step: Step
    ) -> None:
        """Args: budget: bytes that may be carried. step: how much goes at a time, kept."""
        self._replica, self._budget = replica, budget
        self._turn, self._step = turn, step
        self._transport = Metered(transport)
        self._tried: set[bytes] = set()
        self.sent = Sent()

    @property
    def room(self) -> int | None:
        """Bytes each way that are left of this turn's; None is any number."""
        room = self._turn.room
        return None if room is None else max(room - self._transport.passed, 0)

    def run(self) -> Sent:
        """Post what is due; what the city's answer had no room for once more.

        Raises:
            MistoError: the transport failed. What came before is durable.
        """
        with self._replica.store.holding() as connection:
            stored = carried.in_order(connection)
        queue = in_turn(stored, self._turn, self._replica.clock())
        self._go_on(stored, queue)
        while queue:
            before = len(self.sent.answered)
            self._pass(queue)
            silent = [each for each in queue if each.request not in self.sent.answered]
            if len(self.sent.answered) == before or self._is_over:
                self._unanswered(silent)
                break
            queue = silent
        return self.sent

    @property
    def _is_over(self) -> bool:
        return self.room is not None and self.room < ROOM_MIN

    def _go_on(self, stored: Sequence[Stored], queue: list[Stored]) -> None:
        """A post of which some has got through goes on there; that needs the very same bytes."""
        here = {each.request: each for each in stored}
        again = [here[request] for request in self._step.broken if request in here]
        whole = len(again) == len(self._step.broken)
        if self._transport.half_carried and again and whole:
            self._post(again)
            queue[:] = [each for each in queue if each.request not in self.sent.answered]

    def _pass(self, queue: Sequence[Stored]) -> None:
        left = list(queue)
        while left and not self._is_over:
            begun = bool(self.sent.posted)
            batch = batch_of(left, self._step.bytes, self.room, begun=begun)
            if not batch:
                break
            self._post(batch)
            gone = {each.request for each in batch}
            left = [each for each in left if each.request not in gone]

    def _post(self, batch: list[Stored]) -> None:
        with self._replica.store.holding() as connection:
            found = [carried.find(connection, each.request) for each in batch]
        raws = {each.request: raw for each, raw in filter(None, found)}
        try:
            replies = _answered(self._replica.card.city, self._transport, raws)
        except MistoError:
            self._step.failed(batch)
            raise
        self._step.went(batch)
        self.sent.posted += len(batch)
        self._tried |= raws.keys()
        good = {
            request: checked
            for request, raw in replies.items()
            if request in raws and (checked := _checked(self._replica, raws[request], raw))
        }
        self._store([each for each in batch if each.request in good], replies, good)

    def _store(
        self,
        answered: Sequence[Stored],
        replies: Mapping[bytes, bytes],
        good: Mapping[bytes, CarriedReply],
    ) -> None:
        with self._replica.store.writing() as connection:
            room = max(self._budget - carried.used(connection), 0)
            for each in answered:
                here = len(carried.raw_of(connection, each.request)[1] or b"")
                kept = _fitting(replies[each.request], good[each.request], room + here)
                self._asked(connection, each, new=kept.said > each.reply_said)
                cut = len(kept.raw) < len(replies[each.request])
                if cut and kept.said < each.reply_said and kept.done <= each.done:
                    continue  # the desk's words that are here would go, and the light turn green
                room = max(room + here - len(kept.raw), 0)
                carried.put_reply(connection, each.request, kept)
                self.sent.done += kept.done and not each.done
        self.sent.answered |= {each.request for each in answered}

    def _unanswered(self, silent: Sequence[Stored]) -> None:
        """What was posted and got no answer is not tried again at once; what was not, stays due."""
        posted = [each for each in silent if each.request in self._tried]
        if posted:
            with self._replica.store.writing() as connection:
                for each in posted:
                    self._asked(connection, each, new=False)

    def _asked(self, connection: sqlite3.Connection, each: Stored, *, new: bool) -> None:
        asks = 0 if new or self._turn.everything else each.asks + 1
        carried.asked(connection, each.request, self._replica.clock(), asks)


def fetch_heads(replica: Replica, transport: CarryTransport, room: int | None = None) -> int:
    """Ask for trust and news alone; returns how many changes are new.

    The city's statement then says nothing about this device, and can be handed on: see `public`.

    Args:
        room: bytes there are for it; with too few nothing is asked. None is any number.
    """
    if room is not None and room < _HEADS_ROOM_MIN:
        return 0
    with replica.exchanging:
        asked = compose(replica, Terms(room or 0), True, only=(TRUST, NEWS))
        raw = transport.post(asked.outgoing.raw)
        answer = read_reply(raw, asked.outgoing, asked.held, replica.card.server_keys)
        arrived = apply(replica, asked, answer).arrived
    keep_heads(replica, answer)
    return arrived


def _answered(
    city: bytes, transport: CarryTransport, raws: dict[bytes, bytes]
) -> dict[bytes, bytes]:
    """The replies to these requests, by the requests' ids, unchecked."""
    post = encode_courier(city, map(request_item, raws.values()))
    try:
        answer = decode_courier(transport.carry(post), types=(ANSWER_ITEM,))
    except ServerRefused as error:
        if error.status != HTTPStatus.NOT_FOUND:
            raise
        # A server of a version before couriers has no batch door, and the same answers.
        return {request: transport.post(raw) for request, raw in raws.items()}
    asked = list(raws)
    said = (split_answer(item.body) for item in answer.items)
    return {asked[place]: raw for place, raw in said if place < len(asked)}


def _checked(replica: Replica, request: bytes, raw: bytes) -> CarriedReply | None:
    card = replica.card
    try:
        return check_reply(raw, read_carried(request), card.city, card.server_keys)
    except MistoError:
        return None  # as if it had not come: it is posted again next time


def _fitting(raw: bytes, checked: CarriedReply, room: int) -> Reply:
    """The reply, or its receipts alone when there is no room for what came with them."""
    answer = checked.answer
    if len(raw) <= room or not answer.arrivals:
        return as_reply(raw, checked)
    said = checked._replace(answer=answer._replace(arrivals=())).said
    return Reply(receipts_only(raw), answer.time_ms, 0, checked.done, said)
