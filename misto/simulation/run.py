"""One simulated city: days of acts under storms and crashes, then calm, then judgement."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Final

from client.services.replica import Replica
from misto.city import init_city
from misto.simulation.acts import BY_ROLE
from misto.simulation.checkers import Facts, violations
from misto.simulation.collect import collect
from misto.simulation.device import Device
from misto.simulation.network import Network
from misto.simulation.second_desk import add_desk
from misto.simulation.server import SimulatedServer

START_MS: Final = 1_790_000_000_000
MS_PER_HOUR: Final = 3_600_000
HOURS_PER_DAY: Final = 24
SKEW_YEARS_MAX: Final = 10
MS_PER_YEAR: Final = 31_557_600_000
HEALING_ROUNDS: Final = 4
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class SimulationResult:
    """How a run ended. `trace_digest` is the same for the same seed, sizes and commit."""

    seed: int
    ok: bool
    violations: tuple[str, ...]
    counts: dict[str, int]
    trace_digest: str
    wall_s: float


def run_simulation(
    seed: int, devices: int = 8, days: int = 3, on_progress: Progress | None = None
) -> SimulationResult:
    """Simulate `devices` residents with a newsroom and two desks for some days, then check."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="misto-simulation-") as name:
        town = _Town(Path(name), seed, devices)
        try:
            for hour in range(days * HOURS_PER_DAY):
                town.hour()
                if on_progress is not None:
                    on_progress(hour + 1, days * HOURS_PER_DAY)
            town.heal()
            found = violations(town.facts())
        finally:
            town.close()
    return SimulationResult(
        seed,
        not found,
        found,
        town.counts(),
        town.trace_digest(),
        round(time.perf_counter() - started, 3),
    )


class _Town:
    """The state of a run."""

    def __init__(self, folder: Path, seed: int, residents: int) -> None:
        self._dice = Random(seed)
        self._trace = hashlib.sha256()
        self._now = START_MS
        self._acts = 0
        self._exchanges = 0
        city = folder / "city"
        self.card = init_city(city, "Симуляція", servers=(), districts=())
        self.database = city / "server.db"
        self._server = SimulatedServer(city, self.card, self._server_clock)
        self._network = Network(self._server, self._dice, self._note)
        second = folder / "desk-2"
        self.granted = add_desk(city, self.card, second, self._server, lambda: self._now)
        self.devices: dict[str, list[Device]] = {
            "desk": [
                self._device("desk", city / "profiles" / "desk"),
                self._device("desk-2", second),
            ],
            "newsroom": [self._device("newsroom", city / "profiles" / "newsroom")],
            "resident": [
                self._resident(f"resident-{number}", folder) for number in range(residents)
            ],
        }

    def hour(self) -> None:
        """Some devices act, some exchange, some crash, some lose their way to the server."""
        self._now += MS_PER_HOUR
        for role, group in self.devices.items():
            for device in group:
                self._maybe_cut_off(device)
                if self._dice.random() < 0.25:
                    self._act(device, role)
                if self._dice.random() < 0.4:
                    self._exchange(device)
                if self._dice.random() < 0.02:
                    self._note(f"{device.name} crashed")
                    device.crash()

    def heal(self) -> None:
        """The network is whole again; everybody exchanges a few times."""
        self._network.heal()
        for _ in range(HEALING_ROUNDS):
            self._now += MS_PER_HOUR
            for group in self.devices.values():
                for device in group:
                    self._note(f"{device.name} {device.exchange()}")

    def facts(self) -> Facts:
        """What the checkers judge."""
        facts = collect(self.devices, self.database, self.card)
        return replace(facts, from_card=facts.from_card | {self.granted})

    def counts(self) -> dict[str, int]:
        """How much happened."""
        every = [device for group in self.devices.values() for device in group]
        return {
            "acts": self._acts,
            "exchanges": self._exchanges,
            "device_crashes": sum(device.crashes for device in every),
            "server_restarts": self._server.restarts,
            "saved": sum(len(device.saved) for device in every),
        }

    def trace_digest(self) -> str:
        """The digest of every decision and verdict so far."""
        return self._trace.hexdigest()

    def close(self) -> None:
        """Put everything down."""
        for group in self.devices.values():
            for device in group:
                device.close()
        self._server.close()

    def _act(self, device: Device, role: str) -> None:
        self._acts += 1
        act = self._dice.choice(BY_ROLE[role])
        act(device, self._dice, self._acts)
        device.note_saved()
        self._note(f"{device.name} {act.__name__} {len(device.saved)}")

    def _exchange(self, device: Device) -> None:
        self._exchanges += 1
        crash = self._dice.random() < 0.05
        ended = device.exchange_and_crash() if crash else device.exchange()
        self._note(f"{device.name} {ended}")

    def _maybe_cut_off(self, device: Device) -> None:
        roll = self._dice.random()
        if roll < 0.03:
            self._network.cut_off.add(device.name)
        elif roll < 0.1:
            self._network.cut_off.discard(device.name)

    def _resident(self, name: str, folder: Path) -> Device:
        Replica.create(folder / name, self.card.raw, clock=self._clock(name)).close()
        return self._device(name, folder / name)

    def _device(self, name: str, profile: Path) -> Device:
        return Device(name, profile, self._network, self._clock(name), self._dice)

    def _clock(self, name: str) -> Callable[[], int]:
        """A device's clock: years wrong for one in three."""
        skew = 0
        if self._dice.random() < 0.33:
            skew = self._dice.randrange(-SKEW_YEARS_MAX, SKEW_YEARS_MAX + 1) * MS_PER_YEAR
        self._note(f"{name} clock {skew}")
        return lambda: max(self._now + skew, 0)

    def _server_clock(self) -> int:
        """The server's clock; now and then it is set back by a day."""
        hours = self._now // MS_PER_HOUR
        return self._now - (HOURS_PER_DAY * MS_PER_HOUR if hours % 17 == 0 else 0)

    def _note(self, line: str) -> None:
        self._trace.update(line.encode() + b"\n")
