"""Trust as records: which device may act as what. Signed by enrolment keys of the city card.

A revocation names the last change of each stream that still counts, because wall clocks decide
nothing: what the device said before stays said, what it says after does not count anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Final, Literal, NamedTuple

import msgspec

from shared_schema.ids import ID_BYTES, PUBLIC_KEY_BYTES, device_id
from shared_schema.records.appeal import Short

Role = Literal["newsroom", "desk"]
ROLES: Final = ("newsroom", "desk")
HexKey = Annotated[str, msgspec.Meta(pattern=f"^[0-9a-f]{{{2 * PUBLIC_KEY_BYTES}}}$")]
HexId = Annotated[str, msgspec.Meta(pattern=f"^[0-9a-f]{{{2 * ID_BYTES}}}$")]


class Granted(msgspec.Struct, array_like=True, frozen=True):
    """`trust.granted`: the device with this public key has a role in the scope of this name."""

    public_key: HexKey
    role: Role
    scope: Short
    label: Short = ""


class Revoked(msgspec.Struct, array_like=True, frozen=True):
    """`trust.revoked`: it has not; its changes in the scope count up to `last_seq`."""

    device: HexId
    role: Role
    scope: Short
    last_seq: Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)] = 0


Payload = Granted | Revoked


class TrustAct(NamedTuple):
    """One authentic change of the trust scope by an enrolment key."""

    time: int
    device: bytes
    seq: int
    id: bytes
    payload: Payload


@dataclass(frozen=True, slots=True)
class Grants:
    """The fold of the trust scope: device and scope name to role, and cuts made by revocations."""

    roles: dict[tuple[bytes, str], Role]
    labels: dict[bytes, str]
    cuts: dict[tuple[bytes, str], int]

    def role(self, device: bytes, scope: str, seq: int | None = None) -> Role | None:
        """The role in which a device's change number `seq` counts; None asks about the future."""
        role = self.roles.get((device, scope))
        cut = self.cuts.get((device, scope))
        if role is None or (cut is not None and (seq is None or seq > cut)):
            return None
        return role


def fold_trust(acts: Iterable[TrustAct]) -> Grants:
    """The grants in force. A revocation is final for that device in that scope, in any role."""
    roles: dict[tuple[bytes, str], Role] = {}
    labels: dict[bytes, str] = {}
    cuts: dict[tuple[bytes, str], int] = {}
    for act in sorted(acts, key=lambda act: (act.time, act.device, act.seq, act.id)):
        payload = act.payload
        if isinstance(payload, Granted):
            device = device_id(bytes.fromhex(payload.public_key))
            roles[device, payload.scope] = payload.role
            labels[device] = payload.label
        else:
            key = (bytes.fromhex(payload.device), payload.scope)
            cuts[key] = min(cuts.get(key, payload.last_seq), payload.last_seq)
    return Grants(roles, labels, cuts)
