"""Vectors of volunteers: who is invited, who has joined, and who is one no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from shared_schema.crypto.signing import Signer
from shared_schema.ids import TRUST, scope_id
from shared_schema.records.trust import Granted, Revoked, TrustAct, fold_trust
from shared_schema.records.volunteer import Dismissed, Invited, Joined, vouch
from shared_schema.sync.change import Change
from tests.vectors import cast
from tests.vectors.told import Told

INVITATION: Final = Signer(bytes(range(60, 92)))
"""The key of an invitation; whoever has the code has its seed."""
OTHER: Final = Signer(bytes(range(61, 93)))
_MS: Final = cast.NOW_MS
_DAY: Final = 86_400_000
UNTIL: Final = _MS + 30 * _DAY


def invited(key: Signer = INVITATION, until_ms: int = UNTIL, district: str = "Поділ") -> Invited:
    """An invitation to the main queue's volunteers."""
    return Invited(key.public_key.hex(), cast.GENERAL, district, until_ms)


def joined(who: Signer, key: Signer = INVITATION) -> Joined:
    """A device takes it up."""
    return Joined(key.public_key.hex(), vouch(key, scope_id(cast.CITY, TRUST), who.device))


def changes() -> list[Change]:
    """A desk invites, the author's device joins, the desk dismisses it."""
    desk, author = cast.Hand(cast.DESK, TRUST), cast.Hand(cast.AUTHOR, TRUST, cast.NOW_MS + 50)
    desk.say(invited())
    author.say(joined(cast.AUTHOR))
    desk.say(Dismissed(cast.AUTHOR.device.hex(), cast.GENERAL))
    return [desk.changes[0], *author.changes, desk.changes[1]]


def rolls() -> dict[str, list[Told]]:
    """Acts by what they show."""
    grant = _grant(1, cast.DESK)
    invite = Told("desk", 1, _MS + 5, _MS + 50, invited())
    join = Told("author", 1, _MS + 9, None, joined(cast.AUTHOR))
    received = Told("author", 1, _MS + 9, _MS + 60, joined(cast.AUTHOR))
    other = Told("stranger", 1, _MS + 7, None, joined(cast.STRANGER))
    gone = Told("enrolment", 2, _MS + 80, _MS + 80, _revoked(cast.DESK))
    return {
        "invited, and joined without a network": [grant, invite, join],
        "a code used twice: the earlier one, while the city has heard of neither": [
            grant, invite, join, other,
        ],
        "a code used twice: what the city has received stands first": [
            grant, invite, received, other,
        ],
        "joined, and nobody has heard of the invitation": [grant, join],
        "received after the date": [
            grant, invite, Told("author", 1, _MS, UNTIL + 1, joined(cast.AUTHOR)),
        ],
        "the device is dismissed, whatever the order": [
            grant, invite, received, _dismissed(2, cast.AUTHOR),
            Told("desk", 3, _MS + 99, _MS + 99, invited(OTHER)),
            Told("author", 2, _MS + 100, _MS + 100, joined(cast.AUTHOR, OTHER)),
        ],
        "the invitation is dismissed, and with it who joined": [
            grant, invite, received, _dismissed(2, INVITATION),
        ],
        "a second invitation, for longer": [
            grant, invite, received,
            Told("desk", 2, _MS + 70, _MS + 70, invited(OTHER, UNTIL + _DAY, "Оболонь")),
            Told("author", 2, _MS + 90, _MS + 90, joined(cast.AUTHOR, OTHER)),
        ],
        "an invitation told again with other words changes nothing": [
            grant, invite, received, _grant(3, cast.SECOND_DESK),
            Told("desk2", 1, _MS + 1, None, invited(district="Центр", until_ms=UNTIL + _DAY)),
        ],
        "a desk is revoked: what the city had received of it stays": [
            grant, invite, received, gone,
        ],
        "a desk is revoked: what only a courier brings of it counts for nothing": [
            grant, gone, Told("desk", 1, _MS + 5, None, invited()), join,
            _dismissed(2, cast.AUTHOR, None),
        ],
    }  # fmt: skip


def state_of(acts: Sequence[Mapping[str, Any]]) -> object:
    """What the code under test makes of acts."""
    roll = fold_trust(TrustAct(**act) for act in acts).roll
    return {
        "invitations": {
            key.hex(): [each.scope, each.district, each.until_ms, each.by.hex()]
            for key, each in roll.invitations.items()
        },
        "joined": {key.hex(): each.device.hex() for key, each in roll.joined.items()},
        "volunteers": sorted(
            [each.device.hex(), each.invitation.district, each.invitation.until_ms]
            for each in roll.joined.values()
            if not roll.ended(each.invitation, each.device)
        ),
    }


def _grant(seq: int, desk: Signer) -> Told:
    return Told("enrolment", seq, _MS, _MS, Granted(desk.public_key.hex(), "desk", cast.GENERAL))


def _revoked(desk: Signer) -> Revoked:
    return Revoked(desk.device.hex(), "desk", cast.GENERAL, 9)


def _dismissed(seq: int, who: Signer, received: int | None = _MS + 70) -> Told:
    return Told("desk", seq, _MS + 70, received, Dismissed(who.device.hex(), cast.GENERAL))
