"""The news projection: rows that the UI reads, made from the changes in the log that count.

News is public, so it may lie in tables. A row holds what lists are sorted and filtered by and the
number of the change whose wording is in force; the text itself is read from the log, where it lies
anyway. A change counts when the local judge accepts it with the trust that this replica has.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from client.storage.log import opening_row
from shared_schema.errors import MistoError
from shared_schema.records.kinds import BY_NUMBER, KINDS, decode_payload
from shared_schema.records.news import PRIORITIES, NewsAct, NewsItem, Published, fold_news
from shared_schema.sync.change import OPENING, Change, decode
from shared_schema.sync.hlc import clamp, milliseconds
from shared_schema.sync.policy import ACCEPTED, Facts, judge

if TYPE_CHECKING:
    from client.services.replica import Replica

_INSERT: Final = (
    "INSERT INTO news (id, record, wording, topic, district, priority, published_at_ms,"
    " changed_at_ms, expires_at_ms, corrections, withdrawn, note, confirmed, awaiting)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_UPDATE: Final = (
    "UPDATE news SET wording = ?, topic = ?, district = ?, priority = ?, published_at_ms = ?,"
    " changed_at_ms = ?, expires_at_ms = ?, corrections = ?, withdrawn = ?, note = ?,"
    " confirmed = ?, awaiting = ?, indexed = ?"
    " WHERE id = ?"
)
_RECORD: Final = (
    "SELECT id, received, raw FROM changes WHERE (record = ?1 OR (change_id BETWEEN ?1 AND ?2 AND"
    " record IS NULL)) AND state IN (0, 1, 3, 4)"
)
_PREFIX_END: Final = b"\xff" * 17
_NEWS_KINDS: Final = frozenset(kind.number for kind in KINDS if kind.name.startswith("news."))
"""The scope carries places and outage schedules too; `guide` reads those from the log itself."""


class Logged(NamedTuple):
    """A news change in the log."""

    row: int
    received: int | None
    change: Change


def payload_of(change: Change) -> Any:
    """What a public change says, or None when it does not decode (signed nonsense)."""
    kind = BY_NUMBER.get((change.kind, change.kind_version))
    try:
        return decode_payload(kind, change.body) if kind else None
    except MistoError:
        return None


def project(connection: sqlite3.Connection, counted: Sequence[Logged], facts: Facts) -> None:
    """Bring the rows of these changes' records up to date; the changes are in the log already.

    A publication of a new record is the common case and goes in by one bulk insert; whatever
    touches a record again is folded anew from the log.
    """
    fresh: list[tuple[Any, ...]] = []
    again: set[bytes] = set()
    for logged in counted:
        change = logged.change
        if change.kind not in _NEWS_KINDS:
            continue
        payload = payload_of(change) if change.flags & OPENING else None
        if type(payload) is Published:
            fresh.append(_new_row(logged, payload))
        else:
            again.add(change.record)
    connection.executemany(_INSERT, fresh)
    refold(connection, again, facts)


def refold(connection: sqlite3.Connection, records: Iterable[bytes], facts: Facts) -> None:
    """Fold records anew from all their changes in the log that count by now.

    Of a record that was let go (see `budget`) at most later changes are there: they make no item.
    """
    for record in records:
        rows = connection.execute(_RECORD, (record, record + _PREFIX_END)).fetchall()
        logged = [Logged(row, received, decode(raw)) for row, received, raw in rows]
        counted = [each for each in logged if judge(each.change, facts) == ACCEPTED]
        _store(connection, record, counted)


def project_own(replica: Replica, connection: sqlite3.Connection, change: Change, row: int) -> None:
    """Show an own news change at once, in the transaction that saves it."""
    project(connection, [Logged(row, None, change)], replica.facts())


def _store(connection: sqlite3.Connection, record: bytes, counted: Sequence[Logged]) -> None:
    payloads = {each.change.id: (each, payload_of(each.change)) for each in counted}
    acts = (_act(each, payload) for each, payload in payloads.values() if payload is not None)
    item = fold_news(record, acts)
    opening = opening_row(connection, record)
    old = connection.execute("SELECT id, wording, indexed FROM news WHERE id = ?", (opening,))
    stored = old.fetchone()
    if item is None:
        if stored:
            _unindex(connection, stored)
            connection.execute("DELETE FROM news WHERE id = ?", (stored[0],))
        return
    wording = next(each.row for each, payload in payloads.values() if payload is item.wording)
    awaiting = payloads[item.awaiting.id][0].row if item.awaiting else 0
    row = _row(item, wording, awaiting)
    if stored is None:
        connection.execute(_INSERT, (opening, record, *row))
        return
    same = stored[1] == wording
    if not same:
        _unindex(connection, stored)
    connection.execute(_UPDATE, (*row, stored[2] if same else 0, stored[0]))


def _act(logged: Logged, payload: Any) -> NewsAct:
    change = logged.change
    time = clamp(change.time, logged.received)
    return NewsAct(time, change.device, change.seq, change.id, payload)


def unindex(connection: sqlite3.Connection, indexed: Iterable[tuple[int, bytes]]) -> None:
    """Take wordings out of the search index, which keeps no text of its own.

    Args:
        indexed: news rows in the index, each with the bytes of the wording that went into it.
    """
    wordings = ((row, payload_of(decode(raw))) for row, raw in indexed)
    connection.executemany(
        "INSERT INTO news_fts (news_fts, rowid, title, text) VALUES ('delete', ?, ?, ?)",
        ((row, searchable(item.title), searchable(item.text)) for row, item in wordings),
    )


def _unindex(connection: sqlite3.Connection, stored: tuple[int, int, int]) -> None:
    row, wording, indexed = stored
    if indexed:
        found = connection.execute("SELECT raw FROM changes WHERE id = ?", (wording,)).fetchone()
        unindex(connection, [(row, found[0])])


def searchable(text: str) -> str:
    """The text as the search index sees it: one sort of apostrophe, which is a letter."""
    for apostrophe in "'’`‘":  # str.translate takes thirty times as long
        text = text.replace(apostrophe, "ʼ")
    return text


def _new_row(logged: Logged, item: Published) -> tuple[Any, ...]:
    row, received, change = logged
    at_ms = milliseconds(clamp(change.time, received))
    alone = item.priority == "urgent"
    place = (item.topic, item.district, _priority(item, not alone), at_ms, at_ms)
    return (
        row, change.record, row, *place, item.expires_at_ms, 0, False, "", not alone,
        row if alone else 0,
    )  # fmt: skip


def _priority(item: Published, confirmed: bool) -> int:
    """How loudly it is shown: what one person alone calls urgent is important."""
    urgent = PRIORITIES.index("urgent")
    return min(PRIORITIES.index(item.priority), urgent if confirmed else urgent - 1)


def _row(item: NewsItem, wording: int, awaiting: int) -> tuple[Any, ...]:
    return (
        wording,
        item.wording.topic,
        item.wording.district,
        _priority(item.wording, item.confirmed),
        milliseconds(item.published_at),
        milliseconds(item.changed_at),
        item.wording.expires_at_ms,
        item.corrections,
        item.withdrawn,
        item.note,
        item.confirmed,
        awaiting,
    )
