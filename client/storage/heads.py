"""Signed heads that this device has seen, and those of them that contradict each other.

A feed only grows, so the city's server signs one digest for each of its versions. Two statements
that the city has signed, about one feed and one version, with different digests, prove by
themselves that the server has shown different lists: to anybody, offline, with nothing but the
city card. Statements run on the connection of an open `Store.writing()`.
"""

from __future__ import annotations

import sqlite3
from typing import Any, Final, NamedTuple

from shared_schema.limits import HEAD_PROOF_BYTES_MAX, HEADS_SEEN_MAX, SPLITS_MAX
from shared_schema.sync.statement import Proof

_PROOF: Final = "time_ms, request, statement, context, signature"
_KNOWN: Final = f"SELECT digest, {_PROOF} FROM seen_heads WHERE feed = ? AND version = ?"
_SEE: Final = (
    f"INSERT INTO seen_heads (feed, version, digest, {_PROOF}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_FORGET: Final = (
    "DELETE FROM seen_heads WHERE feed = ?1 AND version <= (SELECT version FROM seen_heads"
    " WHERE feed = ?1 ORDER BY version DESC LIMIT 1 OFFSET ?2)"
)
_KEEP: Final = (
    "INSERT OR IGNORE INTO splits (feed, version, found_ms, digest, time_ms, request, statement,"
    " context, signature, other_digest, other_time_ms, other_request, other_statement,"
    " other_context, other_signature) SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?"
    " WHERE (SELECT count(*) FROM splits) < ?"
)
_SPLITS: Final = (
    "SELECT id, feed, version, found_ms, digest, time_ms, request, statement, context, signature,"
    " other_digest, other_time_ms, other_request, other_statement, other_context, other_signature"
    " FROM splits ORDER BY id"
)


class Side(NamedTuple):
    """What one statement says of a feed at a version."""

    digest: bytes
    time_ms: int
    """The city's clock."""
    proof: Proof


class StoredSplit(NamedTuple):
    """Two statements of the city that cannot both be honest."""

    number: int
    feed: bytes
    version: int
    found_ms: int
    """By this device's clock."""
    known: Side
    other: Side


def witness(
    connection: sqlite3.Connection, feed: bytes, version: int, side: Side, now_ms: int
) -> bool:
    """Remember a verified head; returns whether it contradicts one that is remembered.

    A contradiction is kept for good, with both statements in full.
    """
    if len(side.proof.statement) + len(side.proof.context) > HEAD_PROOF_BYTES_MAX:
        return False  # with thousands of receipts in it; the next one will do
    row = connection.execute(_KNOWN, (feed, version)).fetchone()
    if row is None:
        connection.execute(_SEE, (feed, version, side.digest, side.time_ms, *side.proof))
        connection.execute(_FORGET, (feed, HEADS_SEEN_MAX))
        return False
    if row[0] == side.digest:
        return False
    both = (*row, side.digest, side.time_ms, *side.proof)
    connection.execute(_KEEP, (feed, version, now_ms, *both, SPLITS_MAX))
    return True


def known(connection: sqlite3.Connection) -> bool:
    """Whether this database is new enough to have them: a doctor looks at older ones as well."""
    sql = "SELECT 1 FROM sqlite_schema WHERE name = 'splits'"
    return connection.execute(sql).fetchone() is not None


def splits(connection: sqlite3.Connection) -> list[StoredSplit]:
    """The contradictions that were found, the first one first."""
    return [_split(row) for row in connection.execute(_SPLITS).fetchall()]


def _split(row: tuple[Any, ...]) -> StoredSplit:
    number, feed, version, found_ms, *rest = row
    return StoredSplit(number, feed, version, found_ms, _side(*rest[:6]), _side(*rest[6:]))


def _side(digest: bytes, time_ms: int, *proof: bytes) -> Side:
    return Side(digest, time_ms, Proof(*proof))
