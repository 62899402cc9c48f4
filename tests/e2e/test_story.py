"""The story: an appeal survives a blackout. Real processes, real HTTP, real SIGKILL.

Every step is a `misto` command in a process of its own, so each step is also a restart.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared_schema.crypto.card import Card, read_card
from shared_schema.errors import BadSignature
from shared_schema.sync.statement import Proof, Reason, Status, subjects_of, verify_proof
from tests.e2e.stage import Stage, file_and_die, files_with, stage
from tests.e2e.weather import AfterItCommitted, BeforeItHears, Moment, SoonAfterItHeard, storm

# Words that stand nowhere but in private texts.
TITLE = "Гвоздикоцвіт біля ліфта"
TEXT = "Шостий день без світла: насос мовчить, бабуся Параскевія на дев’ятому поверсі.\n"
REPLY = "Бригада виїхала, чекайте на Купріяновича."
COMMENT = "Жовтоблакитник ще горить."
PRIVATE = ("Гвоздикоцвіт", "Параскевія", "Купріянович", "Жовтоблакитник", "Хмаровидз")

MOMENTS: list[Moment] = [
    BeforeItHears(),
    AfterItCommitted(),
    *(SoonAfterItHeard(delay_ms) for delay_ms in (0, 2, 6, 15)),
]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Stage]:
    with stage(tmp_path) as it:
        it.json("city", "init", it.city, "--name", "Надріччя", "--server", it.url)
        it.json("device", "new", it.resident, "--card", it.city / "card.json")
        yield it


def test_an_appeal_survives_a_blackout(place: Stage, tmp_path: Path) -> None:
    record = _filed_in_the_dark(place, tmp_path)
    _received_by_the_city(place, record)
    number = _answered_by_the_desk(place, record)
    _server_dies_in_the_middle(place, record)
    _the_answer_is_read(place, record, number)
    _everything_is_there_once(place)
    _nothing_private_lies_about(place)
    for profile in (place.resident, place.desk, place.newsroom):
        assert place.json("doctor", "--profile", profile)["ok"] is True


def _filed_in_the_dark(place: Stage, tmp_path: Path) -> str:
    """No server. One appeal by a command, one by a process that is killed when it was saved."""
    words = tmp_path / "words.txt"
    words.write_text(TEXT, encoding="utf-8")
    assert files_with(PRIVATE, tmp_path) != [], "the search for private words finds nothing at all"
    filed = place.json(
        "appeal", "new", "--profile", place.resident, "--title", TITLE, "--text-file", words,
        "--kind", "application", "--category", "power",
    )  # fmt: skip
    words.unlink()
    assert (filed["state"], filed["receipt"], filed["pending"]) == ("waiting", None, True)

    other = file_and_die(place.resident, "Хмаровидз на даху", "Тече.", place.temporary)
    assert files_with(PRIVATE, place.root) == []  # the WAL of the killed process is still there
    listed = place.json("appeal", "list", "--profile", place.resident)
    assert {each["record"]: each["state"] for each in listed} == {
        filed["record"]: "waiting",
        other: "waiting",
    }

    tried = place.misto("exchange", "--profile", place.resident, "--server", place.url)
    tried.assert_one_clear_line("cannot be reached")
    shown = place.json("appeal", "show", "--profile", place.resident, filed["record"][:6])
    assert (shown["state"], shown["text"], shown["title"]) == ("waiting", TEXT.strip(), TITLE)
    return str(filed["record"])


def _received_by_the_city(place: Stage, record: str) -> None:
    place.start_server()
    result = place.exchange(place.resident)
    assert (result["pushed"], result["accepted"], result["refused"]) == (2, 2, [])
    assert result["complete"] is True
    place.kill_server()  # from here on offline: the receipt must stand by itself

    shown = place.json("appeal", "show", "--profile", place.resident, record)
    assert (shown["state"], shown["pending"]) == ("received", False)
    assert shown["receipt_number"] != ""
    card = read_card((place.resident / "card.json").read_bytes())
    _verify_offline(card, shown["receipt"], record)


def _verify_offline(card: Card, receipt: dict[str, Any], record: str) -> None:
    """The receipt is the server's word about this very change, and about nothing else."""
    assert receipt["verified"] is True
    parts = ("request", "statement", "context", "signature")
    proof = Proof(*(bytes.fromhex(receipt[part]) for part in parts))
    statement = verify_proof(proof, card.server_keys)
    receipts, _ = subjects_of(statement, proof.context)
    ((said, about),) = zip(statement.receipts, receipts, strict=True)
    assert receipt["change"][:32] == record
    assert (said.count, said.status, said.reason) == (2, Status.ACCEPTED, Reason.OK)
    assert (about.scope.hex(), about.device.hex()) == (receipt["scope"], receipt["device"])
    assert about.seq - said.count < receipt["seq"] <= about.seq
    assert receipt["received_at_ms"] == said.received
    changed = bytes((proof.context[-1] ^ 1,))
    for forged in (
        proof._replace(context=proof.context[:-1] + changed),
        proof._replace(request=about.id),
    ):
        with pytest.raises(BadSignature):
            verify_proof(forged, card.server_keys)


def _answered_by_the_desk(place: Stage, record: str) -> str:
    place.start_server()
    assert place.exchange(place.desk)["pulled"] >= 2
    queue = {each["record"]: each for each in place.json("desk", "list", "--profile", place.desk)}
    assert (queue[record]["title"], queue[record]["text"]) == (TITLE, TEXT.strip())
    registered = place.json("desk", "register", "--profile", place.desk, record)
    place.json("desk", "reply", "--profile", place.desk, record, "--text", REPLY)
    result = place.exchange(place.desk)
    assert (result["accepted"], result["refused"]) == (2, [])
    return str(registered["number"])


def _server_dies_in_the_middle(place: Stage, record: str) -> None:
    """At every moment in turn; each time the device has something new to say."""
    fates: dict[type[Moment], int] = {}
    for index, moment in enumerate(MOMENTS):
        words = f"{COMMENT} {index}"
        place.json("appeal", "comment", "--profile", place.resident, record, "--text", words)
        with storm(place.port, moment, place.kill_server) as url:
            tried = place.misto("exchange", "--profile", place.resident, "--server", url)
        tried.assert_one_clear_line("cannot be reached")
        assert files_with(PRIVATE, place.root) == []
        fates[type(moment)] = len(place.stored())
        place.start_server()
        if index % 2:  # every other time the device hears of it at once, else with the next one
            result = place.exchange(place.resident)
            assert (result["refused"], result["complete"]) == ([], True)
    assert place.exchange(place.resident)["complete"] is True
    # Grants (three), appeals, registration and reply are seven: the first comment was lost with its
    # request, the second was durable although nobody was told (and brought the first along).
    assert (fates[BeforeItHears], fates[AfterItCommitted]) == (7, 9)


def _the_answer_is_read(place: Stage, record: str, number: str) -> None:
    shown = place.json("appeal", "show", "--profile", place.resident, record)
    assert (shown["number"], shown["status"]) == (number, "registered")
    assert shown["pending"] is False
    said = [(each["by_desk"], each["text"]) for each in shown["said"]]
    comments = [(False, f"{COMMENT} {index}") for index in range(len(MOMENTS))]
    assert sorted(said) == sorted([(True, REPLY), *comments])
    assert [step["status"] for step in shown["history"]] == ["registered"]


def _everything_is_there_once(place: Stage) -> None:
    """Three grants, two appeals, a registration, a reply, and the comments; at the desk as well."""
    place.kill_server()
    stored = place.stored()
    assert len(stored) == 3 + 2 + 2 + len(MOMENTS)
    assert len({row[:3] for row in stored}) == len({row[3] for row in stored}) == len(stored)
    assert {row[4] for row in stored} == {Status.ACCEPTED}
    for versions in place.feeds().values():
        assert versions == list(range(1, len(versions) + 1))
    place.start_server()
    assert place.exchange(place.desk)["complete"] is True
    queue = place.json("desk", "list", "--profile", place.desk)
    assert len(queue) == 2
    assert sorted(len(each["said"]) for each in queue) == [0, 1 + len(MOMENTS)]
    idle = place.exchange(place.resident)
    assert (idle["pushed"], idle["pulled"], idle["round_trips"]) == (0, 0, 1)


def _nothing_private_lies_about(place: Stage) -> None:
    """Neither while the server runs nor after it was killed with its WAL unfolded."""
    assert files_with(PRIVATE, place.root) == []
    place.kill_server()
    assert files_with(PRIVATE, place.root) == []
    place.start_server()
