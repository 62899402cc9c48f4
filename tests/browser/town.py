"""A city of real processes for the browser: a server, and apps on profiles, that can be killed."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from client.services.exchange import Exchange
from client.services.news import Newsroom
from client.services.replica import Replica
from client.transports.http import HttpTransport
from misto.city import init_city
from tests.browser.chromium import ROOT

DISTRICTS = ("Затишшя", "Кам’янка", "Центр")
START_S = 30.0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Process:
    """One of our processes, on a port that stays its own through deaths and restarts."""

    arguments: Sequence[str]
    port: int
    log: Path
    running: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start, and wait until it listens."""
        command = [sys.executable, "-m", *self.arguments]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            assert self.running.poll() is None, self.log.read_text(errors="replace")[-4000:]
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), 0.2).close()
                return
            time.sleep(0.05)
        raise AssertionError(f"{command} does not listen on {self.port}")

    def kill(self) -> None:
        """SIGKILL: no chance to tidy up, as when the battery ends."""
        if self.running is not None:
            self.running.send_signal(signal.SIGKILL)
            self.running.wait()
            self.running = None


@dataclass
class Town:
    """A city folder, its server, and apps by profile."""

    folder: Path
    card: bytes
    server: Process
    apps: dict[str, Process] = field(default_factory=dict)

    def profile(self, name: str) -> Path:
        """The folder of a device; the residents' are made when first asked for."""
        official = self.folder / "city" / "profiles" / name
        if official.exists():
            return official
        own = self.folder / "devices" / name
        if not own.exists():
            Replica.create(own, self.card).close()
        return own

    def app(self, name: str, *more: str) -> Process:
        """The app on a profile, not started yet; `more` are options of the first time."""
        if name not in self.apps:
            port = free_port()
            arguments = ("client", "--profile", str(self.profile(name)), "--web",
                         "--port", str(port), "--server", self.server.url, *more)  # fmt: skip
            self.apps[name] = Process(arguments, port, self.folder / f"{name}.log")
        return self.apps[name]

    @contextlib.contextmanager
    def device(self, name: str) -> Iterator[tuple[Replica, Exchange]]:
        """A device driven without its app, to set a stage."""
        transport = HttpTransport(self.server.url)
        with Replica.open(self.profile(name)) as replica, contextlib.closing(transport):
            yield replica, Exchange(replica, transport)

    def sign_alerts(self) -> None:
        """The newsroom's second person signs what waits for it; the server must run."""
        with self.device("editor") as (replica, exchange):
            exchange.once()
            room = Newsroom(replica)
            for alert in room.awaiting():
                room.confirm(alert.record, alert)
            exchange.once()


@contextlib.contextmanager
def town(folder: Path, districts: tuple[str, ...] = DISTRICTS) -> Iterator[Town]:
    """A new city; nothing runs yet, and nothing is left running."""
    folder.mkdir(exist_ok=True)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    card = init_city(folder / "city", "Надріччя", servers=(address,), districts=districts)
    arguments = ("sync_server", "--city", str(folder / "city"), "--port", str(port))
    made = Town(folder, card.raw, Process(arguments, port, folder / "server.log"))
    try:
        yield made
    finally:
        for process in (made.server, *made.apps.values()):
            process.kill()
