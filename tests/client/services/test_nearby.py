"""The nearest places without a map: right distances, no locked doors, and no guess sold as fact."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from client.services.guide_types import Origin, PlaceView, Position
from client.services.nearby import coarse, direction, distance_m, locate, nearest

KHERSON = (4_663_540, 3_261_690)
KYIV = (5_045_010, 3_052_340)
MONDAY_NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def place(record: str, position: Position | None = KHERSON, **fields: object) -> PlaceView:
    given: dict[str, object] = {
        "name": record, "sort": "water", "serves": ("water",), "address": "", "district": "",
        "hours": "", "note": "", "phone": "", "condition": "open", "condition_note": "",
        "confirmed_at_ms": 0, "confirmed_by": "", "expires_at_ms": 0, "pending": False,
    }  # fmt: skip
    return PlaceView(record=record, position=position, **(given | fields))  # type: ignore[arg-type]


def north_of(position: Position, metres: int) -> Position:
    return position[0] + round(metres / 1.111_95), position[1]


@pytest.mark.parametrize(
    ("here", "there", "metres"),
    [
        (KHERSON, KHERSON, 0),
        ((0, 0), (100_000, 0), 111_195),  # a degree of a meridian
        ((0, 0), (0, 100_000), 111_195),  # and of the equator
        ((6_000_000, 0), (6_000_000, 100_000), 55_597),  # half of it at 60 degrees
        (KHERSON, KYIV, 450_000),
        ((0, 17_999_999), (0, -17_999_999), 2),  # across the date line
        ((9_000_000, 0), (-9_000_000, 0), 20_015_087),
    ],
)
def test_distances_are_those_on_a_globe(here: Position, there: Position, metres: int) -> None:
    assert distance_m(here, there) == pytest.approx(metres, rel=0.005, abs=0.5)
    assert distance_m(there, here) == pytest.approx(distance_m(here, there))


@pytest.mark.parametrize(
    ("north", "east", "name"),
    [
        (100, 0, "n"), (100, 130, "ne"), (0, 100, "e"), (-100, 130, "se"), (-100, 0, "s"),
        (-100, -130, "sw"), (0, -100, "w"), (100, -130, "nw"), (100, 10, "n"), (10, 100, "e"),
    ],
)  # fmt: skip
def test_directions_are_those_of_a_compass(north: int, east: int, name: str) -> None:
    there = KHERSON[0] + north, KHERSON[1] + east
    assert direction(KHERSON, there) == name


def test_the_way_across_the_date_line_is_the_short_one() -> None:
    assert direction((0, 17_999_000), (0, -17_999_000)) == "e"


def test_the_nearest_come_first_and_what_has_no_position_last() -> None:
    origin = Origin(KHERSON, "device", "")
    far, near = place("far", north_of(KHERSON, 900)), place("near", north_of(KHERSON, 100))
    found = nearest([place("nowhere", None), far, near], "water", origin)
    assert [each.place.record for each in found] == ["near", "far", "nowhere"]
    assert [each.distance_m for each in found] == [100, 900, None]
    assert [each.direction for each in found] == ["n", "n", ""]


def test_a_sort_finds_what_offers_it_besides() -> None:
    both = place("both", sort="resilience", serves=("resilience", "charging"))
    other = place("other", sort="pharmacy", serves=("pharmacy",))
    assert [each.place.record for each in nearest([both, other], "charging", None)] == ["both"]
    assert len(nearest([both, other], "", None)) == 2
    assert nearest([both, other], "aid", None) == []


@pytest.mark.parametrize(
    "shut",
    [
        {"condition": "closed"},
        {"condition": "empty"},
        {"hours": "Mo-Fr 14:00-18:00"},
        {"hours": "Sa 09:00-14:00"},
    ],
)
def test_nobody_is_sent_to_a_locked_door(shut: dict[str, str]) -> None:
    origin = Origin(KHERSON, "device", "")
    locked = place("locked", KHERSON, **shut)
    far = place("far", north_of(KHERSON, 5_000), hours="Mo-Fr 08:00-18:00")
    found = nearest([locked, far], "water", origin, moment=MONDAY_NOON)
    assert [each.place.record for each in found] == ["far", "locked"]


def test_hours_that_are_not_understood_claim_nothing() -> None:
    origin = Origin(KHERSON, "device", "")
    odd = place("odd", KHERSON, hours="за домовленістю")
    far = place("far", north_of(KHERSON, 100), hours="24/7")
    found = nearest([far, odd], "water", origin, moment=MONDAY_NOON)
    assert [each.place.record for each in found] == ["odd", "far"]


def test_without_an_origin_the_own_district_comes_first() -> None:
    places = [
        place("Б", district="Поділ"),
        place("А", district="Поділ"),
        place("Я", district="Центр"),
        place("Ґ", None, district="Центр", condition="closed"),
    ]
    found = nearest(places, "water", None, "Центр")
    assert [each.place.record for each in found] == ["Я", "А", "Б", "Ґ"]
    assert {each.distance_m for each in found} == {None}


@pytest.mark.parametrize(
    ("stands_at", "typed"),
    [
        ("вул. Садова, 5", "вул. Садова, 12"),
        ("вул. Садова, 5", "садова"),
        ("вулиця Садова 5", "вул. Садова"),
        ("вул. Садова, буд. 5", "Садова 7, кв. 3"),
        ("вул. Садова 5-А", "вул. Садова, 9"),
        ("вул. Садова 5/12", "вул. Садова, 9"),
        ("вул. Садова будинок 5", "вул. Садова, 9"),
        ("вул. Садова 5, під’їзд 2", "вул. Садова, 9"),
        ("вул. 8 Березня, 3", "вул. 8 Березня, 40"),
        ("вул. 8 Березня 3", "8 березня"),
        ("просп. 200-річчя Херсона 14", "проспект 200-річчя Херсона, 8"),
        ("вул. Лук’яненка, 1", "Лук'яненка 2"),
        ("пл. Ринок", "площа Ринок, 1"),
    ],
)
def test_a_street_is_found_where_a_place_stands_on_it(stands_at: str, typed: str) -> None:
    places = [place("there", address=stands_at), place("elsewhere", KYIV, address="вул. Інша, 1")]
    origin = locate(places, typed, "")
    assert origin == Origin(KHERSON, "street", typed)


@pytest.mark.parametrize("typed", ["вул. Березня, 3", "вул. Сад, 5", "пров. Садовий", "5", " , "])
def test_another_street_is_not_taken_for_it(typed: str) -> None:
    places = [place("a", address="вул. 8 Березня, 3"), place("b", address="вул. Садова, 5")]
    assert locate(places, typed, "") is None


def test_a_lane_is_not_the_street_of_the_same_name() -> None:
    assert locate([place("a", address="вул. Тиха, 5")], "пров. Тиха, 5", "") is None


def test_a_street_is_in_the_middle_of_its_places() -> None:
    places = [
        place("a", (4_000_000, 3_000_000), address="вул. Садова, 1"),
        place("b", (4_000_200, 3_000_400), address="вул. Садова, 99"),
        place("c", None, address="вул. Садова, 50"),
    ]
    assert locate(places, "Садова", "") == Origin((4_000_100, 3_000_200), "street", "Садова")


def test_a_typed_district_is_in_the_middle_of_its_places() -> None:
    places = [place("a", district="Поділ"), place("b", KYIV, district="Центр")]
    assert locate(places, "поділ ", "Центр") == Origin(KHERSON, "district", "Поділ")


def test_an_unknown_address_falls_back_to_the_own_district_and_says_so() -> None:
    places = [place("a", district="Поділ"), place("b", KYIV, district="Центр")]
    assert locate(places, "вул. Незнана, 1", "Центр") == Origin(KYIV, "district", "Центр")
    assert locate(places, "", "Центр") == Origin(KYIV, "district", "Центр")
    assert locate(places, "", "Інший") is None
    assert locate(places, "", "") is None
    assert locate([place("a", None, district="Центр")], "", "Центр") is None


def test_a_coarse_position_tells_the_part_of_a_town_and_not_the_house() -> None:
    position = (4_663_540, 3_261_690)
    assert coarse(position) == (4_664_000, 3_262_000)
    assert coarse(coarse(position)) == coarse(position)
    assert {coarse((4_664_000 + n, 3_262_000 - n)) for n in range(-400, 400, 50)} == {
        (4_664_000, 3_262_000)
    }
    assert coarse((-4_663_540, -3_261_690)) == (-4_664_000, -3_262_000)
    assert distance_m(position, coarse(position)) < 800
