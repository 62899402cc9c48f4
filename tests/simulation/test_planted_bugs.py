"""Bugs planted in the core, the client and the server, and the checkers that catch them.

Each plant is a mistake that somebody could make in good faith. A checker that no plant can trip
would prove nothing; a plant that no checker finds would be a hole in the net.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from client.services import applying, authoring, exchange
from client.services.appeals import Appeals
from client.storage.db import Store
from misto.simulation import run, run_simulation
from misto.simulation.network import Unreachable
from misto.simulation.server import FragileStore
from shared_schema.records import appeal
from shared_schema.records.appeal import Opened
from shared_schema.records.kinds import BY_NAME
from shared_schema.sync import digest
from shared_schema.sync.compose import Outcome
from shared_schema.sync.cursor import Cursor
from shared_schema.sync.policy import Verdict
from shared_schema.sync.receive import Answer
from shared_schema.sync.statement import Reason, Status
from sync_server.services import intake
from sync_server.services.delivery import Delivery
from sync_server.services.intake import Intake
from sync_server.storage.sql import SqlStore
from sync_server.storage.writing import SqlWriter
from tests.simulation.catching import assert_caught

Patch = pytest.MonkeyPatch
SEEDS = range(1, 5)
CRASHING_SEEDS = range(1, 4)
"""Half a transaction is found by the first of them."""
SIZE = {"devices": 3, "days": 2}
MANY_CRASHES = 0.5
APPEAL_OPENED = BY_NAME["appeal.opened"].number
NEWS_KINDS = BY_NAME["news.published"].number


def acknowledged_before_the_commit(patch: Patch) -> None:
    """Every fifth transaction is answered and then lost."""
    count = iter(range(10**9))

    class Lost(Exception):
        pass

    @contextlib.contextmanager
    def write(self: FragileStore) -> Iterator[Any]:
        with contextlib.suppress(Lost), SqlStore.write(self) as writer:
            yield writer
            if next(count) % 5 == 4:
                raise Lost

    patch.setattr(FragileStore, "write", write)


def on_failure(patch: Patch, react: Callable[[Any], None]) -> None:
    """Plant something that the client does when a request fails."""
    exchanging = exchange.Exchange.once

    def once(self: exchange.Exchange, *args: Any, **kwargs: Any) -> Any:
        try:
            return exchanging(self, *args, **kwargs)
        except Unreachable:
            react(self.replica)
            raise

    patch.setattr(exchange.Exchange, "once", once)


def sent_means_received(patch: Patch) -> None:
    """The client calls everything received as soon as it has tried to send it."""

    def mark(replica: Any) -> None:
        with replica.store.writing() as connection:
            connection.execute("UPDATE changes SET state = 1 WHERE state = 0")

    on_failure(patch, mark)


def outbox_dropped_on_error(patch: Patch) -> None:
    """The client forgets the comments and replies that it could not send."""
    sql = "DELETE FROM changes WHERE state = 0 AND author = 1 AND kind > ? AND kind < ?"

    def drop(replica: Any) -> None:
        with replica.store.writing() as connection:
            connection.execute(sql, (APPEAL_OPENED, NEWS_KINDS))

    on_failure(patch, drop)


def retry_draws_a_new_change(patch: Patch) -> None:
    """The client says everything again, anew, when it does not know whether it was heard."""

    def again(replica: Any) -> None:
        for view in Appeals(replica).list():
            if view.state == "waiting" and not view.withdrawn:
                Appeals(replica).file(Opened("signal", "", view.title, view.text))

    on_failure(patch, again)


def arrivals_dropped_and_cursor_advanced(patch: Patch) -> None:
    """The client believes the head instead of counting what came."""
    reading = exchange.read_reply

    def read(*args: Any) -> Answer:
        answer = reading(*args)
        return answer._replace(arrivals=answer.arrivals[::2])

    patch.setattr(exchange, "read_reply", read)
    patch.setattr(Cursor, "advanced", lambda self, newest, brought: Cursor(newest))


def replies_never_mailed(patch: Patch) -> None:
    """The server keeps replies for the desk only."""
    patch.setattr(Delivery, "_mail", lambda *_: None)


def state_depends_on_the_order_of_arrival(patch: Patch) -> None:
    """The fold takes acts as they came."""
    patch.setattr(appeal.Act, "order", property(lambda self: (0, b"", 0, b"")))


def digest_not_kept(patch: Patch) -> None:
    """The server forgets to add to the digest."""
    patch.setattr(
        "sync_server.services.delivery.digest",
        SimpleNamespace(add=lambda state, ids: state, EMPTY=digest.EMPTY),
    )


def received_by_the_clock(patch: Patch) -> None:
    """The server dates receipts by its clock alone, which was set back."""
    patch.setattr(SqlWriter, "last_received", lambda self: 0)


def accepted_but_not_stored(patch: Patch) -> None:
    """The server says accepted for what it threw away."""
    adding = SqlWriter.add_changes

    def add(self: SqlWriter, rows: Sequence[Any]) -> None:
        adding(self, [row for row in rows if row.seq % 3 or row.kind != APPEAL_OPENED])

    patch.setattr(SqlWriter, "add_changes", add)


def own_news_keep_the_wrong_clock(patch: Patch) -> None:
    """The newsroom goes on showing its own clock's time after the receipt."""
    patch.setattr(applying.Application, "_refold_own_news", lambda *_: None)


def saved_said_before_the_commit(patch: Patch) -> None:
    """The app says saved, and every fourth save is only on its way to the disk."""
    appending = authoring.append_own
    count = iter(range(10**9))

    def append(connection: Any, change: Any) -> int:
        row = appending(connection, change)
        if next(count) % 4 == 3 and change.kind < NEWS_KINDS:
            lost.append((connection, change.id))
        return row

    lost: list[tuple[Any, bytes]] = []
    exchanging = exchange.Exchange.once

    def once(self: exchange.Exchange, *args: Any, **kwargs: Any) -> Any:
        while lost:  # the power fails before anything is sent
            connection, change_id = lost.pop()
            with contextlib.suppress(Exception):
                connection.execute("DELETE FROM changes WHERE change_id = ?", (change_id,))
        return exchanging(self, *args, **kwargs)

    patch.setattr(authoring, "append_own", append)
    patch.setattr(exchange.Exchange, "once", once)


def rival_taken_for_what_is_stored(patch: Patch) -> None:
    """The server goes by seq alone: of a cloned phone's changes only the first are kept."""
    judging = Intake._outcome

    def outcome(self: Intake, offered: Any, stream: Any, *rest: Any) -> Outcome:
        known = stream.new.get(offered.seq)
        return next(iter(known.values())) if known else judging(self, offered, stream, *rest)

    patch.setattr(Intake, "_outcome", outcome)


def a_bad_change_blocks_its_run(patch: Patch) -> None:
    """The server refuses everything that follows a refused change."""
    admitting = Intake.admit_run

    def admit(self: Intake, *args: Any) -> list[Outcome]:
        bad = False
        outcomes: list[Outcome] = []
        for each in admitting(self, *args):
            bad = bad or each.status == Status.REFUSED
            outcomes.append(Outcome(Status.REFUSED, Reason.MALFORMED, 0, 0) if bad else each)
        return outcomes

    patch.setattr(Intake, "admit_run", admit)


def newer_kinds_refused(patch: Patch) -> None:
    """The server refuses what it does not understand."""
    judging = intake.judge

    def judge(*args: Any) -> Verdict:
        verdict = judging(*args)
        held = verdict.reason is Reason.NEWER
        return Verdict(Status.REFUSED, Reason.NEWER) if held else verdict

    patch.setattr(intake, "judge", judge)


def refusal_signed_as_acceptance(patch: Patch) -> None:
    """The server signs *accepted* for what it refuses."""
    patch.setattr(intake, "_refused", lambda reason: Outcome(Status.ACCEPTED, Reason.OK, 0, 0))


def corrections_mailed_too(patch: Patch) -> None:
    """The server mails news as well, and clients do not keep mail of that sort (it happened)."""
    beginning = Delivery.__init__

    def begin(self: Delivery, writer: Any, card: Any, scopes: Any, *rest: Any) -> None:
        beginning(self, writer, card, scopes, *rest)
        self._queues = frozenset(scopes.names)

    patch.setattr(Delivery, "__init__", begin)


def gaps_forgotten(patch: Patch) -> None:
    """The client believes that what was cut off by the budget is there, and does not compare."""
    patch.setattr(Cursor, "advanced", lambda self, newest, brought: Cursor(max(self.top, newest)))
    patch.setattr(applying.Application, "_compare", lambda *_: None)


def trust_not_judged_again(patch: Patch) -> None:
    """The client judges news when they come, and never again."""
    patch.setattr(applying, "rejudge", lambda *_: None)


def half_a_transaction(patch: Patch) -> None:
    """The client commits each statement by itself, so a crash leaves half of an answer."""

    @contextlib.contextmanager
    def writing(self: Store) -> Iterator[Any]:
        with self.holding() as connection:
            yield connection

    patch.setattr(Store, "writing", writing)
    patch.setattr(run, "CRASHES", MANY_CRASHES)


PLANTS = [
    (acknowledged_before_the_commit, "acknowledged_is_on_the_server"),
    (sent_means_received, "receipts_hold_offline"),
    (outbox_dropped_on_error, "saved_survives"),
    (retry_draws_a_new_change, "nothing_is_invented"),
    (arrivals_dropped_and_cursor_advanced, "digests_match_heads"),
    (replies_never_mailed, "residents_see_what_the_desk_sees"),
    (state_depends_on_the_order_of_arrival, "residents_see_what_the_desk_sees"),
    (digest_not_kept, "digests_match_heads"),
    (received_by_the_clock, "received_times_follow_versions"),
    (accepted_but_not_stored, "acknowledged_is_on_the_server"),
    (own_news_keep_the_wrong_clock, "news_are_the_same_everywhere"),
    (saved_said_before_the_commit, "saved_survives"),
    (rival_taken_for_what_is_stored, "acknowledged_is_on_the_server"),
    (a_bad_change_blocks_its_run, "only_what_is_not_allowed_is_refused"),
    (newer_kinds_refused, "only_what_is_not_allowed_is_refused"),
    (refusal_signed_as_acceptance, "acknowledged_is_on_the_server"),
    (corrections_mailed_too, "digests_match_heads"),
    (gaps_forgotten, "news_are_the_same_everywhere"),
    (trust_not_judged_again, "revoked_news_do_not_count"),
    (half_a_transaction, "news_are_the_same_everywhere"),
]


@pytest.mark.parametrize(("plant", "checker"), PLANTS, ids=[plant.__name__ for plant, _ in PLANTS])
def test_a_planted_bug_is_caught(
    plant: Callable[[Patch], None], checker: str, monkeypatch: Patch
) -> None:
    plant(monkeypatch)
    assert_caught(plant.__name__, checker, SEEDS, lambda seed: run_simulation(seed, **SIZE))


@pytest.mark.parametrize("seed", CRASHING_SEEDS)
def test_crashes_without_a_plant_do_no_harm(seed: int, monkeypatch: Patch) -> None:
    monkeypatch.setattr(run, "CRASHES", MANY_CRASHES)
    assert run_simulation(seed, **SIZE).violations == ()


@pytest.mark.parametrize("seed", SEEDS)
def test_without_a_plant_the_same_seeds_pass(seed: int) -> None:
    assert run_simulation(seed, **SIZE).violations == ()
