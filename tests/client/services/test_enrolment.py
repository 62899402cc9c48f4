"""Several queues with officers of their own; roles that are given and end."""

from __future__ import annotations

from pathlib import Path

import pytest

from client.services.authoring import save
from client.services.desk import Desk
from client.services.enrolment import Enrolment
from client.services.errors import NotAllowed, NotGrantable, UnknownRecord
from shared_schema.ids import NEWS, TRUST, device_id
from shared_schema.records.trust import Granted
from shared_schema.sync.bundle import Want
from shared_schema.sync.change import decode
from shared_schema.sync.compose import compose_request
from shared_schema.sync.receive import Held, read_reply
from tests.client.city import City
from tests.client.officers import (
    GENERAL,
    SECOND,
    WATER,
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


def test_each_desk_sees_its_own_queue_alone(city: City) -> None:
    filed(city, "Немає води.", WATER)
    filed(city, "Немає світла.", GENERAL)
    assert texts(city, "desk") == {"Немає світла."}
    assert texts(city, "desk-water") == {"Немає води."}
    numbers = [key.number for key in city.card.facts.queues.values()]
    assert numbers == [1, 2]
    with city.profile("desk-water") as desk:
        assert desk.roles() == {("desk", WATER)}
        assert set(desk.secrets.queue_secrets) == {"water"}


def test_the_server_does_not_give_another_queue_s_feed(city: City) -> None:
    filed(city, "Немає води.", WATER)
    with opened(city, "desk") as desk, opened(city, "desk-water") as works:
        for device, feeds in ((desk, []), (works, [WATER])):
            asked = compose_request(device.signer, [Want(WATER)], [])
            raw = city.service.handle(asked.raw)
            held = {WATER: Held(device.scopes.id_of[WATER], bytes(32))}
            answer = read_reply(raw, asked, held, city.card.server_keys)
            assert [head.feed for head in answer.heads] == feeds
            assert [each.feed for each in answer.arrivals] == feeds
        (view,) = Desk(works).queue()
        with pytest.raises(UnknownRecord):
            Desk(desk).get(view.record)


def test_the_key_of_one_queue_does_not_open_another(city: City) -> None:
    record = filed(city, "Немає води.", WATER)
    changes = in_the_database(city)
    (opening,) = (each for each in changes if each.record.hex() == record)
    with city.profile("desk") as desk, city.profile("desk-water") as works:
        assert keys_that_open(desk, opening, changes) == []
        works.thread_keys.of(opening)


def test_a_new_officer_with_the_old_keys_reads_old_and_new(city: City) -> None:
    filed(city, "Старе.")
    with enrolment(city) as office:
        office.rotate("general")
    filed(city, "Новіше.")
    with opened(city, "desk"):
        pass  # it has heard of the rotation, so it has both keys to hand on
    enrol(city, share_from="desk")
    filed(city, "Найновіше.")
    assert texts(city, SECOND) == {"Старе.", "Новіше.", "Найновіше."}
    with opened(city, SECOND) as second:
        assert second.secrets.queue_secrets == {}
        assert set(second.thread_keys.secrets("general")) == {1, 3}
    with enrolment(city) as office, city.profile("desk") as desk:
        assert office.share("general", desk, second.device) == ()  # nothing is handed on twice


def test_a_new_officer_without_them_reads_what_comes_after_a_rotation(city: City) -> None:
    filed(city, "Старе.")
    enrol(city)
    assert texts(city, SECOND) == set()
    with enrolment(city) as office:
        office.rotate("general")
    filed(city, "Нове.")
    assert texts(city, SECOND) == {"Нове."}


def test_an_officer_of_the_first_release_is_named_as_left_out(city: City) -> None:
    with city.resident(SECOND) as second, city.profile("enrolment") as replica:
        key = second.signer.public_key.hex()
        save(replica, Granted(key, "desk", GENERAL), scope=TRUST)
        done = Enrolment(replica).rotate("general")
        assert done.left_out == (second.device,)


def test_a_box_key_that_no_one_can_use_stops_no_rotation(city: City) -> None:
    with enrolment(city) as office:
        with pytest.raises(NotGrantable, match="box key"):
            office.grant(b"k" * 32, bytes(32), "desk", GENERAL)
        with pytest.raises(NotGrantable, match="box key"):
            office.grant(b"k" * 32, b"", "desk", GENERAL)
        bad = Granted("ab" * 32, "desk", GENERAL, "", "00" * 32)
        save(office._replica, bad, scope=TRUST)
        assert office.rotate("general").left_out == (device_id(b"\xab" * 32),)


def test_only_the_enrolment_key_enrols_and_it_reads_no_appeals(city: City) -> None:
    record = filed(city, "Таємне.")
    with opened(city, "desk") as desk:
        with pytest.raises(NotAllowed):
            Enrolment(desk)
        save(desk, Granted("ab" * 32, "desk", GENERAL), scope=TRUST)
        assert [reason for _, reason in city.exchange(desk).refused] == ["not_allowed"]
    with city.profile("enrolment") as replica:
        city.exchange(replica)
        assert (replica.roles(), replica.secrets.queue_secrets) == (set(), {})
        assert sorted(replica.followed()) == ["mail", "news", "trust"]
        (opening,) = (each for each in in_the_database(city) if each.record.hex() == record)
        assert keys_that_open(replica, opening, [opening]) == []


def test_the_stream_of_the_enrolment_goes_on_after_the_card(city: City) -> None:
    first = [decode(raw) for _, raw in city.card.trust]
    with city.profile("enrolment") as replica:
        change = save(replica, Granted("ab" * 32, "newsroom", NEWS), scope=TRUST)
        assert (change.seq, change.prev) == (len(first) + 1, first[-1].id)
        result = city.exchange(replica)
        assert (result.accepted, result.complete) == (1, True)
        again = save(replica, Granted("cd" * 32, "newsroom", NEWS), scope=TRUST)
        assert (again.seq, again.prev) == (change.seq + 1, change.id)
        assert city.exchange(replica).complete
