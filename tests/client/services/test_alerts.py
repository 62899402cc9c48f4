"""Alerts take two people: one stolen newsroom phone must not send a city into the street."""

from __future__ import annotations

import sqlite3

import pytest

from client.services.errors import SecondPerson, UnknownRecord
from client.services.news import News, Newsroom
from client.services.replica import Replica
from client.services.types import NewsView
from shared_schema.ids import NEWS
from shared_schema.records.news import Corrected, Published
from shared_schema.records.trust import Revoked
from tests.client.city import City, publish_trust

ALERT = Published("Евакуація", "Збір о 14:00.", "danger", "", "urgent")
LATER = Corrected("Евакуація", "Збір о 16:00.", "danger", "", "urgent")
_LATER_TABLES = ("heads", "carried", "own_requests", "public_heads", "seen_heads", "splits")


def alerts(city: City) -> list[str]:
    with city.resident() as reader:
        city.exchange(reader)
        return [view.text for view in News(reader).alerts()]


def shown(city: City) -> NewsView:
    with city.resident() as reader:
        city.exchange(reader)
        (view,) = News(reader).list()
        return view


def test_what_one_person_calls_urgent_is_no_alert(city: City) -> None:
    with city.profile("newsroom") as room:
        mine = Newsroom(room).publish(ALERT)
        assert (mine.priority, mine.confirmed, mine.pending) == ("important", False, True)
        assert News(room).get(mine.record).priority == "important"
        city.exchange(room)
    assert alerts(city) == []
    assert (shown(city).priority, shown(city).confirmed) == ("important", False)


def test_nobody_signs_for_themselves(city: City) -> None:
    with city.profile("newsroom") as room:
        office = Newsroom(room)
        record = office.publish(ALERT).record
        (waiting,) = office.awaiting()
        assert (waiting.priority, waiting.by, waiting.confirmable) == ("urgent", "newsroom", False)
        with pytest.raises(SecondPerson):
            office.confirm(record)


def test_a_second_person_makes_it_an_alert(city: City) -> None:
    with city.profile("newsroom") as room:
        Newsroom(room).publish(ALERT)
        city.sign_alerts(room)
        assert Newsroom(room).awaiting() == []
    assert alerts(city) == ["Збір о 14:00."]
    assert (shown(city).priority, shown(city).confirmed, shown(city).corrections) == (
        "urgent", True, 0,
    )  # fmt: skip


def test_a_correction_waits_and_what_was_signed_stays(city: City) -> None:
    with city.profile("newsroom") as room:
        record = Newsroom(room).publish(ALERT).record
        city.sign_alerts(room)
        Newsroom(room).correct(record, LATER)
        city.exchange(room)
        assert alerts(city) == ["Збір о 14:00."]
        assert (shown(city).corrections, shown(city).confirmed) == (0, True)
        city.sign_alerts(room)
    assert alerts(city) == ["Збір о 16:00."]
    assert shown(city).corrections == 1


def test_only_what_was_read_is_signed(city: City) -> None:
    """While the second person reads, a newer wording comes: their tap is not for that one."""
    with city.profile("newsroom") as room, city.profile("editor") as second:
        record = Newsroom(room).publish(ALERT).record
        city.exchange(room)
        city.exchange(second)
        (read,) = Newsroom(second).awaiting()
        Newsroom(room).correct(record, LATER)
        city.exchange(room)
        city.exchange(second)
        with pytest.raises(UnknownRecord):
            Newsroom(second).confirm(record, read)
        assert News(second).alerts() == []


def test_a_signature_by_a_revoked_device_does_not_count(city: City) -> None:
    with city.profile("newsroom") as room:
        Newsroom(room).publish(ALERT)
        city.sign_alerts(room)
    assert len(alerts(city)) == 1
    with city.profile("editor") as second:
        device = second.device.hex()
    publish_trust(city, Revoked(device, "newsroom", NEWS, 0))
    assert alerts(city) == []
    assert shown(city).title == "Евакуація"


def test_an_alert_of_an_older_version_waits_for_its_second_signature(city: City) -> None:
    with city.profile("newsroom") as room:
        record = Newsroom(room).publish(ALERT).record
        path, folder = room.store.path, room.folder
    with sqlite3.connect(path) as old:
        for later in _LATER_TABLES:
            old.execute(f"DROP TABLE {later}")
        old.execute("DROP INDEX changes_brought")
        old.execute("DROP INDEX news_awaiting")
        old.execute("ALTER TABLE news DROP COLUMN confirmed")
        old.execute("ALTER TABLE news DROP COLUMN awaiting")
        old.execute("UPDATE news SET priority = 2")
        old.execute("PRAGMA user_version = 2")
    old.close()
    with Replica.open(folder, clock=city.clock) as room:
        (waiting,) = Newsroom(room).awaiting()
        assert (waiting.record, waiting.text) == (record, "Збір о 14:00.")
        assert News(room).alerts() == []
        city.sign_alerts(room)
        assert [view.record for view in News(room).alerts()] == [record]
