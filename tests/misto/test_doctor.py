"""`misto doctor` on sound and on damaged profiles."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from client.services.replica import Replica
from client.storage.db import Store
from client.storage.heads import Side, witness
from shared_schema.crypto.card import read_card
from shared_schema.crypto.signing import Signer
from shared_schema.sync.statement import (
    Head,
    HeadSubject,
    Statement,
    make_context,
    sign_statement,
)
from tests.misto.support import Here


def _file(misto: Here, resident: Path, count: int) -> list[str]:
    words = ("--title", "Ліхтар", "--text", "Не світить. " * 40)
    new = ("appeal", "new", "--profile", resident, *words, "--json")
    return [misto(*new).json["record"] for _ in range(count)]


def _findings(out: str) -> dict[str, str]:
    return {each["topic"]: each["level"] for each in json.loads(out)["findings"]}


def test_a_sound_profile(misto: Here, resident: Path) -> None:
    _file(misto, resident, 2)
    report = misto("doctor", "--profile", resident, "--json").json
    assert set(report) == {
        "profile", "ok", "findings", "readable", "waiting", "exported", "rebuilt",
    }  # fmt: skip
    assert (report["ok"], report["waiting"]) == (True, 2)
    levels = {each["topic"]: each["level"] for each in report["findings"]}
    assert set(levels.values()) == {"ok"}
    assert {"card", "database", "versions", "streams", "outbox", "clock"} <= set(levels)
    assert "sound" in misto("doctor", "--profile", resident).out


def test_it_needs_no_pin(
    misto: Here, city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MISTO_PIN", "2468")
    misto("device", "new", tmp_path / "phone", "--card", city / "card.json")
    monkeypatch.delenv("MISTO_PIN")
    assert misto("doctor", "--profile", tmp_path / "phone", "--json").json["ok"] is True


def test_a_change_with_one_bit_turned(misto: Here, resident: Path) -> None:
    """SQLite sees nothing wrong with it; the hash chain does."""
    _file(misto, resident, 2)
    with sqlite3.connect(resident / "replica.db") as database:
        ((row, raw),) = database.execute(
            "SELECT id, raw FROM changes WHERE author = 1 AND seq = 1"
        ).fetchall()
        turned = raw[:200] + bytes((raw[200] ^ 1,)) + raw[201:]
        database.execute("UPDATE changes SET raw = ? WHERE id = ?", (turned, row))
    database.close()
    done = misto("doctor", "--profile", resident, "--json")
    assert done.status == 1
    assert _findings(done.out)["streams"] == "error"
    assert _findings(done.out)["database"] == "ok"


def test_a_database_with_a_page_overwritten_is_rebuilt(misto: Here, resident: Path) -> None:
    records = _file(misto, resident, 12)
    database = resident / "replica.db"
    store = Store.open(database)  # folds what is in the WAL into the file, so that there it breaks
    store.close()
    raw = bytearray(database.read_bytes())
    page = 4096
    last = len(raw) // page - 1
    raw[last * page : (last + 1) * page] = b"\xa5" * page
    database.write_bytes(raw)

    done = misto("doctor", "--profile", resident, "--json")
    assert done.status == 1
    assert _findings(done.out)["database"] == "error"
    readable = json.loads(done.out)["readable"]
    assert readable > 0

    told = misto("doctor", "--profile", resident, "--export", resident / "saved.jsonl")
    assert told.status == 1
    assert "--rebuild" in told.out
    assert len((resident / "saved.jsonl").read_text().splitlines()) == 1 + readable

    rebuilt = misto("doctor", "--profile", resident, "--rebuild", "--json")
    assert _findings(rebuilt.out)["database"] == "ok"
    assert (resident / "replica.db.damaged-1").is_file()
    listed = misto("appeal", "list", "--profile", resident, "--json").json
    assert 0 < len(listed) <= len(records)
    assert {each["record"] for each in listed} <= set(records)
    assert {each["state"] for each in listed} == {"waiting"}


def test_no_database_at_all(misto: Here, resident: Path) -> None:
    (resident / "replica.db").unlink()
    done = misto("doctor", "--profile", resident)
    assert done.status == 1
    assert "✗ database" in done.out
    assert not (resident / "replica.db").exists()


def test_the_proof_of_contradicting_signatures_is_written_and_checked(
    misto: Here, city: Path, resident: Path, tmp_path: Path
) -> None:
    """Two faces of one server; the device keeps what both have signed, and needs no PIN to tell."""
    proof = tmp_path / "proof.json"
    command = ("doctor", "--profile", resident, "--evidence", proof)
    misto(*command).assert_one_clear_line("no proof")
    card = read_card((city / "card.json").read_bytes())
    server = Signer(bytes.fromhex((city / "server.key").read_text()))
    with Replica.open(resident) as replica:
        feed = replica.followed()["news"]
        for mark in (b"1", b"2"):
            subject = HeadSubject(feed, mark * 32)
            said = Statement(7, [], [Head(0, 3, b"")])
            signed = sign_statement(server, mark * 32, said, make_context([], [subject]))
            with replica.store.writing() as connection:
                witness(connection, feed, 3, Side(subject.digest, 7, signed), 0)
    misto(*command)
    check = ("city", "evidence", proof, "--card", city / "card.json")
    assert misto(*check, "--json").json == {"contradictions": [{"feed": feed.hex(), "version": 3}]}
    assert f"proven: 1 contradiction, signed by {card.facts.name}" in misto(*check).out
    topics = _findings(misto("doctor", "--profile", resident, "--json").out)
    assert topics["split view"] == "warning"
    proof.write_text("{}")
    misto(*check).assert_one_clear_line("proves nothing")
