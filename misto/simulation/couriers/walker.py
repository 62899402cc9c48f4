"""A simulated device that meets others: it gives, takes, and posts what it carries."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

from client.services.courier.courier import Courier
from client.services.courier.handing import public_items
from client.services.courier.types import Delivered, Taken
from client.services.replica import Clock
from client.storage.log import State
from misto.simulation.couriers.watch import Watch
from misto.simulation.device import Act, Device
from misto.simulation.network import Network
from misto.simulation.power import MOMENTS
from shared_schema.errors import MistoError
from shared_schema.limits import CARRIED_BYTES_DEFAULT, PUBLIC_BYTES_DEFAULT
from shared_schema.sync.courier import split


class Walker(Device):
    """One profile with its courier."""

    def __init__(
        self,
        name: str,
        folder: Path,
        network: Network,
        clock: Clock,
        dice: Random,
        on_server: Callable[[], frozenset[bytes]],
        budget: int = CARRIED_BYTES_DEFAULT,
    ) -> None:
        """Open the profile in `folder`; `on_server` says which changes the city has."""
        self._on_server = on_server
        self._budget = budget
        self.watch = Watch(budget)
        self.reasons: set[str] = set()
        """Why it has refused something."""
        self.joinings: set[bytes] = set()
        """Own changes that the city may defer, or refuse: another device was quicker."""
        self.has_network = False
        """Whether its owner reaches the city now and then."""
        super().__init__(name, folder, network, clock, dice)
        self.look()

    @property
    def courier(self) -> Courier:
        """The courier of the replica that runs now."""
        return Courier(self.replica, self._budget)

    def waiting(self) -> frozenset[bytes]:
        """Own changes without a verdict, by id."""
        return frozenset(self.own(State.PENDING))

    def carries(self) -> list[bytes]:
        """The requests of others that are here."""
        with self.replica.store.holding() as connection:
            return [row[0] for row in connection.execute("SELECT raw FROM carried ORDER BY id")]

    def give(self, size_max: int = 0) -> list[bytes]:
        """All that it has for others."""
        return self.courier.give(size_max)

    def public(self) -> list[bytes]:
        """Trust and news alone, for whoever is no courier."""
        items = public_items(self.replica, PUBLIC_BYTES_DEFAULT)
        return split(self.replica.card.city, items)

    def take_all(self, raws: list[bytes]) -> None:
        """Take some bundles, whatever comes of it."""
        for raw in raws:
            self.take(raw)

    def take(self, raw: bytes) -> Taken | None:
        """Take a bundle; None when it is none that it can read."""
        try:
            taken = self.courier.take(raw, "file")
        except MistoError as error:
            self.reasons.add(error.code)
            return None
        finally:
            self.look()
        self.reasons |= {each.reason for each in taken.refused}
        return taken

    def take_and_crash(self, raw: bytes) -> None:
        """Lose power at the edge of some commit."""
        with self._losing_power("while saving"):
            self.courier.take(raw, "file")
        self.look()

    def deliver(self) -> Delivered | None:
        """Post what it carries; None when that failed somewhere."""
        try:
            return self.courier.deliver(self)
        except MistoError:
            return None
        finally:
            self.look()

    def deliver_and_crash(self) -> None:
        """Lose power somewhere in it."""
        with self._losing_power(self.dice.choice(MOMENTS)):
            self.courier.deliver(self)
        self.look()

    def carry(self, raw: bytes) -> bytes:
        """The way to the server's batch door: the same network, and the same mishaps."""
        return self.post(raw)

    def clear(self) -> int:
        """Wipe all that has its receipt, as carelessly as may be; returns how much stays."""
        cleared = self.courier.clear({}, replies_too=True)
        self.look()
        return cleared.kept

    def crash_at_the_door(self, act: Callable[[], object]) -> None:
        """Do something for somebody else, and lose power while it is being saved."""
        with self._losing_power("while saving"):
            act()
        self.look()

    def look(self) -> None:
        """See that nothing went backwards, and note what is acknowledged by now."""
        self.acknowledged |= self.own(State.ACCEPTED, State.HELD)
        self.watch.look(self.replica, self._on_server)

    def act_safely(self, act: Act, number: int, *, crash: bool) -> str:
        """Do something with the app, maybe until the power fails."""
        ended = self.act_and_crash(act, number) if crash else self.act(act, number)
        self.look()
        return ended
