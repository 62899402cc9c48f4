"""Trust as records: which device may act as what. Signed by enrolment keys of the city card.

A revocation names the last change of each stream that still counts, because wall clocks decide
nothing: what the device said before stays said, what it says after does not count anywhere.

A queue's sealing key can change too. `trust.keyed` names the new public key and carries its secret,
wrapped for each officer's device, so a queue goes on without an officer who was revoked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Final, Literal, NamedTuple

import msgspec

from shared_schema.crypto.sealing import HPKE_BYTES, QueueKey
from shared_schema.ids import device_id
from shared_schema.limits import KEY_NUMBER_MAX, KEYED_WRAPS_MAX
from shared_schema.records.appeal import Short
from shared_schema.records.hexes import HexBox, HexId, HexKey
from shared_schema.records.volunteer import NOBODY, Roll, RollAct, RollPayload, fold_roll

Role = Literal["newsroom", "desk"]
ROLES: Final = ("newsroom", "desk")
HexWrap = Annotated[str, msgspec.Meta(pattern=rf"^[0-9a-f]{{{2 * HPKE_BYTES}}}\Z")]


class Granted(msgspec.Struct, array_like=True, frozen=True):
    """`trust.granted`: the device with this public key has a role in the scope of this name."""

    public_key: HexKey
    role: Role
    scope: Short
    label: Short = ""
    box: HexBox = ""
    """The device's public box key (X25519); empty when it is of the first release."""


class Revoked(msgspec.Struct, array_like=True, frozen=True):
    """`trust.revoked`: it has not; its changes in the scope count up to `last_seq`."""

    device: HexId
    role: Role
    scope: Short
    last_seq: Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)] = 0


class Wrap(msgspec.Struct, array_like=True, frozen=True):
    """A queue's secret, wrapped for one device; see `sealing.wrap_queue_secret`."""

    device: HexId
    sealed: HexWrap


class Keyed(msgspec.Struct, array_like=True, frozen=True):
    """`trust.keyed`: a queue has this key under this number; its secret for these devices."""

    queue: Short
    number: Annotated[int, msgspec.Meta(ge=1, le=KEY_NUMBER_MAX)]
    public_key: HexKey
    wraps: Annotated[list[Wrap], msgspec.Meta(max_length=KEYED_WRAPS_MAX)]


GrantPayload = Granted | Revoked | Keyed
Payload = GrantPayload | RollPayload


class TrustAct(NamedTuple):
    """One authentic change of the trust scope that the policy accepts."""

    time: int
    device: bytes
    seq: int
    id: bytes
    payload: Payload
    received: int = 0
    """When the city received it, in Unix milliseconds; 0: not that we know."""


class HandedKey(NamedTuple):
    """A queue's key, and its secret as it was wrapped for devices, by device id."""

    public_key: bytes
    wraps: dict[bytes, tuple[bytes, ...]]


@dataclass(frozen=True, slots=True)
class Grants:
    """The fold of the trust scope: device and scope name to role, and cuts made by revocations."""

    roles: dict[tuple[bytes, str], Role]
    labels: dict[bytes, str]
    cuts: dict[tuple[bytes, str], int]
    boxes: dict[bytes, bytes]
    """Public box keys by device."""
    keys: dict[str, dict[int, HandedKey]]
    """By the name of a queue on the card, and key number."""
    roll: Roll = NOBODY
    """Volunteers, who have no role: they may read and write what a resident may."""

    def role(self, device: bytes, scope: str, seq: int | None = None) -> Role | None:
        """The role in which a device's change number `seq` counts; None asks about the future."""
        role = self.roles.get((device, scope))
        cut = self.cuts.get((device, scope))
        if role is None or (cut is not None and (seq is None or seq > cut)):
            return None
        return role

    def officers(self, scope: str) -> list[bytes]:
        """The devices that are a desk in this scope now."""
        here = (device for device, name in self.roles if name == scope)
        return sorted(device for device in here if self.role(device, scope) == "desk")

    def key_in_force(self, queue: str) -> QueueKey:
        """The key that is sealed to now: that with the highest number.

        Raises:
            KeyError: the card has no such queue.
        """
        number = max(self.keys[queue])
        return QueueKey(number, self.keys[queue][number].public_key)


def fold_trust(acts: Iterable[TrustAct], card: Mapping[str, QueueKey] | None = None) -> Grants:
    """The grants in force. A revocation is final for that device in that scope, in any role.

    Args:
        card: the queues of the city card with their keys, for who wants to know of those.
    """
    roles: dict[tuple[bytes, str], Role] = {}
    labels: dict[bytes, str] = {}
    cuts: dict[tuple[bytes, str], int] = {}
    boxes: dict[bytes, bytes] = {}
    keys = {
        queue: {key.number: HandedKey(key.public_key, {})} for queue, key in (card or {}).items()
    }
    about_volunteers: list[RollAct] = []
    for act in sorted(acts, key=lambda act: act[:4]):
        payload = act.payload
        if isinstance(payload, RollPayload):
            about_volunteers.append(RollAct(*act[:4], payload, act.received))
        elif isinstance(payload, Granted):
            device = device_id(bytes.fromhex(payload.public_key))
            roles[device, payload.scope] = payload.role
            labels[device] = payload.label
            if payload.box:
                boxes[device] = bytes.fromhex(payload.box)
        elif isinstance(payload, Keyed):
            _hand_out(keys.get(payload.queue), payload)
        else:
            key = (bytes.fromhex(payload.device), payload.scope)
            cuts[key] = min(cuts.get(key, payload.last_seq), payload.last_seq)
    roll = fold_roll(about_volunteers, lambda device, scope: (device, scope) in cuts)
    return Grants(roles, labels, cuts, boxes, keys, roll)


def _hand_out(keys: dict[int, HandedKey] | None, keyed: Keyed) -> None:
    """Add the wraps of an act; the first one of a number, or the card, has decided its key."""
    public_key = bytes.fromhex(keyed.public_key)
    if keys is None or keys.setdefault(keyed.number, HandedKey(public_key, {}))[0] != public_key:
        return
    wraps = keys[keyed.number].wraps
    for wrap in keyed.wraps:
        device, sealed = bytes.fromhex(wrap.device), bytes.fromhex(wrap.sealed)
        if sealed not in wraps.get(device, ()):
            wraps[device] = (*wraps.get(device, ()), sealed)
