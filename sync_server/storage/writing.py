"""Writing to the store: what one transaction looks up, and what it puts down in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from shared_schema.records.kinds import INTERNAL
from shared_schema.sync.change import NO_PREV
from shared_schema.sync.policy import Opening
from shared_schema.sync.statement import Status
from sync_server.storage import tables as t
from sync_server.storage.base import (
    FeedEntry,
    FeedState,
    HeldChange,
    Known,
    Shared,
    StoredChange,
    StreamEnd,
    Usage,
)
from sync_server.storage.reading import SqlReader
from sync_server.storage.session import Session

_LAST: Final = "SELECT id, received FROM changes ORDER BY id DESC LIMIT 1"
_STREAM: Final = "SELECT seq, change_id FROM streams WHERE scope = ? AND device = ?"
_KNOWN: Final = (
    "SELECT seq, change_id, status, reason, version, received, kind, record FROM changes"
    " WHERE scope = ? AND device = ? AND seq BETWEEN ? AND ?"
)
_OPENING: Final = "SELECT scope, device FROM records WHERE record = ?"
# The status stands in the text, not in a parameter: only so is the partial index used.
_IS_HELD: Final = f"status = {int(Status.HELD)}"
_ANY_HELD: Final = f"SELECT 1 FROM changes WHERE {_IS_HELD} LIMIT 1"
_HELD: Final = (
    "SELECT c.id, c.scope, c.record, c.device, c.change_id, e.urgency, e.size FROM changes c"
    " JOIN entries e ON e.feed = c.scope AND e.version = c.version"
    f" WHERE c.{_IS_HELD} AND c.kind NOT IN ({', '.join(map(str, sorted(INTERNAL)))})"
    " AND c.record IN"
)
_FORWARDED: Final = "SELECT scope FROM forwarded WHERE record = ?"
_OF_RECORD: Final = (
    "SELECT c.id, c.scope, c.kind, c.change_id, e.urgency, e.size FROM changes c"
    " JOIN entries e ON e.feed = c.scope AND e.version = c.version"
)
# The range stands in the text as the partial index has it.
_LATER: Final = f"{_OF_RECORD} WHERE c.record = ? AND c.{t.IS_LATER.replace('AND ', 'AND c.')}"
_OPENS: Final = f"{_OF_RECORD} WHERE c.scope = ? AND c.device = ? AND c.record = ?"
_USAGE: Final = "SELECT changes, bytes FROM usage WHERE device = ? AND day = ?"
_ADD_DEVICE: Final = "INSERT INTO devices VALUES (?, ?, 0) ON CONFLICT DO NOTHING"
_FLAG: Final = "UPDATE devices SET forked = 1 WHERE device = ?"
_IN_MAX: Final = 500


class SqlWriter(SqlReader):
    """A transaction."""

    def __init__(self, session: Session) -> None:
        """Write through this session, which has a transaction open."""
        super().__init__(session)
        self._last = session.one(_LAST) or (0, 0)
        self._next_id = int(self._last[0])

    def next_change_id(self) -> int:
        """The id for the next row of `changes`."""
        self._next_id += 1
        return self._next_id

    def last_received(self) -> int:
        """The largest commit time ever given, in Unix milliseconds."""
        return int(self._last[1])

    def stream(self, scope: bytes, device: bytes) -> tuple[int, bytes]:
        """The last seq of a stream and its change id; (0, zeros) for a new one."""
        found = self._sql.one(_STREAM, scope, device)
        return (found[0], found[1]) if found else (0, NO_PREV)

    def known(self, scope: bytes, device: bytes, first: int, last: int) -> list[Known]:
        """What is stored of a stream between two seqs, both included."""
        return list(map(Known._make, self._sql.each(_KNOWN, scope, device, first, last)))

    def opening(self, record: bytes) -> Opening | None:
        """Who opened a record, and where."""
        found = self._sql.one(_OPENING, record)
        if found is None:
            return None
        also = frozenset(row[0] for row in self._sql.each(_FORWARDED, record))
        return Opening(found[0], found[1], also)

    def of_record(self, record: bytes, opening: Opening) -> list[Shared]:
        """All stored changes of an appeal, in the order in which they came."""
        rows = [
            *self._sql.each(_OPENS, opening.scope, opening.device, record),
            *self._sql.each(_LATER, record),
        ]
        return sorted(set(map(Shared._make, rows)))

    def held(self, records: Sequence[bytes]) -> list[HeldChange]:
        """Held changes of these records, stored by earlier transactions."""
        found: list[HeldChange] = []
        if not records or self._sql.one(_ANY_HELD) is None:
            return found
        for start in range(0, len(records), _IN_MAX):
            these = records[start : start + _IN_MAX]
            sql = f"{_HELD} ({', '.join('?' * len(these))}) ORDER BY c.id"
            found.extend(map(HeldChange._make, self._sql.each(sql, *these)))
        return found

    def usage(self, device: bytes, day: int) -> Usage:
        """What a device used on a day (days since 1970)."""
        found = self._sql.one(_USAGE, device, day)
        return Usage(*found) if found else Usage(0, 0)

    def add_changes(self, rows: Sequence[StoredChange]) -> None:
        """Store changes."""
        self._sql.insert(t.changes, rows)

    def add_entries(self, rows: Sequence[FeedEntry]) -> None:
        """Put changes into feeds."""
        self._sql.insert(t.entries, rows)

    def add_records(self, rows: Sequence[tuple[bytes, bytes, bytes]]) -> None:
        """Note openings: (record, scope, device)."""
        self._sql.insert(t.records, rows)

    def add_forwarded(self, rows: Sequence[tuple[bytes, bytes]]) -> None:
        """Note scopes that hold a record besides its own: (record, scope)."""
        self._sql.insert(t.forwarded, rows)

    def add_devices(self, rows: Iterable[tuple[bytes, bytes]]) -> None:
        """Note public keys: (device, public key); known ones stay as they are."""
        self._sql.many(_ADD_DEVICE, list(rows))

    def flag_forks(self, devices: Iterable[bytes]) -> None:
        """Note devices that signed two changes with one seq."""
        self._sql.many(_FLAG, [(device,) for device in devices])

    def set_streams(self, rows: Sequence[StreamEnd]) -> None:
        """Note where streams end now."""
        self._sql.upsert(t.streams, rows)

    def set_feeds(self, states: Iterable[tuple[bytes, FeedState]]) -> None:
        """Note how far feeds reach now."""
        self._sql.upsert(t.feeds, [(feed, *state) for feed, state in states])

    def set_usage(self, day: int, used: Iterable[tuple[bytes, Usage]]) -> None:
        """Note what devices have used of a day."""
        self._sql.upsert(t.usage, [(device, day, *usage) for device, usage in used])
