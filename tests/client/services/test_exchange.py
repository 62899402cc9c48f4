"""Exchanges: exactly once over bad links, and nothing believed that is not signed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import Session, select

from client.services.appeals import Appeals
from client.services.authoring import save
from client.services.desk import Desk
from client.services.exchange import Exchange
from client.services.news import Newsroom
from client.services.replica import Replica
from client.storage import feeds
from client.storage.errors import StorageFull
from client.storage.tables import ProofRow
from client.transports.http import Unreachable
from shared_schema.crypto.signing import Signer
from shared_schema.errors import BadSignature, MistoError, ProtocolError
from shared_schema.records.appeal import Registered
from shared_schema.records.news import Published
from shared_schema.sync.statement import Proof, verify_proof
from sync_server.storage.sql import SqlStore
from tests.client.city import City, an_appeal


def states(replica: Replica) -> list[str]:
    return [view.state for view in Appeals(replica).list()]


def test_an_appeal_is_received_with_a_receipt_that_verifies_offline(city: City) -> None:
    with city.resident() as replica:
        filed = Appeals(replica).file(an_appeal())
        city.clock.now_ms += 5_000
        result = city.exchange(replica)
        assert (result.pushed, result.accepted, result.complete) == (1, 1, True)
        view = Appeals(replica).get(filed.record)
        assert view.state == "received"
        assert not view.pending
        assert view.receipt_number == "ЗВ-000001"
        assert view.received_at_ms == city.clock.now_ms
        with Session(replica.store.engine) as session:
            row = session.exec(select(ProofRow)).one()
        proof = Proof(row.request, row.statement, row.context, row.signature)
        assert len(verify_proof(proof, city.card.server_keys).receipts) == 1


def test_an_exchange_with_nothing_to_say_is_short(city: City) -> None:
    with city.resident() as replica:
        city.exchange(replica)
        result = city.exchange(replica)
        assert (result.pushed, result.pulled, result.round_trips) == (0, 0, 1)
        assert result.complete
        assert result.bytes_up + result.bytes_down < 260


def test_a_lost_reply_is_asked_for_again_with_the_same_bytes(city: City) -> None:
    with city.resident() as replica:
        Appeals(replica).file(an_appeal())
        transport = city.transport()
        transport.lose_next_reply()
        exchange = Exchange(replica, transport)
        with pytest.raises(Unreachable):
            exchange.once()
        assert states(replica) == ["waiting"]
        assert exchange.once().accepted == 1
        assert transport.sent[0] == transport.sent[1]
        assert states(replica) == ["received"]
    with city.profile("desk") as desk:
        assert city.exchange(desk).pulled == 1


def test_a_lost_reply_and_more_saved_since(city: City) -> None:
    with city.resident() as replica:
        Appeals(replica).file(an_appeal("Перше"))
        transport = city.transport()
        transport.lose_next_reply()
        with pytest.raises(Unreachable):
            Exchange(replica, transport).once()
        Appeals(replica).file(an_appeal("Друге"))
        assert Exchange(replica, transport).once().accepted == 2
    with city.profile("desk") as desk:
        assert city.exchange(desk).pulled == 2


def test_more_than_a_budget_takes_several_round_trips(city: City) -> None:
    with city.resident() as replica:
        for number in range(12):
            Appeals(replica).file(an_appeal(f"Звернення {number}"))
        result = Exchange(replica, city.transport()).once(budget=1_000)
        assert (result.accepted, result.complete) == (12, True)
        assert result.round_trips > 3
        assert set(states(replica)) == {"received"}


def test_the_most_urgent_goes_first(city: City) -> None:
    with city.resident() as replica:
        routine = [Appeals(replica).file(an_appeal(f"Шум {n}", category="noise")) for n in range(9)]
        danger = Appeals(replica).file(an_appeal("Обірваний дріт", category="danger"))
        Exchange(replica, city.transport(), rounds_max=1).once(budget=1)
        assert Appeals(replica).get(danger.record).state == "received"
        assert {Appeals(replica).get(each.record).state for each in routine} == {"waiting"}


def test_a_full_disk_while_applying_changes_nothing_and_heals(city: City) -> None:
    with city.resident() as replica:
        for number in range(30):
            Appeals(replica).file(an_appeal(f"Звернення {number}"))
        (pages,) = replica.store.rows("PRAGMA page_count")[0]
        replica.store.rows(f"PRAGMA max_page_count = {pages}")
        with city.profile("newsroom") as newsroom:
            publish_much(newsroom, city)
        exchange = Exchange(replica, city.transport())
        with pytest.raises(StorageFull):
            exchange.once()
        assert states(replica) == ["waiting"] * 30
        replica.store.rows("PRAGMA max_page_count = 1000000")
        result = exchange.once()
        assert (result.accepted, result.pulled) == (30, 200)


def publish_much(newsroom: Replica, city: City) -> None:
    for number in range(200):
        Newsroom(newsroom).publish(Published(f"Новина {number}", "Текст новини. " * 40))
    city.exchange(newsroom)


def truncated(raw: bytes) -> bytes:
    return raw[: len(raw) // 2]


def flipped(raw: bytes) -> bytes:
    return raw[:-5] + bytes((raw[-5] ^ 1,)) + raw[-4:]


def no_bundle(raw: bytes) -> bytes:
    return b"<html>It works!</html>"


def nothing(raw: bytes) -> bytes:
    return b""


def doubled(raw: bytes) -> bytes:
    return raw * 2


@pytest.mark.parametrize("tamper", [truncated, flipped, no_bundle, nothing, doubled])
def test_an_odd_reply_changes_nothing(city: City, tamper: Callable[[bytes], bytes]) -> None:
    with city.resident() as replica:
        Appeals(replica).file(an_appeal())
        transport = city.transport()
        transport.after = tamper
        with pytest.raises(MistoError) as caught:
            Exchange(replica, transport).once()
        assert isinstance(caught.value, ProtocolError)
        assert states(replica) == ["waiting"]
        assert city.exchange(replica).accepted == 1


def test_a_server_with_another_key_is_not_believed(city: City) -> None:
    with city.resident() as replica:
        Appeals(replica).file(an_appeal())
        impostor, _ = Signer.generate()
        city.server_signer = impostor
        city.service = city.new_service(SqlStore("sqlite://"))
        with pytest.raises(BadSignature):
            city.exchange(replica)
        assert states(replica) == ["waiting"]


def test_a_reply_to_another_request_is_not_believed(city: City) -> None:
    with city.resident() as replica:
        transport = city.transport()
        Exchange(replica, transport).once()
        captured: list[bytes] = []
        transport.after = lambda raw: captured.append(raw) or raw  # type: ignore[func-returns-value]
        Appeals(replica).file(an_appeal("Перше"))
        Exchange(replica, transport).once()
        Appeals(replica).file(an_appeal("Друге"))
        transport.after = lambda raw: captured[0]
        with pytest.raises(BadSignature):
            Exchange(replica, transport).once()
        assert sorted(states(replica)) == ["received", "waiting"]


def test_a_server_restored_from_an_older_backup_loses_nothing(city: City, tmp_path: Path) -> None:
    with city.resident() as replica, city.profile("desk") as desk:
        Appeals(replica).file(an_appeal("Перше"))
        city.exchange(replica)
        city.exchange(desk)
        city.store.close()
        shutil.copy(tmp_path / "server.db", tmp_path / "backup.db")
        city.store = SqlStore(f"sqlite:///{tmp_path / 'server.db'}")
        city.service = city.new_service(city.store)
        Appeals(replica).file(an_appeal("Друге"))
        city.exchange(replica)
        city.exchange(desk)
        for view in Desk(desk).queue():
            Desk(desk).register(view.record)
        city.exchange(desk)
        city.exchange(replica)
        assert states(replica) == ["registered", "registered"]

        city.store.close()
        city.store = SqlStore(f"sqlite:///{tmp_path / 'backup.db'}")
        city.service = city.new_service(city.store)
        for _ in range(2):
            assert city.exchange(replica).complete
            assert city.exchange(desk).complete
        assert states(replica) == ["registered", "registered"]
        heads = replica.store.read("SELECT name, diverged FROM feeds WHERE diverged <> 0")
        assert heads == []


def test_whoever_notices_an_older_backup_offers_everything_again(
    city: City, tmp_path: Path
) -> None:
    with city.resident() as replica, city.profile("newsroom") as room, city.profile("desk") as desk:
        city.store.close()
        shutil.copy(tmp_path / "server.db", tmp_path / "backup.db")
        city.store = SqlStore(f"sqlite:///{tmp_path / 'server.db'}")
        city.service = city.new_service(city.store)
        filed = Appeals(replica).file(an_appeal())
        Newsroom(room).publish(Published("Вода", "Вода є."))
        for device in (room, replica):
            city.exchange(device)
        city.store.close()
        city.store = SqlStore(f"sqlite:///{tmp_path / 'backup.db'}")
        city.service = city.new_service(city.store)
        # Only the news tell a resident that the server has gone back: the queue is not its to read.
        city.exchange(replica)
        city.exchange(desk)
        assert [view.record for view in Desk(desk).queue()] == [filed.record]
        assert states(replica) == ["received"]


def test_a_digest_that_lies_is_found_and_repaired(city: City) -> None:
    with city.profile("desk") as desk:
        with city.resident() as replica:
            for number in range(3):
                Appeals(replica).file(an_appeal(f"Звернення {number}"))
            city.exchange(replica)
        city.exchange(desk)
        with desk.store.writing() as connection:  # as if something had been lost here
            connection.execute("UPDATE feeds SET digest = zeroblob(256) WHERE name LIKE 'queue/%'")
        transport = city.transport()
        result = Exchange(desk, transport).once()
        assert result.complete
        assert len(transport.sent) >= 3  # the mismatch, its explanation, all over again
        assert desk.store.read("SELECT 1 FROM feeds WHERE diverged <> 0") == []
        assert len(desk.store.read("SELECT 1 FROM changes WHERE kind = 257")) == 3


def test_a_digest_that_stays_wrong_is_flagged_and_does_not_loop(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    with city.profile("desk") as desk:
        with city.resident() as replica:
            Appeals(replica).file(an_appeal())
            city.exchange(replica)
        monkeypatch.setattr(feeds.digest, "add", lambda state, ids: b"\1" * 256)
        transport = city.transport()
        Exchange(desk, transport).once()
        Exchange(desk, transport).once()
        flagged = desk.store.read("SELECT name FROM feeds WHERE diverged = 2")
        assert ("queue/general",) in flagged
        assert len(transport.sent) < 12


def test_refusals_are_told_and_their_texts_stay(city: City) -> None:
    with city.resident() as replica:
        filed = Appeals(replica).file(an_appeal())
        record = bytes.fromhex(filed.record)
        save(replica, Registered("ЗВ-1"), scope="queue/general", record=record)
        result = city.exchange(replica)
        assert result.refused == ((filed.record, "not_allowed"),)
        assert result.accepted == 1
        assert Appeals(replica).get(filed.record).state == "received"
        (refusal,) = Appeals(replica).refusals()
        assert (refusal.record, refusal.kind, refusal.reason) == (
            filed.record,
            "desk.registered",
            "not_allowed",
        )
        assert Exchange(replica, city.transport()).state().refused == 1


def test_the_state_of_exchanging_is_told_truly(city: City) -> None:
    with city.resident() as replica:
        exchange = Exchange(replica, city.transport())
        assert (exchange.state().last_success_ms, exchange.state().waiting) == (None, 0)
        Appeals(replica).file(an_appeal())
        assert exchange.state().waiting == 1
        exchange.once()
        assert exchange.state().waiting == 0
        assert exchange.state().last_success_ms == city.clock.now_ms
