"""What the city's database says: the ground truth that paths and checkers are held against."""

from __future__ import annotations

import contextlib
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from shared_schema.crypto.card import Card
from shared_schema.ids import MAIL, NEWS, feed_id

_IDS: Final = "SELECT change_id FROM changes"
_ENTRIES: Final = "SELECT e.feed, c.change_id FROM entries e JOIN changes c ON c.id = e.change"
_VERSIONS: Final = (
    "SELECT e.feed, e.version, c.change_id FROM entries e JOIN changes c ON c.id = e.change"
    " ORDER BY e.feed, e.version"
)
_OF_FEED: Final = f"{_ENTRIES} WHERE e.feed = ?"


class Ledger:
    """Reads the server's files by itself, wherever they are after a crash."""

    def __init__(self, card: Card, database: Callable[[], Path]) -> None:
        self._card = card
        self._database = database
        self._news = feed_id(card.city, NEWS, b"")
        self.names: dict[bytes, str] = {}
        """By mailbox feed: whose it is."""

    def know(self, name: str, device: bytes) -> None:
        """This device has a mailbox."""
        self.names[feed_id(self._card.city, MAIL, device)] = name

    def changes(self) -> frozenset[bytes]:
        """The ids of all that the city has."""
        return frozenset(row[0] for row in self._rows(_IDS))

    def news(self) -> frozenset[bytes]:
        """The ids of the changes in the news feed."""
        return frozenset(row[1] for row in self._rows(_OF_FEED, (self._news,)))

    def mailboxes(self) -> Mapping[str, frozenset[bytes]]:
        """What the desk has said to whom, by the addressee's name."""
        found: dict[str, set[bytes]] = defaultdict(set)
        for feed, change in self._rows(_ENTRIES):
            if feed in self.names:
                found[self.names[feed]].add(change)
        return {name: frozenset(each) for name, each in found.items()}

    def feeds(self) -> Mapping[bytes, list[tuple[int, bytes]]]:
        """All feeds in the order of versions."""
        found: dict[bytes, list[tuple[int, bytes]]] = defaultdict(list)
        for feed, version, change in self._rows(_VERSIONS):
            found[feed].append((version, change))
        return found

    def _rows(self, sql: str, arguments: tuple[bytes, ...] = ()) -> list[Any]:
        path = f"{self._database().as_uri()}?mode=ro"
        with contextlib.closing(sqlite3.connect(path, uri=True)) as connection:
            return connection.execute(sql, arguments).fetchall()
