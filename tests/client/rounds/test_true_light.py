"""The light over a real courier, in the cases in which it could lie."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import pytest

from client.services.appeals import Appeals
from client.services.courier.courier import Courier
from client.services.courier.types import Delivered, Taken
from client.services.desk import Desk
from client.services.doorstep.carrying import NoRoom
from client.services.doorstep.collect import unhanded
from client.services.doorstep.doorstep import Doorstep
from client.services.guide import Guide
from client.services.notes import Notes
from client.services.replica import Replica
from client.services.rounds.rounds import Rounds
from tests.client.city import City, an_appeal


@pytest.fixture
def neighbour(city: City) -> Iterator[Replica]:
    with city.resident("neighbour") as replica:
        yield replica


def round_of(replica: Replica, courier: Courier | None = None) -> Rounds:
    notes, guide = Notes(replica), Guide(replica)
    slips = functools.partial(unhanded, notes)
    return Rounds(notes, courier or Courier(replica), guide, replica.clock, slips)


def missing(replica: Replica) -> dict[str, int]:
    return dict(round_of(replica).view().light.missing)


def hand(giver: Replica, taker: Replica, courier: Courier | None = None) -> list[Taken]:
    return [
        (courier or Courier(taker)).take(raw, "file") for raw in Courier(giver).give(public=False)
    ]


def deliver(city: City, replica: Replica, courier: Courier | None = None) -> Delivered:
    city.clock.now_ms += 1_000
    return (courier or Courier(replica)).deliver(city.doors())


def test_handed_to_another_carrier_is_not_received_by_the_city(
    city: City, device: Replica, neighbour: Replica
) -> None:
    """The other carrier may be searched, or never arrive."""
    with city.resident("other") as other:
        Appeals(neighbour).file(an_appeal())
        hand(neighbour, device)
        assert hand(device, other)[0].requests == 1
        assert missing(device) == {"carried": 1}
        assert missing(neighbour) == {"own": 1}, "nor is it for who wrote it"
        deliver(city, other)
        assert missing(device) == {"carried": 1}, "the receipt is not here yet"
        hand(other, device)
        assert missing(device) == {"replies": 1}, "and now it is owed to who wrote it"


def test_own_words_count_when_a_courier_has_them(city: City, device: Replica) -> None:
    Appeals(device).file(an_appeal())
    courier = Courier(device)
    courier.give()
    courier.given()
    assert missing(device) == {"own": 1}
    city.exchange(device)
    assert missing(device) == {}


def test_a_later_word_of_the_desk_is_owed_again(
    city: City, device: Replica, neighbour: Replica
) -> None:
    filed = Appeals(neighbour).file(an_appeal())
    hand(neighbour, device)
    deliver(city, device)
    walk = round_of(device)
    walk.handed([neighbour.device.hex()])
    assert walk.view().light.green
    with city.profile("desk") as office:
        city.exchange(office)
        Desk(office).reply(filed.record, "Бригада виїхала.")
        city.exchange(office)
    assert walk.view().light.green, "nobody here can know of it"
    deliver(city, device)
    assert missing(device) == {"replies": 1}


def test_a_reply_that_finds_no_room_does_not_replace_what_is_owed(
    city: City, device: Replica, neighbour: Replica
) -> None:
    """A full courier that asks the city again must not lose the desk's words, and turn green."""
    filed = Appeals(neighbour).file(an_appeal())
    hand(neighbour, device)
    deliver(city, device)
    walk = round_of(device)
    walk.handed([neighbour.device.hex()])
    long = " ".join(str(number**3) for number in range(9_000, 9_200))  # it does not pack
    for text, room in (("Бригада виїхала.", 10_000), (long, 300)):
        with city.profile("desk") as office:
            city.exchange(office)
            Desk(office).reply(filed.record, text)
            city.exchange(office)
        small = Courier(device, Courier(device).state().bytes + room)
        deliver(city, device, small)
        assert missing(device) == {"replies": 1}
    hand(device, neighbour)
    said = [line.text for line in Appeals(neighbour).get(filed.record).said]
    assert said == ["Бригада виїхала."], "the longer one comes when there is room again"
    deliver(city, device)
    hand(device, neighbour)
    assert len(Appeals(neighbour).get(filed.record).said) == 2


def test_what_there_was_no_room_for_is_said_and_stays_with_who_gave_it(
    city: City, device: Replica, neighbour: Replica
) -> None:
    small = Courier(device, 10)
    Appeals(neighbour).file(an_appeal())
    (taken,) = hand(neighbour, device, small)
    assert (taken.requests, [each.reason for each in taken.refused]) == (0, ["full"])
    assert round_of(device, small).view().light.green, "nothing of it is here"
    assert missing(neighbour) == {"own": 1}


def test_a_slip_is_owed_from_the_moment_at_which_its_appeal_is_saved(
    city: City, device: Replica
) -> None:
    at_the_door = Doorstep(Courier(device), Notes(device), city.transport())
    taken = at_the_door.collect(an_appeal())
    assert missing(device) == {"carried": 1, "slips": 1}
    at_the_door.handed(taken)
    deliver(city, device)
    assert missing(device) == {"replies": 1}, "the receipt is the slip's owner's"
    at_the_door.close()


def test_an_appeal_that_there_is_no_room_for_makes_no_slip(city: City, device: Replica) -> None:
    at_the_door = Doorstep(Courier(device, 10), Notes(device), city.transport())
    with pytest.raises(NoRoom):
        at_the_door.collect(an_appeal())
    assert missing(device) == {}
    at_the_door.close()
