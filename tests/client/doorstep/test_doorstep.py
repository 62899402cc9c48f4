"""The doorstep as the app has it: what waits is counted, and goes out with the next exchange."""

from __future__ import annotations

import pytest

from client.services.appeals import Appeals
from client.services.courier.courier import Courier
from client.services.desk import Desk
from client.services.doorstep.doorstep import Doorstep
from client.services.exchange import Exchange
from client.services.notes import Notes
from client.services.replica import Replica
from client.storage.errors import StorageFull
from shared_schema.records.appeal import Opened
from tests.client.city import City, an_appeal
from tests.client.doorstep.carrier import deliver, hand


def doorstep(city: City, replica: Replica) -> Doorstep:
    return Doorstep(Courier(replica), Notes(replica), city.doors())


def test_a_collected_appeal_waits_until_the_city_has_received_it(city: City) -> None:
    """«All received» while somebody's appeal lies in the volunteer's pocket would be a lie."""
    with city.resident("volunteer") as volunteer, city.profile("desk") as office:
        door = doorstep(city, volunteer)
        exchange = door.exchanging(Exchange(volunteer, city.transport()))
        assert exchange.state().waiting == 0
        taken = door.collect(an_appeal())
        assert exchange.state().waiting == 1
        deliver(city, volunteer)
        assert exchange.state().waiting == 0
        city.exchange(office)
        (view,) = Desk(office).queue()
        assert view.record == taken.record


def test_what_others_gave_to_carry_is_told_apart_from_one_s_own(city: City) -> None:
    with city.resident("volunteer") as volunteer, city.resident() as resident:
        exchange = doorstep(city, volunteer).exchanging(Exchange(volunteer, city.transport()))
        Appeals(resident).file(an_appeal())
        hand(resident, volunteer)
        assert (exchange.state().waiting, exchange.state().carrying) == (0, 1)
        deliver(city, volunteer)
        assert exchange.state().carrying == 0


def test_an_adopted_comment_counts_once_and_goes_out_with_the_exchange(city: City) -> None:
    with city.resident("volunteer") as volunteer:
        door = doorstep(city, volunteer)
        taken = door.collect(an_appeal())
        deliver(city, volunteer)
    with city.resident("own phone") as phone:
        door = doorstep(city, phone)
        exchange = door.exchanging(Exchange(phone, city.transport()))
        with door.claim(taken.slip.qr) as claimed:
            assert door.look(claimed)
            claimed.adopt()
        door.appeals.comment(taken.record, "Дякую.")
        assert exchange.state().waiting == 1
        exchange.once()
        assert exchange.state().waiting == 0
        assert not door.appeals.get(taken.record).pending
        door.close()
        assert door.appeals.get(taken.record).said[0].text == "Дякую."


def test_one_thread_that_grew_too_long_does_not_stop_the_exchange(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    with city.resident("volunteer") as volunteer:
        slips = [doorstep(city, volunteer).collect(an_appeal()).slip.qr for _ in range(2)]
        deliver(city, volunteer)
    with city.resident("own phone") as phone:
        door = doorstep(city, phone)
        for code in slips:
            with door.claim(code) as claimed:
                assert door.look(claimed)
                claimed.adopt()
        monkeypatch.setattr("client.services.notes.NOTE_BYTES_MAX", 100)
        door.exchanging(Exchange(phone, city.transport())).once()
        assert [view.state for view in door.appeals.list()] == ["received", "received"]


def test_a_door_that_cannot_be_marked_costs_nobody_their_slip(city: City) -> None:
    heard: list[str] = []

    def full(_opened: Opened, sender: str) -> None:
        heard.append(sender)
        raise StorageFull

    with city.resident("volunteer") as volunteer:
        door = Doorstep(Courier(volunteer), Notes(volunteer), city.doors(), full)
        taken = door.collect(an_appeal())
        (carried,) = Courier(volunteer).carried()
    assert heard == [taken.sender] == [carried.sender]
