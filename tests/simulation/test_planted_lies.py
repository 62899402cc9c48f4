"""Bugs planted where honest devices must hold against a rascal, or must not look like one.

See `test_planted_bugs`. Beside the checker that must find a plant, a case may name one that must
not: the readers' own judgement has to hold when only the server is wrong.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from client.services import authoring
from client.storage.log import NO_TIP, Tip
from misto.simulation import run_simulation
from shared_schema.sync import policy
from shared_schema.sync.change import Change
from shared_schema.sync.policy import ACCEPTED, Facts, Verdict
from shared_schema.sync.statement import Status
from sync_server.services import intake
from sync_server.services.delivery import Delivery
from sync_server.storage.base import Known
from sync_server.storage.writing import SqlWriter
from tests.simulation.catching import assert_caught

Patch = pytest.MonkeyPatch
SEEDS = range(1, 5)
SIZE = {"devices": 3, "days": 2}
READERS = ("judging", "news_projection", "threads", "trust")


def lenient(change: Change, facts: Facts) -> Verdict:
    """The judge, who has forgotten how to say no."""
    verdict = policy.judge(change, facts)
    return ACCEPTED if verdict.status is Status.REFUSED else verdict


def server_lets_everybody_speak(patch: Patch) -> None:
    """The server does not ask for roles."""
    patch.setattr(intake, "judge", lenient)


def nobody_judges(patch: Patch) -> None:
    """Neither does anybody else: the readers trust the server."""
    patch.setattr(intake, "judge", lenient)
    for reader in READERS:
        patch.setattr(f"client.services.{reader}.judge", lenient)


def forks_not_noted(patch: Patch) -> None:
    """The server keeps both changes of a fork, and tells nobody."""
    patch.setattr(SqlWriter, "flag_forks", lambda self, devices: None)


def repetitions_dated_anew(patch: Patch) -> None:
    """Whoever offers a change again gets a later date of receipt."""
    looking_up = SqlWriter.known

    def known(self: SqlWriter, *where: Any) -> list[Known]:
        return [row._replace(received=row.received + 1) for row in looking_up(self, *where)]

    patch.setattr(SqlWriter, "known", known)


def mailed_twice(patch: Patch) -> None:
    """The server puts each reply into the mailbox two times."""
    mailing = Delivery._mail

    def mail(self: Delivery, *what: Any) -> None:
        mailing(self, *what)
        mailing(self, *what)

    patch.setattr(Delivery, "_mail", mail)


def seq_after_the_last_receipt(patch: Patch) -> None:
    """The client numbers its changes after what the city has received, not after what it said."""
    sql = (
        "SELECT seq, change_id, time FROM changes WHERE author = 1 AND scope = ? AND state != 0"
        " ORDER BY seq DESC LIMIT 1"
    )

    def own_tip(connection: sqlite3.Connection, scope: bytes) -> Tip:
        row = connection.execute(sql, (scope,)).fetchone()
        return Tip(*row) if row else NO_TIP

    patch.setattr(authoring, "own_tip", own_tip)


PLANTS: Sequence[tuple[Callable[[Patch], None], str, str]] = (
    (server_lets_everybody_speak, "forbidden_is_refused", "lies_are_not_shown"),
    (nobody_judges, "lies_are_not_shown", ""),
    (forks_not_noted, "forks_are_kept_and_flagged", ""),
    (repetitions_dated_anew, "verdicts_are_final", ""),
    (mailed_twice, "feeds_hold_each_change_once", ""),
    (seq_after_the_last_receipt, "forks_are_kept_and_flagged", ""),
)


@pytest.mark.parametrize(
    ("plant", "catches", "holds"), PLANTS, ids=[plant.__name__ for plant, _, _ in PLANTS]
)
def test_a_planted_bug_is_caught(
    plant: Callable[[Patch], None], catches: str, holds: str, monkeypatch: Patch
) -> None:
    plant(monkeypatch)
    assert_caught(plant.__name__, catches, SEEDS, lambda seed: run_simulation(seed, **SIZE), holds)
