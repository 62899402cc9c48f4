"""A courier that goes the same way every day, and never tidies up."""

from __future__ import annotations

from client.services.appeals import Appeals
from client.services.courier.courier import Courier
from client.services.courier.types import Refused
from client.services.desk import Desk
from client.services.replica import Replica
from shared_schema.limits import CARRIED_SENDER_REQUESTS_MAX
from tests.client.city import City, an_appeal

DAY_MS = 86_400_000


def bring(resident: Replica, courier: Replica) -> tuple[int, tuple[Refused, ...]]:
    """Hand the own request over; how many the courier stored, and what it refused."""
    raw = Courier(resident).own_request() or b""
    taken = Courier(courier).take(raw, "lan")
    return taken.requests, taken.refused


def fetch(resident: Replica, courier: Replica) -> None:
    for raw in Courier(courier).give():
        Courier(resident).take(raw, "lan")


def test_a_neighbour_who_comes_by_every_day_is_never_refused(city: City) -> None:
    with (
        city.resident() as resident,
        city.resident("courier") as courier,
        city.profile("desk") as office,
    ):
        records = []
        for day in range(CARRIED_SENDER_REQUESTS_MAX + 8):
            city.clock.now_ms += DAY_MS
            records.append(Appeals(resident).file(an_appeal(f"День {day}.")).record)
            assert bring(resident, courier) == (1, ()), day
            Courier(courier).deliver(city.doors())
            fetch(resident, courier)
        here = Courier(courier).carried()
        assert len(here) == CARRIED_SENDER_REQUESTS_MAX
        assert {Appeals(resident).get(each).state for each in records} == {"received"}
        # What was said to the first of all comes by the last: each request is a ticket to the mail.
        city.exchange(office)
        Desk(office).reply(records[0], "Зроблено.")
        city.exchange(office)
        Courier(courier).deliver(city.doors())
        fetch(resident, courier)
        assert [line.text for line in Appeals(resident).get(records[0]).said] == ["Зроблено."]


def test_a_clock_that_was_set_back_changes_nothing_in_that(city: City) -> None:
    with city.resident() as resident, city.resident("courier") as courier:
        for day in range(CARRIED_SENDER_REQUESTS_MAX + 3):
            city.clock.now_ms -= DAY_MS
            Appeals(resident).file(an_appeal(f"День {day}."))
            assert bring(resident, courier) == (1, ()), day
            Courier(courier).deliver(city.doors())
            fetch(resident, courier)


def test_room_is_never_made_by_what_has_not_reached_the_city(city: City) -> None:
    with city.resident() as resident, city.resident("courier") as courier:
        Appeals(resident).file(an_appeal("Перше."))
        assert bring(resident, courier)[0] == 1
        Courier(courier).deliver(city.doors())
        fetch(resident, courier)
        (done,) = Courier(courier).carried()
        for number in range(CARRIED_SENDER_REQUESTS_MAX - 1):
            Appeals(resident).file(an_appeal(f"Ще {number}."))
            assert bring(resident, courier)[0] == 1
            city.exchange(resident)  # so that the next request does not offer it again
        assert not [each for each in Courier(courier).carried()[1:] if each.done]
        Appeals(resident).file(an_appeal("Останнє."))
        assert bring(resident, courier) == (1, ())
        here = Courier(courier).carried()
        assert (len(here), sum(each.done for each in here)) == (CARRIED_SENDER_REQUESTS_MAX, 0)
        assert done.request not in {each.request for each in here}
        city.exchange(resident)
        Appeals(resident).file(an_appeal("Зайве."))
        assert bring(resident, courier) == (0, (Refused("request", "sender_share", 1),))
        assert Courier(courier).carried() == here


def test_a_neighbour_who_hears_nothing_for_weeks_hears_all_at_once(city: City) -> None:
    """It offers again whatever it has heard nothing of: the newest request has all verdicts."""
    with city.resident() as resident, city.resident("courier") as courier:
        records = []
        for day in range(CARRIED_SENDER_REQUESTS_MAX + 8):
            records.append(Appeals(resident).file(an_appeal(f"День {day}.")).record)
            assert bring(resident, courier) == (1, ()), day
            Courier(courier).deliver(city.doors())
        fetch(resident, courier)
        assert {Appeals(resident).get(each).state for each in records} == {"received"}


def test_an_old_request_that_comes_late_takes_no_place_of_a_newer_one(city: City) -> None:
    with city.resident() as resident, city.resident("courier") as courier:
        Appeals(resident).file(an_appeal("Найперше."))
        late = Courier(resident).own_request() or b""
        city.exchange(resident)
        for number in range(CARRIED_SENDER_REQUESTS_MAX):
            Appeals(resident).file(an_appeal(f"Раз {number}."))
            assert bring(resident, courier)[0] == 1
            Courier(courier).deliver(city.doors())
            fetch(resident, courier)
        here = Courier(courier).carried()
        taken = Courier(courier).take(late, "lan")
        assert taken.refused == (Refused("request", "sender_share", 1),)
        assert Courier(courier).carried() == here
