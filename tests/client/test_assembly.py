"""The services of the app, put together: what one of them tells another."""

from __future__ import annotations

import pytest

from client.assembly import open_device
from client.services.notes import Notes
from client.services.volunteers import Volunteers
from tests.client.city import City, an_appeal

DAY_MS = 86_400_000


@pytest.mark.parametrize("joined", [True, False], ids=["volunteer", "anybody"])
def test_a_volunteer_who_takes_an_appeal_has_been_at_that_door(city: City, joined: bool) -> None:
    with city.profile("desk") as office:
        until = office.clock() + DAY_MS
        code = Volunteers(office, Notes(office)).invite("queue/general", "", until)
    with city.resident("volunteer") as volunteer:
        folder = volunteer.folder
    services = open_device(folder, "http://127.0.0.1:9", None)
    try:
        if joined:
            services.volunteers.join(code.text)
        opened = an_appeal()
        services.doorstep.collect(opened)
        stops = services.rounds.view().stops
    finally:
        services.close()
    assert [stop.mark for stop in stops] == (["visited"] if joined else [])
