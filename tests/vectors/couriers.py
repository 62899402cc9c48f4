"""Vectors of courier bundles: requests, replies and public items as one heap of bytes."""

from __future__ import annotations

from collections.abc import Sequence

from shared_schema.crypto.signing import Signer
from shared_schema.ids import NEWS, TRUST
from shared_schema.sync.carried import check_reply, read_carried, receipts_only
from shared_schema.sync.change import Change
from shared_schema.sync.compose import compose_request
from shared_schema.sync.courier import (
    COURIER,
    FORM_ITEM,
    Item,
    answer_item,
    decode_courier,
    encode_courier,
    reply_item,
    request_item,
)
from shared_schema.sync.forms import Form, encode_form
from shared_schema.sync.public import public_item, read_public
from shared_schema.sync.run import Entry
from tests.vectors import cast, wire
from tests.vectors.kept import Kept

FOR_COURIERS = "for couriers"
HEADS_ALONE = "heads alone"


def couriers(kept: Kept) -> dict[str, object]:
    """A bundle with one item of each type and one of a later version, plain and packed."""
    asked = wire.requests(kept)[FOR_COURIERS]
    items = items_of(kept)
    plain = plain_bundle([*items[:1], Item(9, b"of a later version"), *items[1:]])
    found = decode_courier(plain)
    reply = check_reply(
        wire.answers(kept)[FOR_COURIERS][0], read_carried(asked.raw), cast.CITY,
        [cast.SERVER.public_key],
    )  # fmt: skip
    public = read_public(items[2].body, [cast.SERVER.public_key])
    return {
        "city": cast.CITY.hex(),
        "server_key": cast.SERVER.public_key.hex(),
        "plain": plain.hex(),
        "packed": kept.courier.hex(),
        "cut": plain[:-1].hex(),
        "formed": _formed(),
        "answered": _answered(kept),
        "items": [[item.type, item.body.hex()] for item in items],
        "unknown": found.unknown,
        "request": {"id": asked.id.hex(), "changes": 2, "urgency": read_carried(asked.raw).urgency},
        "reply": {
            "time": reply.answer.time_ms,
            "done": reply.done,
            "settled": [[each.id.hex(), each.status] for each in reply.answer.settled],
            "heads": [[h.feed, h.version, h.digest.hex()] for h in reply.answer.heads],
            "arrivals": [each.change.id.hex() for each in reply.answer.arrivals],
            "receipts_only": receipts_only(wire.answers(kept)[FOR_COURIERS][0]).hex(),
        },
        "public": {
            "arrivals": [[each.feed, each.change.id.hex()] for each in public.arrivals],
            "heads": [[h.feed.hex(), h.version, h.digest.hex(), h.time_ms] for h in public.heads],
        },
    }


def _formed() -> dict[str, object]:
    """Requests for the mail of three devices, as one form and what each has of its own."""
    signers = (cast.AUTHOR, cast.STRANGER, cast.DESK)
    asked = [compose_request(each, wire.COURIER_WANTS, []).raw for each in signers]
    common = asked[0][33:-64]
    form = Item(FORM_ITEM, encode_form(Form(1, ((0, b"\x11"), (32, common), (64, b"")))))
    later = Item(FORM_ITEM, encode_form(Form(9, ((2, b"of a later version"),))))
    fillings = [b"\x81" + each[1:33] + each[-64:] for each in asked]
    raw = plain_bundle([later, form]) + fillings[0] + b"\x80no" + b"".join(fillings[1:])
    found = decode_courier(raw)
    return {
        "bundle": raw.hex(),
        "items": [[item.type, item.body.hex()] for item in found.items],
        "unknown": found.unknown,
        "cut": raw[:-1].hex(),
        "without_form": plain_bundle([later]).hex() + fillings[0].hex(),
    }


def _answered(kept: Kept) -> dict[str, object]:
    """A post with a request twice; its answer, and one where the post has no request."""
    asked, reply = wire.requests(kept)[FOR_COURIERS], wire.answers(kept)[FOR_COURIERS][0]
    other = compose_request(cast.STRANGER, wire.COURIER_WANTS, [])
    posted = [request_item(each.raw) for each in (other, other, asked)]
    return {
        "post": plain_bundle(posted).hex(),
        "answer": plain_bundle([answer_item(1, reply), answer_item(2, reply)]).hex(),
        "replies": [[asked.id.hex(), reply.hex()]],
    }


def packed(kept: Kept) -> bytes:
    """The same items as the library packs them today: made once and kept."""
    return encode_courier(cast.CITY, items_of(kept))


def items_of(kept: Kept) -> list[Item]:
    """A request, its reply, and news with a signed head that tells of nobody."""
    asked = wire.requests(kept)[FOR_COURIERS]
    _, proof = wire.answers(kept)[HEADS_ALONE]
    trust = _entries(cast.trust_changes(), cast.ENROLMENT)
    news = _entries(cast.news_changes(), cast.NEWSROOM)
    return [
        request_item(asked.raw),
        reply_item(asked.id, wire.answers(kept)[FOR_COURIERS][0]),
        public_item({TRUST: trust, NEWS: news}, [proof], packed=False),
    ]


def plain_bundle(items: list[Item]) -> bytes:
    """A bundle that is not packed."""
    pieces = (bytes((each.type,)) + len(each.body).to_bytes(4) + each.body for each in items)
    return bytes((COURIER,)) + cast.CITY + b"\0" + b"".join(pieces)


def _entries(changes: Sequence[Change], signer: Signer) -> list[Entry]:
    return [cast.entry(signer, change, version) for version, change in enumerate(changes, 1)]
