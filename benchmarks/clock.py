"""Two clocks at once: the wall's, and the processor's for this process.

On a machine that does other things besides, the second says what an act costs, the first how long
it took this time.
"""

from __future__ import annotations

import time
from typing import NamedTuple


class Took(NamedTuple):
    """How long something took, in seconds."""

    wall_s: float
    cpu_s: float


class Moment(NamedTuple):
    """A point of time on both clocks, in seconds from anywhere."""

    wall: float
    cpu: float

    def until(self, end: Moment) -> Took:
        """How long it was from here to there."""
        return Took(end.wall - self.wall, end.cpu - self.cpu)

    def took(self) -> Took:
        """How long it has been since."""
        return self.until(now())


def now() -> Moment:
    """This moment."""
    return Moment(time.perf_counter(), time.process_time())


Times = dict[str, list[Took]]
"""By the name of a figure."""
