"""One run: weeks of meetings under every mishap, then calm, and judgement before and after it."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from misto.simulation.couriers.judging import ALWAYS, AT_THE_END, violations
from misto.simulation.couriers.town import Town
from misto.simulation.quick import made_quick
from misto.simulation.run import HOURS_PER_DAY, Progress, SimulationResult, quick_folder


def run_couriers(
    seed: int, devices: int = 12, days: int = 4, on_progress: Progress | None = None
) -> SimulationResult:
    """Simulate `devices` in a town where few ever have a network, for some days, then check.

    Paths over time are judged when the last storm is over and again after the healing, in which
    residents still meet nobody but a courier.
    """
    started = time.perf_counter()
    hours = days * HOURS_PER_DAY
    quick = quick_folder(devices)
    with (
        made_quick(),
        tempfile.TemporaryDirectory(prefix="misto-couriers-", dir=quick) as name,
    ):
        town = Town(Path(name), seed, devices, hours)
        try:
            for hour in range(hours):
                town.hour(hour)
                if on_progress is not None:
                    on_progress(hour + 1, hours)
            found = violations(town.people, town.story(), ALWAYS)
            counts = town.counts()
            town.heal()
            found += violations(town.people, town.story(), (*ALWAYS, *AT_THE_END))
        finally:
            town.close()
    wall_s = round(time.perf_counter() - started, 3)
    unique = tuple(dict.fromkeys(found))
    return SimulationResult(seed, not unique, unique, counts, town.trace_digest(), wall_s)
