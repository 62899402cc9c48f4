"""The stage for a measurement: a throw-away city, its server as a process of its own, its devices.

The server is started as it is in production, so that it has a core and a memory of its own; what
devices do runs in the measuring process through the app's own services.
"""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from client.services.exchange import Exchange
from client.services.replica import Replica
from client.transports.http import HttpTransport
from misto.city import init_city

_START_S = 20.0


@dataclass(frozen=True, slots=True)
class Stage:
    """A running city."""

    folder: Path
    url: str
    server: subprocess.Popen[bytes]

    def device(self, name: str) -> Replica:
        """A fresh resident's device."""
        card = (self.folder / "city" / "card.json").read_bytes()
        return Replica.create(self.folder / name, card)

    def desk(self) -> Replica:
        """The city's first desk."""
        return Replica.open(self.folder / "city" / "profiles" / "desk")

    def newsroom(self) -> Replica:
        """The city's newsroom."""
        return Replica.open(self.folder / "city" / "profiles" / "newsroom")

    def editor(self) -> Replica:
        """The newsroom's second person."""
        return Replica.open(self.folder / "city" / "profiles" / "editor")

    def exchange(self, replica: Replica, url: str | None = None) -> Exchange:
        """An exchange of this device with the server, over a connection of its own."""
        return Exchange(replica, HttpTransport(url or self.url))

    def server_cpu_s(self) -> float:
        """The processor seconds the server has used so far (Linux)."""
        fields = Path(f"/proc/{self.server.pid}/stat").read_text(encoding="ascii").split()
        return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")

    def server_rss_mib(self) -> float:
        """The server's resident memory now, in MiB (Linux)."""
        status = Path(f"/proc/{self.server.pid}/status").read_text(encoding="ascii")
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        return round(int(found[1]) / 1024, 1) if found else 0.0


@contextlib.contextmanager
def stage(districts: tuple[str, ...] = ()) -> Iterator[Stage]:
    """Set up a city and its server; take both down afterwards."""
    with tempfile.TemporaryDirectory(prefix="misto-bench-") as name:
        folder = Path(name)
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        init_city(folder / "city", "Бенч", servers=(url,), districts=districts)
        command = [sys.executable, "-m", "sync_server", "--city", str(folder / "city")]
        server = subprocess.Popen([*command, "--host", "127.0.0.1", "--port", str(port)])
        try:
            _wait_until_healthy(url, server)
            yield Stage(folder, url, server)
        finally:
            server.terminate()
            server.wait(timeout=10)


def free_port() -> int:
    """A TCP port on loopback that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_healthy(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"the server ended with status {server.returncode}")
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{url}/healthz").status_code == httpx.codes.OK:
                return
        time.sleep(0.05)
    raise RuntimeError("the server did not become healthy")
