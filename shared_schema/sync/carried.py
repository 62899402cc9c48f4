"""What a courier checks before it stores a request or a reply of somebody else.

It judges no change and opens no seal. One signature a request says that its sender made exactly
these bytes; one signature a reply says that the city made this statement about exactly this
request. The context of that statement is computed from the stored request, whose wants all ask for
their digests in full, so that nothing only its sender knows is needed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from shared_schema.errors import ProtocolError
from shared_schema.ids import MAIL, device_id, feed_id
from shared_schema.limits import (
    BUNDLE_CHANGES_MAX,
    CARRIED_UNPACKED_RATIO_MAX,
    SECTION_UNPACKED_BYTES_MAX,
)
from shared_schema.sync.bundle import (
    Bounds,
    Request,
    Want,
    decode_reply,
    decode_request,
    encode_reply,
)
from shared_schema.sync.change import OWN, URGENCY_MAX, URGENCY_SHIFT
from shared_schema.sync.compose import Outgoing, SentRun
from shared_schema.sync.receive import Answer, Held, Settled, read_reply
from shared_schema.sync.run import Run, rebuild
from shared_schema.sync.statement import Status

_UNPACKED_BYTES_FREE: Final = 64 * 1024
_ENDS: Final = (Status.ACCEPTED, Status.REFUSED, Status.HELD)


class OtherCity(ProtocolError):
    """It belongs to another city: none of its scopes is one of ours."""

    code = "other_city"


class NothingToCarry(ProtocolError):
    """A request that offers nothing and asks for no mail: carrying it helps nobody."""

    code = "nothing_to_carry"


class CarriedRequest(NamedTuple):
    """A request that a courier may store."""

    outgoing: Outgoing
    sender: bytes
    urgency: int
    """The highest of its changes."""
    newest: int = 0
    """The time (`hlc`) of its sender's last own change in it; 0 when there is none."""

    @property
    def ids(self) -> frozenset[bytes]:
        """The ids of the changes that it offers."""
        return frozenset(each for run in self.outgoing.runs for each in run.ids)

    @property
    def changes(self) -> int:
        """How many changes it offers."""
        return sum(len(run.ids) for run in self.outgoing.runs)


class CarriedReply(NamedTuple):
    """A reply that a courier may store."""

    answer: Answer
    done: bool
    """Whether every change of the request has its end: accepted, refused or held."""

    @property
    def said(self) -> int:
        """How much it says to its addressee alone: verdicts that are an end, and mail.

        The same request that is posted again gets a newer reply, which need not say more.
        """
        ended = sum(each.status in _ENDS for each in self.answer.settled)
        return ended + sum(each.feed == MAIL for each in self.answer.arrivals)


def bounds_for(raw: bytes, changes: int = BUNDLE_CHANGES_MAX) -> Bounds:
    """How far a carried bundle is unpacked: honest ones never grow by more than a few times."""
    unpacked = _UNPACKED_BYTES_FREE + CARRIED_UNPACKED_RATIO_MAX * len(raw)
    return Bounds(min(changes, BUNDLE_CHANGES_MAX), min(unpacked, SECTION_UNPACKED_BYTES_MAX))


def read_carried(raw: bytes) -> CarriedRequest:
    """A request rebuilt from its own bytes: what receipts and heads of its reply are about.

    One signature check, and a hash for each change; whether the changes are authentic is for the
    server to judge.

    Raises:
        TooLarge, BadSignature, ProtocolError: see `bundle.decode_request`.
    """
    return rebuilt(raw, decode_request(raw, bounds_for(raw)))


def rebuilt(raw: bytes, request: Request) -> CarriedRequest:
    """The same of a request that is decoded already: the costly half.

    Raises:
        ProtocolError: a run's frame is malformed.
    """
    runs: list[SentRun] = []
    urgency = newest = 0
    for section in request.sections:
        for run in section.runs:
            runs.append(_sent(run, device_id(request.keys[run.device])))
            urgency = max(urgency, *map(_urgency, run.parts), 0)
            if request.keys[run.device] == request.sender_key:
                newest = max(newest, *map(_time, run.parts), 0)
    outgoing = Outgoing(raw, request.id, tuple(request.wants), tuple(runs))
    return CarriedRequest(outgoing, request.sender, urgency, newest)


def check_request(raw: bytes, scopes: Collection[bytes]) -> Request:
    """What a courier checks before it stores a request. `scopes` are the ids of its city's scopes.

    Raises:
        OtherCity: it offers changes, and none of them is of this city.
        NothingToCarry: it offers none and asks for no mail.
        TooLarge, BadSignature, ProtocolError: see `bundle.decode_request`.
    """
    request = decode_request(raw, bounds_for(raw))
    runs = [run for section in request.sections for run in section.runs if run.parts]
    if runs and not any(run.scope in scopes for run in runs):
        raise OtherCity("request")
    if not runs and not any(want.feed == MAIL for want in request.wants):
        raise NothingToCarry("request")
    return request


def check_reply(
    raw: bytes,
    request: CarriedRequest,
    city: bytes,
    server_keys: Sequence[bytes],
    changes_max: int = BUNDLE_CHANGES_MAX,
) -> CarriedReply:
    """What a courier checks before it stores the reply to a request that it has.

    Raises:
        BadSignature: the statement is not this city's, not about this request, or leaves out a
            digest that only the sender could know.
        TooLarge, ProtocolError: see `receive.read_reply`.
    """
    asked = request.outgoing
    held = {want.feed: _unknown(city, want, request.sender) for want in asked.wants}
    answer = read_reply(raw, asked, held, server_keys, bounds_for(raw, changes_max))
    return CarriedReply(answer, covers(answer.settled, request.ids))


def covers(settled: Sequence[Settled], ids: Collection[bytes]) -> bool:
    """Whether these verdicts are an end for each of these changes."""
    return set(ids) <= {each.id for each in settled if each.status in _ENDS}


def replaces(newer: CarriedRequest, older: CarriedRequest) -> bool:
    """Whether one request makes another of the same sender needless.

    It offers all that the other offers, and knows at least as much of every feed.
    """
    if newer.sender != older.sender or not newer.ids >= older.ids:
        return False
    tops = {want.feed: want.top for want in newer.outgoing.wants}
    return all(tops.get(want.feed, -1) >= want.top for want in older.outgoing.wants)


def outlives(newer: CarriedRequest, done: CarriedRequest) -> bool:
    """Whether a request of the same sender brings it all that one which is done still could.

    It was made later, so what it does not offer again of the other's changes has its verdict with
    the sender already, and what it does offer gets it again; and it asks for the mail, too. Times
    of one device's own changes only grow, whatever its clock does.
    """
    mail = any(want.feed == MAIL for want in newer.outgoing.wants)
    later = not done.ids or newer.newest > done.newest
    return newer.sender == done.sender and mail and later


def _sent(run: Run, device: bytes) -> SentRun:
    ids = tuple(hashlib.sha256(raw).digest() for raw in rebuild(run, device))
    return SentRun(run.scope, device, run.seq, ids)


def _urgency(part: bytes) -> int:
    """The urgency of a change, from the first byte of its own part."""
    return part[0] >> URGENCY_SHIFT & URGENCY_MAX if part else 0


def _time(part: bytes) -> int:
    """The time of a change, from its own part."""
    return int(OWN.unpack_from(part)[1]) if len(part) >= OWN.size else 0


def _unknown(city: bytes, want: Want, sender: bytes) -> Held:
    """A digest that is left out cannot be known here: with none the statement does not verify."""
    return Held(feed_id(city, want.feed, sender), b"")


def receipts_only(raw: bytes) -> bytes:
    """A reply without the changes beside its statement: for a courier that has no room for more.

    Raises:
        TooLarge, ProtocolError: see `bundle.decode_reply`.
    """
    reply = decode_reply(raw)
    return encode_reply((), [], reply.statement, reply.signature)
