"""The exchange on both databases: what one answers, the other answers too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared_schema.ids import NEWS, TRUST
from shared_schema.records.kinds import BY_NAME
from shared_schema.sync.bundle import Want
from shared_schema.sync.change import Draft
from shared_schema.sync.statement import Reason, Status
from sync_server.services.intake import Quota
from tests.sync_server.town import QUEUE, Town


@pytest.fixture
def town(url: str, tmp_path: Path) -> Iterator[Town]:
    """A city on that database."""
    made = Town(tmp_path, url, Quota(12, 10**9))
    yield made
    made.store.close()


def test_a_thread_goes_up_to_the_desk_and_comes_back_to_its_author_only(town: Town) -> None:
    opened, other = town.resident.appeal(urgency=3), town.author()
    town.exchange(town.resident, opened)
    town.exchange(other, other.appeal())
    queue = town.exchange(town.desk, wants=(Want(QUEUE),))
    assert [arrival.version for arrival in queue.arrivals] == [1, 2]
    assert queue.arrivals[0].change.raw == opened.raw
    reply = town.desk.reply(opened.record)
    town.exchange(town.desk, reply)
    mine = town.exchange(town.resident, wants=(Want(TRUST), Want(NEWS), Want("mail")))
    assert [a.change.id for a in mine.arrivals if a.feed == "mail"] == [reply.id]
    assert town.exchange(other, wants=(Want("mail"),)).arrivals == ()


def test_a_retry_after_a_restart_gets_the_receipts_of_the_first_time(town: Town) -> None:
    asked = town.ask(town.resident, *[town.resident.appeal() for _ in range(5)])
    first = town.answer(town.resident, asked)
    town.service = town.open_service()
    town.now_ms += 5_000
    assert town.answer(town.resident, asked).settled == first.settled


def test_every_sort_of_verdict_is_given_and_remembered(town: Town) -> None:
    original = town.resident.appeal("Перше")
    town.resident.ends.clear()
    clone = town.resident.appeal("Друге")
    newer = town.resident.write_raw(
        BY_NAME["appeal.opened"], Draft(0x01FF, 7, None, True), b"", QUEUE
    )
    early = town.desk.reply(b"r" * 16)
    town.exchange(town.resident, original)
    for _ in range(2):
        ends = town.exchange(town.resident, clone, newer, town.resident.news()).settled
        ends += town.exchange(town.desk, early).settled
        assert [(each.status, each.reason, each.version) for each in ends] == [
            (Status.ACCEPTED, Reason.FORK, 2),
            (Status.HELD, Reason.NEWER, 3),
            (Status.REFUSED, Reason.NOT_ALLOWED, 0),
            (Status.HELD, Reason.MISSING_PARENT, 4),
        ]
    flood = town.exchange(town.resident, *[town.resident.appeal() for _ in range(12)]).settled
    assert flood[-1].status == Status.DEFERRED
    with town.store.read() as reader:
        assert reader.forked_devices() == {town.resident.signer.device}


def test_a_held_reply_reaches_its_author_when_the_appeal_arrives(town: Town) -> None:
    opened = town.resident.appeal()
    reply = town.desk.reply(opened.record)
    town.exchange(town.desk, reply)
    town.exchange(town.resident, opened)
    seen = town.exchange(town.resident, wants=(Want("mail"),))
    assert [arrival.change.id for arrival in seen.arrivals] == [reply.id]


def test_a_grant_outlives_a_restart(town: Town) -> None:
    chosen = town.author()
    town.exchange(town.enrolment, town.enrolment.grant(chosen, "newsroom", NEWS))
    town.service = town.open_service()
    assert town.exchange(chosen, chosen.news()).settled[0].status == Status.ACCEPTED
