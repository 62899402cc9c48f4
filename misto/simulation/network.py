"""The virtual wire: it loses, repeats, delays and reorders, and cuts after the server committed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Final

from shared_schema.errors import MistoError

Trace = Callable[[str], None]


class Unreachable(MistoError):
    """The request or its reply was lost; the sender cannot know which."""

    code = "unreachable"


@dataclass(frozen=True, slots=True)
class Weather:
    """How likely each mishap is for one request."""

    request_lost: float = 0.15
    reply_lost: float = 0.15
    repeated: float = 0.1
    delayed: float = 0.1
    server_killed_before_commit: float = 0.04
    server_killed_after_commit: float = 0.04


STORM: Final = Weather()
CALM: Final = Weather(0, 0, 0, 0, 0, 0)


class Server:
    """What the network needs of a server; `kill` and `start` take it down and up again."""

    def handle(self, raw: bytes, *, die_before_commit: bool = False) -> bytes:
        """Answer a request, or die while at it."""
        raise NotImplementedError

    def restart(self) -> None:
        """Kill the process and start it again from what is on disk."""
        raise NotImplementedError


@dataclass(slots=True)
class Network:
    """All devices' way to the server."""

    server: Server
    dice: Random
    trace: Trace
    weather: Weather = STORM
    cut_off: set[str] = field(default_factory=set)
    late: list[bytes] = field(default_factory=list)
    """Requests that their senders have given up and that arrive some time later."""

    def post(self, sender: str, raw: bytes) -> bytes:
        """Carry one request there and one reply back, or fail somewhere on the way."""
        self._deliver_late()
        fate = self._fate(sender)
        self.trace(f"{sender} {fate}")
        if fate in {"cut off", "request lost"}:
            raise Unreachable(fate)
        if fate == "delayed":
            self.late.append(raw)
            raise Unreachable(fate)
        if fate == "killed before commit":
            self.server.handle(raw, die_before_commit=True)
            self.server.restart()
            raise Unreachable(fate)
        reply = self.server.handle(raw)
        if fate == "repeated":
            reply = self.server.handle(raw)
        if fate == "killed after commit":
            self.server.restart()
        if fate in {"reply lost", "killed after commit"}:
            raise Unreachable(fate)
        return reply

    def heal(self) -> None:
        """From now on everything arrives; what was late arrives first."""
        self.weather = CALM
        self.cut_off.clear()
        while self.late:
            self._arrive(self.late.pop(0))

    def _fate(self, sender: str) -> str:
        if sender in self.cut_off:
            return "cut off"
        weather = self.weather
        roll = self.dice.random()
        for name, likely in (
            ("request lost", weather.request_lost),
            ("reply lost", weather.reply_lost),
            ("repeated", weather.repeated),
            ("delayed", weather.delayed),
            ("killed before commit", weather.server_killed_before_commit),
            ("killed after commit", weather.server_killed_after_commit),
        ):
            if roll < likely:
                return name
            roll -= likely
        return "arrived"

    def _deliver_late(self) -> None:
        while self.late and self.dice.random() < 0.3:
            self._arrive(self.late.pop(self.dice.randrange(len(self.late))))

    def _arrive(self, raw: bytes) -> None:
        """Bring a request whose sender hears of no answer and of no failure any more."""
        with contextlib.suppress(MistoError):
            self.server.handle(raw)
