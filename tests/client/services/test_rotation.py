"""A revoked officer hears nothing more, and cannot read what is sealed to the next key."""

from __future__ import annotations

from pathlib import Path

import pytest

from client.services.appeals import Appeals
from client.services.desk import Desk
from client.services.errors import NotAllowed, NotGrantable
from shared_schema.crypto.sealing import (
    box_public_key,
    split_sealed,
)
from shared_schema.errors import SealError
from shared_schema.ids import NEWS
from shared_schema.records.kinds import FORWARDED
from tests.client.city import City, an_appeal, files_of
from tests.client.officers import (
    GENERAL,
    SECOND,
    WATER,
    dismiss,
    enrol,
    enrolment,
    filed,
    in_the_database,
    keys_that_open,
    opened,
    texts,
)


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(tmp_path, queues=("general", "water"))


def test_a_revoked_officer_s_device_stops_receiving_and_is_not_listened_to(city: City) -> None:
    enrol(city, share_from="desk")
    before = filed(city, "Перше.")
    with opened(city, SECOND) as second:
        Desk(second).reply(before, "Бригада їде.")
        city.exchange(second)
    dismiss(city, SECOND)
    after = filed(city, "Друге.")
    with city.resident(SECOND) as second:
        Desk(second).reply(before, "Ще одне.")  # it has not heard yet
        result = city.exchange(second)
        assert result.refused == ((before, "not_allowed"),)
        rows = second.store.rows("SELECT count(*) FROM changes WHERE record IS NULL")
        assert GENERAL not in second.followed()
        filed(city, "Третє.")
        assert city.exchange(second).pulled == 0
        assert second.store.rows("SELECT count(*) FROM changes WHERE record IS NULL") == rows
        assert second.threads.get(bytes.fromhex(after)) is None
        with pytest.raises(NotAllowed):
            Desk(second).queue()
    with city.resident() as resident:
        city.exchange(resident)
        said = [line.text for line in Appeals(resident).get(before).said]
        assert said == ["Бригада їде."]  # what was said in office stays


def test_with_the_whole_server_in_hand_a_revoked_officer_opens_nothing_new(city: City) -> None:
    enrol(city, share_from="desk")
    old = filed(city, "Перше.")
    dismiss(city, SECOND)
    new = filed(city, "Таємне.")
    changes = in_the_database(city)
    openings = {each.record.hex(): each for each in changes if each.opening}
    with city.resident(SECOND) as second:
        city.exchange(second)
        second.thread_keys.learn(second.grants)
        assert keys_that_open(second, openings[old], changes) != []
        assert keys_that_open(second, openings[new], changes) == []
        with pytest.raises(SealError):
            second.thread_keys.of(openings[new])
    assert texts(city, "desk") == {"Перше.", "Таємне."}
    number, _ = split_sealed(openings[new].body).wraps[0]
    assert number == 3  # numbers are unique in the city


def test_notes_after_the_rotation_are_sealed_to_the_new_key(city: City) -> None:
    enrol(city, share_from="desk")
    record = filed(city, "Перше.")
    with opened(city, "desk") as desk:
        Desk(desk).note(record, "до ротації")
        city.exchange(desk)
    dismiss(city, SECOND)
    with opened(city, "desk") as desk:
        Desk(desk).note(record, "після ротації")
        city.exchange(desk)
        assert [note.text for note in Desk(desk).card(record).notes] == [
            "до ротації", "після ротації",
        ]  # fmt: skip
        newest = desk.thread_keys.internal(desk.scopes.id_of[GENERAL], bytes.fromhex(record))
    with city.resident(SECOND) as second:
        city.exchange(second)
        scope = second.scopes.id_of[GENERAL]
        second.thread_keys.learn(second.grants)
        assert newest[0] not in second.thread_keys.internal(scope, bytes.fromhex(record))
        assert newest[1] in second.thread_keys.internal(scope, bytes.fromhex(record))


def test_the_new_secret_lies_nowhere_in_clear(city: City) -> None:
    with enrolment(city) as office:
        office.rotate("general")
    with opened(city, "desk") as desk:
        secrets = desk.thread_keys.secrets("general")
        assert set(secrets) == {1, 3}
    for folder in ("city/profiles", "server.db"):
        path = city.folder / folder
        raw = files_of(path) if path.is_dir() else path.read_bytes()
        assert secrets[3] not in raw
        assert secrets[3].hex().encode() not in raw


def test_a_resident_who_has_not_heard_is_still_understood(city: City) -> None:
    with city.resident() as resident:
        with enrolment(city) as office:
            office.rotate("general")
        Appeals(resident).file(an_appeal("Старим ключем."))
        city.exchange(resident)
    assert texts(city, "desk") == {"Старим ключем."}


def test_what_is_handed_on_is_sealed_to_the_next_queue_s_new_key(city: City) -> None:
    with enrolment(city) as office:
        office.rotate("water")
    record = filed(city, "Немає води.")
    with opened(city, "desk") as desk:
        Desk(desk).forward(record, "water")
        city.exchange(desk)
    (handed,) = (each for each in in_the_database(city) if each.kind == FORWARDED.number)
    assert [number for number, _ in split_sealed(handed.body).wraps] == [3]
    assert texts(city, "desk-water") == {"Немає води."}


def test_an_officer_of_two_queues_loses_the_one(city: City) -> None:
    enrol(city, share_from="desk")
    enrol(city, scope=WATER)
    with enrolment(city) as office:
        office.rotate("water")
    dismiss(city, SECOND)
    filed(city, "Немає води.", WATER)
    filed(city, "Немає світла.")
    assert texts(city, SECOND) == {"Немає води."}


def test_what_of_a_desk_counts_has_to_be_known(city: City) -> None:
    """The enrolment's device follows no queue: cutting at 0 would take back every answer."""
    with city.profile("desk") as desk, enrolment(city) as office:
        with pytest.raises(NotGrantable, match="nothing here knows"):
            office.revoke(desk.device, "desk", GENERAL)
        assert office.revoke(desk.device, "desk", GENERAL, last_seq=7).last_seq == 7


def test_the_last_officer_goes_without_a_rotation(city: City) -> None:
    with city.profile("desk") as desk, enrolment(city) as office:
        done = office.revoke(desk.device, "desk", GENERAL, seen_by=desk)
        assert done.rotation is None
        with pytest.raises(NotGrantable, match="no officer"):
            office.rotate("general")
        key, box = desk.signer.public_key, box_public_key(desk.secrets.thread_secret)
        with pytest.raises(NotGrantable, match="final"):
            office.grant(key, box, "desk", GENERAL)
        with pytest.raises(NotGrantable, match="no such role"):
            office.revoke(desk.device, "desk", GENERAL, last_seq=0)


def test_a_newsroom_is_cut_at_what_the_enrolment_has_seen(city: City) -> None:
    with city.profile("newsroom") as room, enrolment(city) as office:
        done = office.revoke(room.device, "newsroom", NEWS)
        assert (done.last_seq, done.rotation) == (0, None)
        with pytest.raises(NotGrantable):
            office.grant(b"k" * 32, b"", "newsroom", GENERAL)
