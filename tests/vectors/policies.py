"""Vectors of policy: facts, authentic changes, and the verdict that each must get."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from shared_schema.crypto.signing import Signer
from shared_schema.ids import NEWS, TRUST, scope_id
from shared_schema.records.kinds import BY_PAYLOAD, encode_payload
from shared_schema.records.volunteer import Dismissed
from shared_schema.sync.change import NO_PREV, Change, Draft, Place
from shared_schema.sync.policy import Opening, Standing, judge
from tests.vectors import cast, roll
from tests.vectors.kept import Kept


@dataclass(frozen=True, slots=True)
class Facts:
    """`policy.Facts`, from the document itself."""

    document: Mapping[str, Any]

    def scope_name(self, scope: bytes) -> str | None:
        """The name of a scope of the vectors' city."""
        found: str | None = self.document["scopes"].get(scope.hex())
        return found

    def role(self, device: bytes, scope: str, seq: int) -> str | None:
        """The role of a device in a scope."""
        for row in self.document["roles"]:
            if row["device"] == device.hex() and row["scope"] == scope and seq <= row["up_to_seq"]:
                return str(row["role"])
        return None

    def officer(self, device: bytes, scope: str) -> bool:
        """Whether a device is, or was, a desk of a queue."""
        return self.role(device, scope, 0) == "desk"

    def enrols(self, device: bytes) -> bool:
        """Whether this is the vectors' enrolment device."""
        return device.hex() in self.document["enrolment"]

    def invitation(self, key: bytes, device: bytes) -> Standing:
        """How an invitation stands towards a device: `open`, or taken by the device named."""
        taken: str | None = self.document["invitations"].get(key.hex())
        if taken is None:
            return "unknown"
        return "open" if taken in ("", device.hex()) else "closed"

    def opening(self, record: bytes) -> Opening | None:
        """Who opened a record, and where."""
        row = self.document["openings"].get(record.hex())
        if row is None:
            return None
        scope, device, *forwarded = map(bytes.fromhex, row)
        return Opening(scope, device, frozenset(forwarded))


def policy(kept: Kept) -> dict[str, object]:
    """Facts, and authentic changes with the verdict that they give."""
    item, appeal_ = cast.news_changes()[0], kept.thread[0]
    document: dict[str, Any] = {
        "scopes": {
            scope_id(cast.CITY, n).hex(): n for n in (TRUST, NEWS, cast.GENERAL, cast.WATER)
        },
        "roles": [
            {"device": cast.NEWSROOM.device.hex(), "scope": NEWS, "role": "newsroom",
             "up_to_seq": 5},
            *({"device": each.device.hex(), "scope": cast.GENERAL, "role": "desk",
               "up_to_seq": 2**32 - 1} for each in (cast.DESK, cast.SECOND_DESK)),
            {"device": cast.WATER_DESK.device.hex(), "scope": cast.WATER, "role": "desk",
             "up_to_seq": 2**32 - 1},
        ],
        "enrolment": [cast.ENROLMENT.device.hex()],
        "invitations": {
            roll.INVITATION.device.hex(): "",
            roll.OTHER.device.hex(): cast.AUTHOR.device.hex(),
        },
        "openings": {
            **{each.record.hex(): [each.scope.hex(), each.device.hex()]
               for each in (item, appeal_)},
            cast.HANDED_ON.hex(): [each.hex() for each in (
                appeal_.scope, appeal_.device, scope_id(cast.CITY, cast.WATER))],
        },
    }  # fmt: skip
    facts = Facts(document)
    document["verdicts"] = [
        {"what": what, "raw": change.raw.hex(), "status": int(verdict.status),
         "reason": int(verdict.reason)}
        for what, change in _judged(kept)
        for verdict in (judge(change, facts),)
    ]  # fmt: skip
    return document


def _judged(kept: Kept) -> Iterator[tuple[str, Change]]:
    yield "a grant by the enrolment key", cast.trust_changes()[0]
    yield from ((f"news, change {c.seq}", c) for c in cast.news_changes())
    yield from ((f"the appeal's thread, {i}", c) for i, c in enumerate(kept.thread))
    record, news_record = kept.thread[0].record, cast.news_changes()[0].record
    open_, sealed = (Draft(0x0301, 1, None, flag) for flag in (False, True))
    say, keep = _say, cast.GENERAL
    yield (
        "a scope of another city",
        cast.raw_change(
            cast.AUTHOR, Place(bytes(16), 1, NO_PREV, 1), Draft(0x0101, 1, None, True), b""
        ),
    )
    yield "news by a stranger", say(cast.STRANGER, NEWS, open_)
    yield "news by the newsroom after its revocation", say(cast.NEWSROOM, NEWS, open_, 6)
    yield "sealed news", say(cast.NEWSROOM, NEWS, sealed)
    yield "news in a queue", say(cast.NEWSROOM, keep, open_)
    yield "an appeal in the open", say(cast.AUTHOR, keep, Draft(0x0101, 1, None, False))
    yield "an appeal that opens nothing", say(cast.AUTHOR, keep, Draft(0x0101, 1, record, True))
    yield "a comment that opens", say(cast.AUTHOR, keep, Draft(0x0104, 1, None, True))
    yield "a comment by a stranger", say(cast.STRANGER, keep, Draft(0x0104, 1, record, True))
    yield "a comment on nothing yet", say(cast.AUTHOR, keep, Draft(0x0104, 1, bytes(16), True))
    yield "a comment on news", say(cast.AUTHOR, keep, Draft(0x0104, 1, news_record, True))
    yield "a reply by the author", say(cast.AUTHOR, keep, Draft(0x0203, 1, record, True))
    yield "a reply by the newsroom", say(cast.NEWSROOM, keep, Draft(0x0203, 1, record, True))
    yield "a kind from the future", say(cast.AUTHOR, keep, Draft(0x0777, 1, record, True))
    yield "a version from the future", say(cast.NEWSROOM, NEWS, Draft(0x0301, 2, None, False))
    yield (
        "a future kind of news by a stranger",
        say(cast.STRANGER, NEWS, Draft(0x0399, 1, None, False)),
    )
    yield "a flag from the future", say(cast.AUTHOR, keep, Draft(0x0104, 1, record, True, 4))
    yield "a grant by a stranger", say(cast.STRANGER, TRUST, Draft(0x0401, 1, None, False))
    yield from ((f"internal, {i}", c) for i, c in enumerate(kept.internal))
    yield "a note by the author", say(cast.AUTHOR, keep, Draft(0x0205, 1, record, True))
    yield "a note in the open", say(cast.DESK, keep, Draft(0x0205, 1, record, False))
    yield "a note of a version to come", say(cast.DESK, keep, Draft(0x0205, 2, record, True))
    yield "an assignment by the newsroom", say(cast.NEWSROOM, keep, Draft(0x0204, 1, record, True))
    yield from _handed_on(record)
    yield "a longer term, by the author", say(cast.AUTHOR, keep, Draft(0x0207, 1, record, True))
    yield from _keyed(record)
    yield from _volunteers(record)


def _handed_on(record: bytes) -> Iterator[tuple[str, Change]]:
    """Forwarding, and what is said to an appeal that two queues hold."""
    forward, reply, comment = 0x0208, 0x0203, 0x0104

    def on(kind: int, which: bytes) -> Draft:
        return Draft(kind, 1, which, True)

    water, desk, other = cast.WATER, cast.DESK, cast.WATER_DESK
    yield "handed on by its desk", _say(desk, water, on(forward, record))
    yield "handed on by the author", _say(cast.AUTHOR, water, on(forward, record))
    yield "taken by a queue that does not hold it", _say(other, water, on(forward, record))
    yield "handed back by the next desk", _say(other, cast.GENERAL, on(forward, cast.HANDED_ON))
    yield "handed on, and not open yet", _say(desk, water, on(forward, bytes(16)))
    yield "a reply by the next desk", _say(other, water, on(reply, cast.HANDED_ON))
    yield "a reply by a queue that does not hold it", _say(other, water, on(reply, record))
    yield "a reply by the next desk elsewhere", _say(other, cast.GENERAL, on(reply, record))
    yield "a comment in the next queue", _say(cast.AUTHOR, water, on(comment, cast.HANDED_ON))


def _keyed(record: bytes) -> Iterator[tuple[str, Change]]:
    """A queue's new key, which the enrolment key alone may tell."""
    told, office = Draft(0x0403, 1, None, False), cast.ENROLMENT
    yield "a queue's key", _say(office, TRUST, told)
    yield "a queue's key, by its desk", _say(cast.DESK, TRUST, told)
    yield "a queue's key, in the queue", _say(office, cast.GENERAL, told)
    yield "a queue's key, sealed", _say(office, TRUST, Draft(0x0403, 1, None, True))
    yield "a queue's key that opens nothing", _say(office, TRUST, Draft(0x0403, 1, record, False))
    yield "a queue's key, of a version to come", _say(office, TRUST, Draft(0x0403, 2, None, False))


def _volunteers(record: bytes) -> Iterator[tuple[str, Change]]:
    """Invitations, which a desk gives for its own queue, and who takes them up."""

    def tell(signer: Signer, payload: msgspec.Struct, scope: str = TRUST) -> Change:
        kind = BY_PAYLOAD[type(payload)]
        body = encode_payload(payload, sealed=False)
        return _say(signer, scope, Draft(kind.number, 1, None, False), body=body)

    desk, author, stranger = cast.DESK, cast.AUTHOR, cast.STRANGER
    gone = Dismissed(author.device.hex(), cast.GENERAL)
    unknown = Signer(bytes(range(62, 94)))
    yield "an invitation by the desk", tell(desk, roll.invited())
    yield "an invitation by another queue's desk", tell(cast.WATER_DESK, roll.invited())
    yield "an invitation by the enrolment key", tell(cast.ENROLMENT, roll.invited())
    yield "an invitation in the queue", tell(desk, roll.invited(), cast.GENERAL)
    yield "an invitation that says nothing", _say(desk, TRUST, Draft(0x0404, 1, None, False))
    yield "an invitation that opens nothing", _say(desk, TRUST, Draft(0x0404, 1, record, False))
    yield "an invitation of a version to come", _say(desk, TRUST, Draft(0x0404, 2, None, False))
    yield "joined", tell(author, roll.joined(author))
    yield "joined with the signature for another device", tell(stranger, roll.joined(author))
    yield "joined, and nobody knows the invitation", tell(author, roll.joined(author, unknown))
    yield "joined again", tell(author, roll.joined(author, roll.OTHER))
    yield "joined after another device", tell(stranger, roll.joined(stranger, roll.OTHER))
    yield "dismissed by the desk", tell(desk, gone)
    yield "dismissed by another queue's desk", tell(cast.WATER_DESK, gone)
    yield "dismissed by a volunteer", tell(author, gone)


def _say(signer: Signer, scope: str, draft: Draft, seq: int = 1, body: bytes = b"body") -> Change:
    prev = NO_PREV if seq == 1 else b"p" * 32
    place = Place(scope_id(cast.CITY, scope), seq, prev, cast.NOW_MS << 16)
    return cast.raw_change(signer, place, draft, body)
