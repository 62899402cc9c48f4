"""The statements of an audit: pages of a scope's changes by filters, in the city's order.

A feed's entries stand in the order of their versions in a primary key, so that a page costs what it
shows. Own changes that have no place yet are few and found by the index of the outbox.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from client.services.office.audit_types import SENDERS, AuditQuery
from shared_schema.errors import MistoError
from shared_schema.ids import ID_BYTES
from shared_schema.records.kinds import BY_NAME

_COLUMNS: Final = (
    "c.state, c.received, c.raw, d.device, c.seq, c.time, c.kind, c.kind_version,"
    " coalesce(c.record, substr(c.change_id, 1, 16))"
)
_PLACED: Final = (
    " FROM feed_entries e LEFT JOIN changes c ON c.id = e.change"
    " LEFT JOIN devices d ON d.id = c.author WHERE e.feed = ?"
)
_UNPLACED: Final = (
    " FROM changes c JOIN devices d ON d.id = c.author WHERE c.author = 1 AND c.scope IN ({})"
    " AND c.state IN (0, 2, 3) AND NOT EXISTS (SELECT 1 FROM feed_entries e"
    " WHERE e.feed = ? AND e.version = c.version AND e.change = c.id)"
)
_PREFIX_END: Final = b"\xff" * (ID_BYTES + 1)


class BadQuery(MistoError):
    """A filter is not what it should be: an id has hexadecimal digits, a kind is of the table."""

    code = "bad_query"


class LogRow(NamedTuple):
    """A row of a page: the change's bytes, and what the log's columns say of it.

    All but the version is None where the row of a feed's entry is gone.
    """

    version: int
    state: int | None
    received: int | None
    raw: bytes
    device: bytes
    seq: int
    time: int
    kind: int
    kind_version: int
    record: bytes


class Where(NamedTuple):
    """Conditions on a change, each with AND in front, and their arguments."""

    sql: str
    arguments: tuple[Any, ...]


class Source(NamedTuple):
    """Rows of one sort: where they come from, with which arguments."""

    sql: str
    arguments: tuple[Any, ...]
    placed: bool

    def counted(self) -> tuple[str, tuple[Any, ...]]:
        """How many rows."""
        return f"SELECT count(*){self.sql}", self.arguments

    def page(self, newest: bool, offset: int, limit: int) -> tuple[str, tuple[Any, ...]]:
        """Some rows, as `LogRow` has them."""
        version, order = ("e.version", "e.version") if self.placed else ("0", "c.seq")
        turn = "DESC" if newest else "ASC"
        sql = f"SELECT {version}, {_COLUMNS}{self.sql} ORDER BY {order} {turn} LIMIT ? OFFSET ?"
        return sql, (*self.arguments, limit, offset)


def sources(
    query: AuditQuery, feed: int, scopes: Sequence[bytes], officers: Sequence[bytes]
) -> tuple[Source, Source]:
    """What a query reads: the changes with a place in a feed, and own ones of scopes without.

    Raises:
        BadQuery: see there.
    """
    where = conditions(query, officers)
    placed = Source(_PLACED + where.sql, (feed, *where.arguments), True)
    own = _UNPLACED.format(",".join("?" for _ in scopes))
    unplaced = Source(own + where.sql, (*scopes, feed, *where.arguments), False)
    return placed, unplaced


def conditions(query: AuditQuery, officers: Sequence[bytes]) -> Where:
    """The filters of a query.

    Raises:
        BadQuery: see there.
    """
    parts = [
        _device(query.device, officers),
        _kind(query.kind),
        _record(query.record),
        *_times(query.from_ms, query.until_ms),
    ]
    return Where(
        "".join(f" AND {part.sql}" for part in parts if part.sql),
        tuple(argument for part in parts for argument in part.arguments),
    )


def _device(device: str, officers: Sequence[bytes]) -> Where:
    if not device:
        return Where("", ())
    if device == SENDERS:
        marks = ",".join("?" for _ in officers)
        return Where(f"d.device NOT IN ({marks})", tuple(officers))
    return Where("d.device BETWEEN ? AND ?", _range(device))


def _kind(name: str) -> Where:
    if not name:
        return Where("", ())
    kind = BY_NAME.get(name)
    if kind is None:
        raise BadQuery(f"no kind is called {name}")
    return Where("c.kind = ? AND c.kind_version = ?", (kind.number, kind.version))


def _record(record: str) -> Where:
    """A record by its first letters. An opening has no record of its own: its id names it."""
    if not record:
        return Where("", ())
    first, last = _range(record)
    sql = (
        "c.id IN (SELECT id FROM changes WHERE record BETWEEN ? AND ?"
        " UNION ALL SELECT id FROM changes WHERE change_id BETWEEN ? AND ? AND record IS NULL)"
    )
    return Where(sql, (first, last, first, last))


def _times(from_ms: int, until_ms: int) -> list[Where]:
    """By the city's receipt; a device's own clock only where there is none."""
    moment = "coalesce(c.received, c.time >> 16)"
    start = Where(f"{moment} >= ?", (from_ms,)) if from_ms else Where("", ())
    end = Where(f"{moment} < ?", (until_ms,)) if until_ms else Where("", ())
    return [start, end]


def _range(letters: str) -> tuple[bytes, bytes]:
    """The ids that begin with these hexadecimal digits."""
    digits = letters.strip().lower()
    width = 2 * ID_BYTES
    try:
        first = bytes.fromhex(digits[:width].ljust(width, "0"))
        last = bytes.fromhex(digits[:width].ljust(width, "f"))
    except ValueError as error:
        raise BadQuery(f"{letters} is no id") from error
    return first, last + _PREFIX_END
