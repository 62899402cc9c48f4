"""What the city's database says: the ground truth that paths and checkers are held against."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

from shared_schema.crypto.card import Card
from shared_schema.ids import MAIL, NEWS, TRUST, feed_id
from shared_schema.records.kinds import BY_NAME

_IDS: Final = "SELECT change_id FROM changes"
_VERSIONS: Final = (
    "SELECT e.feed, e.version, c.change_id FROM entries e JOIN changes c ON c.id = e.change"
    " ORDER BY e.feed, e.version"
)
_OF_KIND: Final = "SELECT change_id FROM changes WHERE kind = ?"
_REPLIED: Final = BY_NAME["desk.replied"].number
T = TypeVar("T")


class Ledger:
    """Reads the server's files by itself, wherever they are after a crash.

    What was read holds until the server commits again: `PRAGMA data_version` tells.
    """

    def __init__(self, card: Card, database: Callable[[], Path]) -> None:
        self._card = card
        self._database = database
        self._everybody = [feed_id(card.city, name, b"") for name in (TRUST, NEWS)]
        self._here: tuple[Path, sqlite3.Connection] | None = None
        self._version = 0
        self._read: dict[str, Any] = {}
        self.names: dict[bytes, str] = {}
        """By mailbox feed: whose it is."""

    def know(self, name: str, device: bytes) -> None:
        """This device has a mailbox."""
        self.names[feed_id(self._card.city, MAIL, device)] = name
        self._read.clear()

    def changes(self) -> frozenset[bytes]:
        """The ids of all that the city has."""
        return self._once("changes", self._changes)

    def public(self) -> frozenset[bytes]:
        """The ids of the changes in the feeds of everybody: trust and news."""
        return self._once(
            "public",
            lambda: frozenset(each for feed in self._everybody for _, each in self.feeds()[feed]),
        )

    def replies(self) -> frozenset[bytes]:
        """The ids of what the desk has said in words."""
        rows = self._connection().execute(_OF_KIND, (_REPLIED,)).fetchall()
        return frozenset(row[0] for row in rows)

    def mailboxes(self) -> Mapping[str, frozenset[bytes]]:
        """What the desk has said to whom, by the addressee's name."""
        return self._once("mailboxes", self._mailboxes)

    def feeds(self) -> Mapping[bytes, list[tuple[int, bytes]]]:
        """All feeds in the order of versions."""
        return self._once("feeds", self._feeds)

    def close(self) -> None:
        """Look no more."""
        if self._here is not None:
            self._here[1].close()
            self._here = None

    @property
    def folder(self) -> Path:
        """Where the server's files are now."""
        return self._database().parent

    def _changes(self) -> frozenset[bytes]:
        return frozenset(row[0] for row in self._connection().execute(_IDS).fetchall())

    def _mailboxes(self) -> Mapping[str, frozenset[bytes]]:
        feeds = self.feeds()
        return {
            name: frozenset(change for _, change in feeds[feed])
            for feed, name in self.names.items()
            if feed in feeds
        }

    def _feeds(self) -> Mapping[bytes, list[tuple[int, bytes]]]:
        found: dict[bytes, list[tuple[int, bytes]]] = defaultdict(list)
        for feed, version, change in self._connection().execute(_VERSIONS).fetchall():
            found[feed].append((version, change))
        return found

    def _once(self, what: str, read: Callable[[], T]) -> T:
        (version,) = self._connection().execute("PRAGMA data_version").fetchone()
        if version != self._version:
            self._version = version
            self._read.clear()
        if what not in self._read:
            self._read[what] = read()
        found: T = self._read[what]
        return found

    def _connection(self) -> sqlite3.Connection:
        path = self._database()
        if self._here is None or self._here[0] != path:
            self.close()
            self._here = (path, sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True))
            self._read.clear()
        return self._here[1]
