"""The demo city's story agrees with itself: districts, streets, queues, hours, moments."""

from __future__ import annotations

import pytest

from misto.cli.week import DaySpans, signs_of
from misto.demo.seed import Seed, SeedPlace, load_seed
from shared_schema.records.hours import week_of
from shared_schema.records.kinds import BY_PAYLOAD, encode_payload
from shared_schema.records.outage import UTILITIES, Announced, Scheduled, concerns, on_list
from shared_schema.records.place import SORTS, Confirmed, Listed

NOW_MS = 1_795_000_000_000
TOWN_E5 = 10_000
"""A tenth of a degree: about eleven kilometres."""


@pytest.fixture(scope="module")
def seed() -> Seed:
    return load_seed()


def queues_of(seed: Seed, utility: str, address: str) -> list[str]:
    """The queues on whose list an address stands, or the street that its words begin with."""
    street = address.split(",")[0]
    return [
        each.queue
        for each in seed.schedules
        if each.utility == utility
        and (on_list(each.streets, address) or on_list(each.streets, street))
    ]


def test_every_district_has_a_shelter_and_more(seed: Seed) -> None:
    for district in seed.all_districts:
        sorts = [each.sort for each in seed.places if each.district == district]
        assert "shelter" in sorts, district
        assert len(set(sorts)) > 1, district
    assert {each.district for each in seed.places} <= set(seed.all_districts)


def test_the_directory_has_every_sort_and_every_condition(seed: Seed) -> None:
    assert {each.sort for each in seed.places} == set(SORTS)
    assert len([each for each in seed.places if each.sort == "resilience"]) >= 4
    assert {each.said.condition for each in seed.places if each.said} == {"open", "closed", "empty"}
    assert len({each.name for each in seed.places}) == len(seed.places)


def test_a_resilience_point_gives_all_that_it_should(seed: Seed) -> None:
    for each in seed.places:
        if each.sort == "resilience":
            assert {"heat", "charging", "water"} <= set(each.offers), each.name


@pytest.mark.parametrize("place", load_seed().places, ids=lambda place: place.name)
def test_a_place_is_in_town_and_its_hours_are_understood(place: SeedPlace) -> None:
    assert week_of(place.hours) is not None, place.hours
    listed = place.listed(NOW_MS)
    assert listed.lat_e5 is not None
    assert listed.lon_e5 is not None
    assert abs(listed.lat_e5 - 4_670_000) < TOWN_E5
    assert abs(listed.lon_e5 - 3_250_000) < TOWN_E5
    assert place.said is None or place.said.hours_ago <= place.hours_ago
    assert place.by


def test_everything_keeps_within_the_limits_of_its_kind(seed: Seed) -> None:
    said: list[Listed | Confirmed | Scheduled | Announced] = []
    for place in seed.places:
        said.append(place.listed(NOW_MS))
        if place.said is not None:
            said.append(place.said.confirmed(NOW_MS))
    said += [each.scheduled(NOW_MS) for each in seed.schedules]
    said += [each.announced(NOW_MS) for each in seed.announcements]
    for payload in said:
        assert encode_payload(payload, sealed=BY_PAYLOAD[type(payload)].sealed)


def test_a_schedule_has_a_sign_for_each_half_hour(seed: Seed) -> None:
    for each in seed.schedules:
        week = each.scheduled(NOW_MS).week
        assert [len(day) for day in week] == [48] * 7
        assert all("-" in day for day in week), each.queue
        assert each.utility in UTILITIES
        assert set("".join(week)) <= set("+-?")
    queues = [each.queue for each in seed.schedules if each.utility == "power"]
    assert queues == ["1.1", "1.2", "2.1", "2.2", "3.1", "3.2"]


def test_every_address_of_the_story_belongs_to_one_power_queue(seed: Seed) -> None:
    addresses = [each.address for each in seed.appeals] + [each.address for each in seed.places]
    addresses += [each.residence for each in seed.appeals if each.residence]
    for address in addresses:
        assert len(queues_of(seed, "power", address)) == 1, address
        assert len(queues_of(seed, "water", address)) <= 1, address


def test_who_writes_an_appeal_says_where_they_live(seed: Seed) -> None:
    for each in seed.appeals:
        assert bool(each.residence) == (each.lane == "appeal"), each.title


def test_an_emergency_begins_within_hours_and_concerns_somebody(seed: Seed) -> None:
    emergency, repair = (each.announced(NOW_MS) for each in seed.announcements)
    assert NOW_MS < emergency.from_ms < emergency.until_ms
    assert emergency.from_ms % 1_800_000 == 0
    schedules = [each.scheduled(NOW_MS) for each in seed.schedules]
    assert [each.queue for each in schedules if concerns(emergency, each)] == ["3.1"]
    assert repair.from_ms < NOW_MS < repair.until_ms
    assert repair.district in seed.all_districts


# ------------------------------------------------------------------------------------------- weeks


def test_spans_become_signs() -> None:
    week = signs_of({"Mo We": DaySpans(["00:00-01:00", "23:30–24:00"], ["01:00-02:00"])})
    assert week[0] == week[2] == "--??" + "+" * 43 + "-"
    assert week[1] == week[6] == "+" * 48


def test_what_is_off_is_off_even_where_it_may_be() -> None:
    assert signs_of({"Su": DaySpans(["01:00-02:00"], ["00:00-03:00"])})[6][:6] == "??--??"


@pytest.mark.parametrize(
    ("days", "span"),
    [
        ("Mo Mo", "08:00-09:00"),
        ("Mon", "08:00-09:00"),
        ("Mo", "8:00-9:00"),
        ("Mo", "08:15-09:00"),
        ("Mo", "08:60-09:30"),
        ("Mo", "09:00-08:00"),
        ("Mo", "22:00-24:30"),
        ("Mo", "99:00-99:30"),
        ("Mo", "morning"),
    ],
)
def test_a_week_that_is_not_understood(days: str, span: str) -> None:
    with pytest.raises(ValueError):
        signs_of({days: DaySpans([span])})
