"""`python -m benchmarks.badlink` (make badlink): what a bad link costs, between network namespaces.

The real server runs in one namespace, the client in another, joined by a veth pair. First the pair
is shaped to 20 kbit/s (`tc tbf`) and loses 30 % of the packets each way (nftables); then it
is good, and a relay on the client's side hangs up after every 2, 4 or 8 kB. Root is needed. The
namespaces go away whatever happens; their names carry this process's number.
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
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from benchmarks.badlink_link import ADDRESS, PORT, TARGET
from misto.city import init_city

NEAR, FAR = (f"misto-{end}-{os.getpid()}" for end in ("near", "far"))
LIVES: Final = (0, 2_000, 4_000, 8_000)
SCENES: Final = (
    *[("outbox", 1, 0)] * 5,
    ("outbox", 20, 0),
    *(("cut-outbox", 20, life) for life in LIVES),
    *(("cut-carry", 100, life) for life in LIVES),
)
TOOLS: Final = ("ip", "tc", "nft")
_RATE: Final = ("rate", "20kbit", "burst", "3000", "latency", "2s")
_LOSS: Final = """
    table inet bad {
        chain lossy { type filter hook input priority 0; numgen random mod 100 < 30 drop; }
    }
"""
_RUN_S_MAX: Final = 1_200


def run(*command: str, within: str = "", feed: str | None = None) -> str:
    """Run a command, in a namespace if one is named; returns what it says."""
    inside = ("ip", "netns", "exec", within) if within else ()
    done = subprocess.run(
        [*inside, *command],
        check=False,
        input=feed,
        capture_output=True,
        text=True,
        timeout=_RUN_S_MAX,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()[-2000:]}")
    return done.stdout


@contextlib.contextmanager
def namespaces() -> Iterator[None]:
    """Two namespaces joined by a veth pair, `near` (10.231.7.1) and `far` (10.231.7.2)."""
    try:
        for name in (NEAR, FAR):
            run("ip", "netns", "add", name)
            run("ip", "link", "set", "lo", "up", within=name)
        run("ip", "link", "add", "v0", "netns", NEAR, "type", "veth", "peer", "v0", "netns", FAR)
        for name, address in ((NEAR, "10.231.7.1"), (FAR, ADDRESS)):
            run("ip", "address", "add", f"{address}/24", "dev", "v0", within=name)
            run("ip", "link", "set", "v0", "up", within=name)
        yield
    finally:
        for name in (NEAR, FAR):
            subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)


@contextlib.contextmanager
def shaped() -> Iterator[None]:
    """20 kbit/s and 30 % loss, each way."""
    for name in (NEAR, FAR):
        run("tc", "qdisc", "add", "dev", "v0", "root", "tbf", *_RATE, within=name)
        run("nft", "-f", "-", within=name, feed=_LOSS)
    try:
        yield
    finally:
        for name in (NEAR, FAR):
            run("tc", "qdisc", "del", "dev", "v0", "root", within=name)
            run("nft", "flush", "ruleset", within=name)


def counters() -> int:
    """Bytes that either end has put on the pair so far, Ethernet and IP headers included."""
    says = (json.loads(run("ip", "-s", "-j", "link", "show", "v0", within=n)) for n in (NEAR, FAR))
    return sum(int(said[0]["stats64"]["tx"]["bytes"]) for said in says)


@contextlib.contextmanager
def server(folder: Path) -> Iterator[None]:
    """The city's server in the far namespace."""
    init_city(folder / "city", "Бенч", servers=(TARGET,))
    command = ["ip", "netns", "exec", FAR, sys.executable, "-m", "sync_server"]
    options = ["--city", str(folder / "city"), "--host", ADDRESS, "--port", str(PORT)]
    process = subprocess.Popen([*command, *options])
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def play(folder: Path, scene: str, count: int, life: int = 0) -> dict[str, Any]:
    """Let the client act in the near namespace; what it and the interfaces counted."""
    player = (sys.executable, "-m", "benchmarks.badlink_player")
    name = f"{scene}-{count}-{life}"
    run(*player, "prepare", str(folder), name, str(count), "0", within=NEAR)
    before = counters()
    with shaped() if scene == "outbox" else contextlib.nullcontext():
        said = run(*player, scene, str(folder), name, str(count), str(life), within=NEAR)
    figures: dict[str, Any] = json.loads(said.splitlines()[-1])
    figures |= {"scene": scene, "count": count, "life_bytes": life}
    figures["wire_bytes"] = counters() - before
    return figures


def main() -> int:
    """Measure, and print a JSON object a line."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if os.geteuid() or missing:
        what = f"install {', '.join(missing)}" if missing else "run it as root"
        sys.stderr.write(f"badlink: it needs network namespaces: {what} and try again.\n")
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="misto-badlink-") as name, namespaces():
        folder = Path(name)
        with server(folder):
            for number, scene in enumerate(SCENES):
                (folder / str(number)).mkdir()
                shutil.copy(folder / "city" / "card.json", folder / str(number) / "card.json")
                print(json.dumps(play(folder / str(number), *scene)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
