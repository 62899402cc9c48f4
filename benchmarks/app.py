"""bench app: the Python side of the app on a phone that has been in use, by what a person does.

The stage is a town with `count` news and a twentieth as many places; see `town`. Each cold start is
a process of its own. The files lie in the system's cache: what a phone's flash adds is not here,
and neither is what Flutter needs to draw a frame.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from benchmarks.clock import Times, Took
from benchmarks.report import Figure, Progress, Report, report
from benchmarks.stage import Stage, stage
from benchmarks.town import DISTRICTS, settle, sizes_for
from client.services.news import News
from client.services.replica import Replica

ROUNDS: Final = 7
"""How often the app is started, and each thing in it opened."""
REHEARSAL: Final = 2
REHEARSAL_BELOW: Final = 1_000
"""With fewer news than this nothing is proved, so it may be quick."""
CHILD_S_MAX: Final = 600.0
GOALS_MS: Final = {
    "usable frame": 1_500.0, "open ": 100.0, "search ": 50.0, "frame of ": 100.0, "key ": 5.0,
}  # fmt: skip
"""By how a figure's name begins."""
_EXPLAINS: Final = "alone"
"""So ends the name of a figure that explains another one, and has no goal."""
_ALL_TOLD: Final = ("first frame, all told", "usable frame, all told")
"""With imports: of the process that had not imported anything."""
_NEVER: Final = "key "
"""What must not wait even once is judged by the worst, all else by the median."""
WAITED_MS: Final = 250.0
"""Storage is held while all keys are typed: one that waited for it would take seconds. One that
took less was at most preempted by other programs, so it is judged by its processor time."""


def run(count: int, progress: Progress) -> Report:
    """Make the town, then start the app on it and use it."""
    started = time.perf_counter()
    sizes = sizes_for(count)
    with stage(DISTRICTS) as city:
        folder = settle(city, sizes, progress)
        made_s = time.perf_counter() - started
        with Replica.open(folder) as resident:
            lacking = count - News(resident).count()
        rounds = ROUNDS if count >= REHEARSAL_BELOW else REHEARSAL
        times = _measure(city, folder, rounds, progress)
    figures = [_figure(name, taken) for name, taken in times.items() if taken]
    return report(
        "app",
        count,
        time.perf_counter() - started,
        errors=lacking,
        made_s=round(made_s, 1),
        places=sizes.places,
        schedules=sizes.schedules,
        appeals=sizes.appeals,
        missed=sum(figure["reached"] is False for figure in figures),
        figures=figures,
    )


def _measure(city: Stage, folder: Path, rounds: int, progress: Progress) -> Times:
    """Fresh processes: one that imports as it goes, some that begin with that; the last goes on."""
    whole, loaded = _child(folder)
    modules = city.folder / "modules.json"
    modules.write_text(json.dumps(loaded), "utf-8")
    times: Times = {"imports": []}
    for number in range(rounds):
        progress("start", number, rounds)
        use = rounds if number == rounds - 1 else 0
        told, _ = _child(folder, "--modules", str(modules), "--rounds", str(use))
        for name, taken in told.items():
            times.setdefault(name, []).extend(taken)
    return times | {name: whole[name] for name in _ALL_TOLD}


def _child(folder: Path, *options: str) -> tuple[Times, list[str]]:
    """What a process measured, and the modules that it loaded."""
    command = [sys.executable, "-m", "benchmarks.window", str(folder), *options]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=CHILD_S_MAX, check=False)
    if ran.returncode:
        raise RuntimeError(f"the app's process ended with {ran.returncode}: {ran.stderr[-2000:]}")
    told = json.loads(ran.stdout)
    times = {name: [Took(*each) for each in taken] for name, taken in told["times"].items()}
    return times, told["modules"]


def _figure(name: str, taken: list[Took]) -> Figure:
    walls = [1000 * each.wall_s for each in taken]
    cpus = [1000 * each.cpu_s for each in taken]
    median, worst = statistics.median(walls), max(walls)
    goal = _goal(name)
    judged = median
    if name.startswith(_NEVER):
        judged = worst if worst >= WAITED_MS else max(cpus)
    return {
        "name": name,
        "median_ms": round(median, 2),
        "worst_ms": round(worst, 2),
        "cpu_ms": round(statistics.median(cpus), 2),
        "goal_ms": goal,
        "reached": None if goal is None else judged < goal,
    }


def _goal(name: str) -> float | None:
    if name.endswith(_EXPLAINS) or name in _ALL_TOLD:
        return None
    return next((goal for start, goal in GOALS_MS.items() if name.startswith(start)), None)
