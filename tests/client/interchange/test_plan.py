"""What a table would change: the same file twice changes nothing, and no column is made up."""

from __future__ import annotations

import dataclasses
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.services.guide_types import PlaceView, ScheduleView
from client.services.interchange.plan import (
    PLACE_FIELDS,
    SCHEDULE_FIELDS,
    Plan,
    place_wording,
    plan_places,
    plan_schedules,
)
from client.services.interchange.rows import Row, Table
from client.services.interchange.tables import (
    read_places_csv,
    read_places_geojson,
    read_schedules_csv,
    write_places_csv,
    write_places_geojson,
    write_schedules_csv,
)
from shared_schema.records.outage import Scheduled
from shared_schema.records.place import Listed
from tests.client.interchange.strategies import KYIV, places, schedule_tables

HEADER = "Назва;Вид;Адреса;Телефон"
SCHOOL = Listed(
    "Школа № 5", "shelter", "вул. Садова, 5", "Центр", 4_669_750, 3_249_940, "24/7",
    "Вхід із двору", "0 800 30 14 14", ["charging", "water"], "Олена", 1_790_000_000_000,
)  # fmt: skip
EVERY_COLUMN = frozenset(PLACE_FIELDS) | {"lon"}
WEEK = ["+" * 24 + "-" * 24] * 7


def view(listed: Listed, record: str = "p1", **more: Any) -> PlaceView:
    found: dict[str, Any] = {"condition": "open", "confirmed_by": listed.by} | more
    return PlaceView(
        record, listed.name, listed.sort, (listed.sort, *listed.offers), listed.address,
        listed.district, None if listed.lat_e5 is None else (listed.lat_e5, listed.lon_e5 or 0),
        listed.hours, listed.note, listed.phone, condition_note="", confirmed_at_ms=1,
        expires_at_ms=found.pop("expires_at_ms", listed.expires_at_ms), pending=False,
        wording=listed, **found,
    )  # fmt: skip


def week(scheduled: Scheduled, record: str = "s1") -> ScheduleView:
    return ScheduleView(record, scheduled, 1, False)


def table_of(*values: Any, columns: frozenset[str] = EVERY_COLUMN) -> Table[Any]:
    rows = tuple(Row(number, value, ()) for number, value in enumerate(values, 2))
    return Table(rows, (), columns)


def effects(plan: Plan[Any]) -> list[str]:
    return [step.effect for step in plan.steps]


def once_each(items: list[Listed]) -> list[Listed]:
    """Without those that a table would call the same place."""
    plan = plan_places(table_of(*items), [])
    return [step.value for step in plan.steps]


@given(st.lists(places(), max_size=5))
def test_a_table_written_from_the_city_changes_nothing_in_it(items: list[Listed]) -> None:
    own = [view(each, f"p{number}") for number, each in enumerate(once_each(items))]
    wordings = [place_wording(each) for each in own]
    for table in (
        read_places_csv(write_places_csv(wordings, KYIV), KYIV),
        read_places_geojson(write_places_geojson(wordings, KYIV), KYIV),
    ):
        plan = plan_places(table, own)
        assert effects(plan) == ["same"] * len(own)
        assert [step.record for step in plan.steps] == [each.record for each in own]
        assert (plan.problems, plan.untouched) == ((), 0)


@given(schedule_tables)
def test_schedules_written_from_the_city_change_nothing_in_it(items: list[Scheduled]) -> None:
    taken = [step.value for step in plan_schedules(table_of(*items), []).steps]
    own = [week(each, f"s{number}") for number, each in enumerate(taken)]
    table = read_schedules_csv(write_schedules_csv(taken, KYIV), KYIV)
    plan = plan_schedules(table, own)
    assert effects(plan) == ["same"] * len(own)
    assert plan.untouched == 0


def test_a_table_is_new_the_first_time_and_nothing_the_second_time() -> None:
    raw = f"{HEADER}\nШкола № 5;Укриття;вул. Садова, 5;112\nБювет;Вода;;".encode()
    first = plan_places(read_places_csv(raw, KYIV), [])
    assert effects(first) == ["new", "new"]
    assert [step.row for step in first.steps] == [2, 3]
    own = [view(step.value, f"p{step.row}") for step in first.steps]
    assert effects(plan_places(read_places_csv(raw, KYIV), own)) == ["same", "same"]


def test_a_change_names_its_columns_and_keeps_what_the_table_does_not_have() -> None:
    raw = f"{HEADER}\nшкола №5;Укриття;вул. Садова 5;112".encode()
    plan = plan_places(read_places_csv(raw, KYIV), [view(SCHOOL)])
    (step,) = plan.steps
    assert (step.effect, step.record, step.fields) == (
        "changed",
        "p1",
        ("name", "address", "phone"),
    )
    kept = msgspec.structs.replace(SCHOOL, name="школа №5", address="вул. Садова 5", phone="112")
    assert step.value == kept, "hours, position and all else stay as the city knows them"


def test_an_empty_cell_of_a_column_that_is_there_empties_it() -> None:
    raw = f"{HEADER}\nШкола № 5;Укриття;вул. Садова, 5;".encode()
    (step,) = plan_places(read_places_csv(raw, KYIV), [view(SCHOOL)]).steps
    assert (step.fields, step.value.phone) == (("phone",), "")


def test_who_confirmed_a_place_since_does_not_make_an_old_table_news() -> None:
    confirmed = view(SCHOOL, condition="closed", confirmed_by="Іван", expires_at_ms=5)
    assert effects(plan_places(table_of(SCHOOL), [confirmed])) == ["same"]


@pytest.mark.parametrize(
    ("field", "value", "column"),
    [("lat_e5", 4_669_751, "lat"), ("lon_e5", 3, "lat"), ("expires_at_ms", 9, "expires"),
     ("offers", ["water"], "offers"), ("district", "", "district")],
)  # fmt: skip
def test_each_field_is_compared(field: str, value: Any, column: str) -> None:
    other = msgspec.structs.replace(SCHOOL, **{field: value})
    (step,) = plan_places(table_of(other), [view(SCHOOL)]).steps
    assert (step.effect, step.fields) == ("changed", (column,))


def test_the_order_of_what_a_place_also_offers_says_nothing() -> None:
    other = msgspec.structs.replace(SCHOOL, offers=["water", "charging"])
    assert effects(plan_places(table_of(other), [view(SCHOOL)])) == ["same"]


def test_the_same_name_of_another_sort_or_elsewhere_is_another_place() -> None:
    others = [msgspec.structs.replace(SCHOOL, sort="water"),
              msgspec.structs.replace(SCHOOL, address="вул. Садова, 50")]  # fmt: skip
    plan = plan_places(table_of(*others), [view(SCHOOL)])
    assert effects(plan) == ["new", "new"]
    assert plan.untouched == 1


def test_of_two_rows_about_one_place_the_second_is_a_problem() -> None:
    other = msgspec.structs.replace(SCHOOL, phone="112")
    plan = plan_places(table_of(SCHOOL, other), [])
    assert effects(plan) == ["new"]
    assert [(each.code, each.row, each.limit) for each in plan.problems] == [("row_again", 3, 2)]


def test_rows_that_were_not_understood_stand_in_order_among_the_problems() -> None:
    raw = f"{HEADER};Пандус\n;Вода\nБювет;Вода\nбювет;Вода\nШкола;Палац".encode()
    plan = plan_places(read_places_csv(raw, KYIV), [])
    found = [(each.row, each.code) for each in plan.problems]
    assert found == [(2, "cell_missing"), (4, "row_again"), (5, "cell_word")]
    assert (effects(plan), plan.ignored) == (["new"], ("Пандус",))


def test_a_queue_that_moves_to_a_district_is_still_that_queue() -> None:
    known = Scheduled("power", "1.1", WEEK)
    moved = msgspec.structs.replace(known, district="Центр")
    (step,) = plan_schedules(table_of(moved, columns=frozenset(SCHEDULE_FIELDS)),
                             [week(known)]).steps  # fmt: skip
    assert (step.effect, step.record, step.fields) == ("changed", "s1", ("district",))


def test_queues_of_one_name_in_two_districts_are_two() -> None:
    known = [week(Scheduled("water", "нижня", WEEK, district=each), each) for each in "АБ"]
    asked = [Scheduled("water", "нижня", WEEK, district=each) for each in "БВ"]
    plan = plan_schedules(table_of(*asked, columns=frozenset(SCHEDULE_FIELDS)), known)
    assert [(step.effect, step.record) for step in plan.steps] == [("same", "Б"), ("new", "")]
    assert plan.untouched == 1


def test_a_queue_s_point_counts() -> None:
    known = week(Scheduled("power", "1.1", WEEK))
    columns = frozenset(SCHEDULE_FIELDS)
    plan = plan_schedules(table_of(Scheduled("power", "11", WEEK), columns=columns), [known])
    assert effects(plan) == ["new"]


def test_a_view_without_its_wording_is_compared_by_what_it_shows() -> None:
    bare = dataclasses.replace(view(SCHOOL), wording=None)
    assert place_wording(bare) == SCHOOL


def test_every_field_of_a_place_and_of_a_schedule_is_compared() -> None:
    for fields, struct in ((PLACE_FIELDS, Listed), (SCHEDULE_FIELDS, Scheduled)):
        assert {name for names in fields.values() for name in names} == set(
            struct.__struct_fields__
        )
