"""Bringing what is carried to the city, when this device has network: the batch door."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from client.services.applying import apply
from client.services.asking import Terms, compose
from client.services.courier.late import keep_heads
from client.services.courier.merging import as_reply
from client.storage import carried
from client.storage.carried import Reply, Stored
from client.transports.http import ServerRefused
from shared_schema.errors import MistoError
from shared_schema.ids import NEWS, TRUST
from shared_schema.limits import CARRY_REQUESTS_MAX
from shared_schema.sync.carried import CarriedReply, check_reply, read_carried, receipts_only
from shared_schema.sync.courier import (
    REPLY_ITEM,
    decode_courier,
    encode_courier,
    request_item,
    split_reply,
)
from shared_schema.sync.receive import read_reply

if TYPE_CHECKING:
    from client.services.replica import Replica

_BATCH_BYTES: Final = 1024 * 1024


class CarryTransport(Protocol):
    """Carries bundles to the server by both of its doors."""

    def post(self, raw: bytes) -> bytes:
        """The reply to one request; raises an error with a code when there is none."""

    def carry(self, raw: bytes) -> bytes:
        """The courier bundle of replies to a courier bundle of requests; raises likewise."""


class Sent(NamedTuple):
    """What one batch came to."""

    posted: int
    answered: frozenset[bytes]
    done: int


def deliver_all(replica: Replica, transport: CarryTransport, budget: int) -> Sent:
    """Post all carried requests; those that the city's answer had no room for once more.

    Also those that have a verdict already: the same request fetches the replies of the desk that
    have come since.
    """
    posted = done = 0
    answered: set[bytes] = set()
    with replica.store.holding() as connection:
        stored = carried.in_order(connection)
    left = sorted(stored, key=lambda each: each.done)
    while left:
        before = len(answered)
        for batch in _batches(left):
            sent = _post(replica, transport, batch, budget)
            posted += sent.posted
            done += sent.done
            answered |= sent.answered
        left = [each for each in left if each.request not in answered]
        if len(answered) == before:
            break
    return Sent(posted, frozenset(answered), done)


def fetch_heads(replica: Replica, transport: CarryTransport) -> int:
    """Ask for trust and news alone; returns how many changes are new.

    The city's statement then says nothing about this device, and can be handed on: see `public`.
    """
    with replica.exchanging:
        asked = compose(replica, Terms(), True, only=(TRUST, NEWS))
        raw = transport.post(asked.outgoing.raw)
        answer = read_reply(raw, asked.outgoing, asked.held, replica.card.server_keys)
        arrived = apply(replica, asked, answer).arrived
    keep_heads(replica, answer)
    return arrived


def _batches(left: list[Stored]) -> Iterator[list[Stored]]:
    batch: list[Stored] = []
    size = 0
    for each in left:
        if batch and (size + each.size > _BATCH_BYTES or len(batch) == CARRY_REQUESTS_MAX):
            yield batch
            batch, size = [], 0
        batch.append(each)
        size += each.size
    if batch:
        yield batch


def _post(replica: Replica, transport: CarryTransport, batch: list[Stored], budget: int) -> Sent:
    with replica.store.holding() as connection:
        raws = {each.request: carried.raw_of(connection, each.request)[0] for each in batch}
    replies = _answered(replica.card.city, transport, raws)
    good = {
        request: checked
        for request, raw in replies.items()
        if request in raws and (checked := _checked(replica, raws[request], raw))
    }
    done = 0
    with replica.store.writing() as connection:
        room = max(budget - carried.used(connection), 0)
        for each in batch:
            if each.request in good:
                here = len(carried.raw_of(connection, each.request)[1] or b"")
                kept = _fitting(replies[each.request], good[each.request], room + here)
                if kept.said < each.reply_said and kept.done <= each.done:
                    continue  # the desk's words that are here would go, and the light turn green
                room = max(room + here - len(kept.raw), 0)
                carried.put_reply(connection, each.request, kept)
                done += kept.done and not each.done
    return Sent(len(batch), frozenset(good), done)


def _answered(
    city: bytes, transport: CarryTransport, raws: dict[bytes, bytes]
) -> dict[bytes, bytes]:
    """The replies to these requests, by the requests' ids, unchecked."""
    try:
        answer = decode_courier(
            transport.carry(encode_courier(city, map(request_item, raws.values())))
        )
    except ServerRefused as error:
        if error.status != HTTPStatus.NOT_FOUND:
            raise
        # A server of a version before couriers has no batch door, and the same answers.
        return {request: transport.post(raw) for request, raw in raws.items()}
    bodies = (item.body for item in answer.items if item.type == REPLY_ITEM)
    return dict(split_reply(body) for body in bodies)


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
