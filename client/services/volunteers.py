"""Volunteers: a desk invites and dismisses them, a device joins; all of it without any network.

What is said about them is public and names nobody. Whom a desk means by an invitation it may write
down beside it, in a sealed note of the device that invited.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import msgspec

from client.services.authoring import save
from client.services.city_time import at_least_ms
from client.services.errors import InvitationClosed, NotAllowed, UnknownRecord
from client.services.notes import Notes
from client.services.replica import Replica
from client.storage.log import State, append_own, author_number, known_rows
from shared_schema.crypto.signing import Signer
from shared_schema.crypto.slip import new_slip
from shared_schema.ids import TRUST, device_id
from shared_schema.records.kinds import BY_NAME, decode_payload
from shared_schema.records.volunteer import Dismissed, Invitation, Invited, Joined, Roll, vouch
from shared_schema.sync.change import decode
from shared_schema.sync.invitation import Enclosed, InvitationCode, read_code

InvitedState = Literal["open", "joined", "past", "dismissed"]
MemberState = Literal["in_force", "provisional", "unheard", "past", "dismissed", "taken", "refused"]
_BEST_FIRST: Final[tuple[MemberState, ...]] = MemberState.__args__  # type: ignore[attr-defined]
_NAMES: Final = "volunteers"
_NAMES_MAX: Final = 1_000
_JOINED: Final = BY_NAME["trust.joined"]
_OWN_JOINED: Final = (
    "SELECT raw, state FROM changes WHERE author = 1 AND scope = ?"
    f" AND kind = {_JOINED.number} ORDER BY seq"
)


class _Names(msgspec.Struct, frozen=True):
    """Whom the desk's person means, by the invitation's id in hex."""

    names: dict[str, str] = msgspec.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InvitedView:
    """An invitation as a desk of its queue sees it."""

    id: str
    """The id of its key in hex: what `dismiss` takes."""
    scope: str
    district: str
    until_ms: int
    state: InvitedState
    device: str
    """Who has joined by it, in hex; empty when nobody has."""
    name: str
    """Whom the person at this device meant; written down nowhere else."""
    confirmed: bool
    """Whether the city has received the joining."""


@dataclass(frozen=True, slots=True)
class Membership:
    """As what this device is a volunteer, or why it is none."""

    state: MemberState
    """in_force: the city has received it. provisional: it counts here, and with who hears of it,
    until the city has decided. unheard: the invitation has not come yet (the code was typed)."""
    district: str = ""
    until_ms: int = 0
    scope: str = ""

    @property
    def holds(self) -> bool:
        """Whether this device acts as a volunteer now."""
        return self.state in ("in_force", "provisional")


def _best_first(membership: Membership) -> tuple[int, int]:
    return _BEST_FIRST.index(membership.state), -membership.until_ms


class Volunteers:
    """What a desk and a volunteer's device may do. All is saved durably before it is returned."""

    def __init__(self, replica: Replica, notes: Notes) -> None:
        self._replica = replica
        self._notes = notes

    def queues(self) -> list[str]:
        """The scopes for which this device may invite."""
        return sorted(scope for role, scope in self._replica.roles() if role == "desk")

    def invite(self, scope: str, district: str, until_ms: int, name: str = "") -> InvitationCode:
        """Let one device become a volunteer of a district. The code is shown now and never again.

        Args:
            until_ms: Unix milliseconds.
            name: for this device's own list; it is said to nobody.

        Raises:
            NotAllowed: this device is no desk there. PayloadError: the district is too long.
        """
        if scope not in self.queues():
            raise NotAllowed("desk")
        slip = new_slip(self._replica.card.city)
        key = InvitationCode(slip).signer()
        payload = Invited(key.public_key.hex(), scope, district, until_ms)
        change = save(self._replica, payload, scope=TRUST)
        if name:
            self._name(key.device.hex(), name)
        return InvitationCode(slip, Enclosed(self._replica.signer.public_key, change))

    def invited(self) -> list[InvitedView]:
        """All invitations of this desk's queues, the one that holds longest first.

        Raises:
            NotAllowed: this device is no desk.
        """
        queues = self.queues()
        if not queues:
            raise NotAllowed("desk")
        roll, names = self._replica.grants.roll, self._names()
        found = (each for each in roll.invitations.values() if each.scope in queues)
        ordered = sorted(found, key=lambda each: (-each.until_ms, each.district, each.device))
        return [self._view(each, roll, names) for each in ordered]

    def dismiss(self, reference: str) -> InvitedView:
        """End an invitation and whoever has joined by it, for good.

        Args:
            reference: the beginning of the invitation's id or of the device's, in hex.

        Raises:
            NotAllowed: this device is no desk. UnknownRecord: it names none, or several.
        """
        found = [
            each
            for each in self.invited()
            if reference and (each.id.startswith(reference) or each.device.startswith(reference))
        ]
        if len(found) != 1:
            raise UnknownRecord(reference)
        (view,) = found
        with self._replica.store.writing():
            for device in filter(None, (view.id, view.device)):
                save(self._replica, Dismissed(device, view.scope), scope=TRUST)
        return next(each for each in self.invited() if each.id == view.id)

    def join(self, text: str) -> Membership:
        """Become a volunteer by a code, in words or as it was scanned.

        Raises:
            MistoError: see `invitation.read_code`.
            InvitationClosed: another device has joined by it, or it was dismissed.
        """
        code, key = read_code(text, self._replica.card.city)
        self._check_open(key.device)
        with self._replica.store.writing() as connection:
            if code.enclosed is not None:
                public_key, change = code.enclosed
                if change.id not in known_rows(connection, [change.id]):
                    append_own(connection, change, author_number(connection, public_key))
            if key.device not in {device_id(bytes.fromhex(e.key)) for e, _ in self._own_joined()}:
                self._say_joined(key)
        self._replica.forget_grants()
        return self._membership(key.device, False)

    def membership(self) -> Membership | None:
        """As what this device is a volunteer; None when it has never joined."""
        found = [
            self._membership(device_id(bytes.fromhex(joined.key)), refused)
            for joined, refused in self._own_joined()
        ]
        return min(found, key=_best_first, default=None)

    def is_volunteer(self, device: bytes) -> bool:
        """Whether another device is a volunteer, as far as this one has heard.

        Until the date, by `city_time.at_least_ms`.
        """
        return self._replica.grants.roll.volunteer(device, at_least_ms(self._replica)) is not None

    def _say_joined(self, key: Signer) -> None:
        replica = self._replica
        signature = vouch(key, replica.scopes.id_of[TRUST], replica.device)
        save(replica, Joined(key.public_key.hex(), signature), scope=TRUST)

    def _check_open(self, key: bytes) -> None:
        roll = self._replica.grants.roll
        known = roll.invitations.get(key)
        if known is None:
            return
        if roll.ended(known, self._replica.device) or not roll.open_to(key, self._replica.device):
            raise InvitationClosed

    def _own_joined(self) -> Iterator[tuple[Joined, bool]]:
        """What this device has said, and whether the city has refused it."""
        rows = self._replica.store.rows(_OWN_JOINED, (self._replica.scopes.id_of[TRUST],))
        for raw, state in rows:
            yield decode_payload(_JOINED, decode(raw).body), state == State.REFUSED

    def _membership(self, key: bytes, refused: bool) -> Membership:
        roll = self._replica.grants.roll
        invitation = roll.invitations.get(key)
        if invitation is None:
            return Membership("refused" if refused else "unheard")
        state = self._member_state(roll, invitation, refused)
        return Membership(state, invitation.district, invitation.until_ms, invitation.scope)

    def _member_state(self, roll: Roll, invitation: Invitation, refused: bool) -> MemberState:
        mine = roll.joined.get(invitation.device)
        if roll.ended(invitation, self._replica.device):
            return "dismissed"
        if mine is not None and mine.device != self._replica.device:
            return "taken"
        if refused or mine is None:
            return "refused"
        if at_least_ms(self._replica) > invitation.until_ms:
            return "past"
        return "in_force" if mine.received else "provisional"

    def _view(self, invitation: Invitation, roll: Roll, names: dict[str, str]) -> InvitedView:
        joined = roll.joined.get(invitation.device)
        device = joined.device if joined else b""
        identity = invitation.device.hex()
        state: InvitedState = "joined" if joined else "open"
        if roll.ended(invitation, device):
            state = "dismissed"
        elif at_least_ms(self._replica) > invitation.until_ms:
            state = "past"
        return InvitedView(
            identity, invitation.scope, invitation.district, invitation.until_ms, state,
            device.hex(), names.get(identity, ""), bool(joined and joined.received),
        )  # fmt: skip

    def _names(self) -> dict[str, str]:
        return (self._notes.get(_NAMES, _Names) or _Names()).names

    def _name(self, key: str, name: str) -> None:
        names = {**self._names(), key: name}
        self._notes.put(_NAMES, _Names(dict(list(names.items())[-_NAMES_MAX:])))
