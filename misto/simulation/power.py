"""Losing power: at a named moment of an exchange, or right before or after any durable effect.

The files are copied at the very instant of the failure, WAL included, and the device goes on from
the copy. So nothing that the running code does afterwards (a rollback, say) can help or harm it.
Between two commits the files hold the same for whoever comes after a crash, so commits are counted,
and not SQLite's steps: in which order a client works on random ids is not for a seed to decide.
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
_EDGES: Final[dict[Moment, int]] = {"while saving": 3, "while applying": 6}
"""Before and after each commit: a save has one or two, an exchange one or two a round."""
_WRITES: Final = ("INSERT", "UPDATE", "DELETE")


class SimulatedCrash(BaseException):
    """The power is gone. Not an `Exception`: no code that goes on after errors may catch it."""


@dataclass(slots=True)
class Power:
    """One running device's power; it fails at most once."""

    folder: Path
    copy: Path
    moment: Moment | None = None
    connection: sqlite3.Connection | None = None
    edges: int = 0
    after_effect: bool = False
    failed: bool = False

    def plan(self, dice: Random, moment: Moment, connection: sqlite3.Connection) -> None:
        """Let it fail at this moment; while applying or saving, at the edge of some commit."""
        self.moment = moment
        self.connection = connection
        self.edges = dice.randrange(_EDGES.get(moment, 1))
        self.reached("while saving")

    def reached(self, moment: Moment) -> None:
        """The device is at this moment now. One without power is nowhere, and sends nothing."""
        if self.failed:
            raise SimulatedCrash(moment)
        if moment == "reply in hand":
            self.reached("while applying")
        if moment != self.moment:
            return
        if self.connection is not None and moment in _EDGES:
            self.connection.set_trace_callback(self._statement)
        else:
            self.fail()
            raise SimulatedCrash(moment)

    def fail(self) -> None:
        """Keep what is on disk now. The WAL's index is memory, and is lost with it."""
        if not self.failed:
            self.failed = True
            shutil.copytree(self.folder, self.copy, ignore=shutil.ignore_patterns("*-shm"))

    def _statement(self, sql: str) -> None:
        """SQLite begins a statement; what comes after the failure is interrupted."""
        if self.connection is None or self.failed:
            return
        alone = not self.connection.in_transaction and sql.startswith(_WRITES)
        effect = alone or sql.startswith("COMMIT")
        self.edges -= self.after_effect + effect
        self.after_effect = effect
        if self.edges < 0:
            self.fail()
            self.connection.set_progress_handler(lambda: 1, 1)
