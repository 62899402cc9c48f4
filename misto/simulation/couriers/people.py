"""Who lives in the town of couriers, and where: most have never had a network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from client.services.appeals import Appeals
from client.services.courier.courier import Courier
from client.services.replica import Clock, Replica
from misto.city import init_city
from misto.simulation.couriers.crook import Crook
from misto.simulation.couriers.walker import Walker
from misto.simulation.network import Network
from shared_schema.crypto.card import Card
from shared_schema.limits import CARRIED_BYTES_DEFAULT
from shared_schema.records.appeal import Opened
from shared_schema.sync.courier import Item, decode_courier

OFFICES: Final = 3
"""The desk, the newsroom and the guest, who have network."""
_COURIERS_SHARE: Final = 0.14
_CROOKS_SHARE: Final = 0.03
_CONNECTED_SHARE: Final = 0.1
_DISTRICT_RESIDENTS: Final = 14
_TIGHT_BYTES: Final = (12_000, 40_000, 120_000)
"""So little room that a few requests fill it, or a few dozen."""


@dataclass(slots=True)
class People:
    """All devices by what they do."""

    card: Card
    desk: Walker
    newsroom: Walker
    guest: Walker
    residents: list[Walker] = field(default_factory=list)
    connected: list[Walker] = field(default_factory=list)
    """Residents who exchange with the city themselves now and then."""
    runners: list[Walker] = field(default_factory=list)
    """Couriers who reach the server now and then."""
    couriers: list[Walker] = field(default_factory=list)
    """All honest couriers."""
    crooks: list[Crook] = field(default_factory=list)
    tights: list[Walker] = field(default_factory=list)
    """Couriers with little room; see `tight`."""
    districts: dict[str, int] = field(default_factory=dict)
    """Where residents live and couriers mostly go."""

    @property
    def offices(self) -> list[Walker]:
        """Those of the city."""
        return [self.desk, self.newsroom, self.guest]

    @property
    def honest(self) -> list[Walker]:
        """All whose device does what it should, those with little room included."""
        return [*self.offices, *self.residents, *self.couriers, *self.tights]

    @property
    def every(self) -> list[Walker]:
        """All devices."""
        return [*self.honest, *(crook.walker for crook in self.crooks)]


@dataclass(slots=True)
class Settling:
    """What it takes to make a device."""

    folder: Path
    card: Card
    network: Network
    clock: Callable[[str], Clock]
    dice: Random
    on_server: Callable[[], frozenset[bytes]]

    def newcomer(self, name: str, budget: int = CARRIED_BYTES_DEFAULT) -> Walker:
        """A device of somebody who has just installed the app."""
        Replica.create(self.folder / name, self.card.raw, clock=self.clock(name)).close()
        return self.walker(name, self.folder / name, budget)

    def walker(self, name: str, profile: Path, budget: int = CARRIED_BYTES_DEFAULT) -> Walker:
        """A device with a profile that is there already."""
        return Walker(
            name, profile, self.network, self.clock(name), self.dice, self.on_server, budget
        )


def settle(devices: int, offices: dict[str, Path], how: Settling) -> People:
    """`devices` in all (thirteen at least), of which one in seven is a courier, and one a crook."""
    number = max(devices - OFFICES, 10)
    couriers = max(round(number * _COURIERS_SHARE), 3)
    crooks = max(round(number * _CROOKS_SHARE), 1)
    residents = number - couriers - crooks - len(_TIGHT_BYTES)
    desk, newsroom, guest = (how.walker(name, path) for name, path in offices.items())
    people = People(how.card, desk, newsroom, guest)
    districts = max(residents // _DISTRICT_RESIDENTS, 2)
    for place in range(residents):
        people.residents.append(how.newcomer(f"resident-{place}"))
        people.districts[f"resident-{place}"] = place % districts
    for place in range(couriers):
        people.couriers.append(how.newcomer(f"courier-{place}"))
        people.districts[f"courier-{place}"] = place % districts
    people.connected = people.residents[: max(round(residents * _CONNECTED_SHARE), 1)]
    people.runners = people.couriers[::2]
    for walker in (*people.connected, *people.runners):
        walker.has_network = True
    for place, room in enumerate(_TIGHT_BYTES):
        people.tights.append(how.newcomer(f"tight-{place}", room))
    strangers = other_city(how.folder / "elsewhere")
    for place in range(crooks):
        walker = how.newcomer(f"crook-{place}")
        people.crooks.append(Crook(walker, strangers, how.dice))
    return people


def other_city(folder: Path) -> list[Item]:
    """What a resident of another city would hand on."""
    card = init_city(folder / "city", "Деінде", servers=(), districts=())
    with Replica.create(folder / "resident", card.raw, clock=lambda: 0) as replica:
        Appeals(replica).file(Opened("signal", "", "Чуже", "Чуже", "water"))
        return [item for raw in Courier(replica).give() for item in decode_courier(raw).items]
