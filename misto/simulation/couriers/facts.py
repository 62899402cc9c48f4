"""What the checkers of a town of couriers are given: what happened, and the devices as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from misto.simulation.couriers.ledger import Ledger
from misto.simulation.couriers.paths import Paths
from misto.simulation.couriers.people import People
from misto.simulation.couriers.roll import Roll
from misto.simulation.couriers.slips import PaperSlips
from misto.simulation.couriers.walker import Walker

_LOG: Final = "SELECT change_id FROM changes"


class Story(NamedTuple):
    """What happened, by the record that was kept beside the devices."""

    paths: Paths
    ledger: Ledger
    slips: PaperSlips
    roll: Roll
    authors: dict[bytes, str]
    enrolled: frozenset[bytes]
    server_failures: tuple[str, ...]
    guest: bytes
    guest_last_seq: int


class Facts(NamedTuple):
    """The story with the devices as they are now."""

    people: People
    story: Story
    stored: frozenset[bytes]
    """What the city has."""
    said: frozenset[bytes]
    """What crooks made up."""


Checker = Callable[[Facts], Iterable[str]]


def log_of(walker: Walker) -> set[bytes]:
    """The ids of all changes in a device's log."""
    return {bytes(row[0]) for row in walker.replica.store.rows(_LOG)}
