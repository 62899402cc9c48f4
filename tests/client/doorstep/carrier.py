"""A volunteer's device for the doorstep's tests: its courier, and the ways of what it carries."""

from __future__ import annotations

from pathlib import Path

from client.services.courier.courier import Courier
from client.services.doorstep.carrying import Carrying
from client.services.doorstep.slip_device import Thread
from client.services.replica import Replica
from client.storage import carried
from tests.client.city import City


def carrying(replica: Replica) -> Carrying:
    """The doorstep's side of a device's courier."""
    return Carrying(Courier(replica))


def threads(replica: Replica) -> list[Thread]:
    """All that a device carries, as it lies in its database."""
    with replica.store.holding() as connection:
        stored = carried.in_order(connection)
        return [Thread(*carried.raw_of(connection, each.request)) for each in stored]


def deliver(city: City, replica: Replica) -> None:
    """The courier reaches the network: what it carries is posted, and the replies are kept."""
    city.clock.now_ms += 1_000
    Courier(replica).deliver(city.doors())


def hand(giver: Replica, taker: Replica) -> None:
    """One device gives another one all it has for others, as files."""
    for raw in Courier(giver).give():
        Courier(taker).take(raw, "file")


def durable(folder: Path) -> dict[str, bytes]:
    """All files of a profile but SQLite's index of who reads the WAL, which reading alters."""
    return {
        path.name: path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith("-shm")
    }
