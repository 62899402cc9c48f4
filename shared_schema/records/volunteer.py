"""Volunteers as records: a desk invites, a device joins by the invitation, a desk dismisses.

An invitation is a key of its own: whoever has its secret, from a code on paper, may make one device
a volunteer of a district until a date. The device says so itself, in its own stream, and shows the
key's signature over itself. So an invitation is made and taken up without any network, and the
desk never has to hear which device is meant. A volunteer may read nothing that a resident may not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

import msgspec

from shared_schema.crypto.signing import JOIN_DOMAIN, Signer, verify
from shared_schema.ids import device_id
from shared_schema.records.appeal import Short
from shared_schema.records.hexes import HexId, HexKey, HexSignature
from shared_schema.records.place import Moment

_NOT_RECEIVED: Final = 2**63
"""What the city has received stands before all that only a courier has brought."""


class Invited(msgspec.Struct, array_like=True, frozen=True):
    """`trust.invited`: whoever has this key's secret may become a volunteer of the queue's desk."""

    key: HexKey
    """The invitation's own public key (Ed25519)."""
    scope: Short
    district: Short
    until_ms: Moment
    """Unix milliseconds: until when one may join by it, and until when one is a volunteer."""


class Joined(msgspec.Struct, array_like=True, frozen=True):
    """`trust.joined`: the author's device takes up the invitation to this key."""

    key: HexKey
    signature: HexSignature
    """By that key, over the trust scope and the author; see `vouch`."""


class Dismissed(msgspec.Struct, array_like=True, frozen=True):
    """`trust.dismissed`: this device is no volunteer of the queue's desk, and never will be again.

    An invitation's key is a device too: named here, it lets nobody in any more.
    """

    device: HexId
    scope: Short


RollPayload = Invited | Joined | Dismissed


class RollAct(NamedTuple):
    """One authentic, accepted change about volunteers; `received` is 0 while the city has not."""

    time: int
    device: bytes
    seq: int
    id: bytes
    payload: RollPayload
    received: int


class Invitation(NamedTuple):
    """An invitation that counts."""

    device: bytes
    """The id of its key."""
    scope: str
    district: str
    until_ms: int
    by: bytes
    """The officer's device."""


class Volunteer(NamedTuple):
    """A device that has joined. Whether it is a volunteer still, `Roll` tells."""

    device: bytes
    invitation: Invitation
    received: int
    """When the city heard of it, in Unix milliseconds; 0: it has not, or not as far as we know."""


class Roll(NamedTuple):
    """Who was invited, who has joined by which invitation, and who was dismissed."""

    invitations: dict[bytes, Invitation]
    """By the id of the invitation's key."""
    joined: dict[bytes, Volunteer]
    """By the same: an invitation lets one device in."""
    dismissed: frozenset[tuple[bytes, str]]
    """Devices and keys of invitations, each with the scope."""

    def ended(self, invitation: Invitation, device: bytes) -> bool:
        """Whether a desk has dismissed this device, or the invitation that it joined by."""
        scope = invitation.scope
        return not self.dismissed.isdisjoint({(invitation.device, scope), (device, scope)})

    def volunteer(self, device: bytes, at_ms: int) -> Volunteer | None:
        """As what a device is a volunteer at this moment; of several, what holds longest."""
        mine = (
            each
            for each in self.joined.values()
            if each.device == device
            and at_ms <= each.invitation.until_ms
            and not self.ended(each.invitation, device)
        )
        return max(mine, key=lambda each: each.invitation.until_ms, default=None)

    def open_to(self, key: bytes, device: bytes) -> bool:
        """Whether no other device has joined by an invitation that is known."""
        taken = self.joined.get(key)
        return taken is None or taken.device == device


NOBODY: Final = Roll({}, {}, frozenset())


def vouch(invitation: Signer, trust_scope: bytes, device: bytes) -> str:
    """The signature with which an invitation's key lets a device of a city in, in hex."""
    return invitation.sign(JOIN_DOMAIN, trust_scope + device).hex()


def vouched(joined: Joined, trust_scope: bytes, device: bytes) -> bool:
    """Whether the invitation's key really has let this device in, in this city."""
    key, signature = bytes.fromhex(joined.key), bytes.fromhex(joined.signature)
    return verify(key, signature, JOIN_DOMAIN, trust_scope + device)


def fold_roll(acts: Iterable[RollAct], is_cut: Callable[[bytes, str], bool]) -> Roll:
    """The roll that these acts make, in whatever order they came.

    Args:
        is_cut: whether the grant of this device in this scope was revoked. What such a device has
            invited or dismissed counts only if the city received it (a server does not accept it
            after the revocation); else a stolen device could go on among those without a network.
    """
    ordered = sorted(acts, key=lambda act: (act.received or _NOT_RECEIVED, *act[:4]))
    known = [act for act in ordered if _counts(act, is_cut)]
    invitations: dict[bytes, Invitation] = {}
    for act in known:
        if isinstance(act.payload, Invited):
            invitation = _invitation(act.payload, act.device)
            invitations.setdefault(invitation.device, invitation)
    joined: dict[bytes, Volunteer] = {}
    for act in known:
        if isinstance(act.payload, Joined):
            _join(joined, invitations.get(device_id(bytes.fromhex(act.payload.key))), act)
    said = (act.payload for act in known)
    dismissed = ((bytes.fromhex(e.device), e.scope) for e in said if isinstance(e, Dismissed))
    return Roll(invitations, joined, frozenset(dismissed))


def _counts(act: RollAct, is_cut: Callable[[bytes, str], bool]) -> bool:
    if isinstance(act.payload, Joined) or act.received:
        return True
    return not is_cut(act.device, act.payload.scope)


def _invitation(invited: Invited, by: bytes) -> Invitation:
    key = device_id(bytes.fromhex(invited.key))
    return Invitation(key, invited.scope, invited.district, invited.until_ms, by)


def _join(joined: dict[bytes, Volunteer], invitation: Invitation | None, act: RollAct) -> None:
    """The first one counts; one that the city received after the date does not."""
    if invitation is not None and act.received <= invitation.until_ms:
        volunteer = Volunteer(act.device, invitation, act.received)
        joined.setdefault(invitation.device, volunteer)
