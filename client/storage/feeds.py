"""What is held of each feed: cursor, digest, the last signed head, and which change is where."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from shared_schema.sync import digest
from shared_schema.sync.compose import ranges_of
from shared_schema.sync.cursor import Cursor
from shared_schema.sync.statement import Proof

_SAVE: Final = (
    "UPDATE feeds SET top = ?, gaps = ?, digest = ?, head_version = ?, head_time = ?, diverged = ?"
    " WHERE id = ?"
)


class Divergence(IntEnum):
    """Whether what we hold of a feed equals what the server signs."""

    NONE = 0
    REPAIRING = 1
    """It did not: everything is being pulled again from the first change."""
    PERSISTENT = 2
    """It does not, even so: shown by the doctor; pulling goes on, nothing is thrown away."""


@dataclass(slots=True)
class Feed:
    """A feed as this replica holds it."""

    number: int
    name: str
    feed: bytes
    cursor: Cursor
    digest: bytes
    head_version: int
    head_time: int
    diverged: Divergence

    @property
    def complete(self) -> bool:
        """Whether everything that the last head spoke of is held."""
        return self.cursor.complete and self.cursor.top >= self.head_version


def ensure(connection: sqlite3.Connection, feeds: Mapping[str, bytes]) -> None:
    """Begin to follow feeds, by name and id; those that are followed already stay as they are."""
    connection.executemany(
        "INSERT OR IGNORE INTO feeds (name, feed, digest) VALUES (?, ?, ?)",
        [(name, feed, digest.EMPTY) for name, feed in feeds.items()],
    )


def load(connection: sqlite3.Connection) -> dict[str, Feed]:
    """All feeds by name."""
    rows = connection.execute(
        "SELECT id, name, feed, top, gaps, digest, head_version, head_time, diverged FROM feeds"
    )
    return {row[1]: _feed(row) for row in rows.fetchall()}


def save(connection: sqlite3.Connection, feed: Feed) -> None:
    """Write a feed's state down."""
    connection.execute(
        _SAVE,
        (
            feed.cursor.top,
            json.dumps(feed.cursor.gaps),
            feed.digest,
            feed.head_version,
            feed.head_time,
            feed.diverged,
            feed.number,
        ),
    )


def add_entries(
    connection: sqlite3.Connection, feed: Feed, entries: Mapping[int, tuple[int, bytes]]
) -> None:
    """Note which changes (row id, change id) stand at which versions, and advance the feed.

    A version that is known already is not counted again: ranges may be sent twice. The head must
    have been noted before, because it says how far the feed reaches.
    """
    if entries:
        known = connection.execute(
            "SELECT version FROM feed_entries WHERE feed = ? AND version BETWEEN ? AND ?",
            (feed.number, min(entries), max(entries)),
        )
        new = entries.keys() - {version for (version,) in known.fetchall()}
        connection.executemany(
            "INSERT INTO feed_entries (feed, version, change) VALUES (?, ?, ?)",
            [(feed.number, version, entries[version][0]) for version in sorted(new)],
        )
        feed.digest = digest.add(feed.digest, (entries[version][1] for version in new))
    feed.cursor = feed.cursor.advanced(feed.head_version, ranges_of(entries))


def keep_head(connection: sqlite3.Connection, feed: Feed, proof: Proof) -> None:
    """Keep the statement by which a feed is complete now, in place of the one before."""
    connection.execute(
        "INSERT OR REPLACE INTO heads (feed, request, statement, context, signature)"
        " VALUES (?, ?, ?, ?, ?)",
        (feed.number, *proof),
    )


def kept_head(connection: sqlite3.Connection, feed: Feed) -> Proof | None:
    """The last statement by which a feed was complete; None when there has been none yet."""
    row = connection.execute(
        "SELECT request, statement, context, signature FROM heads WHERE feed = ?", (feed.number,)
    ).fetchone()
    return Proof(*row) if row else None


def start_again(connection: sqlite3.Connection, feed: Feed) -> None:
    """Forget what is held of a feed, to pull all of it again. The changes stay in the log."""
    connection.execute("DELETE FROM feed_entries WHERE feed = ?", (feed.number,))
    connection.execute("DELETE FROM heads WHERE feed = ?", (feed.number,))
    feed.cursor, feed.digest = Cursor(), digest.EMPTY


def _feed(row: tuple[int, str, bytes, int, str, bytes, int, int, int]) -> Feed:
    gaps = _ranges(json.loads(row[4]))
    cursor = Cursor(row[3], gaps)
    return Feed(row[0], row[1], row[2], cursor, row[5], row[6], row[7], Divergence(row[8]))


def _ranges(pairs: Iterable[list[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((first, last) for first, last in pairs)
