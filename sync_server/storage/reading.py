"""Reading from the store: feeds, what a reader lacks of them, and the bytes it gets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shared_schema.sync.compose import Candidate
from shared_schema.sync.cursor import Range
from shared_schema.sync.digest import EMPTY
from shared_schema.sync.run import Entry
from shared_schema.sync.statement import Status
from sync_server.storage.base import FeedState
from sync_server.storage.session import Session

_FEED: Final = "SELECT version, digest FROM feeds WHERE feed = ?"
_MISSING: Final = "SELECT version, urgency, size FROM entries WHERE feed = ? AND version BETWEEN"
_NEWEST: Final = f"{_MISSING} ? AND ? ORDER BY version DESC LIMIT ?"
# The zero stands in the text, not in a parameter: only so is the partial index used.
_URGENT: Final = f"{_MISSING} ? AND ? AND urgency > 0 ORDER BY urgency DESC, version DESC LIMIT ?"
_ENTRIES: Final = (
    "SELECT e.version, c.received, d.public_key, c.device, c.scope, c.seq, c.change_id, c.bytes"
    " FROM entries e JOIN changes c ON e.change = c.id JOIN devices d ON c.device = d.device"
    " WHERE e.feed = ? AND e.version"
)
_IN_RANGE: Final = f"{_ENTRIES} BETWEEN ? AND ? ORDER BY e.version"
_SAID: Final = (
    "SELECT 0, c.received, d.public_key, c.device, c.scope, c.seq, c.change_id, c.bytes"
    " FROM changes c JOIN devices d ON c.device = d.device"
    " WHERE c.scope = ? AND c.device = ? ORDER BY c.seq LIMIT ?"
)
_FORKED: Final = "SELECT device FROM devices WHERE forked = 1"
_TRUST: Final = (
    "SELECT d.public_key, c.bytes, c.received FROM changes c JOIN devices d ON c.device = d.device"
    f" WHERE c.scope = ? AND c.status = {int(Status.ACCEPTED)}"
)
_RANGES_MAX: Final = 16
_IN_MAX: Final = 500


class SqlReader:
    """A consistent view."""

    def __init__(self, session: Session) -> None:
        """Read through this session, which has a transaction open."""
        self._sql = session

    def feed(self, feed: bytes) -> FeedState:
        """The state of a feed; version 0 when nothing was ever put into it."""
        found = self._sql.one(_FEED, feed)
        return FeedState(*found) if found else FeedState(0, EMPTY)

    def candidates(
        self, feed: bytes, missing: Sequence[Range], bytes_max: int, count_max: int
    ) -> list[Candidate]:
        """What a reader lacks and might get: the most urgent, and the newest that fit."""
        found: dict[int, Candidate] = {}
        for first, last in missing:
            for row in self._sql.each(_URGENT, feed, first, last, count_max):
                found[row[0]] = Candidate(*row)
        left = bytes_max
        for first, last in reversed(missing):
            for row in self._sql.each(_NEWEST, feed, first, last, count_max):
                found[row[0]] = Candidate(*row)
                left -= row[2]
                if left < 0:
                    return list(found.values())
        return list(found.values())

    def entries(self, feed: bytes, versions: Sequence[Range]) -> list[Entry]:
        """The changes at these versions, ascending, ready to be sent."""
        rows: list[Entry] = []
        if len(versions) <= _RANGES_MAX:
            for first, last in versions:
                rows.extend(map(Entry._make, self._sql.each(_IN_RANGE, feed, first, last)))
            return rows
        singles = [version for first, last in versions for version in range(first, last + 1)]
        for start in range(0, len(singles), _IN_MAX):
            these = singles[start : start + _IN_MAX]
            marks = ", ".join("?" * len(these))
            sql = f"{_ENTRIES} IN ({marks}) ORDER BY e.version"
            rows.extend(map(Entry._make, self._sql.each(sql, feed, *these)))
        return rows

    def said(self, scope: bytes, device: bytes, count_max: int) -> list[Entry]:
        """The first changes of a stream, in its order; they have no version here."""
        return list(map(Entry._make, self._sql.each(_SAID, scope, device, count_max)))

    def forked_devices(self) -> frozenset[bytes]:
        """Devices that signed two changes with one seq: cloned, restored, or hostile."""
        return frozenset(row[0] for row in self._sql.each(_FORKED))

    def trust_changes(self, scope: bytes) -> list[tuple[bytes, bytes, int]]:
        """All accepted changes of the trust scope, as (public key, bytes, received)."""
        return [(key, raw, received) for key, raw, received in self._sql.each(_TRUST, scope)]
