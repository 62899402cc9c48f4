"""Looking into a courier bundle without opening anything: whose, how much, how urgent, how old.

This is what every carrier can see, and no more: a device's id and not a name, sizes and not texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shared_schema.crypto.card import Card
from shared_schema.errors import MistoError, ProtocolError
from shared_schema.ids import NEWS, TRUST, queue_scope, scope_id
from shared_schema.sync.bundle import REQUEST, Request
from shared_schema.sync.carried import (
    CarriedRequest,
    bounds_for,
    check_reply,
    check_request,
    rebuilt,
)
from shared_schema.sync.change import OWN
from shared_schema.sync.courier import (
    REPLY_ITEM,
    REQUEST_ITEM,
    CourierBundle,
    Flaw,
    Item,
    decode_courier,
    request_item,
    split_reply,
)
from shared_schema.sync.hlc import milliseconds
from shared_schema.sync.public import read_public

_NOT_CHECKED: Final = "not_checked"


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """A request in a bundle."""

    id: str
    sender: str
    bytes: int
    changes: int
    urgency: int
    oldest_ms: int | None
    """The time that the first of its changes says, by its author's clock."""
    newest_ms: int | None
    refused: str
    """Why no courier would take it; empty when one would."""


@dataclass(frozen=True, slots=True)
class SeenReply:
    """A reply in a bundle. It can be checked only beside its request, with the city's card."""

    request: str
    bytes: int
    changes: int
    time_ms: int | None
    done: bool
    refused: str
    """Why no courier would take it; `not_checked` when its request is not in the bundle."""


@dataclass(frozen=True, slots=True)
class SeenPublic:
    """Trust and news in a bundle."""

    bytes: int
    trust: int
    news: int
    heads: int
    """Signed heads, by which a reader knows that it has everything."""
    time_ms: int | None
    """The city's clock in the newest of them."""
    refused: str


@dataclass(frozen=True, slots=True)
class Look:
    """What is in a bundle."""

    city: str
    bytes: int
    requests: tuple[SeenRequest, ...]
    replies: tuple[SeenReply, ...]
    public: tuple[SeenPublic, ...]
    unknown: int
    flaw: str


def look(raw: bytes, card: Card) -> Look:
    """What is in a courier bundle (or a bare request), judged as a courier of this city would.

    Raises:
        TooLarge, ProtocolError: it is neither.
    """
    bundle = _opened(raw, card)
    requests: dict[bytes, CarriedRequest] = {}
    seen = [_request(item.body, card, requests) for item in _of(bundle, REQUEST_ITEM)]
    known = (REQUEST_ITEM, REPLY_ITEM)
    return Look(
        bundle.city.hex(),
        len(raw),
        tuple(seen),
        tuple(_reply(item.body, card, requests) for item in _of(bundle, REPLY_ITEM)),
        tuple(_public(item.body, card) for item in bundle.items if item.type not in known),
        bundle.unknown,
        bundle.flaw if bundle.city == card.city else "other_city",
    )


def _opened(raw: bytes, card: Card) -> CourierBundle:
    if raw[:1] == bytes((REQUEST,)):
        return CourierBundle(card.city, (request_item(raw),), 0, Flaw.NONE)
    return decode_courier(raw)


def _of(bundle: CourierBundle, sort: int) -> list[Item]:
    return [item for item in bundle.items if item.type == sort]


def _request(raw: bytes, card: Card, requests: dict[bytes, CarriedRequest]) -> SeenRequest:
    names = (TRUST, NEWS, *map(queue_scope, card.facts.queues))
    try:
        request = check_request(raw, {scope_id(card.city, name) for name in names})
        carried = rebuilt(raw, request)
    except MistoError as error:
        return SeenRequest("", "", len(raw), 0, 0, None, None, error.code)
    requests[carried.outgoing.id] = carried
    times = _times(request)
    return SeenRequest(
        carried.outgoing.id.hex(), carried.sender.hex(), len(raw), carried.changes,
        carried.urgency, min(times, default=None), max(times, default=None), "",
    )  # fmt: skip


def _times(request: Request) -> list[int]:
    parts = [part for section in request.sections for run in section.runs for part in run.parts]
    return [milliseconds(OWN.unpack_from(part)[1]) for part in parts if len(part) >= OWN.size]


def _reply(body: bytes, card: Card, requests: dict[bytes, CarriedRequest]) -> SeenReply:
    try:
        request, raw = split_reply(body)
    except MistoError as error:
        return SeenReply("", len(body), 0, None, False, error.code)
    asked = requests.get(request)
    if asked is None:
        return SeenReply(request.hex(), len(raw), 0, None, False, _NOT_CHECKED)
    try:
        reply = check_reply(raw, asked, card.city, card.server_keys)
    except MistoError as error:
        return SeenReply(request.hex(), len(raw), 0, None, False, error.code)
    answer = reply.answer
    return SeenReply(request.hex(), len(raw), len(answer.arrivals), answer.time_ms, reply.done, "")


def _public(body: bytes, card: Card) -> SeenPublic:
    try:
        item = read_public(body, card.server_keys, bounds_for(body))
    except ProtocolError as error:
        return SeenPublic(len(body), 0, 0, 0, None, error.code)
    trust = sum(each.feed == TRUST for each in item.arrivals)
    times: Sequence[int] = [head.time_ms for head in item.heads]
    return SeenPublic(
        len(body), trust, len(item.arrivals) - trust, len(item.heads), max(times, default=None), ""
    )
