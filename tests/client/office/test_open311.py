"""What is published names nobody: neither by what is shown, nor by when, nor by where."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.services.nearby import distance_m
from client.services.office.case import Case
from client.services.office.open311 import (
    HOUR_MS,
    Publishable,
    ServiceRequest,
    coarse,
    public_id,
    published,
    reveals,
    service_list,
)
from client.services.office.open311_formats import Format, requests
from shared_schema.records.appeal import CATEGORIES, Position
from tests.client.office.cases import at, made, ms
from tests.client.office.feeds import AGENCY, CLOCK, SECRET, UK

CHOSEN = Publishable(
    SECRET.record, summary="Не горить ліхтар біля зупинки.", note="Замовлено лампу"
)


def public(case: Case, choice: Publishable | None = None) -> ServiceRequest:
    chosen = choice or Publishable(case.record)
    return published([case], [chosen], CLOCK, UK, AGENCY)[0]


def test_nothing_is_public_unless_the_desk_chose_it() -> None:
    assert published([SECRET, made("b2")], [], CLOCK, UK, AGENCY) == ()
    found = published([SECRET, made("b2")], [CHOSEN, Publishable("gone")], CLOCK, UK, AGENCY)
    assert [each.service_request_id for each in found] == [public_id(SECRET.record)]


def test_what_the_author_took_back_is_not_public() -> None:
    assert published([replace(SECRET, withdrawn=True)], [CHOSEN], CLOCK, UK, AGENCY) == ()


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize("lane", ["appeal", "signal"])
@pytest.mark.parametrize("choice", [CHOSEN, Publishable(SECRET.record)])
def test_no_field_of_the_authors_leaks(form: Format, lane: str, choice: Publishable) -> None:
    said = requests([public(replace(SECRET, lane=lane), choice)], form).decode()
    secrets = [
        *SECRET.name.split(), "Потаємна", "кв. 99", "oleksandra", "example.org", "123-45-67",
        "Заголовок", "подробицями", "КВ-777", "К-41/26", "Петренко", SECRET.record,
    ]  # fmt: skip
    assert [each for each in secrets if each in said] == []


@given(st.text(min_size=3, max_size=30).filter(lambda text: text.strip() == text))
def test_no_free_text_of_a_sender_is_shown_whatever_it_is(text: str) -> None:
    marked = f"§{text}§"
    texts = {
        each.name: marked
        for each in fields(Case)
        if each.type in ("str", str) and each.name not in ("record", "status", "lane")
    }
    assert {"title", "text", "name", "contact", "residence", "address", "category"} <= texts.keys()
    shown = public(replace(SECRET, **{**texts, "merged_into": ""}))  # type: ignore[arg-type]
    assert marked not in "".join(str(getattr(shown, each.name)) for each in fields(shown))
    assert shown.service_code == "other"


def test_a_district_is_shown_only_when_the_city_knows_it() -> None:
    assert public(SECRET).address == "Центр"
    assert public(replace(SECRET, district="біля Олени")).address == ""
    placed = Publishable(SECRET.record, address="зупинка «Ринок»")
    assert public(SECRET, placed).address == "зупинка «Ринок», Центр"


@pytest.mark.parametrize(
    "text",
    [
        "Пані Олександра Коваленко просить",
        "Звертається Коваленко О., Олександра Іванівна",
        "За заявою Олександри Іванівни Коваленко",
        "Писати на oleksandra@example.org",
        "тел. 067 123 45 67",
        "+38(067)1234567",
        "Мешкає: вул. Потаємна, 17, кв. 99",
    ],
)
def test_the_desks_own_words_are_withheld_when_they_name_the_author(text: str) -> None:
    assert reveals(SECRET, text)
    shown = public(SECRET, Publishable(SECRET.record, summary=text, note=text, address=text))
    assert (shown.description, shown.address) == ("", "Центр")
    assert shown.status_notes == "В роботі"


@pytest.mark.parametrize(
    "text", ["Не горить ліхтар на вул. Садовій, 5", "Роботи до 12.11.2026", "", "Гаряча лінія 1551"]
)
def test_other_words_of_the_desk_are_shown(text: str) -> None:
    assert not reveals(SECRET, text)
    assert not reveals(made(lane="signal", kind="", name="", contact="", residence=""), text)


def test_the_desks_summary_is_shown() -> None:
    shown = public(SECRET, CHOSEN)
    assert shown.description == "Не горить ліхтар біля зупинки."
    assert shown.status_notes == "В роботі. Замовлено лампу"
    assert shown.agency_responsible == "Виконавчий комітет"
    assert shown.service_name == "Вуличне освітлення"
    long = public(SECRET, Publishable(SECRET.record, summary="я" * 9_000))
    assert len(long.description) == 4_000


@given(st.integers(-8_990_000, 8_990_000), st.integers(-17_900_000, 17_900_000))
def test_a_position_is_a_corner_of_a_grid_of_a_hundred_metres(lat: int, lon: int) -> None:
    here = Position(lat, lon, 5)
    there = coarse(here)
    assert all(value % 100 == 0 for value in there)
    assert distance_m((lat, lon), there) < 80
    assert coarse(Position(*there, 5)) == there


def test_neighbours_have_one_position_and_none_when_the_desk_says_so() -> None:
    other = replace(SECRET, position=at(50.45031, 30.52331))
    assert public(other).position == public(SECRET).position == (5_045_000, 3_052_300)
    assert public(SECRET, replace(CHOSEN, with_position=False)).position is None


def test_moments_are_whole_hours() -> None:
    shown = public(SECRET)
    assert shown.requested_at_ms % HOUR_MS == shown.updated_at_ms % HOUR_MS == 0
    assert shown.requested_at_ms == ms("2026-10-20 10:00")


@pytest.mark.parametrize(
    ("values", "status", "note"),
    [
        ({"status": ""}, "open", "Нове"),
        ({"status": "registered"}, "open", "Зареєстровано"),
        ({"forwarded_at_ms": 1}, "open", "Переслано за належністю"),
        ({"status": "answered"}, "closed", "Надано відповідь"),
        ({"status": "returned"}, "closed", "Повернуто"),
        ({"status": "closed"}, "closed", "Закрито"),
        ({"merged_into": "b2"}, "closed", "Приєднано до іншого"),
    ],
)
def test_open_or_closed_and_why(values: dict[str, Any], status: str, note: str) -> None:
    shown = public(replace(SECRET, **values))
    assert (shown.status, shown.status_notes) == (status, note)


def test_a_closed_one_was_updated_when_it_was_closed() -> None:
    closed = replace(SECRET, status="closed", answered_at_ms=ms("2026-10-25 15:20"))
    assert public(closed).updated_at_ms == ms("2026-10-25 15:00")
    assert public(replace(SECRET, changed_at_ms=0)).updated_at_ms == ms("2026-10-20 10:00")


def test_only_an_appeal_has_an_expected_date() -> None:
    assert public(SECRET).expected_at_ms == ms("2026-11-21 00:00")
    assert public(replace(SECRET, lane="signal")).expected_at_ms is None


@pytest.mark.parametrize("moment", [2**62, -(2**62), -1])
def test_a_hostile_moment_is_not_published_and_stops_nothing(moment: int) -> None:
    bad = replace(SECRET, record="bad", received_at_ms=moment)
    chosen = [Publishable("bad"), CHOSEN]
    assert len(published([bad, SECRET], chosen, CLOCK, UK, AGENCY)) == 1
    shown = public(replace(SECRET, changed_at_ms=moment, status="closed"))
    assert json.loads(requests([shown], "json"))


def test_every_topic_is_a_service_with_a_group() -> None:
    listed = service_list(UK)
    assert [each.service_code for each in listed] == list(CATEGORIES)
    assert len({each.service_name for each in listed}) == len(CATEGORIES)
    assert all(each.group and each.description for each in listed)


def test_public_numbers_are_of_one_form_and_do_not_meet() -> None:
    numbers = {public_id(f"{n:032x}") for n in range(2_000)}
    assert len(numbers) == 2_000
    assert all(len(each) == 16 and set(each) <= set("0123456789abcdef") for each in numbers)
