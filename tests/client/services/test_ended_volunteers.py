"""An ended volunteer is one nowhere: however the word came, in whatever order, at whatever hour."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from client.services.appeals import Appeals
from client.services.city_time import at_least_ms
from client.services.courier.beside import ONE_CODE_BYTES, Beside
from client.services.courier.courier import Courier
from client.services.courier.lan import Door, visit
from client.services.news import News, Newsroom
from client.services.notes import Notes
from client.services.replica import Replica
from client.services.volunteers import Volunteers
from shared_schema.records.news import Published
from shared_schema.records.trust import Revoked
from tests.client.city import START_MS, City, an_appeal, publish_trust

GENERAL: Final = "queue/general"
DAY: Final = 86_400_000
UNTIL: Final = START_MS + 30 * DAY


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(tmp_path)


def of(replica: Replica) -> Volunteers:
    return Volunteers(replica, Notes(replica))


def by_file(giver: Replica, taker: Replica) -> None:
    for raw in Courier(giver).give():
        Courier(taker).take(raw, "file")


def by_codes(giver: Replica, taker: Replica) -> None:
    films = Beside(Courier(taker))
    for part in Beside(Courier(giver)).codes().parts:
        for number in range(4 * part.needed + 40):
            if films.scan(part.text(number)).taken is not None:
                break


def by_lan(giver: Replica, taker: Replica) -> None:
    door = Door(Courier(giver))
    try:
        visit(Courier(taker), door.open("127.0.0.1", announce=False))
    finally:
        door.shut()


WAYS: Final[dict[str, Callable[[Replica, Replica], None]]] = {
    "file": by_file, "codes": by_codes, "lan": by_lan,
}  # fmt: skip


def joined(city: City) -> bytes:
    """A volunteer whom everybody knows of; the id of its device."""
    with city.profile("desk") as desk, city.resident("olya") as olya:
        code = of(desk).invite(GENERAL, "Центр", UNTIL)
        of(olya).join(code.text)
        city.exchange(desk)
        city.exchange(olya)
        city.exchange(desk)
        with city.resident("neighbour") as other, city.resident("runner") as runner:
            city.exchange(other)
            city.exchange(runner)
            assert of(other).is_volunteer(olya.device)
        return olya.device


def dismissed(city: City) -> None:
    """A desk ends it; the city and one runner hear of it, and nobody else."""
    with city.profile("desk") as desk, city.resident("runner") as runner:
        city.exchange(desk)
        (view,) = of(desk).invited()
        of(desk).dismiss(view.id)
        city.exchange(desk)
        city.exchange(runner)


@pytest.mark.parametrize("way", WAYS)
def test_a_dismissal_is_honoured_however_it_came(city: City, way: str) -> None:
    volunteer = joined(city)
    dismissed(city)
    with (
        city.resident("runner") as runner,
        city.resident("neighbour") as other,
        city.resident("olya") as olya,
    ):
        assert of(other).is_volunteer(volunteer), "it has not heard of it yet"
        for taker in (other, olya):
            WAYS[way](runner, taker)
        assert not of(other).is_volunteer(volunteer)
        membership = of(olya).membership()
        assert membership is not None
        assert (membership.state, membership.holds) == ("dismissed", False)


@pytest.mark.parametrize("way", ["file", "lan"])
def test_it_goes_on_from_hand_to_hand(city: City, way: str) -> None:
    volunteer = joined(city)
    dismissed(city)
    with (
        city.resident("runner") as runner,
        city.resident("olya") as between,
        city.resident("neighbour") as other,
    ):
        WAYS[way](runner, between)
        WAYS[way](between, other)
        assert not of(other).is_volunteer(volunteer), "even the ended one brings its own end"


def test_an_old_bundle_does_not_bring_it_back(city: City) -> None:
    volunteer = joined(city)
    with city.resident("runner") as runner:
        old = Courier(runner).give()
    dismissed(city)
    with city.resident("runner") as runner, city.resident("neighbour") as other:
        new = Courier(runner).give()
        for bundles in (old, new, old, old):
            for raw in bundles:
                Courier(other).take(raw, "file")
        assert not of(other).is_volunteer(volunteer)
        with city.resident("newcomer") as newcomer:
            for raw in (*new, *old):
                Courier(newcomer).take(raw, "file")
            assert not of(newcomer).is_volunteer(volunteer)
        city.exchange(other)
        for raw in old:
            Courier(other).take(raw, "file")
        assert not of(other).is_volunteer(volunteer)


def test_the_end_may_come_before_what_it_ends(city: City) -> None:
    """A newcomer hears of the dismissal by a code, and only later that there was an invitation."""
    volunteer = joined(city)
    with city.resident("runner") as runner:
        old = Courier(runner).give()
    dismissed(city)
    with city.resident("runner") as runner, city.resident("newcomer") as newcomer:
        by_codes(runner, newcomer)
        for raw in old:
            Courier(newcomer).take(raw, "file")
        assert not of(newcomer).is_volunteer(volunteer)


@pytest.mark.parametrize("way", WAYS)
def test_a_revoked_newsroom_is_one_nowhere_either(city: City, way: str) -> None:
    with city.profile("newsroom") as room, city.resident("runner") as runner:
        city.exchange(runner)
        publish_trust(city, Revoked(room.device.hex(), "newsroom", "news", 0))
        Newsroom(room).publish(Published("Неправда", "Слова."))
        with city.resident("neighbour") as other:
            WAYS[way](room, other)
            city.exchange(runner)
            WAYS[way](runner, other)
            WAYS[way](room, other)
            assert other.grants.role(room.device, "news") is None
            assert News(other).list() == []


def test_one_code_stays_one_code_and_says_so_when_there_is_room(city: City) -> None:
    joined(city)
    dismissed(city)
    with city.resident("runner") as runner:
        (alone,) = Beside(Courier(runner)).codes().parts
        Appeals(runner).file(an_appeal("Лампа. " * 40))
        (part,) = Beside(Courier(runner)).codes().parts
        assert part.needed == 1
        assert alone.needed >= 1
        (raw,) = Courier(runner).give_by_codes(24_000, ONE_CODE_BYTES)
        assert len(raw) <= ONE_CODE_BYTES


# ------------------------------------------------------------------------------------------- dates


def test_an_expired_volunteer_is_none_without_any_network(city: City) -> None:
    volunteer = joined(city)
    with city.resident("neighbour") as other, city.resident("olya") as olya:
        city.clock.now_ms = UNTIL
        assert of(other).is_volunteer(volunteer)
        city.clock.now_ms = UNTIL + 1
        assert not of(other).is_volunteer(volunteer)
        membership = of(olya).membership()
        assert membership is not None
        assert membership.state == "past"


@pytest.mark.parametrize("heard", ["exchange", "file", "lan"])
def test_a_clock_that_was_turned_back_brings_nobody_back(city: City, heard: str) -> None:
    """Once the device has seen the city sign a later moment, by whatever way."""
    volunteer = joined(city)
    city.clock.now_ms = UNTIL + DAY
    with city.resident("runner") as runner, city.resident("neighbour") as other:
        with city.resident("somebody") as somebody:
            Appeals(somebody).file(an_appeal())
            by_file(somebody, runner)
        Courier(runner).deliver(city.doors())
        city.clock.now_ms = START_MS  # all devices here share it; the city has signed the later one
        assert of(other).is_volunteer(volunteer), "nothing has told this one of the date yet"
        if heard == "exchange":
            city.clock.now_ms = UNTIL + DAY
            city.exchange(other)
            city.clock.now_ms = START_MS
        else:
            WAYS[heard](runner, other)
        assert at_least_ms(other) == UNTIL + DAY
        assert not of(other).is_volunteer(volunteer)


def test_a_clock_that_once_ran_ahead_ends_nobody(city: City) -> None:
    """The own past is no witness: only what the city has signed is."""
    volunteer = joined(city)
    with city.resident("neighbour") as other:
        city.clock.now_ms = UNTIL + 3_650 * DAY
        Appeals(other).file(an_appeal())
        assert not of(other).is_volunteer(volunteer)
        city.clock.now_ms = START_MS + DAY
        assert of(other).is_volunteer(volunteer)
