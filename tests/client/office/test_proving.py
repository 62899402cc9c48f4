"""What an audit proves, and what it notices: rows taken out, put in, altered, renumbered."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from client.services.appeals import Appeals
from client.services.authoring import save
from client.services.budget import Budget
from client.services.desk import Desk
from client.services.news import Newsroom
from client.services.office.audit_types import ScopeProof
from client.services.office.proving import prove
from client.services.replica import Replica
from shared_schema.crypto.signing import SIGNATURE_BYTES, Signer
from shared_schema.errors import MistoError
from shared_schema.ids import NEWS, TRUST
from shared_schema.records.appeal import Opened
from shared_schema.records.news import Published
from shared_schema.sync.change import SIGNATURE_BYTES as TAIL
from shared_schema.sync.change import decode
from tests.client.city import City, an_appeal
from tests.client.office.queue import HOUR_MS, lively

QUEUE = "queue/general"
Tamper = Callable[[sqlite3.Connection], Any]


def codes(proof: ScopeProof) -> dict[str, int]:
    return {each.code: each.count for each in proof.findings}


def after(city: City, tamper: Tamper) -> ScopeProof:
    """What an audit says of a lively queue after somebody was at the database."""
    lively(city)
    with city.profile("desk") as desk:
        assert prove(desk, QUEUE).proven
        with desk.store.writing() as connection:
            tamper(connection)
        return prove(desk, QUEUE)


def of_queue(where: str) -> str:
    """Rows of the queue: nothing else on the desk's device has such kinds."""
    return f"(kind < 768 AND {where})"


def test_a_whole_queue_is_proven_up_to_the_signed_version(city: City) -> None:
    lively(city)
    with city.profile("desk") as desk:
        told: list[tuple[int, int]] = []
        proof = prove(desk, QUEUE, lambda done, of: told.append((done, of)))
    assert proof == ScopeProof(QUEUE, 8, 3, 8, city.clock.now_ms, ())
    assert proof.proven
    assert told == [(8, 8)]


@pytest.mark.parametrize("scope", [NEWS, TRUST])
def test_news_and_trust_are_proven_too(city: City, scope: str) -> None:
    lively(city)
    with city.profile("desk") as desk:
        proof = prove(desk, scope)
    assert proof.proven
    assert proof.findings == ()


def test_before_the_first_exchange_nothing_is_proven(city: City) -> None:
    with city.profile("desk") as desk:
        proof = prove(desk, QUEUE)
        assert (proof.version, proof.proven, codes(proof)) == (None, False, {"no_statement": 1})
        trust = prove(desk, TRUST)
        assert codes(trust) == {"no_statement": 1, "unplaced": trust.held}


def test_what_came_since_is_not_proven_yet(city: City) -> None:
    records = lively(city)
    with city.profile("desk") as desk:
        Desk(desk).reply(records[1], "Чекайте на підвіз.")
        proof = prove(desk, QUEUE)
        assert proof.proven, "what the city has signed is whole all the same"
        assert (proof.version, codes(proof)) == (8, {"waiting": 1})
        signed = proof.signed_at_ms
        city.clock.now_ms += HOUR_MS
        city.exchange(desk)
        again = prove(desk, QUEUE)
    assert (again.version, again.signed_at_ms, codes(again)) == (9, city.clock.now_ms, {})
    assert signed != again.signed_at_ms


@pytest.mark.parametrize(
    "tamper",
    [
        "DELETE FROM changes WHERE version = 2 AND author <> 1 AND kind = 257",
        "DELETE FROM changes WHERE author = 1 AND kind = 517",
    ],
)
def test_a_row_that_was_taken_out_is_missed(city: City, tamper: str) -> None:
    proof = after(city, lambda connection: connection.execute(tamper))
    assert not proof.proven
    assert proof.version is None
    assert {"missing": 1, "digest": 1}.items() <= codes(proof).items()
    where = {each.code: each.first for each in proof.findings}["missing"]
    assert where in ("#2", "#6")


def test_a_row_that_was_taken_out_with_its_place_is_missed(city: City) -> None:
    def tamper(connection: sqlite3.Connection) -> None:
        feed = connection.execute("SELECT id FROM feeds WHERE name = ?", (QUEUE,)).fetchone()[0]
        row = connection.execute(
            "SELECT change FROM feed_entries WHERE feed = ? AND version = 8", (feed,)
        ).fetchone()[0]
        connection.execute("DELETE FROM changes WHERE id = ?", (row,))
        connection.execute("DELETE FROM feed_entries WHERE change = ?", (row,))
        connection.execute("UPDATE feeds SET top = 7, head_version = 7 WHERE id = ?", (feed,))

    proof = after(city, tamper)
    assert codes(proof)["missing"] == 1
    assert not proof.proven


def flip(connection: sqlite3.Connection, *, rename: bool) -> None:
    """Another letter in the middle of a reply; with a new name, so that the id fits the bytes."""
    (row, raw) = connection.execute(
        "SELECT id, raw FROM changes WHERE author = 1 AND kind = 517"
    ).fetchone()
    forged = bytearray(raw)
    forged[len(raw) // 2] ^= 1
    connection.execute("UPDATE changes SET raw = ? WHERE id = ?", (bytes(forged), row))
    if rename:
        new = decode(bytes(forged)).id
        connection.execute("UPDATE changes SET change_id = ? WHERE id = ?", (new, row))


def test_bytes_that_were_altered_are_noticed(city: City) -> None:
    proof = after(city, lambda connection: flip(connection, rename=False))
    assert codes(proof) == {"altered": 1, "digest": 1}
    assert proof.findings[0].first == "#6"
    assert not proof.proven


def test_bytes_that_were_altered_under_a_fitting_name_are_noticed(city: City) -> None:
    proof = after(city, lambda connection: flip(connection, rename=True))
    assert {"unsigned", "broken_chain", "digest"} <= codes(proof).keys()
    assert not proof.proven


@pytest.mark.parametrize(
    "column",
    ["time = time + 65536", "kind = 515", "seq = 9", "urgency = 3", "record = zeroblob(16)"],
)
def test_columns_that_say_something_else_are_noticed(city: City, column: str) -> None:
    sql = f"UPDATE changes SET {column} WHERE author = 1 AND kind = 517"
    proof = after(city, lambda connection: connection.execute(sql))
    assert codes(proof)["disagrees"] == 1
    assert not proof.proven


def test_another_author_s_name_on_a_change_is_noticed(city: City) -> None:
    sql = "UPDATE changes SET author = 1 WHERE version = 1 AND kind = 257 AND author <> 1"
    proof = after(city, lambda connection: connection.execute(sql))
    assert {"unsigned", "disagrees"} & codes(proof).keys()
    assert not proof.proven


def test_another_date_of_receipt_than_the_signed_one_is_noticed(city: City) -> None:
    sql = "UPDATE changes SET received = received - 86400000 WHERE author = 1 AND kind = 515"
    proof = after(city, lambda connection: connection.execute(sql))
    assert codes(proof) == {"receipt": 1}
    assert not proof.proven


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("UPDATE heads SET statement = zeroblob(20)", "statement"),
        ("UPDATE heads SET signature = zeroblob(64)", "statement"),
        ("UPDATE heads SET feed = feed + 100", "no_statement"),
        ("UPDATE proofs SET signature = zeroblob(64)", "receipt"),
        ("DELETE FROM proofs", "receipt"),
    ],
)
def test_a_statement_that_does_not_hold_proves_nothing(city: City, sql: str, code: str) -> None:
    proof = after(city, lambda connection: connection.execute(sql))
    assert code in codes(proof)
    assert not proof.proven


def test_another_feed_s_statement_proves_nothing(city: City) -> None:
    def tamper(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM feed_entries WHERE version > 2")
        connection.execute("DELETE FROM changes WHERE kind BETWEEN 512 AND 767")

    proof = after(city, tamper)
    assert not proof.proven
    assert codes(proof)["missing"] >= 5


class Broken(Signer):
    """A memory chip that forgets signatures."""

    def sign(self, domain: bytes, message: bytes) -> bytes:
        return bytes(SIGNATURE_BYTES)


def test_a_change_that_nobody_vouches_for_is_told(city: City) -> None:
    assert TAIL == SIGNATURE_BYTES
    records = lively(city)
    with city.profile("desk") as desk:
        whole, desk.signer = desk.signer, Broken(desk.secrets.signing_seed)
        Desk(desk).note(records[1], "Без підпису")
        desk.signer = whole
        proof = prove(desk, QUEUE)
        assert codes(proof) == {"unsigned": 1, "waiting": 1}
        Desk(desk).note(records[1], "Наступна називає її")
        again = prove(desk, QUEUE)
        assert codes(again) == {"only_chain": 1, "waiting": 2}, "the next one vouches for it"
        assert again.proven


def test_a_fork_and_what_the_city_refused_are_told_and_are_not_grave(city: City) -> None:
    """A resident restores an old copy of the phone and goes on: two changes with one number."""
    lively(city)
    with city.resident() as resident:
        folder = resident.folder
        saved = (folder / "replica.db").read_bytes()
        Appeals(resident).file(an_appeal("Перша"))
        city.exchange(resident)
    for side in folder.glob("replica.db*"):
        side.unlink()
    (folder / "replica.db").write_bytes(saved)
    with city.resident() as resident:
        Appeals(resident).file(an_appeal("Друга з тим самим номером"))
        city.exchange(resident)
    with city.profile("desk") as desk:
        city.exchange(desk)
        proof = prove(desk, QUEUE)
        assert codes(proof) == {"fork": 1}
        assert proof.proven


def test_a_number_that_never_came_is_told(city: City) -> None:
    """The city refused a change: everybody else sees a gap in its author's chain."""
    with city.resident() as resident:
        whole, resident.signer = resident.signer, Broken(resident.secrets.signing_seed)
        Appeals(resident).file(an_appeal("Без підпису"))
        resident.signer = whole
        city.exchange(resident)
        Appeals(resident).file(an_appeal("Справжнє"))
        city.exchange(resident)
    with city.profile("desk") as desk:
        city.exchange(desk)
        proof = prove(desk, QUEUE)
    assert codes(proof) == {"skipped": 1}
    assert proof.proven, "the city has signed that there is nothing more"


def test_known_gaps_are_told(city: City) -> None:
    lively(city)
    with city.profile("desk") as desk:
        with desk.store.writing() as connection:
            connection.execute("UPDATE feeds SET top = 12, gaps = '[[9, 12]]' WHERE name = ?",
                               (QUEUE,))  # fmt: skip
        proof = prove(desk, QUEUE)
    assert codes(proof) == {"gap": 4}
    assert (proof.version, proof.proven) == (8, True)


def test_old_news_that_was_let_go_counts_by_its_id(city: City) -> None:
    with city.profile("newsroom") as newsroom:
        for n in range(6):
            Newsroom(newsroom).publish(Published(f"Новина {n}", "Текст новини"))
            city.clock.now_ms += HOUR_MS
        city.exchange(newsroom)
    with city.profile("desk") as desk:
        city.exchange(desk)
        gone = Budget(desk).keep(Budget(desk).usage().news_bytes // 2)
        proof = prove(desk, NEWS)
    assert 0 < gone < 6
    assert codes(proof) == {"let_go": gone}
    assert (proof.version, proof.proven) == (6, True)


def test_a_change_that_came_by_itself_has_no_place(city: City) -> None:
    """As after a rescue of a damaged database: the log has it, no feed does."""
    lively(city)
    with city.profile("desk") as desk:
        with desk.store.writing() as connection:
            connection.execute("DELETE FROM feed_entries WHERE version = 3")
            connection.execute("DELETE FROM heads")
        proof = prove(desk, QUEUE)
    assert codes(proof) == {"no_statement": 1, "unplaced": 1}


def test_a_feed_that_is_pulled_again_forgets_what_was_signed_of_it(city: City) -> None:
    """A server restored from an older backup: an old statement would cry wolf."""
    lively(city)
    with city.profile("desk") as desk:
        with desk.store.writing() as connection:
            connection.execute("UPDATE feeds SET digest = zeroblob(256) WHERE name = ?", (QUEUE,))
        save(desk, Opened("signal", "", "Щось", "нове"), scope=QUEUE)
        try:
            city.exchange(desk)
        except MistoError as error:  # pragma: no cover
            pytest.fail(str(error))
        assert prove(desk, QUEUE).proven


def heads(replica: Replica) -> int:
    return int(replica.store.rows("SELECT count(*) FROM heads")[0][0])


def test_an_empty_exchange_keeps_one_statement_a_feed(city: City) -> None:
    lively(city)
    with city.profile("desk") as desk:
        before = heads(desk)
        for _ in range(3):
            city.clock.now_ms += HOUR_MS
            city.exchange(desk)
        assert heads(desk) == before == 4
        assert prove(desk, QUEUE).signed_at_ms == city.clock.now_ms
