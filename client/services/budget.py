"""The storage budget of news: what is old leaves first when a phone has no more room for it.

A record that is *let go* loses the bytes of its changes, its row in the lists, its place in the
search index and the mark that it was opened. The ids stay in the log, so feeds and digests keep
counting it as held and it is not fetched again. What this person wrote, places, outages, trust and
everything private are not news here and never leave.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from client.services.news_projection import unindex
from client.storage import settings
from client.storage.errors import files_named
from client.storage.log import ME, State
from shared_schema.ids import NEWS
from shared_schema.records.news import PRIORITIES

if TYPE_CHECKING:
    from pathlib import Path

    from client.services.replica import Replica

_BATCH: Final = 500
_SIDECARS: Final = ("", "-wal", "-shm")
_URGENT: Final = PRIORITIES.index("urgent")
_NEWS: Final = f"scope = ? AND author <> {ME} AND kind >= 768 AND kind < 1024"
"""Changes of news items (0x0300 to 0x03FF) by others: the scope carries the guide too."""
_SIZES: Final = (
    f"SELECT author = {ME}, {_NEWS} AND state = {State.PULLED:d}, total(length(raw)) FROM changes"
    " GROUP BY 1, 2"
)
_NEWS_BYTES: Final = (
    f"SELECT total(length(raw)) FROM changes WHERE {_NEWS} AND state = {State.PULLED:d}"
)
_COUNT: Final = "SELECT count(*) FROM news"
_EMPTY: Final = (
    f"UPDATE changes SET state = {State.LET_GO:d}, reason = 0, raw = x'' WHERE {_NEWS}"
    f" AND state IN ({State.PULLED:d}, {State.SET_ASIDE:d})"
)
_TAILS: Final = (
    f"{_EMPTY} AND record IS NOT NULL AND {State.LET_GO:d} = ("
    "SELECT CASE WHEN substr(o.change_id, 1, 16) = changes.record THEN o.state END"
    " FROM changes o WHERE o.change_id > changes.record ORDER BY o.change_id LIMIT 1)"
)
"""Corrections and withdrawals that came after their item was let go: they make no item."""
_OLDEST: Final = f"""
    SELECT n.published_at_ms, n.id, n.record, CASE WHEN n.indexed THEN w.raw END,
        length(o.raw) + (SELECT total(length(raw)) FROM changes c WHERE c.record = n.record
            AND c.state = {State.PULLED:d} AND c.kind >= 768 AND c.kind < 1024)
    FROM news n JOIN changes o ON o.id = n.id JOIN changes w ON w.id = n.wording
    WHERE (n.published_at_ms, n.id) > (?, ?) AND o.author <> {ME} AND NOT (
        n.priority = {_URGENT} AND NOT n.withdrawn AND (n.expires_at_ms = 0 OR n.expires_at_ms > ?))
    AND NOT EXISTS (SELECT 1 FROM changes c WHERE c.record = n.record AND c.author = {ME})
    ORDER BY n.published_at_ms, n.id LIMIT {_BATCH}
"""


@dataclass(frozen=True, slots=True)
class Usage:
    """What this replica takes, in bytes of changes, and in bytes of its files."""

    news_bytes: int
    """News of others that counts, places and outages left out: what the budget is for."""
    news_count: int
    """News items in the lists, own ones among them."""
    own_bytes: int
    other_bytes: int
    """What others wrote and is no such news: replies, trust, the guide, what does not count."""
    file_bytes: int
    """The database with its WAL. Room that was made is used again; the file does not shrink."""


class _Item(NamedTuple):
    """A news item that may leave."""

    published_at_ms: int
    row: int
    record: bytes
    indexed: bytes | None
    """The wording in the search index, if it is in there."""
    size: int


class Budget:
    """How much room news takes, and letting the oldest go."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica
        self._scope = replica.scopes.id_of[NEWS]

    def usage(self) -> Usage:
        """How much is kept of what."""
        sizes = self._replica.store.read(_SIZES, (self._scope,))
        own = sum(size for mine, _, size in sizes if mine)
        news = sum(size for _, counts, size in sizes if counts)
        other = sum(size for mine, counts, size in sizes if not mine and not counts)
        ((count,),) = self._replica.store.read(_COUNT)
        return Usage(int(news), count, int(own), int(other), _file_bytes(self._replica.store.path))

    def keep(self, budget_bytes: int) -> int:
        """Let the oldest news go until what is left fits; returns how many items went.

        Urgent items that are in force stay, and so does whatever this device had a hand in: the
        budget may be exceeded by those. Each batch is durable by itself.
        """
        ((kept,),) = self._replica.store.read(_NEWS_BYTES, (self._scope,))
        excess = int(kept) - budget_bytes
        if excess <= 0:
            return 0
        with self._replica.store.writing() as connection:
            connection.execute(_TAILS, (self._scope,))
            ((kept,),) = connection.execute(_NEWS_BYTES, (self._scope,)).fetchall()
        return self._let_go(int(kept) - budget_bytes)

    def _let_go(self, excess: int) -> int:
        after = (-1, 0)
        gone = 0
        while excess > 0:
            with self._replica.store.writing() as connection:
                found = connection.execute(_OLDEST, (*after, self._now(connection))).fetchall()
                leaving = _enough(map(_Item._make, found), excess)
                _let_go(connection, self._scope, leaving)
            gone += len(leaving)
            excess -= sum(item.size for item in leaving)
            if len(found) < _BATCH:
                break
            after = (leaving[-1].published_at_ms, leaving[-1].row)
        return gone

    def _now(self, connection: sqlite3.Connection) -> int:
        """The city's clock at the latest: a phone's that runs ahead must not end an alert."""
        now = self._replica.clock()
        heard = settings.number(connection, settings.SERVER_TIME_MS)
        return now if heard is None else min(now, heard)


def _enough(oldest: Iterable[_Item], excess: int) -> list[_Item]:
    """The first items, until they make up for the excess."""
    leaving: list[_Item] = []
    for item in oldest:
        if excess <= 0:
            break
        leaving.append(item)
        excess -= item.size
    return leaving


def _let_go(connection: sqlite3.Connection, scope: bytes, leaving: Sequence[_Item]) -> None:
    """The index goes first: taking words out of it needs the text."""
    rows = [item.row for item in leaving]
    records = [item.record for item in leaving]
    marks = ",".join("?" * len(leaving))
    unindex(connection, [(item.row, item.indexed) for item in leaving if item.indexed])
    connection.execute(f"{_EMPTY} AND id IN ({marks})", (scope, *rows))
    connection.execute(f"{_EMPTY} AND record IN ({marks})", (scope, *records))
    connection.execute(f"DELETE FROM news_read WHERE record IN ({marks})", records)
    connection.execute(f"DELETE FROM news WHERE id IN ({marks})", rows)


def _file_bytes(path: Path) -> int:
    files = (path.with_name(path.name + sidecar) for sidecar in _SIDECARS)
    with files_named():
        return sum(file.stat().st_size for file in files if file.exists())
