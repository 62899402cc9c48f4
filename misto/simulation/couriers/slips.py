"""Appeals that volunteers take at doors, and the slips of paper by which they are claimed later.

A slip is a device of its own, so in the record of paths it has a name of its own. What was said
with it travels in what is carried; what came back to it is read wherever somebody types its words.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from client.services.doorstep.carrying import NoRoom
from client.services.doorstep.claim import Claimed
from client.services.doorstep.doorstep import Doorstep
from client.services.notes import Notes
from client.services.types import AppealView
from client.storage import carried
from misto.simulation.acts import PRIVATE
from misto.simulation.couriers.paths import Load, Paths
from misto.simulation.couriers.walker import Walker
from shared_schema.errors import MistoError
from shared_schema.records.appeal import Opened
from shared_schema.sync.carried import read_carried


@dataclass(slots=True)
class PaperSlip:
    """A slip that somebody has in a drawer."""

    name: str
    words: str
    device: bytes
    record: str
    holder: Walker
    """Who claims it, on their own phone."""
    said: dict[bytes, str]
    """By id: the appeal (no text) and the comments that an app called saved."""
    adopted: dict[str, Load] = field(default_factory=dict)
    """By device: what its note of the adopted slip must know."""
    acknowledged: set[bytes] = field(default_factory=set)
    """What somebody was shown as received."""
    untrue: set[bytes] = field(default_factory=set)
    """Of it, what the city did not have at that moment."""


@dataclass(slots=True)
class PaperSlips:
    """All slips of a town, and what people do with them."""

    paths: Paths
    authors: dict[bytes, str]
    mailbox: Callable[[str], frozenset[bytes]]
    """What the desk has said to whom."""
    on_server: Callable[[], frozenset[bytes]]
    every: list[PaperSlip] = field(default_factory=list)
    made: set[bytes] = field(default_factory=set)
    """Ids of all changes by slips, also of those that were made while the power failed."""
    lost: int = 0
    """Appeals that were taken while the power failed: nobody has got the slip."""

    def collect(self, courier: Walker, holder: Walker, number: int, *, crash: bool) -> str:
        """A volunteer takes an appeal at a door, and somebody there keeps the slip."""
        opened = Opened("signal", "", f"Зі слів {number}", f"{PRIVATE} Тече дах.", "housing")
        if crash:
            courier.crash_at_the_door(lambda: self._collected(courier, opened))
            self._notice(courier)
            return "crashed"
        try:
            slip = self._collected(courier, opened)
        except NoRoom:
            return "no room"
        slip.holder = holder
        self.every.append(slip)
        self.paths.wrote(courier.name, slip.name, frozenset(slip.said))
        courier.look()
        return "collected"

    def claim(self, walker: Walker, slip: PaperSlip, dice: Random, number: int) -> str:
        """Somebody types a slip's words at a device, and maybe adds to it or takes it over."""
        adopts, adds = dice.random() < 0.3, dice.random() < 0.4
        looks, crash = walker.has_network and dice.random() < 0.3, dice.random() < 0.05
        if crash:
            text = f"Ще {number} {PRIVATE}"
            walker.crash_at_the_door(lambda: self._claimed(walker, slip, adopts, text))
            self._notice(walker)
            return "claim crashed"
        ended = self._claimed(walker, slip, adopts, f"Ще {number} {PRIVATE}" if adds else "")
        if looks:
            ended += self._looked(walker, slip)
        walker.look()
        return ended

    def read(self, walker: Walker, slip: PaperSlip, *, looks: bool = False) -> AppealView | None:
        """What a device shows to whoever types the slip's words; None when nothing is there.

        With `looks` it asks the city first.
        """
        with opened(walker, slip) as claimed:
            if looks:
                claimed.look(walker)
            return self._shown(claimed, slip)

    def known_at(self, walker: Walker, slip: PaperSlip) -> Load:
        """What must be known of a slip at a device: what is carried there, and what was adopted."""
        return self.paths.of(walker.name, slip.name) | slip.adopted.get(walker.name, Load())

    def _collected(self, courier: Walker, opened: Opened) -> PaperSlip:
        taken = _doorstep(courier).collect(opened)
        device = bytes.fromhex(taken.sender)
        name = f"slip-{len(self.every)}"
        said = self._carried(courier, device)
        self._know(said, name)
        words = " ".join(taken.slip.words)
        return PaperSlip(name, words, device, taken.record, courier, dict.fromkeys(said, ""))

    def _claimed(self, walker: Walker, slip: PaperSlip, adopts: bool, text: str) -> str:
        with opened(walker, slip) as claimed:
            if self._shown(claimed, slip) is None:
                return "not found"
            if adopts:
                claimed.adopt()
                slip.adopted[walker.name] = self.known_at(walker, slip)
            if text:
                self._comment(walker, slip, claimed, text)
            return f"claimed {adopts} {bool(text)}"

    def _comment(self, walker: Walker, slip: PaperSlip, claimed: Claimed, text: str) -> None:
        before = self._carried(walker, slip.device)
        claimed.comment(slip.record, text)
        fresh = self._carried(walker, slip.device) - before - slip.said.keys()
        self._know(fresh, slip.name)
        slip.said.update(dict.fromkeys(fresh, text))
        self.paths.wrote(walker.name, slip.name, fresh)

    def _looked(self, walker: Walker, slip: PaperSlip) -> str:
        said = self.known_at(walker, slip).changes
        with opened(walker, slip) as claimed:
            try:
                found = claimed.look(walker)
            except MistoError as error:
                return f" {error.code}"
            self._shown(claimed, slip)
        if found:
            known = self.paths.looked(walker.name, slip.name, said, self.mailbox(slip.name))
            if walker.name in slip.adopted:
                slip.adopted[walker.name] |= known
        return f" looked {found}"

    def _shown(self, claimed: Claimed, slip: PaperSlip) -> AppealView | None:
        view = next((each for each in claimed.views() if each.record == slip.record), None)
        if view is not None:
            shown = received(view, slip)
            slip.acknowledged |= shown
            slip.untrue |= shown - self.on_server()
        return view

    def _notice(self, walker: Walker) -> None:
        """What a device carries for slips after the power has failed: nobody was told of it."""
        known = {slip.device: slip.name for slip in self.every}
        for each in walker.courier.carried():
            sender = bytes.fromhex(each.sender)
            if each.source == "collected":
                fresh = self._carried(walker, sender) - self.made
                self.lost += bool(fresh) and sender not in known
                self._know(fresh, known.get(sender, "nobody"))

    def _know(self, changes: frozenset[bytes], name: str) -> None:
        self.made |= changes
        self.authors.update(dict.fromkeys(changes - self.authors.keys(), name))

    def _carried(self, walker: Walker, device: bytes) -> frozenset[bytes]:
        with walker.replica.store.holding() as connection:
            raws = [raw for _, raw in carried.of_sender(connection, device)]
        return frozenset(each for raw in raws for each in read_carried(raw).ids)


@contextlib.contextmanager
def opened(walker: Walker, slip: PaperSlip) -> Iterator[Claimed]:
    """The slip's thread at a device, as long as somebody looks at it."""
    doorstep = _doorstep(walker)
    try:
        with doorstep.claim(slip.words) as claimed:
            yield claimed
    finally:
        doorstep.close()


def received(view: AppealView, slip: PaperSlip) -> set[bytes]:
    """Which of the slip's changes are shown as received by the city."""
    ended = {line.text for line in view.said if not line.pending and not line.by_desk}
    seen = {each for each, text in slip.said.items() if text and text in ended}
    opening = {each for each, text in slip.said.items() if not text}
    return seen | (opening if view.received_at_ms is not None else set())


def _doorstep(walker: Walker) -> Doorstep:
    return Doorstep(walker.courier, Notes(walker.replica), walker)
