"""Couriers with so little room that it is what decides.

What fits into a few kilobytes depends on the lengths of random bytes, and no decision of a seed
may. So these live beside the others: they take from everybody, from each other and from the city,
and what they have reaches nobody else. They go to the city only with what it has already, by a way
on which nothing happens, and their own dice are thrown for them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final

from misto.simulation.couriers.walker import Walker
from misto.simulation.network import Server
from shared_schema.errors import MistoError
from shared_schema.sync.carried import read_carried

_TAKES: Final = 0.25
_MEETS: Final = 0.08
_DELIVERS: Final = 0.3
_CLEARS: Final = 0.05


@dataclass(slots=True)
class Tights:
    """What couriers with little room do."""

    walkers: list[Walker]
    server: Server
    on_server: Callable[[], frozenset[bytes]]
    dice: Random
    delivered: int = 0

    def offer(self, giver: Walker) -> None:
        """Somebody has things to hand on, and one of these may be near."""
        if self.dice.random() < _TAKES:
            self.dice.choice(self.walkers).take_all(giver.give())

    def hour(self) -> None:
        """They meet, reach the city, and tidy up."""
        for walker in self.walkers:
            if self.dice.random() < _MEETS:
                self.dice.choice(self.walkers).take_all(walker.give())
            if self.dice.random() < _DELIVERS and self._brings_nothing_new(walker):
                self._deliver(walker)
            if self.dice.random() < _CLEARS:
                walker.clear()

    def post(self, raw: bytes) -> bytes:
        """The way to the city: nothing is lost on it."""
        return self.server.handle(raw)

    def carry(self, raw: bytes) -> bytes:
        """The same to the batch door."""
        return self.server.handle(raw)

    def _deliver(self, walker: Walker) -> None:
        try:
            done = walker.courier.deliver(self)
        except MistoError as error:
            walker.failures.append(error.code)
            return
        finally:
            walker.look()
        self.delivered += bool(done.posted)

    def _brings_nothing_new(self, walker: Walker) -> bool:
        ids = (each for raw in walker.carries() for each in read_carried(raw).ids)
        return self.on_server().issuperset(ids)
