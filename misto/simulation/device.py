"""A simulated device: the app's own services on a real profile, which may crash at any moment.

A crash abandons the running replica and goes on from a copy of its files as they are on disk at
that moment, WAL included: what was committed is there, what was not is gone. Inside an exchange
SQLite is interrupted after a random number of its own steps, so that a crash can fall between any
two effects.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

from client.services.exchange import Exchange
from client.services.replica import Replica
from misto.simulation.network import Network, Wire
from shared_schema.errors import MistoError

_INTERRUPT_STEPS_MAX = 4_000


class Device:
    """One profile, and what it has promised its owner so far."""

    def __init__(
        self, name: str, folder: Path, network: Network, clock: Callable[[], int], dice: Random
    ) -> None:
        """Open the profile in `folder`."""
        self.name = name
        self.dice = dice
        self.crashes = 0
        self.saved: set[bytes] = set()
        """Ids of changes that the app has called saved."""
        self.acknowledged: set[bytes] = set()
        """Ids of changes that the app has called received."""
        self._folder = folder
        self._network = network
        self._clock = clock
        self._open()

    def exchange(self) -> str:
        """Try one exchange; how it ended."""
        try:
            result = self.exchanging.once()
        except MistoError as error:
            return error.code
        finally:
            self.acknowledged |= self.own(1) | self.own(3)
        return f"{result.accepted} accepted {len(result.refused)} refused {result.pulled} pulled"

    def exchange_and_crash(self) -> str:
        """Start an exchange and lose power somewhere in it."""
        steps = self.dice.randrange(1, _INTERRUPT_STEPS_MAX)
        with self.replica.store.holding() as connection:
            connection.set_progress_handler(lambda: 1, steps)
        with contextlib.suppress(MistoError):
            self.exchanging.once()
        self.crash()
        return "crashed"

    def note_saved(self) -> None:
        """Remember everything that is in the log now: the app has said *saved*."""
        self.saved |= self.own()

    def own(self, *states: int) -> set[bytes]:
        """Ids of own changes, all of them or those in some states."""
        where = f" AND state IN ({','.join(map(str, states))})" if states else ""
        rows = self.replica.store.rows(f"SELECT change_id FROM changes WHERE author = 1{where}")
        return {bytes(row[0]) for row in rows}

    def crash(self) -> None:
        """Lose power; go on from the files as they are."""
        self.crashes += 1
        copy = self._folder.with_name(f"{self.name}-{self.crashes}")
        shutil.copytree(self._folder, copy)
        self.replica.close()
        shutil.rmtree(self._folder)
        self._folder = copy
        self._open()

    def close(self) -> None:
        """Put the device down."""
        self.replica.close()

    def _open(self) -> None:
        self.replica = Replica.open(self._folder, clock=self._clock)
        self.exchanging = Exchange(self.replica, Wire(self._network, self.name))
