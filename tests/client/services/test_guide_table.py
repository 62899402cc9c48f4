"""The newsroom's tables: a file taken once, what was found stays found, and residents see it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import msgspec
import pytest

from client.services.errors import NotAllowed
from client.services.guide import Guide
from client.services.guide_table import GuideTable
from client.services.interchange.plan import place_wording, plan_places, plan_schedules
from client.services.interchange.tables import (
    read_places_csv,
    read_schedules_csv,
    write_places_csv,
)
from client.services.replica import Replica
from shared_schema.errors import PayloadError
from shared_schema.records.outage import Scheduled
from shared_schema.records.place import Confirmed, Listed
from tests.client.city import City

KYIV = ZoneInfo("Europe/Kyiv")
PLACES = "Назва;Вид;Адреса\nШкола № 5;Укриття;вул. Садова, 5\nБювет;Вода;вул. Садова, 2".encode()
WEEKS = (
    "Послуга;Черга;Пн;Вт;Ср;Чт;Пт;Сб;Нд\n"
    "Світло;1.1;08:00-12:00;є;є;є;є;є;є\nСвітло;1.2;є;є;є;є;є;є;немає"
).encode()


def accept(replica: Replica, raw: bytes) -> int:
    guide = Guide(replica)
    plan = plan_places(read_places_csv(raw, KYIV), guide.places())
    return GuideTable(replica, guide).accept_places(plan)


def test_a_table_of_places_is_taken_once_and_reaches_residents(city: City) -> None:
    with city.profile("newsroom") as room, city.resident() as reader:
        assert accept(room, PLACES) == 2
        assert accept(room, PLACES) == 0, "the same file changes nothing"
        city.exchange(room)
        city.exchange(reader)
        assert [place.name for place in Guide(reader).places()] == ["Бювет", "Школа № 5"]


def test_a_table_of_schedules_replaces_the_week_it_is_about(city: City) -> None:
    with city.profile("newsroom") as room:
        guide = Guide(room)
        desk = GuideTable(room, guide)
        first = read_schedules_csv(WEEKS, KYIV)
        assert desk.accept_schedules(plan_schedules(first, guide.schedules())) == 2
        records = [each.record for each in guide.schedules()]
        other = read_schedules_csv(WEEKS.replace(b"08:00", b"09:00"), KYIV)
        assert desk.accept_schedules(plan_schedules(other, guide.schedules())) == 1
        assert [each.record for each in guide.schedules()] == records
        assert guide.schedules()[0].scheduled.week[0] == "+" * 18 + "-" * 6 + "+" * 24


def test_who_mends_an_address_does_not_open_a_closed_place(city: City) -> None:
    with city.profile("newsroom") as room:
        guide = Guide(room)
        desk = GuideTable(room, guide)
        record = desk.put_place("", Listed("Бювет", "water", "вул. Садова, 2"))
        desk.confirm(record, Confirmed("empty", "Іван", "Вода о 14:00", 2**50))
        mended = msgspec.structs.replace(place_wording(guide.place(record)), address="Садова, 22")
        assert desk.put_place(record, mended) == record
        place = guide.place(record)
        assert (place.address, place.condition) == ("Садова, 22", "empty")
        assert (place.condition_note, place.confirmed_by) == ("Вода о 14:00", "Іван")
        assert place.expires_at_ms == 2**50


def test_an_open_place_is_said_again_with_one_act(city: City) -> None:
    with city.profile("newsroom") as room:
        guide = Guide(room)
        desk = GuideTable(room, guide)
        record = desk.put_place("", Listed("Бювет", "water", by="Олена"))
        before = room.store.read("SELECT count(*) FROM changes")
        desk.put_place(record, Listed("Бювет", "water", "Садова, 2", by="Олена"))
        assert room.store.read("SELECT count(*) FROM changes")[0][0] == before[0][0] + 1


def test_a_schedule_is_published_and_said_again(city: City) -> None:
    with city.profile("newsroom") as room:
        guide = Guide(room)
        desk = GuideTable(room, guide)
        record = desk.put_schedule("", Scheduled("power", "1.1", ["+" * 48] * 7))
        desk.put_schedule(record, Scheduled("power", "1.1", ["-" * 48] * 7))
        (week,) = guide.schedules()
        assert (week.record, week.scheduled.week[0]) == (record, "-" * 48)


def test_a_resident_keeps_no_table(city: City) -> None:
    with city.resident() as reader:
        with pytest.raises(NotAllowed):
            accept(reader, PLACES)
        assert Guide(reader).places() == ()


def test_an_export_taken_back_after_a_closing_opens_nothing(city: City) -> None:
    with city.profile("newsroom") as room:
        guide = Guide(room)
        accept(room, PLACES)
        closed = guide.places()[0]
        GuideTable(room, guide).confirm(closed.record, Confirmed("closed"))
        exported = write_places_csv([place_wording(each) for each in guide.places()], KYIV)
        assert accept(room, exported) == 0
        assert guide.place(closed.record).condition == "closed"


def test_a_table_is_taken_whole_or_not_at_all(city: City) -> None:
    with city.profile("newsroom") as room:
        guide = Guide(room)
        plan = plan_places(read_places_csv(PLACES, KYIV), ())
        bad = plan.steps[1]._replace(value=Listed("Назва" * 100, "water"))
        with pytest.raises(PayloadError):
            GuideTable(room, guide).accept_places(plan._replace(steps=(plan.steps[0], bad)))
        assert guide.places() == ()
        assert accept(room, PLACES) == 2
