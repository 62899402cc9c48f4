"""Who meets whom, and what they do with each other; each meeting is noted in the record."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from misto.simulation.couriers.crook import Crook
from misto.simulation.couriers.paths import Paths
from misto.simulation.couriers.people import People
from misto.simulation.couriers.roads import CRASHES, Roads, in_parts
from misto.simulation.couriers.slips import PaperSlips
from misto.simulation.couriers.tight import Tights
from misto.simulation.couriers.walker import Walker
from misto.simulation.network import Trace


@dataclass(slots=True)
class Encounters:
    """All meetings of a town."""

    people: People
    roads: Roads
    paths: Paths
    slips: PaperSlips
    tights: Tights
    dice: Random
    trace: Trace
    claims: int = 0

    @property
    def seldom(self) -> float:
        """How likely within an hour two residents meet, or a crook does something.

        In a large town a crook has all there is, and hands it to whomever it meets.
        """
        return min(0.3, max(0.06, 3 / len(self.people.residents)))

    def meet(self, one: Walker, other: Walker) -> None:
        """Both hand on all that they have."""
        self.give(one, other)
        self.give(other, one)

    def give(self, giver: Walker, taker: Walker) -> None:
        """One hands all that it has to another."""
        asks = bool(giver.own())
        waiting = giver.waiting()
        load = self.paths.load_of(giver.name, waiting - giver.joinings, asks)
        load = load._replace(public=load.public - waiting)
        raws = giver.give() if self.roads.calm else in_parts(giver.give(), self.dice)
        ended = self.roads.hand(taker, raws, load)
        self.trace(f"{giver.name} gives {taker.name}: {ended}")

    def give_back(self, giver: Walker, taker: Walker, *, public: bool) -> None:
        """A courier hands a resident its replies, and maybe the news."""
        load = self.paths.back_to(giver.name, taker.name)
        raws = giver.courier.give_back(taker.replica.device)
        if public:
            raws = [*giver.public(), *raws]
            # Whoever has joined tells nobody so before its own receipt, though others may know.
            load = load._replace(public=self.paths.holds[giver.name].public - giver.waiting())
        ended = self.roads.hand(taker, raws, load)
        self.trace(f"{giver.name} gives back to {taker.name}: {ended}")

    def visit(self, courier: Walker) -> None:
        """A courier at somebody's door, mostly in its own district."""
        people, home = self.people, self.people.districts
        near = [each for each in people.residents if home[each.name] == home[courier.name]]
        resident = self.dice.choice(people.residents if self.dice.random() < 0.2 else near)
        self.give_back(courier, resident, public=self.dice.random() < 0.5)
        self.give(resident, courier)
        self.tights.offer(resident)

    def collect(self, number: int) -> None:
        """A courier takes an appeal for somebody without a phone; a neighbour keeps the slip."""
        courier = self.dice.choice(self.people.couriers)
        holder = self.dice.choice(self.people.residents)
        crash = self.dice.random() < CRASHES
        ended = self.slips.collect(courier, holder, number, crash=crash)
        self.trace(f"{courier.name} at the door: {ended}")

    def claim(self, number: int) -> None:
        """A slip is claimed: on a courier's phone, or on its holder's, where a courier is."""
        courier = self.dice.choice(self.people.couriers)
        if not self.slips.every:
            return
        slip = self.dice.choice(self.slips.every)
        self.claims += 1
        if self.dice.random() < 0.5:
            ended = self.slips.claim(courier, slip, self.dice, number)
            self.trace(f"{courier.name} opens {slip.name}: {ended}")
            return
        self.give(courier, slip.holder)
        ended = self.slips.claim(slip.holder, slip, self.dice, number)
        self.trace(f"{slip.holder.name} opens {slip.name}: {ended}")
        self.give(slip.holder, courier)

    def crime(self) -> None:
        """A crook takes from somebody, or hands something on."""
        crook = self.dice.choice(self.people.crooks)
        honest = [*self.people.residents, *self.people.couriers]
        if self.dice.random() < self.seldom:
            victim = self.dice.choice(honest)
            self.roads.hand(crook.walker, victim.give(), None)
        if self.dice.random() < self.seldom:
            self._cheat(crook, self.dice.choice(honest))
        if self.dice.random() < 0.03:
            crook.walker.deliver()

    def _cheat(self, crook: Crook, victim: Walker) -> None:
        trick, raw = crook.bundle()
        ended = self.roads.hand(victim, [raw], None)
        self.trace(f"{crook.walker.name} {trick} {victim.name}: {ended}")
