"""Threads one at a time: for a desk with a hundred thousand, which looks at one of them.

`Threads` keep all that the log has in memory, which a phone with its few appeals can afford. Here a
record is read from the log when it is asked for, and is as fresh as that.
"""

from __future__ import annotations

from typing import Final

from client.services.threads import Kept, Record, Threads
from client.services.types import AppealView
from client.storage.log import State
from shared_schema.records.appeal import Act
from shared_schema.sync.change import decode

_OF_RECORD: Final = (
    "SELECT id, state, reason, version, received, raw FROM changes WHERE record = ?1"
    " OR (change_id BETWEEN ?1 AND ?2 AND record IS NULL) ORDER BY id"
)
_PREFIX_END: Final = b"\xff" * 17


class RecordThreads(Threads):
    """The threads of a device, of which it holds the last one that was asked for."""

    def get(self, record: bytes) -> AppealView | None:
        """See `Threads.get`."""
        with self._lock:
            self._read(record)
            return super().get(record)

    def opening(self, record: bytes) -> Kept | None:
        """See `Threads.opening`."""
        with self._lock:
            self._read(record)
            return super().opening(record)

    def holders(self, record: bytes) -> frozenset[bytes]:
        """See `Threads.holders`."""
        with self._lock:
            self._read(record)
            return super().holders(record)

    def acts(self, record: bytes) -> list[Act]:
        """See `Threads.acts`."""
        with self._lock:
            self._read(record)
            return super().acts(record)

    def _read(self, record: bytes) -> None:
        found = Record()
        # A key once opened is good for ever; those of other records are let go with them.
        self._keys = {record: self._keys[record]} if record in self._keys else {}
        self._records = {record: found}
        arguments = (record, record + _PREFIX_END)
        for row, state, reason, version, received, raw in self._replica.store.read(
            _OF_RECORD, arguments
        ):
            kept = Kept(decode(raw), State(state), reason, version, received)
            if kept.change.opening:
                found.opening, found.row = kept, row
            else:
                found.later.append(kept)

    def _read_new(self) -> None:
        """Nothing is followed."""

    def _ask_again(self) -> None:
        """What was just read is as it stands."""
