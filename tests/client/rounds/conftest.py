"""A volunteer's device with a round and a courier that does what the test says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from client.services.guide import Guide
from client.services.notes import Notes
from client.services.replica import Replica
from client.services.rounds.rounds import Rounds
from tests.client.city import City
from tests.client.rounds.fake_courier import FakeCourier


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(tmp_path)


@pytest.fixture
def device(city: City) -> Iterator[Replica]:
    with city.resident() as replica:
        yield replica


@pytest.fixture
def courier() -> FakeCourier:
    return FakeCourier()


@pytest.fixture
def rounds(device: Replica, courier: FakeCourier) -> Rounds:
    return Rounds(Notes(device), courier, Guide(device), device.clock)
