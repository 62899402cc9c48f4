"""Forwarding: another queue gets all that was said, sealed to it, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

import misto.city
from client.keys.vault import DeviceSecrets
from client.services.appeals import Appeals
from client.services.authoring import save
from client.services.desk import Desk
from client.services.errors import UnknownRecord
from client.services.office.case import Case
from client.services.office.cases import Cases
from client.services.replica import Replica
from shared_schema.crypto.card import CityFacts
from shared_schema.crypto.sealing import QueueKey, new_queue_secret, queue_public_key
from shared_schema.ids import queue_scope
from shared_schema.records.appeal import Forwarded
from shared_schema.records.trust import Granted, Revoked
from tests.client.city import City, an_appeal, publish_trust

WATER = "water"
SECRET = new_queue_secret()


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> City:
    """A city with a second queue, and a desk of its own for it."""

    def with_water(*facts: object) -> CityFacts:
        name, servers, districts, queues = facts
        key = QueueKey(2, queue_public_key(SECRET))
        return CityFacts(name, servers, districts, {**queues, WATER: key})  # type: ignore[arg-type, dict-item]

    monkeypatch.setattr(misto.city, "CityFacts", with_water)
    city = City(tmp_path)
    with waterworks(city) as desk:
        key = desk.signer.public_key.hex()
        publish_trust(city, Granted(key, "desk", queue_scope(WATER), "waterworks"))
        city.exchange(desk)
    return city


@contextmanager
def waterworks(city: City) -> Iterator[Replica]:
    folder = city.folder / "waterworks"
    if not (folder / "device.keys").exists():
        secrets = replace(DeviceSecrets.generate(), queue_secrets={WATER: {2: SECRET}})
        Replica.create(folder, city.card.raw, secrets=secrets, clock=city.clock).close()
    with Replica.open(folder, clock=city.clock) as desk:
        yield desk


def filed(city: City, text: str = "Третій день немає води.") -> str:
    with city.resident() as resident:
        record = Appeals(resident).file(an_appeal(text)).record
        city.exchange(resident)
    return record


def handed_on(city: City, record: str, note: str = "За належністю") -> None:
    with city.profile("desk") as desk:
        city.exchange(desk)
        Desk(desk).note(record, "між нами")
        Desk(desk).register(record)
        Desk(desk).forward(record, WATER, note)
        city.exchange(desk)


def case_of(desk: Replica, record: str) -> Case | None:
    cases = Cases(desk)
    cases.refresh()
    return cases.get(record)


def test_the_other_queue_reads_all_that_was_said_and_answers(two: City) -> None:
    record = filed(two)
    with waterworks(two) as works:
        two.exchange(works)
        assert Desk(works).queue() == []
    handed_on(two, record)
    with waterworks(two) as works:
        assert two.exchange(works).complete
        (view,) = Desk(works).queue()
        assert (view.record, view.text) == (record, "Третій день немає води.")
        assert (view.receipt_number, view.number) == ("ЗВ-000001", "ЗВ-000001")
        assert view.received_at_ms == two.clock.now_ms
        Desk(works).reply(record, "Засувку замінено.")
        Desk(works).set_status(record, "answered")
        assert two.exchange(works).complete
    with two.resident() as resident:
        assert two.exchange(resident).complete
        mine = Appeals(resident).get(record)
        assert [line.text for line in mine.said] == ["Засувку замінено."]
        assert [step.status for step in mine.history] == ["registered", "forwarded", "answered"]
        assert mine.history[1].note == "water: За належністю"
        Appeals(resident).comment(record, "Дякую, вода є.")
        two.exchange(resident)
    with waterworks(two) as works, two.profile("desk") as desk:
        for office in (works, desk):
            assert two.exchange(office).complete
            assert Desk(office).get(record).said[-1].text == "Дякую, вода є."
            assert Desk(office).get(record).status == "answered"


def test_notes_among_officers_stay_with_their_queue(two: City) -> None:
    record = filed(two)
    handed_on(two, record)
    with waterworks(two) as works:
        two.exchange(works)
        assert Desk(works).card(record).notes == ()
        Desk(works).note(record, "наш майстер хворіє")
        two.exchange(works)
    with two.profile("desk") as desk:
        two.exchange(desk)
        assert [note.text for note in Desk(desk).card(record).notes] == ["між нами"]


def test_each_desk_sees_whose_matter_it_is(two: City) -> None:
    record, other = filed(two), filed(two, "Немає світла у під’їзді.")
    handed_on(two, record)
    with waterworks(two) as works, two.profile("desk") as desk:
        two.exchange(works)
        there, here = case_of(works, record), case_of(desk, record)
        assert there is not None
        assert here is not None
        assert (there.queue, there.open, there.forwarded_at_ms) == (WATER, True, None)
        assert (here.queue, here.open, here.forwarded_at_ms) == (WATER, False, two.clock.now_ms)
        assert there.receipt_number == here.receipt_number == "ЗВ-000001"
        assert case_of(works, other) is None
        assert Desk(works).forwardable(record) == ("general",)


def test_what_was_not_handed_on_is_not_theirs(two: City) -> None:
    record = filed(two)
    with waterworks(two) as works:
        two.exchange(works)
        with pytest.raises(UnknownRecord):
            Desk(works).reply(record, "Ні.")
        general = works.scopes.id_of[queue_scope("general")]
        sql = "SELECT count(*) FROM changes WHERE scope = ?"
        assert works.store.read(sql, (general,)) == [(0,)]


def test_it_comes_back_and_goes_on_from_there(two: City) -> None:
    record = filed(two)
    handed_on(two, record)
    with waterworks(two) as works, two.profile("desk") as desk:
        two.exchange(works)
        Desk(works).forward(record, "general", "Не наша ділянка")
        two.exchange(works)
        two.exchange(desk)
        back, gone = case_of(desk, record), case_of(works, record)
        assert back is not None
        assert gone is not None
        assert (back.queue, back.open) == ("general", True)
        assert (gone.open, gone.forwarded_at_ms is not None) == (False, True)
        with pytest.raises(UnknownRecord):
            Desk(desk).forward(record, "general")


def test_two_officers_who_hand_it_on_do_it_once(two: City) -> None:
    """The second one's wraps come too, and nothing stands in the other feed twice."""
    record = filed(two)
    handed_on(two, record)
    with two.profile("desk") as desk:
        said = Forwarded(WATER, "ЗВ-000001", "ще раз", Desk(desk).card(record).forwarded.over)
        save(desk, said, scope=queue_scope(WATER), record=bytes.fromhex(record))
        two.exchange(desk)
    with waterworks(two) as works:
        result = two.exchange(works)
        assert result.complete
        rows = works.store.rows("SELECT change, count(*) c FROM feed_entries GROUP BY change")
        assert {count for _, count in rows} == {1}


def test_a_resident_hands_nothing_on(two: City) -> None:
    """Only a desk that holds an appeal may show it to another one."""
    record = filed(two)
    with two.resident() as resident:
        said = Forwarded(WATER)
        save(resident, said, scope=queue_scope(WATER), record=bytes.fromhex(record))
        result = two.exchange(resident)
        assert result.refused == ((record, "not_allowed"),)
        assert Appeals(resident).get(record).history == ()
    with waterworks(two) as works:
        two.exchange(works)
        assert Desk(works).queue() == []
        with pytest.raises(UnknownRecord):
            Desk(works).forward(record, "general")


def test_a_revoked_officer_hands_nothing_on_and_what_was_stays(two: City) -> None:
    before, after = filed(two), filed(two, "Ще одне.")
    handed_on(two, before)
    with two.profile("desk") as desk:
        device = desk.device.hex()
        (last,) = desk.store.rows("SELECT max(seq) FROM changes WHERE author = 1")[0]
    publish_trust(two, Revoked(device, "desk", queue_scope("general"), last))
    with two.profile("desk") as desk:
        Desk(desk).forward(after, WATER)
        assert two.exchange(desk).refused == ((after, "not_allowed"),)
    with waterworks(two) as works:
        two.exchange(works)
        assert [view.record for view in Desk(works).queue()] == [before]


def test_a_wrap_of_a_wrong_key_is_passed_over(two: City) -> None:
    record = filed(two)
    with two.profile("desk") as desk:
        two.exchange(desk)
        wrong = desk.thread_keys.of
        desk.thread_keys.of = lambda opening: bytes(32)  # type: ignore[method-assign]
        said = Forwarded(WATER)
        save(desk, said, scope=queue_scope(WATER), record=bytes.fromhex(record))
        desk.thread_keys.of = wrong  # type: ignore[method-assign]
        two.exchange(desk)
    with waterworks(two) as works:
        two.exchange(works)
        assert Desk(works).queue() == []
    handed_on(two, record)
    with waterworks(two) as works:
        two.exchange(works)
        assert [view.record for view in Desk(works).queue()] == [record]
