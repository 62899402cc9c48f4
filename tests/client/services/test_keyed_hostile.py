"""`trust.keyed` among older apps and servers, and from whoever means ill."""

from __future__ import annotations

from pathlib import Path

import pytest

from client.services.appeals import Appeals
from client.services.authoring import save
from client.services.desk import Desk
from client.services.enrolment import Enrolment
from client.services.exchange import Exchange
from client.services.replica import Replica
from client.services.threads import Threads
from shared_schema.crypto.sealing import (
    box_public_key,
    new_queue_secret,
    queue_public_key,
    wrap_queue_secret,
)
from shared_schema.errors import PayloadError
from shared_schema.ids import TRUST
from shared_schema.limits import KEYED_WRAPS_MAX
from shared_schema.records.kinds import BY_NUMBER
from shared_schema.records.trust import Granted, Keyed, Wrap
from shared_schema.sync.compose import compose_request
from shared_schema.sync.receive import read_reply
from shared_schema.sync.run import Entry
from shared_schema.sync.statement import Reason
from tests.client.city import City, an_appeal
from tests.client.officers import (
    GENERAL,
    SECOND,
    enrol,
    enrolment,
    filed,
    opened,
    texts,
)


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(tmp_path, queues=("general", "water"))


def test_an_older_app_holds_the_new_kind_and_goes_on(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    with enrolment(city) as office:
        office.rotate("general")
    with monkeypatch.context() as older:
        older.delitem(BY_NUMBER, (0x0403, 1))
        with city.resident() as resident:
            assert city.exchange(resident).complete
            assert resident.grants.key_in_force("general").number == 1
            Appeals(resident).file(an_appeal("Зі старого застосунку."))
            assert city.exchange(resident).complete
    with city.resident() as resident:  # the app is newer now
        assert resident.grants.key_in_force("general").number == 3
    assert texts(city, "desk") == {"Зі старого застосунку."}


def test_a_server_that_does_not_know_the_kind_carries_it(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older, city.profile("enrolment") as replica:
        Enrolment(replica).rotate("general")
        older.delitem(BY_NUMBER, (0x0403, 1))
        assert city.exchange(replica).held == 1
    filed(city, "Новим ключем.")
    with city.resident() as resident:
        assert resident.grants.key_in_force("general").number == 3
    assert texts(city, "desk") == {"Новим ключем."}


def said(city: City, *keyed: Keyed) -> None:
    with city.profile("enrolment") as replica:
        for each in keyed:
            save(replica, each, scope=TRUST)
        assert city.exchange(replica).complete


def wrapped(secret: bytes, number: int, desk: Replica, queue: str = "general") -> Wrap:
    box = box_public_key(desk.secrets.thread_secret)
    sealed = wrap_queue_secret(queue, secret, number, desk.device, box)
    return Wrap(desk.device.hex(), sealed.hex())


def test_a_key_under_a_number_is_never_swapped(city: City) -> None:
    first, second = new_queue_secret(), new_queue_secret()
    one, two = (queue_public_key(secret).hex() for secret in (first, second))
    with city.profile("desk") as desk:
        said(
            city,
            Keyed("general", 9, one, [wrapped(first, 9, desk)]),
            Keyed("general", 9, two, [wrapped(second, 9, desk)]),
            Keyed("general", 1, two, [wrapped(second, 1, desk)]),  # the card has said what 1 is
        )
        city.exchange(desk)
        assert desk.grants.key_in_force("general").public_key.hex() == one
        card = city.card.facts.queues["general"]
        assert desk.grants.keys["general"][1].public_key == card.public_key
        assert desk.thread_keys.secrets("general") == {
            9: first, **desk.secrets.queue_secrets["general"],
        }  # fmt: skip


def test_wraps_for_others_and_of_other_things_open_nothing(city: City) -> None:
    secret, other = new_queue_secret(), new_queue_secret()
    key = queue_public_key(secret).hex()
    with city.profile("desk") as desk, city.profile("desk-water") as works:
        mine = desk.device.hex()
        said(
            city,
            Keyed("general", 9, key, [
                Wrap(mine, wrapped(secret, 9, works).sealed),  # wrapped for another device
                Wrap(mine, wrapped(secret, 8, desk).sealed),  # under another number
                Wrap(mine, wrapped(secret, 9, desk, "water").sealed),  # of another queue
                Wrap(mine, wrapped(other, 9, desk).sealed),  # another secret
                Wrap(mine, "00" * 80),
            ]),
            Keyed("казна-що", 10, key, [wrapped(secret, 10, desk, "казна-що")]),
        )  # fmt: skip
        city.exchange(desk)
        assert set(desk.thread_keys.secrets("general")) == {1}
        assert "казна-що" not in desk.grants.keys
        said(city, Keyed("general", 9, key, [wrapped(secret, 9, desk)]))
        city.exchange(desk)
        assert desk.thread_keys.secrets("general")[9] == secret  # a good one mends it


def test_a_list_that_is_too_long_is_not_taken(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    key = queue_public_key(new_queue_secret()).hex()
    with city.profile("desk") as desk, city.profile("enrolment") as replica:
        wraps = [wrapped(new_queue_secret(), 9, desk)] * (KEYED_WRAPS_MAX + 1)
        with pytest.raises(PayloadError):
            save(replica, Keyed("general", 9, key, wraps), scope=TRUST)
        with monkeypatch.context() as careless:
            careless.setattr("shared_schema.records.kinds._check", lambda payload, raw: None)
            change = city.trust_change(Keyed("general", 9, key, wraps))
        signer = city.enrolment
        entry = Entry(0, 0, signer.public_key, signer.device, change.scope, change.seq, change.id,
                      change.raw)  # fmt: skip
        asked = compose_request(signer, [], [entry])
        answer = read_reply(city.service.handle(asked.raw), asked, {}, city.card.server_keys)
        assert [each.reason for each in answer.settled] == [Reason.BAD_PAYLOAD]


def test_more_officers_than_one_change_holds_are_told_in_several(city: City) -> None:
    with city.profile("enrolment") as replica:
        office, box = Enrolment(replica), box_public_key(b"b" * 32)
        for number in range(KEYED_WRAPS_MAX):
            key = number.to_bytes(32)
            save(replica, Granted(key.hex(), "desk", GENERAL, "", box.hex()), scope=TRUST)
        done = office.rotate("general")
        assert len(done.officers) == KEYED_WRAPS_MAX + 1
        assert city.exchange(replica).complete
    filed(city, "Усім.")
    assert texts(city, "desk") == {"Усім."}


def test_a_revocation_that_is_cut_short_says_nothing(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    with city.profile("desk") as desk, city.profile("enrolment") as replica:
        office = Enrolment(replica)
        monkeypatch.setattr(office, "rotate", lambda queue: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            office.revoke(desk.device, "desk", GENERAL, last_seq=0)
        assert replica.grants.role(desk.device, GENERAL) == "desk"
        assert Exchange(replica, city.transport()).once().pushed == 0


def test_threads_that_could_not_be_opened_open_when_the_key_comes(city: City) -> None:
    filed(city, "Старе.")
    enrol(city)
    with opened(city, SECOND) as second:
        assert Desk(second).queue() == []
        with enrolment(city) as office, opened(city, "desk") as desk:
            office.share("general", desk, second.device)
        city.exchange(second)
        assert [view.text for view in Desk(second, Threads(second)).queue()] == ["Старе."]
        assert [view.text for view in Desk(second).queue()] == ["Старе."]
