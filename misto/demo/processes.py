"""The demo's processes: start them, see them ready, notice when one ends, stop them all."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import httpx

from shared_schema.errors import MistoError

_READY_S: Final = 60.0
_STOP_S: Final = 8.0
_LOOK_S: Final = 0.1
_LOG_LINES: Final = 5
_LOG_TAIL_BYTES: Final = 8_192


class ChildEnded(MistoError):
    """A process of the demo ended by itself, or never became ready."""

    code = "child_ended"


@dataclass(frozen=True, slots=True)
class Child:
    """One `misto` command in a process of its own, with its log."""

    name: str
    url: str
    log: Path
    process: subprocess.Popen[bytes]

    def check(self) -> None:
        """Make sure that it is running.

        Raises:
            ChildEnded: it is not; says how it ended and what it wrote last.
        """
        status = self.process.poll()
        if status is not None:
            raise ChildEnded(f"{self.name} ended with status {status}; {self._last_words()}")

    def wait_ready(self, path: str = "/") -> None:
        """Wait until it answers HTTP.

        Raises:
            ChildEnded: it ended, or gave no answer for a minute.
        """
        deadline = time.monotonic() + _READY_S
        while time.monotonic() < deadline:
            self.check()
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(self.url + path, timeout=2).is_success:
                    return
            time.sleep(_LOOK_S)
        raise ChildEnded(f"{self.name} does not answer at {self.url}; {self._last_words()}")

    def _last_words(self) -> str:
        with self.log.open("rb") as file:
            file.seek(max(0, self.log.stat().st_size - _LOG_TAIL_BYTES))
            lines = file.read().decode("utf-8", "replace").strip().splitlines()
        return f"{self.log} ends with: {' | '.join(lines[-_LOG_LINES:])}" if lines else "no log"


class Family:
    """The processes that run together; when one ends, the demo ends."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._children: list[Child] = []

    def start(self, name: str, url: str, arguments: Sequence[str]) -> Child:
        """Start `misto ARGUMENTS`; its output goes to a log named after it."""
        self._logs.mkdir(parents=True, exist_ok=True)
        log = self._logs / f"{name}.log"
        with log.open("wb") as output:
            child = Child(name, url, log, _spawn(arguments, output))
        self._children.append(child)
        return child

    def watch(self) -> None:
        """Return never, unless one of them ends.

        Raises:
            ChildEnded: one did.
        """
        while True:
            for child in self._children:
                child.check()
            time.sleep(_LOOK_S)

    def stop(self) -> None:
        """Ask all to stop, the last started first; after some seconds, insist."""
        for child in reversed(self._children):
            child.process.terminate()
        deadline = time.monotonic() + _STOP_S
        for child in reversed(self._children):
            try:
                child.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
            if child.process.stdin is not None:
                child.process.stdin.close()
        self._children.clear()


@contextlib.contextmanager
def family(logs: Path) -> Iterator[Family]:
    """Processes that are all stopped at the end of the block."""
    members = Family(logs)
    try:
        yield members
    finally:
        members.stop()


def _spawn(arguments: Sequence[str], output: BinaryIO) -> subprocess.Popen[bytes]:
    """In a session of its own, so that Ctrl-C reaches the parent only, which stops them in turn."""
    return subprocess.Popen(
        [sys.executable, "-m", "misto.demo.child", *arguments],
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
