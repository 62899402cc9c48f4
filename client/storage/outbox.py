"""Changes without a receipt: what waits, what is offered next, and how verdicts end it.

They are this device's own, but for what it was given by hand and has to bring: see `append_own`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from client.storage.log import State

URGENT_FIRST_MAX: Final = 32
"""How many urgent changes jump the queue in one request.

Every jump breaks a run, and a run costs a signature check and some 60 bytes; the next request lets
the next ones jump.
"""
_BATCH: Final = 500
_WAITING: Final = (
    "SELECT id, urgency FROM changes WHERE author = 1 AND state = 0"
    " UNION ALL SELECT id, urgency FROM changes WHERE author > 1 AND state = 0"
)
_OFFERED: Final = (
    "SELECT c.id, c.change_id, c.scope, c.seq, c.raw, d.device, d.public_key"
    " FROM changes c JOIN devices d ON d.id = c.author"
)
_COUNT: Final = "SELECT count(*) FROM changes WHERE author = 1 AND state = ?"
_SETTLE: Final = (
    "UPDATE changes SET state = ?, reason = ?, version = ? + ? * (id - ?),"
    " received = coalesce(received, ?), proof = coalesce(proof, ?)"
    " WHERE id BETWEEN ? AND ? AND state = 0"
)
_AGAIN: Final = "UPDATE changes SET state = 0 WHERE author = 1 AND state IN (1, 3) AND scope = ?"


class Offer(NamedTuple):
    """A waiting change with its bytes."""

    row: int
    id: bytes
    scope: bytes
    seq: int
    raw: bytes
    device: bytes
    public_key: bytes

    @property
    def size(self) -> int:
        """Bytes it takes of a budget."""
        return len(self.raw)


class Settlement(NamedTuple):
    """The verdict on some consecutive rows: `version` of the first (0: none has one)."""

    state: State
    reason: int
    version: int
    received: int | None
    proof: int | None


def offers(connection: sqlite3.Connection) -> Iterator[Offer]:
    """The waiting changes: some urgent ones first, then in the order in which they were saved."""
    waiting = connection.execute(_WAITING).fetchall()
    urgent = sorted((row for row in waiting if row[1]), key=lambda row: (-row[1], row[0]))
    first = [row for row, _ in urgent[:URGENT_FIRST_MAX]]
    jumped = set(first)
    order = first + sorted(row for row, _ in waiting if row not in jumped)
    for start in range(0, len(order), _BATCH):
        yield from _read(connection, order[start : start + _BATCH])


def count(connection: sqlite3.Connection, state: State) -> int:
    """How many own changes are in a state."""
    return int(connection.execute(_COUNT, (state,)).fetchone()[0])


def settle(connection: sqlite3.Connection, rows: Sequence[int], how: Settlement) -> None:
    """Write down the verdict on rows that a receipt covers, one statement a run of row ids.

    A receipt that came before stays: the older date is the one that counts for legal terms.
    """
    step = 1 if how.version else 0
    done = 0
    for first, last in _spans(rows):
        version = how.version + done * step
        place = (version, step, first, how.received, how.proof, first, last)
        connection.execute(_SETTLE, (how.state, how.reason, *place))
        done += last - first + 1


def offer_again(connection: sqlite3.Connection, scopes: Iterable[bytes]) -> int:
    """Put accepted own changes of these scopes back into the outbox: the server has lost some."""
    return sum(connection.execute(_AGAIN, (scope,)).rowcount for scope in scopes)


def _read(connection: sqlite3.Connection, rows: list[int]) -> Iterable[Offer]:
    marks = ",".join("?" * len(rows))
    sql = f"{_OFFERED} WHERE c.id IN ({marks})"
    found = {row[0]: Offer(*row) for row in connection.execute(sql, rows)}
    return [found[row] for row in rows]


def _spans(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The maximal spans of consecutive numbers, in the order given."""
    start = 0
    for end in range(1, len(rows) + 1):
        if end == len(rows) or rows[end] != rows[end - 1] + 1:
            yield rows[start], rows[end - 1]
            start = end
