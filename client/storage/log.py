"""The change log: appending own changes one by one, and reading them back.

Statements run on the connection of an open `Store.writing()` where a transaction matters.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from enum import IntEnum
from typing import Final, NamedTuple

from shared_schema.ids import device_id
from shared_schema.sync.change import NO_PREV, OPENING, Change
from shared_schema.sync.hlc import clamp

ME: Final = 1
"""This device's row in `devices`."""
_TIME_MAX: Final = 2**63 - 1  # SQLite's integers are signed; the change's bytes hold the truth
_PREFIX_END: Final = b"\xff" * 17


class State(IntEnum):
    """How far a change has come on this replica. Own ones start at PENDING, others at PULLED."""

    PENDING = 0
    ACCEPTED = 1
    REFUSED = 2
    HELD = 3
    PULLED = 4
    SET_ASIDE = 5
    """Pulled and kept, but not counted: our own judgement of it is in `reason`."""
    LET_GO = 6
    """Old news whose bytes made room: its id stays, so that it counts as held and does not return.
    """


class Tip(NamedTuple):
    """The end of a stream: what the next change of it must follow."""

    seq: int
    id: bytes
    time: int


class Opened(NamedTuple):
    """The opening change of a record, as far as later changes need it."""

    scope: bytes
    author: int
    device: bytes
    raw: bytes


NO_TIP: Final = Tip(0, NO_PREV, 0)
_TIP: Final = (
    "SELECT seq, change_id, time FROM changes WHERE author = 1 AND scope = ?"
    " ORDER BY seq DESC LIMIT 1"
)
_APPEND: Final = (
    "INSERT INTO changes (change_id, author, scope, seq, kind, kind_version, record, time,"
    " urgency, state, raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)"
)
_APPEND_PULLED: Final = (
    "INSERT INTO changes (id, change_id, author, scope, seq, kind, kind_version, record, time,"
    " urgency, state, version, received, raw)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 4, ?, ?, ?)"
)
_BATCH: Final = 500
_TIMES: Final = (
    "SELECT time, received FROM changes WHERE record = ?1"
    " OR (change_id BETWEEN ?1 AND ?2 AND record IS NULL)"
)
_OPENING: Final = (
    "SELECT c.scope, c.author, d.device, c.raw FROM changes c JOIN devices d ON d.id = c.author"
    " WHERE c.change_id BETWEEN ? AND ? AND c.record IS NULL LIMIT 1"
)


def own_tip(connection: sqlite3.Connection, scope: bytes) -> Tip:
    """The end of this device's stream in a scope."""
    row = connection.execute(_TIP, (scope,)).fetchone()
    return Tip(*row) if row else NO_TIP


def append_own(connection: sqlite3.Connection, change: Change, author: int = ME) -> int:
    """Put an own change into the log, waiting to be exchanged; returns its row id.

    Args:
        author: another device's number for a change of its that only we may have: it is offered
            to the city like an own one, and counts as pulled from then on.
    """
    record = None if change.opening else change.record
    time = min(change.time, _TIME_MAX)
    cursor = connection.execute(
        _APPEND,
        (
            change.id,
            author,
            change.scope,
            change.seq,
            change.kind,
            change.kind_version,
            record,
            time,
            change.urgency,
            change.raw,
        ),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def opening_of(connection: sqlite3.Connection, record: bytes) -> Opened | None:
    """The opening change of a record, if it is in the log."""
    row = connection.execute(_OPENING, (record, record + _PREFIX_END)).fetchone()
    return Opened(*row) if row else None


def opening_row(connection: sqlite3.Connection, record: bytes) -> int | None:
    """The row id of the opening change of a record, if it is in the log."""
    row = connection.execute(
        "SELECT id FROM changes WHERE change_id BETWEEN ? AND ? AND record IS NULL",
        (record, record + _PREFIX_END),
    ).fetchone()
    return int(row[0]) if row else None


def last_time(connection: sqlite3.Connection, record: bytes) -> int:
    """The latest time of a record's changes, each clamped to its receipt."""
    rows = connection.execute(_TIMES, (record, record + _PREFIX_END)).fetchall()
    return max((clamp(time, received) for time, received in rows), default=0)


def author_number(connection: sqlite3.Connection, public_key: bytes) -> int:
    """The number of a device in this log, given when its first change arrives."""
    row = connection.execute(
        "SELECT id FROM devices WHERE public_key = ?", (public_key,)
    ).fetchone()
    if row:
        return int(row[0])
    cursor = connection.execute(
        "INSERT INTO devices (public_key, device) VALUES (?, ?)",
        (public_key, device_id(public_key)),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


class Pulled(NamedTuple):
    """A change that came from elsewhere, with what is known of it."""

    author: int
    change: Change
    version: int = 0
    received: int | None = None


def append_pulled(connection: sqlite3.Connection, arrived: Sequence[Pulled]) -> list[int]:
    """Put changes that are not in the log yet into it; returns their row ids, in order."""
    (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM changes").fetchone()
    ids = list(range(last + 1, last + 1 + len(arrived)))
    connection.executemany(_APPEND_PULLED, map(_pulled_row, ids, arrived))
    return ids


def known_rows(connection: sqlite3.Connection, change_ids: Sequence[bytes]) -> dict[bytes, int]:
    """The row ids of those of these changes that are in the log."""
    known: dict[bytes, int] = {}
    for start in range(0, len(change_ids), _BATCH):
        batch = change_ids[start : start + _BATCH]
        marks = ",".join("?" * len(batch))
        sql = f"SELECT change_id, id FROM changes WHERE change_id IN ({marks})"
        known.update(connection.execute(sql, batch).fetchall())
    return known


def _pulled_row(row: int, arrived: Pulled) -> tuple[object, ...]:
    author, change, version, received = arrived
    return (
        row,
        change.id,
        author,
        change.scope,
        change.seq,
        change.kind,
        change.kind_version,
        None if change.flags & OPENING else change.record,
        min(change.time, _TIME_MAX),
        change.urgency,
        version,
        received,
        change.raw,
    )
