"""Losing power: at a named moment of an exchange, or between any two steps of SQLite's.

The files are copied at the very instant of the failure, WAL included, and the device goes on from
the copy. So nothing that the running code does afterwards (a rollback, say) can help or harm it.
"""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final, Literal

Moment = Literal["before sending", "reply in hand", "in the database"]
MOMENTS: Final[tuple[Moment, ...]] = ("before sending", "reply in hand", "in the database")
_STEPS_LOG2_MAX: Final = 11.0


class SimulatedCrash(BaseException):
    """The power is gone. Not an `Exception`: no code that goes on after errors may catch it."""


@dataclass(slots=True)
class Power:
    """One running device's power; it fails at most once."""

    folder: Path
    copy: Path
    moment: Moment | None = None
    steps: int = 0
    failed: bool = False

    def plan(self, dice: Random, moment: Moment, connection: sqlite3.Connection) -> None:
        """Let it fail at this moment; in the database, after some of SQLite's steps.

        Half of the numbers drawn are small: a save takes a few dozen steps, an exchange thousands.
        """
        self.moment = moment
        if moment == "in the database":
            self.steps = int(2 ** dice.uniform(0, _STEPS_LOG2_MAX))
            connection.set_progress_handler(self._step, 1)

    def reached(self, moment: Moment) -> None:
        """The device is at this moment now."""
        if moment == self.moment and not self.failed:
            self.fail()
            raise SimulatedCrash(moment)

    def fail(self) -> None:
        """Keep what is on disk now. The WAL's index is memory, and is lost with it."""
        if not self.failed:
            self.failed = True
            shutil.copytree(self.folder, self.copy, ignore=shutil.ignore_patterns("*-shm"))

    def _step(self) -> int:
        self.steps -= 1
        if self.steps < 0:
            self.fail()
        return int(self.failed)
