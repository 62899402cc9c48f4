"""Judging one authentic change by its header: the policy table applied.

Pure: what is known about devices and records comes in as `Facts`, the verdict goes out. The server
calls it before storing, every client again before folding.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple, Protocol

from shared_schema.errors import MistoError
from shared_schema.ids import device_id
from shared_schema.records.kinds import (
    BY_NUMBER,
    SCOPE_WRITERS,
    Kind,
    Writer,
    decode_payload,
    scope_sort,
)
from shared_schema.records.volunteer import Joined, vouched
from shared_schema.sync.change import KNOWN_FLAGS, Change
from shared_schema.sync.statement import Reason, Status


class Verdict(NamedTuple):
    """How a change ends here."""

    status: Status
    reason: Reason


ACCEPTED = Verdict(Status.ACCEPTED, Reason.OK)
_NOT_ALLOWED = Verdict(Status.REFUSED, Reason.NOT_ALLOWED)


class Opening(NamedTuple):
    """What is known of a record: where it was opened, by whom, and where it was forwarded to."""

    scope: bytes
    device: bytes
    forwarded: frozenset[bytes] = frozenset()

    @property
    def scopes(self) -> frozenset[bytes]:
        """The scopes that hold the record: acts of it may be said there."""
        return self.forwarded | {self.scope}


Standing = Literal["unknown", "open", "closed"]
"""How an invitation stands towards a device that wants to join by it."""


class Facts(Protocol):
    """What the judge may ask."""

    def scope_name(self, scope: bytes) -> str | None:
        """The name of a scope of this city, or None."""

    def role(self, device: bytes, scope: str, seq: int) -> str | None:
        """The granted role in which this device's change number `seq` in the scope counts."""

    def officer(self, device: bytes, scope: str) -> bool:
        """Whether the device may hand on what this queue holds: it is a desk there.

        A server asks about this moment. A client asks whether it ever was one: what the city has
        accepted before the officer was revoked stays accepted.
        """

    def enrols(self, device: bytes) -> bool:
        """Whether the city card names this device as an enrolment key."""

    def invitation(self, key: bytes, device: bytes) -> Standing:
        """How the invitation with this id stands towards the device.

        A server asks about this moment: it is closed from its date on, and when it was taken up,
        or it or the device dismissed, or its author is no desk any more. A client asks what the
        city may have accepted: it is closed only when another device has joined by it.
        """

    def opening(self, record: bytes) -> Opening | None:
        """Who opened a record, if its opening change is known."""


def judge(change: Change, facts: Facts) -> Verdict:
    """The verdict on an authentic change: accepted, refused or held, with the reason."""
    name = facts.scope_name(change.scope)
    sort = scope_sort(name) if name is not None else None
    if name is None or sort is None:
        return Verdict(Status.REFUSED, Reason.UNKNOWN_SCOPE)
    kind = BY_NUMBER.get((change.kind, change.kind_version))
    if kind is None or change.flags & ~KNOWN_FLAGS:
        writers = SCOPE_WRITERS[sort]
        if not any(_may(writer, change, name, facts) for writer in writers):
            return Verdict(Status.REFUSED, Reason.NOT_ALLOWED)
        return Verdict(Status.HELD, Reason.NEWER)
    wrong = _form(kind, sort, change)
    if wrong is not None:
        return Verdict(Status.REFUSED, wrong)
    if kind.writer in ("officer", "invited"):
        return _of_volunteers(kind, change, facts)
    return _author(kind, change, name, facts)


def _form(kind: Kind, sort: str, change: Change) -> Reason | None:
    if kind.scope != sort:
        return Reason.NOT_ALLOWED
    if kind.sealed != change.sealed:
        return Reason.MUST_BE_SEALED if kind.sealed else Reason.MUST_BE_OPEN
    return None if kind.opens == change.opening else Reason.WRONG_RECORD


def _author(kind: Kind, change: Change, scope: str, facts: Facts) -> Verdict:
    if kind.writer not in ("opener", "holder") and not _may(kind.writer, change, scope, facts):
        return Verdict(Status.REFUSED, Reason.NOT_ALLOWED)
    if kind.opens:
        return ACCEPTED
    opening = facts.opening(change.record)
    if opening is None:
        return Verdict(Status.HELD, Reason.MISSING_PARENT)
    if kind.writer == "holder":
        holds = _holds(change.device, opening.scopes, facts)
        return ACCEPTED if holds else Verdict(Status.REFUSED, Reason.NOT_ALLOWED)
    if change.scope not in opening.scopes:
        return Verdict(Status.REFUSED, Reason.WRONG_RECORD)
    if kind.writer == "opener" and opening.device != change.device:
        return Verdict(Status.REFUSED, Reason.NOT_OPENER)
    return ACCEPTED


def _of_volunteers(kind: Kind, change: Change, facts: Facts) -> Verdict:
    """Who may say it depends on what is said: these are in the open, for everybody to check."""
    try:
        payload = decode_payload(kind, change.body)
    except MistoError:
        return Verdict(Status.REFUSED, Reason.BAD_PAYLOAD)
    if isinstance(payload, Joined):
        return _joins(payload, change, facts)
    return ACCEPTED if facts.officer(change.device, payload.scope) else _NOT_ALLOWED


def _joins(joined: Joined, change: Change, facts: Facts) -> Verdict:
    standing = facts.invitation(device_id(bytes.fromhex(joined.key)), change.device)
    if standing == "unknown":  # anybody could write such a thing, and everybody pulls trust first
        return Verdict(Status.DEFERRED, Reason.MISSING_PARENT)
    if standing == "closed" or not vouched(joined, change.scope, change.device):
        return _NOT_ALLOWED
    return ACCEPTED


def forwarded(
    opening: Opening, forwardings: Iterable[tuple[bytes, bytes]], facts: Facts
) -> Opening:
    """The opening with the scopes that these forwardings (device, scope) have added, in any order.

    Only a desk of a scope that holds the record hands it on, from there to the next.
    """
    left = set(forwardings)
    while found := {each for each in left if _holds(each[0], opening.scopes, facts)}:
        left -= found
        opening = opening._replace(forwarded=opening.forwarded | {scope for _, scope in found})
    return opening


def _holds(device: bytes, scopes: Iterable[bytes], facts: Facts) -> bool:
    names = (facts.scope_name(scope) for scope in scopes)
    return any(facts.officer(device, name) for name in names if name is not None)


def _may(writer: Writer, change: Change, scope: str, facts: Facts) -> bool:
    if writer == "anyone":
        return True
    if writer == "enrolment":
        return facts.enrols(change.device)
    return facts.role(change.device, scope, change.seq) == writer
