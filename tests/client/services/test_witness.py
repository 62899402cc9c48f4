"""A city's server that shows different people different lists signs the proof of it."""

from __future__ import annotations

import json
import shutil

import pytest

from client.services.appeals import Appeals
from client.services.courier.courier import Courier
from client.services.exchange import Exchange
from client.services.inspect import examine
from client.services.news import News, Newsroom
from client.services.notes import Notes
from client.services.replica import Replica
from client.services.volunteers import Volunteers
from client.services.witness import Witness, check_evidence
from client.storage import heads
from client.storage.heads import Side, witness
from shared_schema.crypto.signing import Signer
from shared_schema.errors import BadSignature, ProtocolError
from shared_schema.limits import HEAD_PROOF_BYTES_MAX, HEADS_SEEN_MAX, SPLITS_MAX
from shared_schema.records.news import Published
from shared_schema.sync.statement import Proof
from sync_server.services.carrying import carry
from sync_server.services.exchange import ExchangeService
from sync_server.storage.sql import SqlStore
from tests.client.city import City, Doors, Loopback, an_appeal

FEED = bytes(32)


class Facing(Doors):
    """A transport to a server that is not the city's usual one."""

    def __init__(self, city: City, service: ExchangeService) -> None:
        super().__init__(city)
        self.handle = service.handle
        self._service, self._id = service, city.card.city

    def carry(self, raw: bytes) -> bytes:
        return carry(self._service, self._id, raw)


def other_face(city: City, name: str = "other") -> ExchangeService:
    """Another log under the same key: the face that a hostile server shows to somebody else."""
    return city.new_service(SqlStore(f"sqlite:///{city.folder / name}.db"))


def publish(city: City, service: ExchangeService, name: str, title: str) -> None:
    """News on one of the faces alone, by a newsroom device of its own."""
    with city.profile(name) as room:
        Newsroom(room).publish(Published(title, "Слова."))
        Exchange(room, Loopback(service.handle)).once()


@pytest.fixture
def split(city: City) -> tuple[ExchangeService, ExchangeService]:
    """Two faces, each with one news item that the other one lacks."""
    faces = city.service, other_face(city)
    publish(city, faces[0], "newsroom", "Воду вмикають о шостій")
    publish(city, faces[1], "editor", "Води не буде")
    return faces


def brought(replica: Replica, city: City, face: ExchangeService) -> list[bytes]:
    """What a courier hands on that has seen one face."""
    Exchange(replica, Loopback(face.handle)).once()
    Appeals(replica).file(an_appeal())
    with city.resident("somebody") as other:
        Appeals(other).file(an_appeal())
        for raw in Courier(other).give(public=False):
            Courier(replica).take(raw, "file")
    Courier(replica).deliver(Facing(city, face))
    return Courier(replica).give()


def test_a_courier_from_the_other_side_brings_the_proof(
    city: City, split: tuple[ExchangeService, ExchangeService]
) -> None:
    with city.resident("a") as here, city.resident("b") as there:
        Exchange(here, Loopback(split[0].handle)).once()
        bundles = brought(there, city, split[1])
        assert Witness(here).found() == ()
        for raw in bundles:
            Courier(here).take(raw, "file")
        (found,) = Witness(here).found()
        assert (found.feed, found.version) == ("news", 1)
        assert Witness(here).unread()
        evidence = Witness(here).evidence()
        assert check_evidence(evidence, city.card) == [(here.followed()["news"], 1)]
        assert {view.title for view in News(here).list()} == {
            "Воду вмикають о шостій", "Води не буде",
        }, "what newsrooms have signed counts, whoever hid it"  # fmt: skip
        Witness(here).mark_read()
        assert not Witness(here).unread()
        assert Witness(here).evidence() == evidence, "read, and kept"
        for raw in bundles:
            Courier(here).take(raw, "file")
        assert len(Witness(here).found()) == 1
    report = examine(city.folder / "a", city.clock)
    assert report.sound
    assert "split view" in [each.topic for each in report.findings]


def test_one_device_that_is_shown_both_faces_keeps_the_proof_though_it_pulls_anew(
    city: City, split: tuple[ExchangeService, ExchangeService]
) -> None:
    with city.resident() as resident:
        Exchange(resident, Loopback(split[0].handle)).once()
        Exchange(resident, Loopback(split[1].handle)).once()
        assert [each.feed for each in Witness(resident).found()] == ["news"]
        Exchange(resident, Loopback(split[1].handle)).once()
        assert len(Witness(resident).found()) == 1


def test_a_late_reply_of_the_other_face_is_noticed(
    city: City, split: tuple[ExchangeService, ExchangeService]
) -> None:
    """The mailbox and trust come by it: here the other face has a grant that this one lacks."""
    publish_joining(city, split[1])
    publish_joining(city, split[0])
    with city.resident() as resident, city.resident("b") as courier:
        Exchange(resident, Loopback(split[0].handle)).once()
        Appeals(resident).file(an_appeal())
        for raw in Courier(resident).give(public=False):
            Courier(courier).take(raw, "file")
        Courier(courier).deliver(Facing(city, split[1]))
        for raw in Courier(courier).give(public=False):
            Courier(resident).take(raw, "file")
        assert "trust" in [each.feed for each in Witness(resident).found()]


def publish_joining(city: City, face: ExchangeService) -> None:
    """One more trust change on one face alone: an invitation by a copy of the desk's device."""
    copy = city.folder / f"desk-{id(face)}"
    shutil.copytree(city.folder / "city" / "profiles" / "desk", copy)
    with Replica.open(copy, clock=city.clock) as office:
        until = city.clock.now_ms + 10**9
        Volunteers(office, Notes(office)).invite("queue/general", "Центр", until)
        Exchange(office, Loopback(face.handle)).once()


def test_an_honest_city_never_contradicts_itself(city: City) -> None:
    with city.resident("a") as here, city.resident("b") as there, city.profile("newsroom") as room:
        for number in range(4):
            Newsroom(room).publish(Published(f"Новина {number}", "Слова."))
            city.exchange(room)
            city.exchange(here)
            Appeals(there).file(an_appeal())
            for raw in Courier(there).give():
                Courier(here).take(raw, "file")
            Courier(here).deliver(city.doors())
            city.exchange(there)
            for raw in Courier(here).give():
                Courier(there).take(raw, "file")
        for replica in (here, there, room):
            assert Witness(replica).found() == ()
            assert not Witness(replica).unread()


def test_a_server_put_back_from_an_old_copy_is_told_as_well(city: City) -> None:
    """Nobody can tell it from a split view by the signatures; so the words say both."""
    with city.resident() as resident:
        publish(city, city.service, "newsroom", "Перша")
        city.exchange(resident)
        city.service = other_face(city, "restored")
        publish(city, city.service, "editor", "Друга")
        city.exchange(resident)
        assert [(each.feed, each.version) for each in Witness(resident).found()] == [("news", 1)]


# ------------------------------------------------------------------------------- what is evidence


def evidence(city: City, split: tuple[ExchangeService, ExchangeService]) -> dict[str, object]:
    with city.resident() as resident:
        for face in split:
            Exchange(resident, Loopback(face.handle)).once()
        shape: dict[str, object] = json.loads(Witness(resident).evidence())
        return shape


def test_nobody_can_forge_evidence_against_an_honest_city(
    city: City, split: tuple[ExchangeService, ExchangeService]
) -> None:
    shape = evidence(city, split)
    assert check_evidence(json.dumps(shape).encode(), city.card)
    (one,) = shape["splits"]  # type: ignore[misc,has-type]
    twice = {**one, "signed": [one["signed"][0]] * 2}
    single = {**one, "signed": one["signed"][:1]}
    elsewhere = {**one, "version": 2}
    forged = {**one, "signed": [one["signed"][0], {**one["signed"][1], "signature": "00" * 64}]}
    for wrong in (twice, single, elsewhere, {**one, "feed": "00" * 32}, {}, {**one, "signed": 7}):
        with pytest.raises(ProtocolError):
            check_evidence(json.dumps({**shape, "splits": [wrong]}).encode(), city.card)
    with pytest.raises(BadSignature):
        check_evidence(json.dumps({**shape, "splits": [forged]}).encode(), city.card)
    for text in (b"", b"[]", b"{}", b"\xff", b"[" * 100_000):
        with pytest.raises(ProtocolError):
            check_evidence(text, city.card)


def test_evidence_of_another_city_is_none(
    city: City, split: tuple[ExchangeService, ExchangeService]
) -> None:
    shape = evidence(city, split)
    with pytest.raises(ProtocolError):
        check_evidence(json.dumps({**shape, "city": "00" * 16}).encode(), city.card)


def test_there_is_no_word_of_anybody_in_the_evidence(
    city: City, split: tuple[ExchangeService, ExchangeService]
) -> None:
    with city.resident() as resident:
        Appeals(resident).file(an_appeal("Кульгава мотузка"))
        raw = json.dumps(evidence(city, split)).encode()
    for charset in ("utf-8", "cp1251"):
        assert "мотузка".encode(charset).hex().encode() not in raw


# ----------------------------------------------------------------------------------------- limits


def side(number: int, size: int = 10) -> Side:
    return Side(number.to_bytes(32, "big"), 1, Proof(b"r", b"s" * size, b"", b"x"))


def test_what_is_remembered_has_an_end_and_contradictions_stay(city: City) -> None:
    with city.resident() as resident, resident.store.writing() as connection:
        for version in range(1, 3 * HEADS_SEEN_MAX):
            assert not witness(connection, FEED, version, side(version), 0)
        seen = "SELECT count(*), max(version) FROM seen_heads WHERE feed = ?"
        assert connection.execute(seen, (FEED,)).fetchone() == (
            HEADS_SEEN_MAX, 3 * HEADS_SEEN_MAX - 1,
        )  # fmt: skip
        last = 3 * HEADS_SEEN_MAX - 1
        for number in range(2 * SPLITS_MAX):
            assert witness(connection, FEED, last, side(10_000 + number), 0)
        assert len(heads.splits(connection)) == SPLITS_MAX
        assert not witness(connection, FEED, last, side(1, HEAD_PROOF_BYTES_MAX + 1), 0)


def test_a_statement_of_another_key_is_no_witness(
    city: City, split: tuple[ExchangeService, ExchangeService]
) -> None:
    liar = ExchangeService(split[1]._store, Signer(b"l" * 32), city.card, city.clock)
    with city.resident() as resident:
        Exchange(resident, Loopback(split[0].handle)).once()
        with pytest.raises(BadSignature):
            Exchange(resident, Loopback(liar.handle)).once()
        assert Witness(resident).found() == ()
