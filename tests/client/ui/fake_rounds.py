"""The volunteers and the round of a fake device."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from client.services.courier.types import Cleared, CourierState
from client.services.rounds.types import HandedIn, Light, Mark, Missing, RoundView, StopView
from client.services.volunteers import InvitedView, Membership
from shared_schema.crypto.signing import Signer
from shared_schema.crypto.slip import Slip
from shared_schema.ids import TRUST, scope_id
from shared_schema.records.kinds import BY_NAME, encode_payload
from shared_schema.records.volunteer import Invited
from shared_schema.sync.change import NO_PREV, Draft, Place, finish, header_of
from shared_schema.sync.invitation import Enclosed, InvitationCode
from tests.client.ui.samples import HOUR, NOW

if TYPE_CHECKING:
    from tests.client.ui.fake import FakeDevice

DISTRICT = "Центр"
UNTIL = NOW + 30 * 24 * HOUR
MEMBER = Membership("in_force", DISTRICT, UNTIL, "queue/general")
EMPTY = CourierState(0, 0, 32 * 1024 * 1024, 0, 0, 0, None, 0)


def stop(identity: str = "aa01", **more: object) -> StopView:
    """A door."""
    given = {"street": "вул. Садова", "building": "5", "mark": "", "marked_ms": 0, "note": "",
             "waiting": 0, "replies": 0, **more}  # fmt: skip
    return StopView(identity, **given)  # type: ignore[arg-type]


def invited(identity: str = "ab" * 16, **more: object) -> InvitedView:
    """An invitation."""
    given = {"scope": "queue/general", "district": DISTRICT, "until_ms": UNTIL, "state": "open",
             "device": "", "name": "Оля", "confirmed": False, **more}  # fmt: skip
    return InvitedView(identity, **given)  # type: ignore[arg-type]


def code(district: str, until_ms: int) -> InvitationCode:
    """A code of a city that there is nowhere."""
    desk, city = Signer(b"d" * 32), b"c" * 16
    payload = Invited("ab" * 32, "queue/general", district, until_ms)
    kind = BY_NAME["trust.invited"]
    place = Place(scope_id(city, TRUST), 1, NO_PREV, NOW << 16)
    header = header_of(desk.device, place, Draft(kind.number, 1, None, False))
    change = finish(desk, header, encode_payload(payload, sealed=False))
    return InvitationCode(Slip(b"s" * 10, city), Enclosed(desk.public_key, change))


@dataclass
class FakeVolunteers:
    """Inviting, and being one."""

    device: FakeDevice
    mine: Membership | None = None
    items: list[InvitedView] = field(default_factory=list)
    joins: list[str] = field(default_factory=list)

    def queues(self) -> list[str]:
        """Those of its roles."""
        return sorted(scope for role, scope in self.device.granted if role == "desk")

    def invite(self, scope: str, district: str, until_ms: int, name: str) -> InvitationCode:
        """One more."""
        self.device.check()
        new = invited(self.device.next_record(), scope=scope, district=district,
                      until_ms=until_ms, name=name)  # fmt: skip
        self.items.insert(0, new)
        return code(district, until_ms)

    def invited(self) -> list[InvitedView]:
        """All."""
        return [*self.items]

    def dismiss(self, reference: str) -> InvitedView:
        """It ends."""
        self.device.check()
        (at,) = (n for n, each in enumerate(self.items) if each.id == reference)
        self.items[at] = dataclasses.replace(self.items[at], state="dismissed")
        return self.items[at]

    def join(self, text: str) -> Membership:
        """By whatever was typed."""
        self.device.check()
        self.joins.append(text)
        self.mine = dataclasses.replace(MEMBER, state="provisional")
        return self.mine

    def membership(self) -> Membership | None:
        """As told."""
        return self.mine


@dataclass
class FakeRounds:
    """Doors in a list."""

    device: FakeDevice
    stops: list[StopView] = field(default_factory=list)
    here: str = ""
    missing: tuple[Missing, ...] = ()
    carried: CourierState = EMPTY
    loose: tuple[str, ...] = ()
    handed_over: list[str] = field(default_factory=list)
    result: HandedIn = field(default_factory=lambda: HandedIn(2, Cleared(2, 900, 1, 0, 1, 0, 0)))

    def view(self) -> RoundView:
        """As it is."""
        slips = tuple(each.sender for each in self.device.doorstep.kept)
        lost = (Missing("slips", len(slips)),) if slips else ()
        return RoundView(tuple(self.stops), self.here, Light((*self.missing, *lost)),
                         self.carried, self.loose, slips)  # fmt: skip

    def add(self, street: str, building: str) -> str:
        """One more."""
        self.device.check()
        new = stop(self.device.next_record(), street=street, building=building)
        self.stops.append(new)
        return new.id

    def from_district(self, district: str) -> int:
        """Two of them."""
        for number in ("1", "2"):
            self.add(f"вул. {district}", number)
        return 2

    def stand_at(self, identity: str) -> None:
        """Here, or nowhere."""
        self.here = identity

    def mark(self, identity: str, mark: Mark) -> None:
        """What was found."""
        self.device.check()
        self._change(identity, mark=mark, marked_ms=NOW if mark else 0)

    def note(self, identity: str, text: str) -> None:
        """What is written down."""
        self.device.check()
        self._change(identity, note=text)

    def take_back(self, senders: Sequence[str]) -> None:
        """Due again."""
        self.device.check()
        self.handed_over = [each for each in self.handed_over if each not in senders]
        self.loose = tuple(each for each in senders if not each.startswith("sender"))
        for each in senders:
            self._change(each.removeprefix("sender of "), replies=1)

    def remove(self, identity: str) -> None:
        """Off the list."""
        self.stops = [each for each in self.stops if each.id != identity]

    def senders_at(self, identity: str) -> list[str]:
        """One behind each door."""
        return [f"sender of {identity}"]

    def handed(self, senders: Sequence[str]) -> int:
        """Nothing is due any more."""
        self.handed_over += senders
        self.loose = tuple(each for each in self.loose if each not in senders)
        self.stops = [
            dataclasses.replace(each, replies=0) if f"sender of {each.id}" in senders else each
            for each in self.stops
        ]
        return len(senders)

    def hand_in(self) -> HandedIn:
        """All that can go is gone."""
        self.device.check()
        return self.result

    def _change(self, identity: str, **more: object) -> None:
        self.stops = [
            dataclasses.replace(each, **more) if each.id == identity else each  # type: ignore[arg-type]
            for each in self.stops
        ]
