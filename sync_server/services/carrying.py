"""The batch door: many devices' requests in one courier bundle, each judged as by the usual door.

What one post may cost is that of one large request: so many changes, so many unpacked bytes. What
goes beyond that is left unanswered, and the courier posts it again; nothing is lost by it, because
a request is idempotent. The same goes for replies that the answer has no room for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from shared_schema.errors import MistoError, TooLarge
from shared_schema.limits import (
    BUNDLE_CHANGES_MAX,
    CARRY_BYTES_MAX,
    CARRY_REQUESTS_MAX,
    SECTION_UNPACKED_BYTES_MAX,
)
from shared_schema.sync.bundle import Request, decode_request
from shared_schema.sync.carried import OtherCity, bounds_for
from shared_schema.sync.courier import (
    REQUEST_ITEM,
    Item,
    answer_item,
    decode_courier,
    encode_courier,
)
from shared_schema.sync.receive import Incoming, changes_of, open_request
from sync_server.services.exchange import ExchangeService


class Batch(NamedTuple):
    """The requests of one post that can be answered, and how many cannot."""

    requests: tuple[tuple[int, Incoming], ...]
    """Each with its place among the requests of the post, the same one counted once."""
    refused: int
    left: int


def read_batch(raw: bytes, city: bytes) -> Batch:
    """Open a courier bundle's requests, as many as one post may bring.

    Raises:
        OtherCity: the bundle is another city's.
        TooLarge: more requests than one post may bring. ProtocolError: it is no courier bundle.
    """
    if len(raw) > CARRY_BYTES_MAX:
        raise TooLarge(f"a post has at most {CARRY_BYTES_MAX} bytes")
    bundle = decode_courier(raw, CARRY_BYTES_MAX)
    if bundle.city != city:
        raise OtherCity("bundle")
    bodies = list(dict.fromkeys(each.body for each in bundle.items if each.type == REQUEST_ITEM))
    if len(bodies) > CARRY_REQUESTS_MAX:
        raise TooLarge(f"a post brings at most {CARRY_REQUESTS_MAX} requests")
    return _within_bounds(bodies)


def answer(city: bytes, replies: Iterable[Item]) -> bytes:
    """The courier bundle of these replies, as many as it has room for."""
    chosen: list[Item] = []
    size = 0
    for item in replies:
        chosen.append(item)
        size += item.size
        if size > CARRY_BYTES_MAX // 2:
            break
    return encode_courier(city, chosen)


def carry(service: ExchangeService, city: bytes, raw: bytes) -> bytes:
    """Answer one post: decode, commit, reply.

    Raises:
        ProtocolError: see `read_batch`.
    """
    batch = read_batch(raw, city)
    outcomes = service.admit([each for _, each in batch.requests])
    said = zip(batch.requests, outcomes, strict=True)
    return answer(city, (answer_item(at, service.reply(each, came)) for (at, each), came in said))


def _within_bounds(bodies: Sequence[bytes]) -> Batch:
    requests: list[tuple[int, Incoming]] = []
    refused = changes = size = 0
    for place, body in enumerate(bodies):
        try:
            request = decode_request(body, bounds_for(body))
            changes += changes_of(request)
            size += _unpacked(request)
            if requests and (changes > BUNDLE_CHANGES_MAX or size > SECTION_UNPACKED_BYTES_MAX):
                return Batch(tuple(requests), refused, len(bodies) - place)
            requests.append((place, open_request(request)))
        except MistoError:
            refused += 1  # whoever carries it cannot mend it; its neighbours do not suffer for it
    return Batch(tuple(requests), refused, 0)


def _unpacked(request: Request) -> int:
    return sum(
        len(part) for section in request.sections for run in section.runs for part in run.parts
    )
