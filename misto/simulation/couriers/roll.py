"""Volunteers of the town: invited on paper, joined without a network, some of them dismissed."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Final, NamedTuple

from client.services.errors import InvitationClosed
from client.services.notes import Notes
from client.services.volunteers import Volunteers
from misto.simulation.couriers.walker import Walker
from misto.simulation.device import Device
from shared_schema.ids import queue_scope

_UNTIL_MS: Final = 2_800_000_000_000
"""Late enough for the clock that is nine years ahead."""


class Code(NamedTuple):
    """An invitation on a piece of paper."""

    id: str
    text: str
    invited: frozenset[bytes]
    """The id of the change that says so."""


class Joining(NamedTuple):
    """A device that has joined by an invitation; whether it was the first, the city decides."""

    code: Code
    walker: Walker
    said: frozenset[bytes]


class Dismissal(NamedTuple):
    """Who is no volunteer any more, and the changes that say so."""

    device: bytes
    name: str
    said: frozenset[bytes]


@dataclass(slots=True)
class Roll:
    """Invitations, joinings and dismissals, as they were said."""

    desk: Walker
    codes: list[Code] = field(default_factory=list)
    joined: list[Joining] = field(default_factory=list)
    dismissed: list[Dismissal] = field(default_factory=list)

    def invite(self, _: Device, dice: Random, number: int) -> None:
        """A desk writes an invitation."""
        before = self.desk.own()
        scope = queue_scope(self.desk.replica.card.main_queue)
        code = volunteers(self.desk).invite(scope, "Поділ", _UNTIL_MS, f"{number}")
        said = frozenset(self.desk.own() - before)
        self.codes.append(Code(code.signer().device.hex(), code.text, said))

    def join(self, walker: Device, dice: Random, number: int) -> None:
        """A courier types in a code; now and then one that somebody else has used."""
        if not self.codes or not isinstance(walker, Walker):
            return
        code = self.codes[-1] if dice.random() < 0.8 else dice.choice(self.codes)
        if any(each.walker is walker for each in self.joined):
            return
        before = walker.own()
        try:
            volunteers(walker).join(code.text)
        except InvitationClosed:
            return
        said = frozenset(walker.own() - before)
        walker.joinings |= said
        self.joined.append(Joining(code, walker, said))

    def contested(self) -> frozenset[bytes]:
        """Joinings by a code that several have used: who has, believes in no other."""
        used = [each.code for each in self.joined]
        return frozenset().union(*(each.said for each in self.joined if used.count(each.code) > 1))

    def dismiss(self, _: Device, dice: Random, number: int) -> None:
        """A desk takes an invitation back; who has joined by it goes with it, if it is known."""
        views = {each.id: each for each in volunteers(self.desk).invited()}
        found = (views[code.id] for code in self.codes if views[code.id].state == "joined")
        view = next(found, None)
        if view is None:
            return
        before = self.desk.own()
        volunteers(self.desk).dismiss(view.id)
        device = bytes.fromhex(view.device)
        name = next(each.walker.name for each in self.joined
                    if each.walker.replica.device == device)  # fmt: skip
        self.dismissed.append(Dismissal(device, name, frozenset(self.desk.own() - before)))


def volunteers(walker: Walker) -> Volunteers:
    """A device's own service."""
    return Volunteers(walker.replica, Notes(walker.replica))
