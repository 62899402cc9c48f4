"""One simulated city: days of acts under storms and crashes, then calm, then judgement."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from client.services.replica import Replica
from misto.city import init_city
from misto.simulation.acts import BY_ROLE
from misto.simulation.checkers import Facts, violations
from misto.simulation.collect import City, Guest, collect
from misto.simulation.device import Device
from misto.simulation.enrolment import Enrolment
from misto.simulation.network import Network
from misto.simulation.quick import made_quick
from misto.simulation.rascal import Rascal
from misto.simulation.server import SimulatedServer

START_MS: Final = 1_790_000_000_000
MS_PER_MINUTE: Final = 60_000
MS_PER_HOUR: Final = 60 * MS_PER_MINUTE
HOURS_PER_DAY: Final = 24
SKEW_MINUTES_MAX: Final = 90
SKEW_YEARS_MAX: Final = 10
MS_PER_YEAR: Final = 31_557_600_000
HEALING_ROUNDS: Final = 4
GUEST_LAST_SEQ_MAX: Final = 3
CRASHES: Final = 0.1
"""How likely the power fails during an act or an exchange."""
BUDGETS_BYTES: Final = (0, 0, 0, 600, 2_000)
"""What an exchange may carry: mostly anything, sometimes what a bad link has room for."""
_SHARED_MEMORY: Final = Path("/dev/shm")
_OTHER_DEVICES: Final = 6
_DEVICE_BYTES: Final = 8 * 1024 * 1024
"""About four times what a device's files take after a week."""
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
    """Simulate `devices` residents, two desks and two newsrooms for some days, then check.

    A crash is a copy of the files as they are, not a cut of the power: the files may lie in memory.
    """
    started = time.perf_counter()
    hours = days * HOURS_PER_DAY
    quick = quick_folder(devices)
    with (
        made_quick(),
        tempfile.TemporaryDirectory(prefix="misto-simulation-", dir=quick) as name,
    ):
        town = _Town(Path(name), seed, devices, hours)
        try:
            for hour in range(hours):
                town.hour(hour)
                if on_progress is not None:
                    on_progress(hour + 1, hours)
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


def quick_folder(devices: int) -> Path | None:
    """Memory, if there is ample room for all these databases; else wherever temporary files go."""
    if not _SHARED_MEMORY.is_dir():
        return None
    needed = (devices + _OTHER_DEVICES) * _DEVICE_BYTES
    return _SHARED_MEMORY if shutil.disk_usage(_SHARED_MEMORY).free > needed else None


class _Town:
    """The state of a run."""

    def __init__(self, folder: Path, seed: int, residents: int, hours: int) -> None:
        self._dice = Random(seed)
        self._trace = hashlib.sha256()
        self._now = START_MS
        self._acts = 0
        self._exchanges = 0
        self._skews: dict[str, int] = {}
        self._folder = folder
        city = folder / "city"
        self.card = init_city(city, "Симуляція", servers=(), districts=())
        self._server = SimulatedServer(city, self.card, self._server_clock)
        self._network = Network(self._server, self._dice, self._note)
        self._enrolment = Enrolment(city, self.card, self._server)
        self._enrolment.add_desk(folder / "desk-2", lambda: self._now)
        guest = self._enrolment.add_guest(folder / "guest", lambda: self._now)
        self._guest = Guest(guest, self._dice.randrange(GUEST_LAST_SEQ_MAX + 1))
        self._revoked_at = self._dice.randrange(hours // 4, hours)
        self._cloned_at = self._dice.randrange(hours // 4, hours)
        self._rascal = Rascal(self.card, self._network, self._clock("rascal"), self._dice)
        profiles = city / "profiles"
        self.devices: dict[str, list[Device]] = {
            "desk": [
                self._device("desk", profiles / "desk"),
                self._device("desk-2", folder / "desk-2"),
            ],
            "newsroom": [
                self._device("newsroom", profiles / "newsroom"),
                self._device("guest", folder / "guest"),
            ],
            "resident": [self._resident(f"resident-{number}") for number in range(residents)],
            "cloned": [],
        }

    def hour(self, hour: int) -> None:
        """Some devices act, some exchange, some crash, some lose their way to the server."""
        self._now += MS_PER_HOUR
        if hour == self._revoked_at:
            self._enrolment.revoke_guest(*self._guest)
        if hour == self._cloned_at:
            self._clone()
        for role, group in self.devices.items():
            for device in group:
                self._maybe_cut_off(device)
                if self._dice.random() < 0.01:
                    self._set_clock(device.name)
                if self._dice.random() < 0.25:
                    self._act(device, role)
                if self._dice.random() < 0.4:
                    self._exchange(device)
                if self._dice.random() < 0.02:
                    self._note(f"{device.name} crashed")
                    device.crash()
        if self._dice.random() < 0.2:
            victim = self._dice.choice(self.devices["resident"] + self.devices["cloned"])
            self._note(f"rascal {self._rascal.misbehave(victim)}")

    def heal(self) -> None:
        """The network is whole again; everybody exchanges a few times."""
        self._network.heal()
        for _ in range(HEALING_ROUNDS):
            self._now += MS_PER_HOUR
            for group in self.devices.values():
                for device in group:
                    self._note(f"{device.name} {device.exchange()}")
        self._note(f"rascal {self._rascal.insist()}")

    def facts(self) -> Facts:
        """What the checkers judge."""
        enrolled, failures = frozenset(self._enrolment.made), tuple(self._server.failures)
        city = City(self.card, self._server.database, enrolled, failures)
        return collect(self.devices, city, self._guest, self._rascal)

    def counts(self) -> dict[str, int]:
        """How much happened."""
        every = [device for group in self.devices.values() for device in group]
        return {
            "acts": self._acts,
            "exchanges": self._exchanges,
            "device_crashes": sum(device.crashes for device in every),
            "server_restarts": self._server.restarts,
            "saved": len({change for device in every for change in device.saved}),
            "lies": len(self._rascal.said),
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
        crash = self._dice.random() < CRASHES
        how = device.act_and_crash if crash else device.act
        self._note(f"{device.name} {act.__name__} {how(act, self._acts)}")

    def _exchange(self, device: Device) -> None:
        self._exchanges += 1
        crash = self._dice.random() < CRASHES
        budget = self._dice.choice(BUDGETS_BYTES)
        ended = device.exchange_and_crash() if crash else device.exchange(budget)
        self._note(f"{device.name} {ended}")

    def _maybe_cut_off(self, device: Device) -> None:
        roll = self._dice.random()
        if roll < 0.03:
            self._network.cut_off.add(device.name)
        elif roll < 0.1:
            self._network.cut_off.discard(device.name)

    def _clone(self) -> None:
        """One resident's phone is restored from a backup onto a second one; both go on."""
        original = self.devices["resident"].pop()
        name = f"{original.name}-twin"
        self.devices["cloned"] = [original, original.clone(name, self._clock(name))]

    def _resident(self, name: str) -> Device:
        Replica.create(self._folder / name, self.card.raw, clock=self._clock(name)).close()
        return self._device(name, self._folder / name)

    def _device(self, name: str, profile: Path) -> Device:
        return Device(name, profile, self._network, self._clock(name), self._dice)

    def _clock(self, name: str) -> Callable[[], int]:
        """A device's clock, which may be set at any time, to any time."""
        self._set_clock(name)
        return lambda: max(self._now + self._skews[name], 0)

    def _set_clock(self, name: str) -> None:
        """Right, a few minutes wrong, or years wrong."""
        self._skews[name] = self._dice.choice(
            (
                0,
                self._dice.randrange(-SKEW_MINUTES_MAX, SKEW_MINUTES_MAX + 1) * MS_PER_MINUTE,
                self._dice.randrange(-SKEW_YEARS_MAX, SKEW_YEARS_MAX + 1) * MS_PER_YEAR,
            )
        )
        self._note(f"{name} clock {self._skews[name]}")

    def _server_clock(self) -> int:
        """The server's clock; now and then it is set back by a day."""
        hours = self._now // MS_PER_HOUR
        return self._now - (HOURS_PER_DAY * MS_PER_HOUR if hours % 17 == 0 else 0)

    def _note(self, line: str) -> None:
        self._trace.update(line.encode() + b"\n")
