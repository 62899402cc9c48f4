"""A simulated device: the app's own services on a real profile, which may lose power at any moment.

A crash abandons the running replica and goes on from a copy of its files as they were on disk at
that moment, WAL included: what was committed is there, what was not is gone.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Final

from client.services.exchange import Exchange
from client.services.replica import Clock, Replica
from client.storage.log import State
from misto.simulation.network import Network
from misto.simulation.power import MOMENTS, Moment, Power, SimulatedCrash
from shared_schema.errors import MistoError

Act = Callable[["Device", Random, int], None]
_SETTLED: Final = (State.ACCEPTED, State.HELD)


class Device:
    """One profile, and what it has promised its owner so far."""

    def __init__(
        self, name: str, folder: Path, network: Network, clock: Clock, dice: Random
    ) -> None:
        """Open the profile in `folder`."""
        self.name = name
        self.dice = dice
        self.crashes = 0
        self.saved: set[bytes] = set()
        """Ids of changes that the app has called saved."""
        self.made: set[bytes] = set()
        """Those, and the ones that were made while the power failed: nobody was told of them."""
        self.acknowledged: set[bytes] = set()
        """Ids of changes that the app has called received."""
        self.failures: list[str] = []
        """What the app could not do, though it offered it."""
        self._folder = folder
        self._network = network
        self._clock = clock
        self._open()

    def act(self, act: Act, number: int) -> str:
        """Do something with the app; what is new in the log was said by this very act."""
        before = self.own()
        try:
            act(self, self.dice, number)
        except MistoError as error:
            self.failures.append(error.code)
        new = self.own() - before
        self.saved |= new
        self.made |= new
        return f"{len(new)} saved"

    def act_and_crash(self, act: Act, number: int) -> str:
        """Begin to do something, and lose power while it is being saved."""
        before = self.own()
        with self._losing_power("while saving"):
            act(self, self.dice, number)
        new = self.own() - before
        self.made |= new
        return f"crashed, {len(new)} made"

    def exchange(self, budget: int = 0) -> str:
        """Try one exchange; how it ended."""
        try:
            result = self.exchanging.once(budget)
        except MistoError as error:
            return error.code
        finally:
            self.acknowledged |= self.own(*_SETTLED)
        return f"{result.accepted} accepted {len(result.refused)} refused {result.pulled} pulled"

    def exchange_and_crash(self) -> str:
        """Start an exchange and lose power somewhere in it."""
        moment = self.dice.choice(MOMENTS)
        with self._losing_power(moment):
            self.exchanging.once()
        self.acknowledged |= self.own(*_SETTLED)
        return f"crashed {moment}"

    def own(self, *states: int) -> set[bytes]:
        """Ids of own changes, all of them or those in some states."""
        where = f" AND state IN ({','.join(map(str, states))})" if states else ""
        rows = self.replica.store.rows(f"SELECT change_id FROM changes WHERE author = 1{where}")
        return {bytes(row[0]) for row in rows}

    def crash(self) -> None:
        """Lose power; go on from the files as they are."""
        self.power.fail()
        self.crashes += 1
        self.replica.close()
        shutil.rmtree(self._folder)
        self._folder = self.power.copy
        self._open()

    def clone(self, name: str, clock: Clock) -> Device:
        """Another device with the same keys and the same past, as from a restored backup."""
        folder = self._folder.with_name(name)
        shutil.copytree(self._folder, folder, ignore=shutil.ignore_patterns("*-shm"))
        twin = Device(name, folder, self._network, clock, self.dice)
        twin.saved, twin.made = set(self.saved), set(self.made)
        twin.acknowledged = set(self.acknowledged)
        return twin

    @property
    def folder(self) -> Path:
        """Where its files are now."""
        return self._folder

    def close(self) -> None:
        """Put the device down."""
        self.replica.close()

    def post(self, raw: bytes) -> bytes:
        """This device's transport: through the virtual network."""
        self.power.reached("before sending")
        reply = self._network.post(self.name, raw)
        self.power.reached("reply in hand")
        return reply

    @contextlib.contextmanager
    def _losing_power(self, moment: Moment) -> Iterator[None]:
        """The power fails at this moment, or at the end when the moment does not come."""
        with self.replica.store.holding() as connection:
            self.power.plan(self.dice, moment, connection)
        with contextlib.suppress(MistoError, SimulatedCrash):
            yield
        self.crash()

    def _open(self) -> None:
        base = self._folder.parent
        self.power = Power(self._folder, base / f"{self.name}-crash-{self.crashes + 1}")
        self.replica = Replica.open(self._folder, clock=self._clock)
        self.exchanging = Exchange(self.replica, self)
