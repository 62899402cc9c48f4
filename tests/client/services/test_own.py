"""One's own device: what it says of itself, how it is locked, trimmed and ended."""

from __future__ import annotations

import pytest

from client.keys.vault import PinTooShort, VaultLocked, WrongPin
from client.services.appeals import Appeals
from client.services.backup import import_own
from client.services.handover import Handover
from client.services.news import News, Newsroom
from client.services.notes import Notes
from client.services.own import Own
from client.services.prefs import Preferences, Prefs
from client.services.replica import NoProfile, Replica
from shared_schema.limits import NEWS_BUDGET_BYTES_MIN
from shared_schema.records.news import Published
from sync_server.services.carrying import carry
from tests.client.city import City, an_appeal
from tests.client.services.test_paced import noise

PASSPHRASE = "кінь скріпка батарея"


def own_of(replica: Replica) -> Own:
    notes = Notes(replica)
    return Own(replica, Prefs(notes), Handover(replica, notes))


def test_a_device_tells_its_id_and_no_more(city: City) -> None:
    with city.resident() as replica:
        assert own_of(replica).device_id == replica.device.hex()


def test_a_pin_locks_the_device_and_no_pin_unlocks_it(city: City) -> None:
    with city.resident() as replica:
        folder, own = replica.folder, own_of(replica)
        assert not own.locked
        own.set_pin("2468")
        assert own.locked
        filed = Appeals(replica).file(an_appeal())  # what is open stays open
    with pytest.raises(VaultLocked):
        Replica.open(folder)
    with pytest.raises(WrongPin):
        Replica.open(folder, pin="1111")
    with Replica.open(folder, pin="2468", clock=city.clock) as replica:
        assert Appeals(replica).get(filed.record).state == "waiting"
        own_of(replica).set_pin(None)
        assert not own_of(replica).locked
    Replica.open(folder).close()


def test_a_pin_that_is_too_short_changes_nothing(city: City) -> None:
    with city.resident() as replica:
        own_of(replica).set_pin("2468")
        with pytest.raises(PinTooShort):
            own_of(replica).set_pin("1")
        assert own_of(replica).locked
        folder = replica.folder
    Replica.open(folder, pin="2468").close()


def test_usage_tells_own_words_from_the_citys_news(city: City) -> None:
    with city.profile("newsroom") as room, city.resident() as reader:
        Newsroom(room).publish(Published("Вода", "Є"))
        city.exchange(room)
        before = own_of(reader).usage()
        Appeals(reader).file(an_appeal())
        city.exchange(reader)
        after = own_of(reader).usage()
        assert (before.news_count, before.own_bytes) == (0, 0)
        assert after.news_count == 1
        assert after.own_bytes > 0 < after.news_bytes
        assert after.file_bytes > after.own_bytes + after.news_bytes


def test_trimming_keeps_to_the_budget_that_was_chosen(city: City) -> None:
    with city.profile("newsroom") as room, city.resident() as reader:
        with room.store.writing():
            for number in range(400):
                Newsroom(room).publish(Published(f"Новина {number}", noise()))
        city.exchange(room)
        city.exchange(reader)
        assert own_of(reader).trim() == 0
        Prefs(Notes(reader)).put(Preferences(news_budget_bytes=NEWS_BUDGET_BYTES_MIN))
        gone = own_of(reader).trim()
        assert 0 < gone < 400
        assert News(reader).count() == 400 - gone
        assert own_of(reader).usage().news_bytes <= NEWS_BUDGET_BYTES_MIN
        assert own_of(reader).trim() == 0


def test_the_file_for_a_courier_is_handed_over(city: City) -> None:
    with city.resident() as replica:
        Appeals(replica).file(an_appeal())
        raw, count = own_of(replica).hand_over()
        assert count == 1
        carry(city.service, city.card.city, raw)
        assert city.exchange(replica).accepted == 1


def test_a_copy_brings_the_device_back_after_it_was_wiped(city: City) -> None:
    with city.resident() as replica:
        own, folder = own_of(replica), replica.folder
        filed = Appeals(replica).file(an_appeal("Моє"))
        raw = own.export(PASSPHRASE)
    own.wipe()
    assert not folder.exists()
    with pytest.raises(NoProfile):
        Replica.open(folder)
    with import_own(folder, raw, PASSPHRASE) as replica:
        assert Appeals(replica).get(filed.record).text == "Моє"
