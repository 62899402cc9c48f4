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

Moment = Literal["before sending", "reply in hand", "while applying", "while saving"]
MOMENTS: Final[tuple[Moment, ...]] = ("before sending", "reply in hand", "while applying")
"""Those of an exchange."""
_STEPS_MAX: Final[dict[Moment, int]] = {"while saving": 200, "while applying": 800}
"""About what a save and an ordinary answer take."""


class SimulatedCrash(BaseException):
    """The power is gone. Not an `Exception`: no code that goes on after errors may catch it."""


@dataclass(slots=True)
class Power:
    """One running device's power; it fails at most once."""

    folder: Path
    copy: Path
    moment: Moment | None = None
    connection: sqlite3.Connection | None = None
    steps: int = 0
    failed: bool = False

    def plan(self, dice: Random, moment: Moment, connection: sqlite3.Connection) -> None:
        """Let it fail at this moment; while applying or saving, after some of SQLite's steps."""
        self.moment = moment
        self.connection = connection
        self.steps = dice.randrange(_STEPS_MAX.get(moment, 1))
        self.reached("while saving")

    def reached(self, moment: Moment) -> None:
        """The device is at this moment now."""
        if moment == "reply in hand":
            self.reached("while applying")
        if moment != self.moment or self.failed:
            return
        if self.connection is not None and moment in _STEPS_MAX:
            self.connection.set_progress_handler(self._step, 1)
        else:
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
