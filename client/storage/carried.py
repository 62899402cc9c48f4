"""Other people's requests on their way to the city, and own requests that were handed to couriers.

Statements run on the connection of an open `Store.writing()` where a transaction matters.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Final, NamedTuple

from shared_schema.limits import OWN_REQUESTS_MAX
from shared_schema.sync.statement import Proof

_COLUMNS: Final = (
    "request, sender, urgency, size, changes, came_ms, source, done, reply_time_ms, reply_changes,"
    " reply_said, asked_ms, asks"
)
_ORDER: Final = f"SELECT {_COLUMNS} FROM carried ORDER BY urgency DESC, came_ms, id"
_INSERT: Final = (
    f"INSERT OR IGNORE INTO carried ({_COLUMNS}, raw)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_REPLY: Final = (
    "UPDATE carried SET reply = ?, reply_time_ms = ?, reply_changes = ?, done = ?,"
    " reply_said = ?, size = length(raw) + ? WHERE request = ?"
)
_FORGET_OWN: Final = (
    "DELETE FROM own_requests WHERE id NOT IN"
    " (SELECT id FROM own_requests ORDER BY id DESC LIMIT ?)"
)


class Stored(NamedTuple):
    """A carried request without its bytes."""

    request: bytes
    sender: bytes
    urgency: int
    size: int
    """Bytes of request and reply together."""
    changes: int
    came_ms: int
    source: str
    done: bool = False
    """Whether the reply says of every change how it ended."""
    reply_time_ms: int | None = None
    reply_changes: int = 0
    reply_said: int = 0
    """See `shared_schema.sync.carried.CarriedReply.said`."""
    asked_ms: int = 0
    """When the city was last asked about it, here or by who brought the reply; 0 for never."""
    asks: int = 0
    """How often in a row it then had nothing new to say; see `services.courier.pace`."""


class Reply(NamedTuple):
    """A reply with what decides whether it is better than another one."""

    raw: bytes
    time_ms: int
    changes: int
    """Authentic changes in it."""
    done: bool
    said: int
    """Verdicts and mail in it."""


def add(connection: sqlite3.Connection, stored: Stored, raw: bytes) -> bool:
    """Store a request; returns whether it was not here before."""
    return connection.execute(_INSERT, (*stored, raw)).rowcount == 1


def put_reply(connection: sqlite3.Connection, request: bytes, reply: Reply) -> None:
    """Store the reply to a request that is here, in place of the one before."""
    facts = (reply.raw, reply.time_ms, reply.changes, reply.done, reply.said)
    connection.execute(_REPLY, (*facts, len(reply.raw), request))


def asked(connection: sqlite3.Connection, request: bytes, at_ms: int, asks: int) -> None:
    """Note that the city was asked about a request, and how often in a row it said nothing new."""
    sql = "UPDATE carried SET asked_ms = ?, asks = ? WHERE request = ?"
    connection.execute(sql, (at_ms, asks, request))


def near(connection: sqlite3.Connection, requests: Iterable[bytes]) -> None:
    """The senders of these requests have been near: what is new for them is soon worth asking."""
    sql = (
        "UPDATE carried SET asks = 0 WHERE done AND asks > 0"
        " AND sender IN (SELECT sender FROM carried WHERE request = ?)"
    )
    connection.executemany(sql, [(each,) for each in requests])


def waits(connection: sqlite3.Connection) -> bool:
    """Whether the city has still to give a verdict on something that is carried."""
    return connection.execute("SELECT 1 FROM carried WHERE NOT done LIMIT 1").fetchone() is not None


def find(connection: sqlite3.Connection, request: bytes) -> tuple[Stored, bytes] | None:
    """A carried request and its bytes; None when it is not here."""
    sql = f"SELECT {_COLUMNS}, raw FROM carried WHERE request = ?"
    row = connection.execute(sql, (request,)).fetchone()
    return (_stored(row), row[-1]) if row else None


def ids(connection: sqlite3.Connection) -> frozenset[bytes]:
    """The ids of all carried requests."""
    return frozenset(row[0] for row in connection.execute("SELECT request FROM carried"))


def of_sender(connection: sqlite3.Connection, sender: bytes) -> list[tuple[Stored, bytes]]:
    """The requests of one sender, oldest first, with their bytes."""
    sql = f"SELECT {_COLUMNS}, raw FROM carried WHERE sender = ? ORDER BY id"
    return [(_stored(row), row[-1]) for row in connection.execute(sql, (sender,)).fetchall()]


def in_order(connection: sqlite3.Connection) -> list[Stored]:
    """All carried requests: most urgent first, then oldest."""
    return [_stored(row) for row in connection.execute(_ORDER).fetchall()]


def raw_of(connection: sqlite3.Connection, request: bytes) -> tuple[bytes, bytes | None]:
    """The bytes of a carried request, and of its reply where there is one."""
    sql = "SELECT raw, reply FROM carried WHERE request = ?"
    row = connection.execute(sql, (request,)).fetchone()
    return row[0], row[1]


def has_reply(connection: sqlite3.Connection, request: bytes, reply: bytes) -> bool:
    """Whether exactly this reply to this request is here."""
    sql = "SELECT 1 FROM carried WHERE request = ? AND reply = ?"
    return connection.execute(sql, (request, reply)).fetchone() is not None


def used(connection: sqlite3.Connection) -> int:
    """Bytes of all requests and replies that are carried."""
    sql = "SELECT coalesce(sum(size), 0) FROM carried"
    return int(connection.execute(sql).fetchone()[0])


def remove(connection: sqlite3.Connection, requests: Iterable[bytes]) -> None:
    """Wipe carried requests and their replies; the database overwrites their bytes."""
    connection.executemany("DELETE FROM carried WHERE request = ?", [(each,) for each in requests])


def remember_own(connection: sqlite3.Connection, request: bytes, sealed: bytes, at_ms: int) -> None:
    """Note an own request that is about to be handed to a courier; the oldest ones are forgotten.

    Whatever still waited in a forgotten one waits in a newer one, too.
    """
    connection.execute("DELETE FROM own_requests WHERE request = ?", (request,))
    sql = "INSERT INTO own_requests (request, made_ms, sealed) VALUES (?, ?, ?)"
    connection.execute(sql, (request, at_ms, sealed))
    connection.execute(_FORGET_OWN, (OWN_REQUESTS_MAX,))


def own_request(connection: sqlite3.Connection, request: bytes) -> bytes | None:
    """The sealed bytes of an own request that was handed to a courier."""
    sql = "SELECT sealed FROM own_requests WHERE request = ?"
    row = connection.execute(sql, (request,)).fetchone()
    return row[0] if row else None


def keep_public(connection: sqlite3.Connection, feed: bytes, time_ms: int, proof: Proof) -> bool:
    """Keep the proof that a public feed is complete; returns whether it is newer than the last."""
    sql = (
        "INSERT INTO public_heads (feed, time_ms, request, statement, context, signature)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (feed) DO UPDATE SET time_ms = excluded.time_ms,"
        " request = excluded.request, statement = excluded.statement, context = excluded.context,"
        " signature = excluded.signature WHERE excluded.time_ms > time_ms"
    )
    return connection.execute(sql, (feed, time_ms, *proof)).rowcount == 1


def public_proofs(connection: sqlite3.Connection) -> dict[bytes, tuple[int, Proof]]:
    """By feed: the city's clock when it was complete, and the proof of it."""
    sql = "SELECT feed, time_ms, request, statement, context, signature FROM public_heads"
    return {row[0]: (row[1], Proof(*row[2:])) for row in connection.execute(sql).fetchall()}


def _stored(row: tuple[object, ...]) -> Stored:
    fields = list(row[: len(Stored._fields)])
    fields[7] = bool(fields[7])
    return Stored(*fields)  # type: ignore[arg-type]
