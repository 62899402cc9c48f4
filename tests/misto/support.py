"""Running `misto` from tests: in this process for speed, or as a process of its own for real."""

from __future__ import annotations

import contextlib
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from misto.cli.run import run
from misto.ports import PortBusy, check_free_port

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
START_S = 60.0
COMMAND_S = 120.0


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.status == 0, self.err
        assert self.err == "", f"a command that worked wrote to standard error: {self.err}"
        return json.loads(self.out)

    def assert_one_clear_line(self, *parts: str) -> None:
        """The shape of every error: nothing on standard output, one line on standard error."""
        assert self.status != 0
        assert self.out == ""
        assert self.err.startswith("misto: ")
        assert self.err.count("\n") == 1, self.err
        assert "Traceback" not in self.err
        for part in parts:
            assert part in self.err


class Here:
    """Runs commands in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: object) -> Done:
        self._capsys.readouterr()
        status = run([str(each) for each in arguments])
        captured = self._capsys.readouterr()
        return Done(status, captured.out, captured.err)


def environment(temporary: Path | None = None) -> dict[str, str]:
    """For a process: imports from this tree, temporary files where the test can look at them."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    for name in ("MISTO_PIN", "MISTO_DEBUG"):
        env.pop(name, None)
    if temporary is not None:
        env["TMPDIR"] = env["SQLITE_TMPDIR"] = str(temporary)
    return env


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "misto", *map(str, arguments)]


def process(*arguments: object, temporary: Path | None = None) -> Done:
    """Run a command as a process of its own."""
    done = subprocess.run(
        command(*arguments),
        env=environment(temporary),
        capture_output=True,
        text=True,
        timeout=COMMAND_S,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def free_port(count: int = 1) -> int:
    """The first of `count` neighbouring ports that are free right now.

    From below the range that systems give to outgoing connections, which come and go meanwhile.
    """
    for _ in range(200):
        first = random.randrange(20_000, 32_000)
        with contextlib.suppress(PortBusy):
            for port in range(first, first + count):
                check_free_port(HOST, port)
            return first
    raise AssertionError("no free ports")


def wait_until_up(url: str, process: subprocess.Popen[Any]) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        assert process.poll() is None, f"it ended with status {process.returncode}"
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(url).is_success:
                return
        time.sleep(0.03)
    raise AssertionError(f"no answer from {url}")


@contextlib.contextmanager
def serving(city: Path, port: int) -> Iterator[str]:
    """The city's server as a process of its own; its address."""
    arguments = command("serve", "--city", city, "--port", port)
    server = subprocess.Popen(arguments, env=environment(), stderr=subprocess.DEVNULL)
    try:
        url = f"http://{HOST}:{port}"
        wait_until_up(f"{url}/healthz", server)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=15)
