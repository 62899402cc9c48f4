"""What the desk's projection asks of the change log: rows, many at once, and little memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from typing import Any, Final, NamedTuple

from client.storage.db import Store
from client.storage.log import State
from shared_schema.ids import ID_BYTES

_BATCH: Final = 500
_PAGE: Final = 2_000
"""Openings that are read at once while all are."""
_COLUMNS: Final = "id, state, version, received, raw"
_NEW: Final = (
    "SELECT id, state, raw FROM changes WHERE id > ? AND scope IN ({}) AND state <> 2 ORDER BY id"
)
_OF_RECORD: Final = (
    f"SELECT {_COLUMNS} FROM changes WHERE (record = ?1"
    " OR (change_id BETWEEN ?1 AND ?2 AND record IS NULL)) AND state <> 2 ORDER BY id"
)
_LAST: Final = "SELECT coalesce(max(id), 0) FROM changes"
_TALKED: Final = "SELECT DISTINCT record FROM changes WHERE record IS NOT NULL AND id <= ?"
_OPENINGS: Final = (
    f"SELECT {_COLUMNS}, change_id FROM changes"
    " WHERE id > ? AND id <= ? AND record IS NULL AND state <> 2 AND scope IN ({})"
    " ORDER BY id LIMIT ?"
)
_HOW_MANY: Final = (
    "SELECT count(*) FROM changes WHERE id <= ? AND record IS NULL AND state <> 2 AND scope IN ({})"
)
_LATER: Final = (
    f"SELECT record, {_COLUMNS} FROM changes WHERE record IN ({{}}) AND id <= ? AND state <> 2"
    " ORDER BY record, id"
)
_KEYS: Final = "SELECT record, wrapped FROM thread_keys"
_PROOFS: Final = "SELECT max(id) FROM proofs"
_AGAIN: Final = f"SELECT id FROM changes WHERE id IN ({{}}) AND state <> {State.PENDING:d}"
_PREFIX_END: Final = b"\xff" * 17


class Logged(NamedTuple):
    """A row of the log."""

    number: int
    state: int
    version: int
    received: int | None
    raw: bytes


Opened = tuple[bytes, Logged]
"""A record and the row of its opening."""


class QueueLog:
    """The log as it was last committed. What the city has refused is not in it."""

    def __init__(self, store: Store) -> None:
        self._read = store.read

    def last(self) -> int:
        """The number of the last row."""
        ((last,),) = self._read(_LAST)
        return int(last)

    def proofs(self) -> int | None:
        """The number of the last proof: no verdict comes without one."""
        ((last,),) = self._read(_PROOFS)
        return None if last is None else int(last)

    def of_record(self, record: bytes) -> list[Logged]:
        """All that has been said of a record."""
        return list(map(Logged._make, self._read(_OF_RECORD, (record, record + _PREFIX_END))))

    def arrived(self, scopes: Collection[bytes], after: int) -> list[tuple[int, int, bytes]]:
        """Number, state and bytes of the rows after one."""
        rows: list[Any] = self._read(_NEW.format(_marks(scopes)), (after, *scopes))
        return rows

    def settled(self, numbers: Sequence[int]) -> list[int]:
        """Which of these rows do not wait for a verdict any more."""
        done: list[int] = []
        for start in range(0, len(numbers), _BATCH):
            batch = numbers[start : start + _BATCH]
            done += [number for (number,) in self._read(_AGAIN.format(_marks(batch)), batch)]
        return done

    # ------------------------------------------------------------------- all, up to a row

    def keys(self) -> dict[bytes, bytes]:
        """The cached thread keys of all records."""
        return dict(self._read(_KEYS))

    def talked(self, last: int) -> set[bytes]:
        """Records of which there is more than their opening."""
        return {record for (record,) in self._read(_TALKED, (last,))}

    def how_many(self, scopes: Collection[bytes], last: int) -> int:
        """How many records were opened in these scopes."""
        ((count,),) = self._read(_HOW_MANY.format(_marks(scopes)), (last, *scopes))
        return int(count)

    def openings(self, scopes: Collection[bytes], last: int) -> Iterator[list[Opened]]:
        """The openings in these scopes, page by page."""
        sql, after = _OPENINGS.format(_marks(scopes)), 0
        while rows := self._read(sql, (after, last, *scopes, _PAGE)):
            yield [(row[5][:ID_BYTES], Logged(*row[:5])) for row in rows]
            after = rows[-1][0]

    def later(self, records: Sequence[bytes], last: int) -> dict[bytes, list[Logged]]:
        """What has been said to these records after their openings."""
        found: dict[bytes, list[Logged]] = {}
        for start in range(0, len(records), _BATCH):
            batch = records[start : start + _BATCH]
            rows = self._read(_LATER.format(_marks(batch)), (*batch, last))
            for record, group in groupby(rows, key=lambda row: row[0]):
                found[record] = [Logged(*row[1:]) for row in group]
        return found


def _marks(values: Collection[object]) -> str:
    return ",".join("?" * len(values))
