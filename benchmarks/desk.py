"""bench desk: a desk unlocks a year of sealed appeals, looks at them, and goes on working.

The desk's profile holds `count` appeals; see `sealed`. Each unlock is a process of its own: the
first opens every thread key by HPKE, the later ones find them in the cache. Unlocking is measured
with openings alone, and again when the desk has worked on some of them.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from benchmarks.clock import Times, Took
from benchmarks.report import Figure, Progress, Report, report
from benchmarks.sealed import DISTRICTS, fill, work
from client.services.replica import Replica
from misto.city import init_city

UNLOCKS: Final = 3
"""So many of each sort; the last one of all goes on."""
WORKED_ON: Final = 10
"""One appeal in so many has been worked on: three acts of the desk on average."""
CHILD_S_MAX: Final = 900.0
UNLOCK_GOAL_PER_S: Final = 20_000
MEMORY_GOAL_MIB: Final = 600
GOALS_MS: Final = {"view ": 150.0, "all by ": 150.0, "search ": 300.0, "one new appeal": 5.0}
"""By how a figure's name begins."""


def run(count: int, progress: Progress) -> Report:
    """Fill a desk's log, then unlock it and work in it."""
    with tempfile.TemporaryDirectory(prefix="misto-bench-") as name:
        city = Path(name) / "city"
        init_city(city, "Бенч", servers=(), districts=DISTRICTS)
        folder = city / "profiles" / "desk"
        with Replica.open(folder) as desk:
            records = fill(desk, count, progress)
        progress("first unlock", 0, 1)
        first = _shift(folder)
        plain = [_unlock(folder, number, progress) for number in range(UNLOCKS)]
        with Replica.open(folder) as desk:
            acts = work(desk, records[::WORKED_ON], progress)
        mixed = [_unlock(folder, number, progress) for number in range(UNLOCKS - 1)]
        mixed.append(_shift(folder, "--use", str(count + 1)))
    shifts = [first, *plain, *mixed]
    times = {
        "first unlock": _unlocks([first]),
        "unlock": _unlocks(plain),
        "unlock, one in ten worked on": _unlocks(mixed),
        **_rest(mixed[-1]),
    }
    errors = sum(count - told["cases"] for told in shifts)
    return _report(count, times, max(told["peak_mib"] for told in shifts)) | {
        "errors": errors,
        "acts": acts,
        "rss_before_mib": round(first["before_mib"], 1),
    }


def _report(count: int, times: Times, peak: float) -> Report:
    figures = [_figure(name, taken, count) for name, taken in times.items()]
    unlocks = times["unlock"]
    return report(
        "desk",
        count,
        statistics.median(took.wall_s for took in unlocks),
        cpu_rate_per_s=round(count / statistics.median(took.cpu_s for took in unlocks), 1),
        peak_rss_mib=round(peak, 1),
        memory_reached=peak < MEMORY_GOAL_MIB,
        missed=sum(figure["reached"] is False for figure in figures) + (peak >= MEMORY_GOAL_MIB),
        figures=figures,
    )


def _unlock(folder: Path, number: int, progress: Progress) -> dict[str, Any]:
    progress("unlock", number, UNLOCKS)
    return _shift(folder)


def _shift(folder: Path, *options: str) -> dict[str, Any]:
    """What a fresh process measured."""
    command = [sys.executable, "-m", "benchmarks.shift", str(folder), *options]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=CHILD_S_MAX, check=False)
    if ran.returncode:
        raise RuntimeError(f"the desk's process ended with {ran.returncode}: {ran.stderr[-2000:]}")
    told: dict[str, Any] = json.loads(ran.stdout)
    return told


def _unlocks(shifts: list[dict[str, Any]]) -> list[Took]:
    return [Took(*told["times"]["unlock"][0]) for told in shifts]


def _rest(told: dict[str, Any]) -> Times:
    times = {name: [Took(*each) for each in taken] for name, taken in told["times"].items()}
    return {name: taken for name, taken in times.items() if name != "unlock"}


def _figure(name: str, taken: list[Took], count: int) -> Figure:
    walls = [1000 * each.wall_s for each in taken]
    median, goal = statistics.median(walls), _goal(name, count)
    return {
        "name": name,
        "median_ms": round(median, 2),
        "worst_ms": round(max(walls), 2),
        "cpu_ms": round(1000 * statistics.median(each.cpu_s for each in taken), 2),
        "goal_ms": goal,
        "reached": None if goal is None else median < goal,
    }


def _goal(name: str, count: int) -> float | None:
    if name.startswith("unlock"):
        return 1000 * count / UNLOCK_GOAL_PER_S
    return next((goal for start, goal in GOALS_MS.items() if name.startswith(start)), None)
