"""Bugs planted in couriers, and the checkers of the town of couriers that catch them.

See `test_planted_bugs`: each plant is a mistake that somebody could make in good faith.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from client.services.courier import courier, delivering, taking
from client.services.courier.courier import Courier
from client.services.courier.intake import Intake
from client.services.courier.late import Brought
from client.services.courier.merging import as_reply
from client.storage import carried, feeds
from misto.simulation.couriers import run_couriers
from shared_schema.errors import MistoError
from shared_schema.sync import receive
from shared_schema.sync.statement import read_statement
from sync_server.services.delivery import Delivery
from tests.simulation.catching import assert_caught

pytestmark = pytest.mark.sweep

Patch = pytest.MonkeyPatch
SEEDS = range(1, 5)
SIZE = {"devices": 14, "days": 4}


def dropped_on_sending(patch: Patch) -> None:
    """The courier believes that what it handed on is no longer its own affair."""
    giving = Courier.give

    def give(self: Courier, *args: Any, **kwargs: Any) -> list[bytes]:
        bundles = giving(self, *args, **kwargs)
        with self.replica.store.writing() as connection:
            carried.remove(connection, [each.request for each in carried.in_order(connection)])
        return bundles

    patch.setattr(Courier, "give", give)


def late_replies_restart_a_feed(patch: Patch) -> None:
    """A head older than what is known is taken for a server that went back."""
    applying = taking.apply_reply

    def apply_reply(replica: Any, request: Any, answer: Any) -> Brought:
        brought = applying(replica, request, answer)
        with replica.store.writing() as connection:
            known = feeds.load(connection)
            for head in answer.heads:
                feed = known[head.feed]
                if head.version < feed.cursor.top:
                    feeds.start_again(connection, feed)
                    feeds.save(connection, feed)
        return brought

    patch.setattr(taking, "apply_reply", apply_reply)


def an_older_reply_replaces_a_newer_one(patch: Patch) -> None:
    """The courier keeps whatever reply came last."""

    def reply(self: Intake, stored: Any, raw: bytes, checked: Any, request: Any) -> None:
        carried.put_reply(self._connection, stored.request, as_reply(raw, checked))

    patch.setattr(Intake, "reply", reply)


def what_has_no_receipt_is_evicted(patch: Patch) -> None:
    """A full courier makes room by throwing out what has been there for longest."""
    finding = Intake._room

    def room(self: Intake, what: str, size: int, urgency: int, freed: int) -> bool:
        while not finding(self, what, size, urgency, freed):
            stored = carried.in_order(self._connection)
            if not stored:
                return False
            carried.remove(self._connection, [stored[-1].request])
            self._used = carried.used(self._connection)
            self._share = self._budget
        return True

    patch.setattr(Intake, "_room", room)


def receipts_are_believed_unsigned(patch: Patch) -> None:
    """Nobody checks what a reply's statement says."""
    patch.setattr(receive, "verify_proof", lambda proof, keys: read_statement(proof.statement))


def own_requests_are_not_remembered(patch: Patch) -> None:
    """A device forgets what it gave away, and takes the answer for somebody else's."""
    patch.setattr(courier, "remember", lambda *_: None)


def news_are_not_read(patch: Patch) -> None:
    """The courier passes over public items."""
    patch.setattr(taking, "_public", lambda *_: Brought())


def posted_is_taken_for_received(patch: Patch) -> None:
    """When a post fails, what was posted counts as handed over."""
    delivering_ = Courier.deliver

    def deliver(self: Courier, transport: Any) -> Any:
        try:
            return delivering_(self, transport)
        except MistoError:
            with self.replica.store.writing() as connection:
                connection.execute("UPDATE carried SET done = 1")
            raise

    patch.setattr(Courier, "deliver", deliver)


def a_ticket_is_used_once(patch: Patch) -> None:
    """The courier posts only what has no verdict, and so fetches no mail that came since."""
    ordering = carried.in_order

    def in_order(connection: Any) -> Any:
        return [each for each in ordering(connection) if not each.done]

    patch.setattr(delivering, "carried", _with(carried, in_order=in_order))


def mailed_twice(patch: Patch) -> None:
    """The server puts each reply into the mailbox two times."""
    mailing = Delivery._mail

    def mail(self: Delivery, *what: Any) -> None:
        mailing(self, *what)
        mailing(self, *what)

    patch.setattr(Delivery, "_mail", mail)


def _with(module: Any, **changed: Any) -> Any:
    """A stand-in for a module with some of its functions changed."""
    names = {name: getattr(module, name) for name in dir(module) if not name.startswith("__")}
    return type("Module", (), {name: staticmethod(each) if callable(each) else each
                               for name, each in (names | changed).items()})  # fmt: skip


PLANTS = [
    (dropped_on_sending, "nothing_is_dropped_without_a_receipt"),
    (late_replies_restart_a_feed, "nothing_goes_back"),
    (an_older_reply_replaces_a_newer_one, "nothing_goes_back"),
    (what_has_no_receipt_is_evicted, "nothing_is_dropped_without_a_receipt"),
    (receipts_are_believed_unsigned, "receipts_hold_offline"),
    (own_requests_are_not_remembered, "receipts_follow_their_paths"),
    (news_are_not_read, "news_follow_their_paths"),
    (posted_is_taken_for_received, "nothing_is_dropped_without_a_receipt"),
    (a_ticket_is_used_once, "replies_follow_their_paths"),
    (mailed_twice, "each_change_is_there_once"),
]


@pytest.mark.parametrize(("plant", "checker"), PLANTS, ids=[plant.__name__ for plant, _ in PLANTS])
def test_a_planted_bug_is_caught(
    plant: Callable[[Patch], None], checker: str, monkeypatch: Patch
) -> None:
    plant(monkeypatch)
    assert_caught(plant.__name__, checker, SEEDS, lambda seed: run_couriers(seed, **SIZE))
