"""`python -m benchmarks.neighbours` (make neighbours): neighbours find each other on a network.

Three devices, each in a network namespace of its own, on one bridge, as on one Wi-Fi: `misto lan
serve` and `misto lan pull` find each other by multicast DNS, without a route to anywhere else. Then
what happens on real networks: an address that changes, two doors at once, and a liar that
announces an honest door with a key of its own. Root is needed. The namespaces go away whatever
happens; their names carry this process's number.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Final, cast

from benchmarks.badlink import run
from misto.city import init_city

PEOPLE: Final = ("ann", "bob", "cat")
HUB: Final = f"misto-hub-{os.getpid()}"
WIFI: Final = "192.168.77"
HOTSPOT: Final = "172.20.10"
TOOLS: Final = ("ip",)
_LINE_S_MAX: Final = 30
_MISTO: Final = (sys.executable, "-m", "misto")
Shape = dict[str, Any]


def where(person: str) -> str:
    """The namespace of somebody's device."""
    return f"misto-{person}-{os.getpid()}"


@contextlib.contextmanager
def network() -> Iterator[None]:
    """One bridge in a namespace of its own, and everybody on it by a veth pair."""
    spaces = (HUB, *map(where, PEOPLE))
    try:
        for name in spaces:
            run("ip", "netns", "add", name)
            run("ip", "link", "set", "lo", "up", within=name)
        run("ip", "link", "add", "br0", "type", "bridge", "mcast_snooping", "0", within=HUB)
        run("ip", "link", "set", "br0", "up", within=HUB)
        for number, person in enumerate(PEOPLE, 1):
            _join(person, number)
        yield
    finally:
        for name in spaces:
            subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)


def _join(person: str, number: int) -> None:
    port = ("name", person, "type", "veth", "peer", "name", "wlan0", "netns", where(person))
    run("ip", "link", "add", *port, within=HUB)
    run("ip", "link", "set", person, "master", "br0", "up", within=HUB)
    run("ip", "link", "set", "wlan0", "up", within=where(person))
    moved(person, f"{WIFI}.{number}/24")


def moved(person: str, address: str) -> None:
    """Somebody's device is on another network now: it has this address and no other."""
    run("ip", "address", "flush", "dev", "wlan0", within=where(person))
    run("ip", "address", "add", address, "dev", "wlan0", within=where(person))


class Serving:
    """A `misto lan serve` on somebody's device."""

    def __init__(self, folder: Path, person: str) -> None:
        serve = ("lan", "serve", "--profile", str(folder / person), "--json")
        self._process = subprocess.Popen(
            ["ip", "netns", "exec", where(person), *_MISTO, *serve],
            stdout=subprocess.PIPE,
            text=True,
        )
        self.opened = self.line()

    def line(self) -> Shape:
        """The next line that it says; it is given some seconds."""
        signal.alarm(_LINE_S_MAX)
        try:
            said = json.loads(cast(IO[str], self._process.stdout).readline())
        finally:
            signal.alarm(0)
        return cast(Shape, said)

    def shut(self) -> Shape:
        """End it; what it says of its visits."""
        self._process.send_signal(signal.SIGTERM)
        return self.line()

    def kill(self) -> None:
        """Whatever happened, it is not left behind."""
        self._process.kill()
        self._process.wait()


@contextlib.contextmanager
def serving(folder: Path, person: str) -> Iterator[Serving]:
    """A door that is open while the context lasts."""
    door = Serving(folder, person)
    try:
        yield door
    finally:
        door.kill()


def pull(folder: Path, person: str) -> list[Shape]:
    """Somebody looks for neighbours and visits whom they find."""
    said = pulled(folder, person, "--json")
    return cast(list[Shape], json.loads(said)) if said else []


def pulled(folder: Path, person: str, *options: str) -> str:
    """The same, as a person reads it; whatever the status is."""
    command = (*_MISTO, "lan", "pull", "--profile", str(folder / person), *options)
    return subprocess.run(
        ["ip", "netns", "exec", where(person), *command],
        check=False, capture_output=True, text=True, timeout=120,
    ).stdout  # fmt: skip


@contextlib.contextmanager
def lying(person: str, host: str, port: int) -> Iterator[None]:
    """Somebody announces a door that is not theirs, with a key of their own."""
    liar = (sys.executable, "-m", "benchmarks.neighbours_liar", host, str(port))
    process = subprocess.Popen(
        ["ip", "netns", "exec", where(person), *liar], stdout=subprocess.PIPE, text=True
    )
    try:
        cast(IO[str], process.stdout).readline()  # it is announced
        yield
    finally:
        process.kill()
        process.wait()


def people(folder: Path) -> None:
    """A city, and a device for each; all but the first have something to hand over."""
    init_city(folder / "city", "Сусіди", servers=("http://city.example",))
    card = str(folder / "city" / "card.json")
    for person in PEOPLE:
        run(*_MISTO, "device", "new", str(folder / person), "--card", card)
    for person in PEOPLE[1:]:
        words = ("--title", "Яма", "--text", "Глибока.", "--lane", "signal")
        run(*_MISTO, "appeal", "new", "--profile", str(folder / person), *words)


def _late(*_: object) -> None:
    raise TimeoutError(f"nothing was said for {_LINE_S_MAX} s")


def played(scene: Callable[[Path], list[str]]) -> list[str]:
    """What went wrong in a scene; nothing is a pass, and no namespace stays."""
    with tempfile.TemporaryDirectory(prefix="misto-neighbours-") as made, network():
        people(Path(made))
        try:
            return scene(Path(made))
        except (OSError, ValueError, LookupError, RuntimeError) as error:
            return [str(error) or type(error).__name__]


def main() -> int:
    """Go through the scenes, and print a JSON object a line; 1 when one of them went wrong."""
    from benchmarks.neighbours_scenes import SCENES

    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if os.geteuid() or missing:
        what = f"install {', '.join(missing)}" if missing else "run it as root"
        sys.stderr.write(f"neighbours: it needs network namespaces: {what} and try again.\n")
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGALRM, _late)
    wrong = 0
    for name, scene in SCENES.items():
        failed = played(scene)
        wrong += bool(failed)
        said = {"scene": name, "ok": not failed, "failed": failed}
        print(json.dumps(said, ensure_ascii=False), flush=True)
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
