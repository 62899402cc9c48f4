"""Who meets whom, and what they do with each other; each meeting is noted in the record."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from misto.simulation.couriers.crook import Crook
from misto.simulation.couriers.paths import Paths
from misto.simulation.couriers.people import People
from misto.simulation.couriers.roads import Roads, split_sizes
from misto.simulation.couriers.walker import Walker
from misto.simulation.network import Trace


@dataclass(slots=True)
class Encounters:
    """All meetings of a town."""

    people: People
    roads: Roads
    paths: Paths
    dice: Random
    trace: Trace

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
        load = self.paths.load_of(giver.name, giver.waiting(), asks)
        raws = giver.give(0 if self.roads.calm else split_sizes(self.dice))
        ended = self.roads.hand(taker, raws, load)
        self.trace(f"{giver.name} gives {taker.name}: {ended}")

    def give_back(self, giver: Walker, taker: Walker, *, public: bool) -> None:
        """A courier hands a resident its replies, and maybe the news."""
        load = self.paths.back_to(giver.name, taker.name)
        raws = giver.courier.give_back(taker.replica.device)
        if public:
            raws = [*giver.public(), *raws]
            load = load._replace(news=self.paths.holds[giver.name].news)
        ended = self.roads.hand(taker, raws, load)
        self.trace(f"{giver.name} gives back to {taker.name}: {ended}")

    def visit(self, courier: Walker) -> None:
        """A courier at somebody's door, mostly in its own district."""
        people, home = self.people, self.people.districts
        near = [each for each in people.residents if home[each.name] == home[courier.name]]
        resident = self.dice.choice(people.residents if self.dice.random() < 0.2 else near)
        self.give_back(courier, resident, public=self.dice.random() < 0.5)
        self.give(resident, courier)
        if people.tight and self.dice.random() < 0.1:
            people.tight.take_all(resident.give())

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
