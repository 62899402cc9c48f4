"""The contract of every store, run on real SQLite and on a real PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, inspect, text

from shared_schema.sync.change import NO_PREV
from shared_schema.sync.digest import EMPTY
from shared_schema.sync.policy import Opening
from shared_schema.sync.statement import Status
from sync_server.storage.base import FeedEntry, FeedState, StoredChange, StreamEnd, Usage
from sync_server.storage.sql import SqlStore

SCOPE, DEVICE, RECORD, FEED = b"s" * 16, b"d" * 16, b"r" * 16, b"f" * 16
STATE = FeedState(3, b"\1" * 256)


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    """A store on that database."""
    opened = SqlStore(url)
    yield opened
    opened.close()


def change(number: int, *, status: Status = Status.ACCEPTED, seq: int = 0) -> StoredChange:
    identity = number.to_bytes(32)
    raw = bytes(100)
    return StoredChange(
        number, SCOPE, DEVICE, seq or number, identity, RECORD, 257, int(status), 0, number,
        1000 + number, raw,
    )  # fmt: skip


def fill(store: SqlStore, count: int, urgent: tuple[int, ...] = ()) -> None:
    rows = [change(number) for number in range(1, count + 1)]
    with store.write() as writer:
        writer.add_devices([(DEVICE, b"k" * 32)])
        writer.add_changes(rows)
        writer.add_entries(
            [FeedEntry(FEED, row.id, row.id, 2 * (row.id in urgent), 100) for row in rows]
        )


def test_an_empty_store_knows_nothing(store: SqlStore) -> None:
    with store.write() as writer:
        assert writer.feed(FEED) == FeedState(0, EMPTY)
        assert writer.stream(SCOPE, DEVICE) == (0, NO_PREV)
        assert writer.opening(RECORD) is None
        assert writer.last_received() == 0
        assert writer.usage(DEVICE, 1) == Usage(0, 0)
        assert writer.next_change_id() == 1


def test_a_stream_is_told_from_its_beginning_and_only_its_own(store: SqlStore) -> None:
    fill(store, 5)
    with store.read() as reader:
        assert [(each.seq, each.version) for each in reader.said(SCOPE, DEVICE, 3)] == [
            (1, 0), (2, 0), (3, 0)
        ]  # fmt: skip
        assert [each.received for each in reader.said(SCOPE, DEVICE, 1)] == [1001]
        assert reader.said(FEED, DEVICE, 3) == reader.said(SCOPE, FEED, 3) == []


def test_what_was_committed_is_there_after_opening_again(store: SqlStore, url: str) -> None:
    fill(store, 3)
    with store.write() as writer:
        writer.set_feeds([(FEED, STATE)])
        writer.set_streams([StreamEnd(SCOPE, DEVICE, 3, b"x" * 32)])
        writer.add_records([(RECORD, SCOPE, DEVICE)])
        writer.set_usage(7, [(DEVICE, Usage(3, 300))])
    store.close()
    again = SqlStore(url)
    with again.write() as writer:
        assert writer.feed(FEED) == STATE
        assert writer.stream(SCOPE, DEVICE) == (3, b"x" * 32)
        assert writer.opening(RECORD) == Opening(SCOPE, DEVICE)
        assert writer.usage(DEVICE, 7) == Usage(3, 300)
        assert writer.last_received() == 1003
        assert writer.next_change_id() == 4
        assert [row.version for row in writer.known(SCOPE, DEVICE, 2, 9)] == [2, 3]
    again.close()


def test_a_transaction_that_fails_leaves_nothing(store: SqlStore) -> None:
    def half_done() -> None:
        with store.write() as writer:
            writer.set_feeds([(FEED, STATE)])
            writer.add_records([(RECORD, SCOPE, DEVICE)])
            raise RuntimeError("pulled the plug")

    with pytest.raises(RuntimeError):
        half_done()
    with store.read() as reader:
        assert reader.feed(FEED) == FeedState(0, EMPTY)


def test_a_reader_does_not_see_a_transaction_under_way(store: SqlStore) -> None:
    with store.write() as writer:
        writer.set_feeds([(FEED, STATE)])
        with store.read() as reader:
            assert reader.feed(FEED).version == 0
    with store.read() as reader:
        assert reader.feed(FEED) == STATE


def test_writers_take_turns_so_that_no_version_is_given_twice(store: SqlStore) -> None:
    def grow() -> None:
        for _ in range(10):
            with store.write() as writer:
                version = writer.feed(FEED).version
                writer.set_feeds([(FEED, FeedState(version + 1, EMPTY))])

    threads = [threading.Thread(target=grow) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as reader:
        assert reader.feed(FEED).version == 40


def test_the_same_device_may_be_noted_twice_and_keeps_its_first_key(store: SqlStore) -> None:
    fill(store, 1)
    with store.write() as writer:
        writer.add_devices([(DEVICE, b"z" * 32)])
    with store.read() as reader:
        assert reader.entries(FEED, [(1, 1)])[0].public_key == b"k" * 32


def test_two_changes_with_one_seq_are_both_kept_and_the_device_is_flagged(
    store: SqlStore,
) -> None:
    fill(store, 1)
    with store.write() as writer:
        writer.add_changes([change(2, seq=1)])
        writer.flag_forks([DEVICE])
        assert len(writer.known(SCOPE, DEVICE, 1, 1)) == 2
    with store.read() as reader:
        assert reader.forked_devices() == {DEVICE}


def test_entries_come_back_in_order_with_all_that_a_run_needs(store: SqlStore) -> None:
    fill(store, 5)
    with store.read() as reader:
        found = reader.entries(FEED, [(1, 2), (4, 5)])
    assert [entry.version for entry in found] == [1, 2, 4, 5]
    assert found[0].received == 1001
    assert (found[0].scope, found[0].device, found[0].seq) == (SCOPE, DEVICE, 1)
    assert found[0].raw == bytes(100)


def test_candidates_are_the_urgent_ones_and_the_newest_within_the_budget(
    store: SqlStore,
) -> None:
    fill(store, 50, urgent=(3, 20))
    with store.read() as reader:
        found = {each.version: each for each in reader.candidates(FEED, [(1, 50)], 500, 99)}
    assert {3, 20, 50, 49, 48} <= set(found)
    assert 30 not in found
    assert (found[3].urgency, found[50].urgency, found[50].size) == (2, 0, 100)


def test_candidates_keep_to_what_is_missing(store: SqlStore) -> None:
    fill(store, 10, urgent=(4,))
    with store.read() as reader:
        found = reader.candidates(FEED, [(2, 3), (9, 9)], 10_000, 99)
    assert {each.version for each in found} == {2, 3, 9}


def test_only_accepted_changes_of_the_trust_scope_make_trust(store: SqlStore) -> None:
    fill(store, 1)
    with store.write() as writer:
        writer.add_changes([change(2, status=Status.HELD)])
    with store.read() as reader:
        assert reader.trust_changes(SCOPE) == [(b"k" * 32, bytes(100), 1001)]
        assert reader.trust_changes(FEED) == []


def test_held_changes_are_found_by_their_record(store: SqlStore) -> None:
    with store.write() as writer:
        writer.add_changes([change(1, status=Status.HELD), change(2)])
        writer.add_entries([FeedEntry(SCOPE, number, number, 1, 100) for number in (1, 2)])
    with store.write() as writer:
        held = writer.held([b"q" * 16, RECORD])
        found = [(each.id, each.scope, each.record, each.urgency) for each in held]
        assert found == [(1, SCOPE, RECORD, 1)]
        assert writer.held([]) == []


def test_all_that_was_said_to_an_appeal_is_found_wherever_it_was_said(store: SqlStore) -> None:
    other, opening = b"o" * 16, Opening(SCOPE, DEVICE)
    rows = [
        change(1),
        change(2)._replace(kind=0x0203, device=b"e" * 16),
        change(3)._replace(kind=0x0208, scope=other, device=b"e" * 16),
        change(4)._replace(record=b"x" * 16),
        change(5)._replace(kind=0x0104, seq=9),
    ]
    with store.write() as writer:
        writer.add_changes(rows)
        writer.add_entries([FeedEntry(row.scope, row.version, row.id, 1, 100) for row in rows])
        writer.add_records([(RECORD, SCOPE, DEVICE)])
        writer.add_forwarded([(RECORD, other)])
    with store.write() as writer:
        assert writer.opening(RECORD) == opening._replace(forwarded=frozenset({other}))
        found = writer.of_record(RECORD, opening)
        assert [(each.id, each.scope, each.kind) for each in found] == [
            (1, SCOPE, 257), (2, SCOPE, 0x0203), (3, other, 0x0208), (5, SCOPE, 0x0104),
        ]  # fmt: skip
        assert {(each.urgency, each.size) for each in found} == {(1, 100)}
        assert found[0].change_id == rows[0].change_id
        assert writer.of_record(b"y" * 16, opening) == []


def test_a_database_of_the_first_schema_is_brought_up_to_date(store: SqlStore, url: str) -> None:
    fill(store, 2)
    store.close()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE forwarded"))
        connection.execute(text("DROP INDEX changes_later"))
        connection.execute(text("UPDATE meta SET value = '1' WHERE key = 'schema_version'"))
    upgraded = SqlStore(url)
    with upgraded.write() as writer:
        writer.add_forwarded([(RECORD, FEED)])
        assert writer.next_change_id() == 3
    upgraded.close()
    names = {index["name"] for index in inspect(engine).get_indexes("changes")}
    assert "changes_later" in names
    engine.dispose()
