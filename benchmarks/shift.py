"""A shift at the desk in a fresh process: `python -m benchmarks.shift FOLDER [--use VERSION]`.

Opens the desk's profile and everything in it, and prints one JSON object: the times by name, lists
of seconds on both clocks, the memory, and how many cases there are. With `--use` the desk then
works: views, searches, folders, and appeals that arrive, the first of them with that version.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from benchmarks.clock import Times, Took, now
from benchmarks.sealed import Resident, arrive
from client.services.office.asked import SORTS, VIEWS, Query
from client.services.office.office import Office
from client.services.replica import Replica

ROUNDS: Final = 5
ARRIVALS: Final = 20
AT_ONCE: Final = 200
SEARCHES: Final = ("ліхтар", "яма дорозі", "шевчук вода соборна", "12/26", "немаєтакогослова")
_KIB_PER_UNIT: Final = 1 / 1024 if sys.platform == "darwin" else 1


def main() -> None:
    """Read the options, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--use", type=int, default=0)
    options = parser.parse_args()
    before = peak_mib()
    started = now()
    with Replica.open(options.folder) as desk:
        office = Office(desk, ZoneInfo("Europe/Kyiv"))
        office.refresh()
        times: Times = {"unlock": [started.took()]}
        told: dict[str, Any] = {"cases": office.sheet(Query("all")).total}
        if options.use:
            times |= use(office) | arriving(desk, office, options.use) | acting(office)
        told |= {"times": times, "before_mib": before, "peak_mib": peak_mib()}
    print(json.dumps(told))


def use(office: Office) -> Times:
    """Every view, every order, searches, folders; each as it is when nothing was kept of it."""
    times: Times = {}
    for view in VIEWS:
        times[f"view {view}"] = _rounds(office, Query(view))
    for sort in SORTS:
        times[f"all by {sort}"] = _rounds(office, Query("all", sort=sort, descending=True))
    for text in SEARCHES:
        times[f"search {text}"] = _rounds(office, Query("all", text=text))
    records = office.records(Query("all", sort="received"))
    chosen = records[:: max(1, len(records) // 50)]
    times["folder"] = [took(lambda record=record: office.folder(record)) for record in chosen]  # type: ignore[misc]
    return times


def _rounds(office: Office, query: Query) -> list[Took]:
    """A page and all counts, several times. What was found before is asked for in between away."""
    taken = []
    for _ in range(ROUNDS):
        office.sheet(Query("all", text="інше"))  # only the last find is kept
        taken.append(took(lambda: (office.sheet(query), office.counts(query))))
    return taken


def arriving(desk: Replica, office: Office, version: int) -> Times:
    """Appeals arrive one by one; the office follows."""
    resident = Resident(desk)
    taken = []
    for number in range(ARRIVALS):
        arrive(desk, resident, version + number)
        taken.append(took(office.refresh))
    return {"one new appeal": taken}


def acting(office: Office) -> Times:
    """The same act on many cases."""
    records = office.records(Query("all", sort="received"))[:AT_ONCE]
    return {
        f"assign {AT_ONCE} at once": [
            took(lambda name=name: office.assign(records, name))  # type: ignore[misc]
            for name in ("Коваль О.", "Гнатюк І.", "Ярема С.")
        ]
    }


def took(work: Callable[[], object]) -> Took:
    """How long it takes."""
    started = now()
    work()
    return started.took()


def peak_mib() -> float:
    """The most memory that this process has had resident so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB_PER_UNIT / 1024


if __name__ == "__main__":
    main()
