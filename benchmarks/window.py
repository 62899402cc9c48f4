"""A window in a fresh process: `python -m benchmarks.window FOLDER [--modules FILE] [--rounds N]`.

Prints one JSON object: the times by name, lists of seconds on both clocks. Nothing is imported
at the top that the app needs: how long imports take is among what is measured. `--modules` names
what to import before the clock of the cold start runs; all that was imported on the way is told.
With `--rounds` the app is then used, each thing so many times.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import importlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.clock import Moment, Times, Took, now

if TYPE_CHECKING:
    from benchmarks.headless import HeadlessWindow
    from client.viewmodels.ports import Services


def main() -> None:
    """Read the options, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--modules", type=Path)
    parser.add_argument("--rounds", type=int, default=0)
    options = parser.parse_args()
    known = json.loads(options.modules.read_text("utf-8")) if options.modules else []
    before = set(sys.modules)
    imports = import_all(known)
    times = asyncio.run(measure(options.folder, options.rounds))
    times["imports"] = [imports]
    loaded = [name for name in sys.modules if name not in before and name != "__main__"]
    print(json.dumps({"times": times, "modules": loaded}))


def import_all(names: list[str]) -> Took:
    """How long these modules take."""
    started = now()
    for name in names:
        with contextlib.suppress(ImportError):  # a module may only be there under its alias
            importlib.import_module(name)
    return started.took()


async def measure(folder: Path, rounds: int) -> Times:
    """Start the app, and use it."""
    window, services, times = await start(folder)
    if rounds:
        from benchmarks.rooms import use

        await settled(window)
        times |= await use(window, services, rounds)
    await window.close()
    await window.app.device.close()
    return times


async def start(folder: Path) -> tuple[HeadlessWindow, Services, Times]:
    """From the target to the first frame, and to the first one that can be used."""
    started = now()
    from benchmarks.headless import HeadlessWindow
    from client.assembly import open_device
    from client.main import build_app

    opened: list[Services] = []

    def open_services(pin: str | None) -> Services:
        opened.append(open_device(folder, None, pin))
        return opened[0]

    target = build_app(folder, open_services=open_services)
    window = HeadlessWindow()
    first: list[Moment] = []
    usable: list[Moment] = []

    def look() -> None:
        if window.rendered and not usable:
            first.append(window.connection.last_sent)
            if window.app.phase == "ready" and window.shows("home"):
                usable.append(window.connection.last_sent)

    window.connection.on_sent = look
    begun = now()
    await target(window.page)
    await window.until(lambda: bool(usable))
    window.connection.on_sent = lambda: None
    times = {
        "first frame": [begun.until(first[0])],
        "usable frame": [begun.until(usable[0])],
        "first frame, all told": [started.until(first[0])],
        "usable frame, all told": [started.until(usable[0])],
    }
    return window, opened[0], times


async def settled(window: HeadlessWindow) -> None:
    """Wait until the exchange that follows a start has come to an end, whichever."""
    app = window.app
    await window.until(lambda: app.device.sync is not None and not app.device.sync.running)
    await window.until(lambda: not app._refreshing)


if __name__ == "__main__":
    main()
