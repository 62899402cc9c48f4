"""The store on SQLite or PostgreSQL through SQLAlchemy Core; bulk rows go straight to the driver.

SQLite runs in WAL mode with `synchronous=FULL`: a commit that returned survives a power cut. The
writer takes its lock at the start (`BEGIN IMMEDIATE`; on PostgreSQL an advisory lock), so versions
are assigned in commit order by construction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table, create_engine, event, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.pool import QueuePool

from shared_schema.sync.change import NO_PREV
from shared_schema.sync.compose import Candidate
from shared_schema.sync.cursor import Range
from shared_schema.sync.digest import EMPTY
from shared_schema.sync.policy import Opening
from shared_schema.sync.run import Entry
from shared_schema.sync.statement import Status
from sync_server.storage import tables as t
from sync_server.storage.base import (
    FeedEntry,
    FeedState,
    HeldChange,
    Known,
    StoredChange,
    Usage,
)
from sync_server.storage.migrations import migrate

_WRITER_LOCK: Final = 0x6D6973746F  # "misto"; any constant will do
_BUSY_MS: Final = 15_000
_CANDIDATES_MAX: Final = 8_192
_IN_MAX: Final = 500


class SqlStore:
    """A `Store` on a database URL of SQLAlchemy's."""

    def __init__(self, url: str) -> None:
        """Open (and where needed migrate) the database at `url`."""
        self._engine = _engine(url)
        with self.write() as writer:
            migrate(writer.connection)

    @contextmanager
    def write(self) -> Iterator[SqlWriter]:
        """One transaction; one at a time."""
        with self._engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})")
            else:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield SqlWriter(connection)

    @contextmanager
    def read(self) -> Iterator[SqlReader]:
        """One consistent view."""
        with self._engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            else:
                connection.exec_driver_sql("BEGIN")
            yield SqlReader(connection)
            connection.rollback()

    def close(self) -> None:
        """Release files and connections."""
        self._engine.dispose()


class SqlReader:
    """A consistent view."""

    def __init__(self, connection: Connection) -> None:
        """Read through this connection, which has a transaction open."""
        self.connection = connection

    def feed(self, feed: bytes) -> FeedState:
        """The state of a feed; version 0 when nothing was ever put into it."""
        found = self._one(select(t.feeds.c.version, t.feeds.c.digest).where(t.feeds.c.feed == feed))
        return FeedState(int(found[0]), bytes(found[1])) if found else FeedState(0, EMPTY)

    def candidates(self, feed: bytes, missing: Sequence[Range], bytes_max: int) -> list[Candidate]:
        """What a reader lacks: all urgent changes, the newest others, some `bytes_max` in all."""
        e = t.entries.c
        found: dict[int, Candidate] = {}
        left = bytes_max
        for first, last in reversed(missing):
            there = (e.feed == feed) & e.version.between(first, last)
            base = select(e.version, e.urgency, e.size).order_by(e.version.desc())
            urgent = self.connection.execute(
                base.where(there & (e.urgency > 0)).limit(_CANDIDATES_MAX)
            )
            newest = self.connection.execute(base.where(there)) if left > 0 else ()
            for row in chain(urgent, newest):
                candidate = Candidate(*row)
                if candidate.version not in found:
                    found[candidate.version] = candidate
                    left -= candidate.size
                if left < 0 and candidate.urgency == 0:
                    break
        return list(found.values())

    def entries(self, feed: bytes, versions: Sequence[Range]) -> list[Entry]:
        """The changes at these versions, ascending, ready to be sent."""
        e, c, d = t.entries.c, t.changes.c, t.devices.c
        columns = (e.version, c.received, d.public_key, c.device, c.scope, c.seq, c.change_id)
        joined = t.entries.join(t.changes, e.change == c.id).join(t.devices, c.device == d.device)
        base = select(*columns, c.bytes).select_from(joined).order_by(e.version)
        rows: list[Entry] = []
        for first, last in versions:
            there = (e.feed == feed) & e.version.between(first, last)
            rows.extend(Entry(*row) for row in self.connection.execute(base.where(there)))
        return rows

    def forked_devices(self) -> frozenset[bytes]:
        """Devices that signed two changes with one seq: cloned, restored, or hostile."""
        forked = select(t.devices.c.device).where(t.devices.c.forked == 1)
        return frozenset(bytes(row[0]) for row in self.connection.execute(forked))

    def trust_changes(self, scope: bytes) -> list[tuple[bytes, bytes]]:
        """All accepted changes of the trust scope, as (public key, bytes)."""
        c, d = t.changes.c, t.devices.c
        joined = t.changes.join(t.devices, c.device == d.device)
        wanted = select(d.public_key, c.bytes).select_from(joined)
        wanted = wanted.where((c.scope == scope) & (c.status == Status.ACCEPTED))
        return [(bytes(key), bytes(raw)) for key, raw in self.connection.execute(wanted)]

    def _one(self, statement: Any) -> Any:
        return self.connection.execute(statement).first()


class SqlWriter(SqlReader):
    """A transaction."""

    def __init__(self, connection: Connection) -> None:
        """Write through this connection, which has a transaction open."""
        super().__init__(connection)
        self._next_id: int | None = None

    def next_change_id(self) -> int:
        """The id for the next row of `changes`."""
        if self._next_id is None:
            self._next_id = int(self._one(select(func.max(t.changes.c.id)))[0] or 0)
        self._next_id += 1
        return self._next_id

    def last_received(self) -> int:
        """The largest commit time ever given, in Unix milliseconds."""
        last = select(t.changes.c.received).order_by(t.changes.c.id.desc()).limit(1)
        found = self._one(last)
        return int(found[0]) if found else 0

    def stream(self, scope: bytes, device: bytes) -> tuple[int, bytes]:
        """The last seq of a stream and its change id; (0, zeros) for a new one."""
        s = t.streams.c
        found = self._one(
            select(s.seq, s.change_id).where((s.scope == scope) & (s.device == device))
        )
        return (int(found[0]), bytes(found[1])) if found else (0, NO_PREV)

    def known(self, scope: bytes, device: bytes, first: int, last: int) -> list[Known]:
        """What is stored of a stream between two seqs, both included."""
        c = t.changes.c
        wanted = select(c.seq, c.change_id, c.status, c.reason, c.version, c.received).where(
            (c.scope == scope) & (c.device == device) & c.seq.between(first, last)
        )
        return [Known(*row) for row in self.connection.execute(wanted)]

    def opening(self, record: bytes) -> Opening | None:
        """Who opened a record, and where."""
        r = t.records.c
        found = self._one(select(r.scope, r.device).where(r.record == record))
        return Opening(bytes(found[0]), bytes(found[1])) if found else None

    def held(self, records: Sequence[bytes]) -> list[HeldChange]:
        """Held changes of these records, stored by earlier transactions."""
        c, e = t.changes.c, t.entries.c
        joined = t.changes.join(t.entries, (e.feed == c.scope) & (e.version == c.version))
        columns = (c.id, c.record, c.device, c.change_id, e.urgency, e.size)
        base = select(*columns).select_from(joined).order_by(c.id)
        found: list[HeldChange] = []
        if self._one(select(c.id).where(c.status == Status.HELD).limit(1)) is None:
            return found
        for start in range(0, len(records), _IN_MAX):
            these = c.record.in_(records[start : start + _IN_MAX])
            rows = self.connection.execute(base.where(these & (c.status == Status.HELD)))
            found.extend(HeldChange(*row) for row in rows)
        return found

    def usage(self, device: bytes, day: int) -> Usage:
        """What a device used on a day (days since 1970)."""
        u = t.usage.c
        wanted = select(u.changes, u.bytes).where((u.device == device) & (u.day == day))
        found = self._one(wanted)
        return Usage(int(found[0]), int(found[1])) if found else Usage(0, 0)

    def add_changes(self, rows: Sequence[StoredChange]) -> None:
        """Store changes."""
        self._bulk(t.changes, rows)

    def add_entries(self, rows: Sequence[FeedEntry]) -> None:
        """Put changes into feeds."""
        self._bulk(t.entries, rows)

    def add_records(self, rows: Sequence[tuple[bytes, bytes, bytes]]) -> None:
        """Note openings: (record, scope, device)."""
        self._bulk(t.records, rows)

    def add_devices(self, rows: Iterable[tuple[bytes, bytes]]) -> None:
        """Note public keys: (device, public key); known ones stay as they are."""
        self._bulk(t.devices, [(*row, 0) for row in rows], " ON CONFLICT DO NOTHING")

    def flag_fork(self, device: bytes) -> None:
        """Note that a device signed two changes with one seq."""
        d = t.devices
        self.connection.execute(d.update().where(d.c.device == device).values(forked=1))

    def set_stream(self, scope: bytes, device: bytes, seq: int, change_id: bytes) -> None:
        """Note where a stream ends now."""
        self._upsert(
            t.streams, {"scope": scope, "device": device, "seq": seq, "change_id": change_id}
        )

    def set_feed(self, feed: bytes, state: FeedState) -> None:
        """Note how far a feed reaches now."""
        self._upsert(t.feeds, {"feed": feed, **state._asdict()})

    def set_usage(self, device: bytes, day: int, usage: Usage) -> None:
        """Note a device's use."""
        self._upsert(t.usage, {"device": device, "day": day, **usage._asdict()})

    def _bulk(self, table: Table, rows: Sequence[tuple[Any, ...]], ending: str = "") -> None:
        if rows:
            mark = "%s" if self.connection.dialect.name == "postgresql" else "?"
            marks = ", ".join([mark] * len(table.columns))
            names = ", ".join(column.name for column in table.columns)
            sql = f"INSERT INTO {table.name} ({names}) VALUES ({marks}){ending}"
            self.connection.exec_driver_sql(sql, list(map(tuple, rows)))

    def _upsert(self, table: Table, values: dict[str, Any]) -> None:
        postgres = self.connection.dialect.name == "postgresql"
        insert = (postgresql if postgres else sqlite).insert(table).values(**values)
        keys = [column.name for column in table.primary_key]
        rest = {name: value for name, value in values.items() if name not in keys}
        self.connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=rest))


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(
        url,
        poolclass=QueuePool,
        connect_args={"check_same_thread": False, "timeout": _BUSY_MS / 1000},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun by hand
        for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={_BUSY_MS}"):
            connection.execute(f"PRAGMA {pragma}")

    return engine
