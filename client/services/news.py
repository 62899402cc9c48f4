"""City news: reading, searching, and publishing for those who may."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select

from client.services.appeal_view import reason_name
from client.services.authoring import save
from client.services.errors import NotAllowed, SecondPerson, UnknownRecord, record_id
from client.services.news_drafts import NewsDrafts
from client.services.news_projection import payload_of, searchable
from client.services.replica import Replica
from client.services.types import NewsView, Refusal
from client.storage.db import read_errors
from client.storage.log import opening_row
from client.storage.tables import ChangeRow, NewsReadRow, NewsRow
from shared_schema.ids import ID_BYTES, NEWS
from shared_schema.records.kinds import BY_NUMBER
from shared_schema.records.news import (
    PRIORITIES,
    Corrected,
    NewsConfirmed,
    NewsWithdrawn,
    Payload,
    Published,
)
from shared_schema.sync.change import Change, decode
from shared_schema.sync.hlc import milliseconds

URGENCY: Final = {"normal": 0, "important": 1, "urgent": 3}
_URGENT: Final = PRIORITIES.index("urgent")
_BATCH: Final = 1_000
_WORD: Final = re.compile(r"\w+")
_STEM_CHARS_MIN: Final = 6
_ENDING_CHARS: Final = 2
_UNINDEXED: Final = (
    "SELECT n.id, c.raw FROM news n JOIN changes c ON c.id = n.wording"
    " WHERE n.indexed = 0 ORDER BY n.id LIMIT ?"
)
_INDEX: Final = "INSERT INTO news_fts (rowid, title, text) VALUES (?, ?, ?)"
_FOUND: Final = (
    "SELECT n.id FROM news_fts f JOIN news n ON n.id = f.rowid JOIN changes c ON c.id = n.id"
    " WHERE news_fts MATCH ? AND (? = '' OR n.district IN ('', ?)) AND (? = '' OR n.topic = ?)"
    " AND NOT (? AND n.record IN (SELECT record FROM news_read))"
    " ORDER BY n.withdrawn, n.published_at_ms DESC, c.version DESC LIMIT ?"
)
_TOPICS: Final = (
    "SELECT topic, count(*) FROM news WHERE topic <> '' GROUP BY topic ORDER BY 2 DESC, 1 LIMIT ?"
)
_TOPICS_MAX: Final = 24
_WAITING: Final = (
    "SELECT change_id, record FROM changes WHERE author = 1 AND scope = ? AND state = 0"
)
_REFUSED: Final = (
    "SELECT raw, reason FROM changes WHERE author = 1 AND scope = ? AND state = 2 ORDER BY id"
)


class News:
    """What anybody does with news: works offline, from what has been pulled and counts."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica

    def search(
        self, text: str, limit: int = 50, district: str = "", topic: str = "", unread: bool = False
    ) -> list[NewsView]:
        """Items with all the words of `text`, or words that begin so; the newest first.

        The other arguments leave items out, as those of `list` do.
        """
        words = [_stem(word) for word in _WORD.findall(searchable(text))]
        if not words:
            return []
        query = " AND ".join(f'"{word}"*' for word in words)
        filters = (district, district, topic, topic, unread)
        ids = [row[0] for row in self._replica.store.read(_FOUND, (query, *filters, limit))]
        with read_errors(), Session(self._replica.store.engine) as session:
            rows = session.exec(select(NewsRow).where(col(NewsRow.id).in_(ids))).all()
            by_id = {row.id: row for row in rows}
            return _views(self._replica, session, [by_id[each] for each in ids if each in by_id])

    def get(self, record: str | bytes) -> NewsView:
        """One item.

        Raises:
            UnknownRecord: there is none, or none that counts.
        """
        raw = record_id(record)
        with self._replica.store.holding() as connection:
            wanted = select(NewsRow).where(NewsRow.id == opening_row(connection, raw))
        with read_errors(), Session(self._replica.store.engine) as session:
            views = _views(self._replica, session, session.exec(wanted).all())
        if not views:
            raise UnknownRecord(str(record))
        return views[0]

    def count(self) -> int:
        """How many items there are."""
        with read_errors(), Session(self._replica.store.engine) as session:
            return session.exec(select(func.count()).select_from(NewsRow)).one()

    def index_pending(self) -> int:
        """Fill the search index with what it lacks; returns how many items that were."""
        done = 0
        while True:
            with self._replica.store.writing() as connection:
                rows = connection.execute(_UNINDEXED, (_BATCH,)).fetchall()
                texts = ((row, payload_of(decode(raw))) for row, raw in rows)
                connection.executemany(
                    _INDEX,
                    ((row, searchable(item.title), searchable(item.text)) for row, item in texts),
                )
                connection.executemany(
                    "UPDATE news SET indexed = 1 WHERE id = ?", [(row,) for row, _ in rows]
                )
            done += len(rows)
            if len(rows) < _BATCH:
                return done

    def topics(self) -> tuple[str, ...]:
        """The topics there are news about, the most frequent first."""
        return tuple(topic for topic, _ in self._replica.store.read(_TOPICS, (_TOPICS_MAX,)))

    def mark_read(self, record: str | bytes) -> None:
        """Note that an item was opened here."""
        with self._replica.store.writing() as connection:
            sql = "INSERT OR IGNORE INTO news_read (record) VALUES (?)"
            connection.execute(sql, (record_id(record),))

    def alerts(self, district: str = "") -> list[NewsView]:
        """Urgent items that are in force, for everybody or for a district, the newest first."""
        wanted = select(NewsRow).where(*self._loud(), *_only(district))
        newest = wanted.order_by(col(NewsRow.published_at_ms).desc())
        with read_errors(), Session(self._replica.store.engine) as session:
            return _views(self._replica, session, session.exec(newest).all())

    def list(
        self,
        limit: int = 50,
        offset: int = 0,
        district: str | None = None,
        topic: str = "",
        unread: bool = False,
    ) -> list[NewsView]:
        """Items in force that are urgent first, then all others, the newest first.

        Of one millisecond, which is all the time that a clock far ahead leaves to news that came in
        one bundle, the last to reach the city is first: the same order on every device. `district`
        leaves out what is only for other districts, `topic` other topics, `unread` what was opened.
        """
        here = _only(district, topic, unread)
        version = col(ChangeRow.version)
        newest = col(NewsRow.published_at_ms).desc(), (version == 0).desc(), version.desc()
        items = select(NewsRow).join(ChangeRow, col(ChangeRow.id) == NewsRow.id).where(*here)
        with read_errors(), Session(self._replica.store.engine) as session:
            urgent = session.exec(items.where(*self._loud()).order_by(*newest)).all()
            top = urgent[offset : offset + limit]
            skip = max(0, offset - len(urgent))
            others = (
                items.where(col(NewsRow.id).not_in([row.id for row in urgent]))
                .order_by(*newest)
                .offset(skip)
                .limit(limit - len(top))
            )
            return _views(self._replica, session, [*top, *session.exec(others).all()])

    def _loud(self) -> tuple[ColumnElement[bool], ...]:
        """What makes an item an alert: urgent, not withdrawn, not past its date."""
        alive = or_(NewsRow.expires_at_ms == 0, NewsRow.expires_at_ms > self._replica.clock())
        return (col(NewsRow.priority) == _URGENT, col(NewsRow.withdrawn).is_(False), alive)


class Newsroom:
    """What the newsroom does with news; its own items show at once, marked as pending."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica
        self._news = News(replica)

    def publish(self, published: Published, draft: str = "") -> NewsView:
        """Publish an item; its draft ends in the same commit.

        Raises:
            NotAllowed: this device is not the newsroom.
        """
        with self._replica.store.writing() as connection:
            change = self._save(published, None, published.priority)
            NewsDrafts.end(connection, draft)
        return _just_published(change, published)

    def correct(self, record: str | bytes, corrected: Corrected, draft: str = "") -> NewsView:
        """Replace an item's wording, visibly; its draft ends in the same commit."""
        known = self._known(record)
        with self._replica.store.writing() as connection:
            change = self._save(corrected, known, corrected.priority)
            NewsDrafts.end(connection, draft)
        return self._news.get(change.record)

    def withdraw(self, record: str | bytes, note: str = "") -> NewsView:
        """Mark an item as not to be relied on any more."""
        view = self._news.get(record)
        return self._say(NewsWithdrawn(note), record_id(record), view.priority)

    def awaiting(self) -> list[NewsView]:
        """Urgent wordings that wait for a second person's signature, the oldest first.

        Each is shown as it would be in force. Withdrawn items wait for nothing.
        """
        wanted = select(NewsRow).where(
            col(NewsRow.awaiting) != 0, col(NewsRow.withdrawn).is_(False)
        ).order_by(col(NewsRow.id))  # fmt: skip
        with read_errors(), Session(self._replica.store.engine) as session:
            rows = session.exec(wanted).all()
            wordings = select(ChangeRow.id, ChangeRow.raw).where(
                col(ChangeRow.id).in_([row.awaiting for row in rows])
            )
            raws = dict(session.exec(wordings).all())
        waiting = _waiting(self._replica)
        return [
            self._awaiting(row, decode(raws[row.awaiting]), row.record in waiting)
            for row in rows
            if raws.get(row.awaiting)
        ]

    def confirm(self, record: str | bytes, wording: NewsView | None = None) -> NewsView:
        """Sign the urgent wording that waits: from now on it is an alert.

        Args:
            wording: what the person has read. A newer one that came meanwhile is not signed.

        Raises:
            NotAllowed: this device is not the newsroom.
            SecondPerson: it has written that wording itself.
            UnknownRecord: nothing of it waits, or it is not the wording that was read.
        """
        raw = record_id(record)
        found = next((each for each in self.awaiting() if each.record == raw.hex()), None)
        if found is None or (wording is not None and not _same_words(found, wording)):
            raise UnknownRecord(str(record))
        if not found.confirmable:
            raise SecondPerson
        return self._say(NewsConfirmed(self._awaited(raw).id.hex()), raw, "urgent")

    def refusals(self) -> tuple[Refusal, ...]:
        """Own changes that the city refused, with their texts: nothing is dropped silently."""
        rows = self._replica.store.read(_REFUSED, (self._replica.scopes.id_of[NEWS],))
        return tuple(_refusal(decode(raw), reason) for raw, reason in rows)

    def _awaited(self, record: bytes) -> Change:
        sql = "SELECT c.raw FROM news n JOIN changes c ON c.id = n.awaiting WHERE n.record = ?"
        ((raw,),) = self._replica.store.read(sql, (record,))
        return decode(raw)

    def _awaiting(self, row: NewsRow, change: Change, pending: bool) -> NewsView:
        item = payload_of(change)
        return replace(
            _just_published(change, item),
            record=row.record.hex(),
            priority="urgent",
            published_at_ms=row.published_at_ms,
            corrections=row.corrections,
            pending=pending,
            confirmed=False,
            confirmable=change.device != self._replica.device,
            by=self._replica.grants.labels.get(change.device, "") or change.device.hex()[:8],
        )

    def _known(self, record: str | bytes) -> bytes:
        return record_id(self._news.get(record).record)

    def _say(self, payload: Payload, record: bytes, priority: str) -> NewsView:
        return self._news.get(self._save(payload, record, priority).record)

    def _save(self, payload: Payload, record: bytes | None, priority: str) -> Change:
        if ("newsroom", NEWS) not in self._replica.roles():
            raise NotAllowed("newsroom")
        urgency = URGENCY[priority]
        return save(self._replica, payload, scope=NEWS, record=record, urgency=urgency)


def _refusal(change: Change, reason: int) -> Refusal:
    said = payload_of(change)
    text = f"{said.title}\n\n{said.text}" if isinstance(said, Published) else ""
    text = said.note if isinstance(said, NewsWithdrawn) else text
    kind = BY_NUMBER[change.kind, change.kind_version].name
    return Refusal(change.record.hex(), kind, reason_name(reason), text)


def _views(replica: Replica, session: Session, rows: Sequence[NewsRow]) -> list[NewsView]:
    wordings = select(ChangeRow.id, ChangeRow.raw).where(
        col(ChangeRow.id).in_([row.wording for row in rows])
    )
    raws = dict(session.exec(wordings).all())
    waiting = _waiting(replica)
    opened = select(NewsReadRow.record).where(
        col(NewsReadRow.record).in_([row.record for row in rows])
    )
    read = set(session.exec(opened).all())
    return [
        _view(row, raws[row.wording], row.record in waiting, row.record in read)
        for row in rows
        if raws.get(row.wording)  # let go in this very moment, by another thread
    ]


def _view(row: NewsRow, raw: bytes, pending: bool, read: bool) -> NewsView:
    item = payload_of(decode(raw))
    return NewsView(
        row.record.hex(),
        item.title,
        item.text,
        row.topic,
        row.district,
        PRIORITIES[row.priority],
        row.published_at_ms,
        row.changed_at_ms,
        row.expires_at_ms,
        row.corrections,
        row.withdrawn,
        row.note,
        pending,
        read,
        row.confirmed,
    )


def _just_published(change: Change, item: Published) -> NewsView:
    """The view of an item that has this moment been saved, without asking the database."""
    now = milliseconds(change.time)
    return NewsView(
        change.record.hex(),
        item.title,
        item.text,
        item.topic,
        item.district,
        "important" if item.priority == "urgent" else item.priority,
        published_at_ms=now,
        changed_at_ms=now,
        expires_at_ms=item.expires_at_ms,
        corrections=0,
        withdrawn=False,
        note="",
        pending=True,
        confirmed=item.priority != "urgent",
    )


def _same_words(one: NewsView, other: NewsView) -> bool:
    """Whether two views show the same wording."""
    return all(
        getattr(one, field) == getattr(other, field)
        for field in ("title", "text", "topic", "district", "expires_at_ms")
    )


def _waiting(replica: Replica) -> set[bytes]:
    """The records with own changes that have no receipt yet."""
    rows = replica.store.read(_WAITING, (replica.scopes.id_of[NEWS],))
    return {record if record is not None else change_id[:ID_BYTES] for change_id, record in rows}


def _only(district: str | None, topic: str = "", unread: bool = False) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if district:
        wanted.append(col(NewsRow.district).in_(("", district)))
    if topic:
        wanted.append(col(NewsRow.topic) == topic)
    if unread:
        wanted.append(col(NewsRow.record).not_in(select(NewsReadRow.record)))
    return wanted


def _stem(word: str) -> str:
    """A word without its ending, when it is long enough to have one: Ukrainian inflects."""
    return word[:-_ENDING_CHARS] if len(word) >= _STEM_CHARS_MIN else word
