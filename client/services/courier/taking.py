"""Taking a courier bundle: what is good in it lands, whatever is beside it.

The order does not depend on that of the items. Public items come first, because trust decides who
counts; then requests, because a reply means nothing without its request; then replies.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from client.services.courier.intake import Intake, Tally, checked_reply, checked_requests
from client.services.courier.late import Brought, apply_public, apply_reply
from client.services.courier.own_requests import recall
from client.services.courier.types import Source, Taken
from client.storage import carried
from shared_schema.errors import MistoError
from shared_schema.sync.bundle import REQUEST
from shared_schema.sync.carried import CarriedRequest, OtherCity, bounds_for, read_carried
from shared_schema.sync.courier import (
    PUBLIC_ITEM,
    REPLY_ITEM,
    REQUEST_ID_BYTES,
    REQUEST_ITEM,
    CourierBundle,
    Flaw,
    decode_courier,
    request_item,
    split_reply,
)
from shared_schema.sync.public import PublicItem, read_public

if TYPE_CHECKING:
    from client.services.replica import Replica

_NOTHING: Final = Brought()


def take(replica: Replica, raw: bytes, source: Source, budget: int, tally: Tally) -> Taken:
    """Take a courier bundle; see `Courier.take`."""
    bundle = _opened(replica, raw)
    bodies = {
        sort: [item.body for item in bundle.items if item.type == sort]
        for sort in (REQUEST_ITEM, REPLY_ITEM, PUBLIC_ITEM)
    }
    brought = [_public(replica, bodies[PUBLIC_ITEM], tally)]
    _requests(replica, bodies, source, budget, tally)
    own = _replies(replica, bodies[REPLY_ITEM], budget, tally)
    brought += own
    tally.refuse("change", "not_allowed", sum(each.refused for each in brought))
    return Taken(
        requests=tally.requests,
        replies=tally.replies,
        own_replies=sum(each.new for each in own),
        settled=sum(each.settled for each in brought),
        arrived=sum(each.arrived for each in brought),
        known=tally.known,
        unknown=bundle.unknown,
        refused=tally.refused(),
        flaw=bundle.flaw,
    )


def _opened(replica: Replica, raw: bytes) -> CourierBundle:
    city = replica.card.city
    if raw[:1] == bytes((REQUEST,)):  # the file of an older version: one request, and no frame
        return CourierBundle(city, (request_item(raw),), 0, Flaw.NONE)
    bundle = decode_courier(raw)
    if bundle.city != city:
        raise OtherCity("bundle")
    return bundle


def _public(replica: Replica, bodies: Sequence[bytes], tally: Tally) -> Brought:
    """All public items as one: the second may complete what the first one's head speaks of."""
    items: list[PublicItem] = []
    for body in bodies:
        try:
            bounds = bounds_for(body, tally.changes_left)
            item = read_public(body, replica.card.server_keys, bounds)
        except MistoError as error:
            tally.refuse("public", error.code)
            continue
        tally.changes_left -= len(item.arrivals) + item.forged
        items.append(item)
    if not items:
        return _NOTHING
    whole = PublicItem(
        tuple(each for item in items for each in item.arrivals),
        tuple(dict.fromkeys(head for item in items for head in item.heads)),
        sum(item.forged for item in items),
    )
    brought = apply_public(replica, whole)
    tally.known += 0 if brought.new else len(items)
    return brought


def _requests(
    replica: Replica,
    bodies: Mapping[int, Sequence[bytes]],
    source: Source,
    budget: int,
    tally: Tally,
) -> None:
    requests = checked_requests(replica, bodies[REQUEST_ITEM], tally)
    answered = {body[:REQUEST_ID_BYTES] for body in bodies[REPLY_ITEM]}
    others = [each for each in requests if each.sender != replica.device]
    tally.known += len(requests) - len(others)
    if others:
        with replica.store.writing() as connection:
            intake = Intake(replica, connection, budget, tally)
            for request in others:
                intake.request(request, source, answered)
    _giver_is_near(replica, bodies[REQUEST_ITEM])


def _giver_is_near(replica: Replica, bodies: Sequence[bytes]) -> None:
    """Who gives a bundle puts its own request first: also one that is known says who is here."""
    first = [hashlib.sha256(raw).digest() for raw in bodies[:1]]
    with replica.store.holding() as connection:
        known = any(carried.find(connection, each) for each in first)
    if known:
        with replica.store.writing() as connection:
            carried.near(connection, first)


def _replies(replica: Replica, bodies: Sequence[bytes], budget: int, tally: Tally) -> list[Brought]:
    own: list[Brought] = []
    others: list[tuple[bytes, bytes]] = []
    for body in dict.fromkeys(bodies):
        try:
            request, raw = split_reply(body)
        except MistoError as error:
            tally.refuse("reply", error.code)
            continue
        with replica.store.holding() as connection:
            asked = recall(replica, connection, request)
        if asked is None:
            others.append((request, raw))
        else:
            own.append(_own(replica, read_carried(asked), raw, tally))
    _store(replica, others, budget, tally)
    tally.known += len(bodies) - len(set(bodies)) + sum(not each.new for each in own)
    return own


def _own(replica: Replica, asked: CarriedRequest, raw: bytes, tally: Tally) -> Brought:
    """A reply to an own request, checked just as a courier would: it may know no more by now."""
    checked = tally.read_reply(replica, raw, asked)
    if checked is None:
        tally.known -= 1
        return _NOTHING
    return apply_reply(replica, asked, checked.answer)


def _store(
    replica: Replica, replies: Sequence[tuple[bytes, bytes]], budget: int, tally: Tally
) -> None:
    if not replies:
        return
    with replica.store.writing() as connection:
        intake = Intake(replica, connection, budget, tally)
        for request, raw in replies:
            if carried.has_reply(connection, request, raw):
                tally.known += 1
                continue
            found = carried.find(connection, request)
            asked = read_carried(found[1]) if found else None
            checked = checked_reply(replica, asked, raw, tally)
            if found and asked and checked:
                intake.reply(found[0], raw, checked, asked)
