"""The desk: from the sealed appeal to the reply that its author reads."""

from __future__ import annotations

import pytest

from client.services.appeals import Appeals
from client.services.desk import Desk
from client.services.errors import NotAllowed, TooLate, UnknownRecord
from client.services.replica import Replica
from client.services.thread_keys import ThreadKeys
from shared_schema.errors import SealError
from shared_schema.records.appeal import Amended
from shared_schema.records.trust import Revoked
from tests.client.city import City, an_appeal, files_of, publish_trust


def deliver(city: City, *replicas: Replica) -> None:
    for replica in replicas:
        city.exchange(replica)


def test_the_whole_way_of_an_appeal(city: City) -> None:
    with city.resident() as resident, city.profile("desk") as office:
        appeals, desk = Appeals(resident), Desk(office)
        filed = appeals.file(an_appeal("Кульгава мотузка", name="Олена"))
        deliver(city, resident, office)
        (seen,) = desk.queue()
        assert (seen.text, seen.name, seen.state) == ("Кульгава мотузка", "Олена", "received")
        assert not seen.mine
        registered = desk.register(filed.record)
        assert (registered.state, registered.number) == ("registered", "ЗВ-000001")
        assert registered.pending
        desk.reply(filed.record, "Бригада вже їде.")
        desk.set_status(filed.record, "answered", "Виконано")
        deliver(city, office, resident)
        view = appeals.get(filed.record)
        assert (view.state, view.number, view.status) == ("answered", "ЗВ-000001", "answered")
        assert [(line.by_desk, line.text, line.pending) for line in view.said] == [
            (True, "Бригада вже їде.", False)
        ]
        assert [step.status for step in view.history] == ["registered", "answered"]
        with pytest.raises(TooLate):
            appeals.amend(filed.record, Amended("Інше", "Інше"))
        appeals.comment(filed.record, "Дякую!")
        deliver(city, resident, office)
        assert [line.text for line in desk.get(filed.record).said][-1] == "Дякую!"
        on_disk = files_of(office.folder) + files_of(resident.folder)
        for text in ("Кульгава мотузка", "Бригада"):
            for charset in ("utf-8", "cp1251", "utf-16-le"):
                assert text.encode(charset) not in on_disk


def test_two_residents_do_not_see_each_other(city: City) -> None:
    with city.resident("a") as first, city.resident("b") as second:
        filed = Appeals(first).file(an_appeal())
        Appeals(second).file(an_appeal())
        deliver(city, first, second, first)
        assert len(Appeals(first).list()) == 1
        with pytest.raises(UnknownRecord):
            Appeals(second).get(filed.record)


def test_the_queue_is_newest_first_and_paged(city: City) -> None:
    with city.resident() as resident, city.profile("desk") as office:
        for number in range(5):
            Appeals(resident).file(an_appeal(f"Звернення {number}"))
        deliver(city, resident, office)
        texts = [view.text for view in Desk(office).queue()]
        assert texts == [f"Звернення {number}" for number in (4, 3, 2, 1, 0)]
        assert [view.text for view in Desk(office).queue(2, 1)] == texts[1:3]


def test_only_a_desk_has_a_queue(city: City) -> None:
    with city.resident() as resident, city.profile("newsroom") as newsroom:
        filed = Appeals(resident).file(an_appeal())
        for replica in (resident, newsroom):
            with pytest.raises(NotAllowed):
                Desk(replica).queue()
        with pytest.raises(NotAllowed):
            Desk(resident).register(filed.record)


def test_unlocking_again_opens_no_wrap_a_second_time(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    with city.resident() as resident:
        Appeals(resident).file(an_appeal())
        deliver(city, resident)
    with city.profile("desk") as office:
        deliver(city, office)
        assert len(Desk(office).queue()) == 1
        ((wrapped,),) = office.store.read("SELECT wrapped FROM thread_keys")
        assert len(wrapped) == 12 + 32 + 16

    def forbidden(self: ThreadKeys, opening: object) -> bytes:
        raise AssertionError("the cached key should have been used")

    monkeypatch.setattr(ThreadKeys, "of", forbidden)
    with city.profile("desk") as office:
        assert len(Desk(office).queue()) == 1


def test_a_cached_key_is_bound_to_its_record(city: City) -> None:
    with city.profile("desk") as office:
        wrapped = office.thread_keys.wrap(b"r" * 16, b"k" * 32)
        assert office.thread_keys.unwrap(b"r" * 16, wrapped) == b"k" * 32
        with pytest.raises(SealError):
            office.thread_keys.unwrap(b"s" * 16, wrapped)


def test_a_damaged_cache_entry_is_opened_anew(city: City) -> None:
    with city.resident() as resident:
        Appeals(resident).file(an_appeal())
        deliver(city, resident)
    with city.profile("desk") as office:
        deliver(city, office)
        Desk(office).queue()
        with office.store.writing() as connection:
            connection.execute("UPDATE thread_keys SET wrapped = zeroblob(60)")
    with city.profile("desk") as office:
        assert len(Desk(office).queue()) == 1


def test_a_revoked_desk_counts_up_to_the_cut(city: City) -> None:
    with city.resident() as resident, city.profile("desk") as office:
        filed = Appeals(resident).file(an_appeal())
        deliver(city, resident, office)
        Desk(office).register(filed.record)
        Desk(office).reply(filed.record, "Підроблена відповідь")
        deliver(city, office, resident)
        assert len(Appeals(resident).get(filed.record).said) == 1
        revoked = Revoked(office.device.hex(), "desk", "queue/general", last_seq=1)
        publish_trust(city, revoked)
        deliver(city, resident, office)
        view = Appeals(resident).get(filed.record)
        assert (view.state, view.said) == ("registered", ())
        with pytest.raises(NotAllowed):
            Desk(office).queue()
