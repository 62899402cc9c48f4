"""Vectors of bundles: requests and replies, and what the code under test reads in them."""

from __future__ import annotations

from typing import Any

import msgspec

from shared_schema.ids import feed_id
from shared_schema.sync import digest
from shared_schema.sync.bundle import encode_reply
from shared_schema.sync.compose import Outgoing
from shared_schema.sync.receive import Answer, Held, read_reply
from tests.vectors import cast, wire
from tests.vectors.kept import Kept


def held(kept: Kept) -> dict[str, Held]:
    """The digests of a reader that holds everything."""
    return {
        name: Held(feed_id(cast.CITY, name, cast.AUTHOR.device), digest.finish(state))
        for name, state in wire.states(kept).items()
    }


def answer_of(kept: Kept, asked: Outgoing, raw: bytes) -> Answer:
    """What the author reads in a reply."""
    return read_reply(raw, asked, held(kept), [cast.SERVER.public_key])


def bundles(kept: Kept) -> dict[str, object]:
    """Requests and replies with what is to be read from them."""
    asked = wire.requests(kept)
    return {
        "requests": [{"what": what, **_request(each)} for what, each in asked.items()],
        "replies": [
            {"what": what, "to": to, **_reply(kept, asked[to], raw)}
            for what, to, raw in (
                ("empty", "empty", wire.answers(kept)["empty"][0]),
                ("mixed verdicts", "pushing", wire.answers(kept)["mixed verdicts"][0]),
                ("up to date", "up to date", wire.answers(kept)["up to date"][0]),
                ("compressed", "empty", _compressed(kept)),
            )
        ],
    }


def _compressed(kept: Kept) -> bytes:
    """The reply to the empty request, with its news in the section that was compressed once."""
    _, proof = wire.answers(kept)["empty"]
    keys = [cast.NEWSROOM.public_key]
    return encode_reply(keys, [kept.section], proof.statement, proof.signature)


def _request(asked: Outgoing) -> dict[str, object]:
    return {
        "raw": asked.raw.hex(),
        "id": asked.id.hex(),
        "sender": asked.raw[1:33].hex(),
        "wants": [list(msgspec.structs.astuple(want)) for want in asked.wants],
        "runs": [
            {
                "scope": run.scope.hex(),
                "device": run.device.hex(),
                "seq": run.seq,
                "ids": [each.hex() for each in run.ids],
            }
            for run in asked.runs
        ],
    }


def _reply(kept: Kept, asked: Outgoing, raw: bytes) -> dict[str, Any]:
    """The server's reply, and what a reader with these digests makes of it."""
    answer = answer_of(kept, asked, raw)
    return {
        "raw": raw.hex(),
        "time": answer.time_ms,
        "heads": [[head.feed, head.version, head.digest.hex()] for head in answer.heads],
        "settled": [
            [each.id.hex(), each.status, each.reason, each.version, each.received]
            for each in answer.settled
        ],
        "arrivals": [
            [each.feed, each.version, each.received, each.change.id.hex()]
            for each in answer.arrivals
        ],
    }
