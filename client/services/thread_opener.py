"""Opening threads: their keys out of the cache or the seal, and what their changes say.

A key that had to be unsealed is kept wrapped (see `thread_keys`), all new ones in one transaction,
so that the next unlock opens everything by symmetric keys alone.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Final

from shared_schema.crypto.sealing import open_sealed
from shared_schema.errors import SealError
from shared_schema.records.kinds import FORWARDED, Kind, decode_payload
from shared_schema.sync.change import Change, decode

if TYPE_CHECKING:
    from client.services.replica import Replica

_FORWARDINGS: Final = "SELECT raw FROM changes WHERE record = ? AND kind = ? AND state <> 2"
_CACHED: Final = "SELECT wrapped FROM thread_keys WHERE record = ?"


def thread_key(replica: Replica, opening: Change) -> bytes:
    """The key of the thread that this change opens: derived, unwrapped, or from a forwarding.

    Raises:
        SealError: this device has no key that opens it.
    """
    try:
        return replica.thread_keys.of(opening)
    except SealError:
        rows = replica.store.read(_FORWARDINGS, (opening.record, FORWARDED.number))
        changes = (decode(raw) for (raw,) in rows)
        return replica.thread_keys.of_forwarded(opening, changes)


class ThreadOpener:
    """Opens what this device can open. Not safe to share between threads without a lock."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica
        self._fresh: list[tuple[bytes, bytes]] = []

    def key(self, opening: Change) -> bytes:
        """The key of the thread that this change opens.

        Raises:
            SealError: this device has no key that opens it.
        """
        keys, record = self._replica.thread_keys, opening.record
        if keys.is_own(opening):
            return keys.of(opening)
        rows = self._replica.store.read(_CACHED, (record,))
        return self.key_with(opening, rows[0][0] if rows else b"")

    def key_with(self, opening: Change, cached: bytes) -> bytes:
        """The same for one who has looked into the cache already; empty when it is not there.

        Raises:
            SealError: this device has no key that opens it.
        """
        keys, record = self._replica.thread_keys, opening.record
        if cached:
            with contextlib.suppress(SealError):
                return keys.unwrap(record, cached)
        key = thread_key(self._replica, opening)
        if not keys.is_own(opening):
            self._fresh.append((record, keys.wrap(record, key)))
        return key

    def payload(self, kind: Kind, change: Change, key: bytes) -> Any:
        """What a change of a thread with this key says.

        Raises:
            SealError, PayloadError: it cannot be read here, or is not what its kind says.
        """
        if not kind.internal:
            return decode_payload(kind, open_sealed(key, change.header, change.body))
        # What officers say among themselves; the author has no key for it.
        for internal in self._replica.thread_keys.internal(change.scope, change.record):
            with contextlib.suppress(SealError):
                return decode_payload(kind, open_sealed(internal, change.header, change.body))
        raise SealError("an internal act of another queue's key")

    def keep(self) -> None:
        """Put freshly opened thread keys into the cache, wrapped."""
        if self._fresh:
            with self._replica.store.writing() as connection:
                connection.executemany(
                    "INSERT OR REPLACE INTO thread_keys VALUES (?, ?)", self._fresh
                )
            self._fresh.clear()
