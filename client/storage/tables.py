"""The tables as SQLModel classes, for those who read rows by name.

`migrations.py` makes the tables; hot paths (saving, applying an exchange) use prepared statements.
A test keeps these columns equal to those of a migrated database. They have a registry of their own,
so that a process that also loads other SQLModel tables keeps them apart.
"""

from __future__ import annotations

from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

_registry = registry()


class Table(SQLModel, registry=_registry):
    """Base of the replica's tables."""


class DeviceRow(Table, table=True):
    """A device whose changes are in the log; number 1 is this one."""

    __tablename__ = "devices"
    id: int = Field(primary_key=True)
    public_key: bytes
    device: bytes


class ChangeRow(Table, table=True):
    """A change in the log: its bytes in `raw`, and what was read from them or learnt since."""

    __tablename__ = "changes"
    id: int = Field(primary_key=True)
    change_id: bytes
    author: int
    scope: bytes
    seq: int
    kind: int
    kind_version: int
    record: bytes | None
    time: int
    urgency: int
    state: int
    reason: int
    version: int
    received: int | None
    proof: int | None
    raw: bytes


class ProofRow(Table, table=True):
    """A server's signed statement with what is needed to check it offline."""

    __tablename__ = "proofs"
    id: int = Field(primary_key=True)
    request: bytes
    statement: bytes
    context: bytes
    signature: bytes


class FeedRow(Table, table=True):
    """What is held of a feed, and the last signed head of it."""

    __tablename__ = "feeds"
    id: int = Field(primary_key=True)
    name: str
    feed: bytes
    top: int
    gaps: str
    digest: bytes
    head_version: int
    head_time: int
    diverged: int


class HeadRow(Table, table=True):
    """The server's signed statement by which what is held of a feed was complete."""

    __tablename__ = "heads"
    feed: int = Field(primary_key=True)
    request: bytes
    statement: bytes
    context: bytes
    signature: bytes


class FeedEntryRow(Table, table=True):
    """A change at its place in a feed; each counts once in the feed's digest."""

    __tablename__ = "feed_entries"
    feed: int = Field(primary_key=True)
    version: int = Field(primary_key=True)
    change: int


class CarriedRow(Table, table=True):
    """Somebody else's request, to be brought to the city, and the city's last reply to it."""

    __tablename__ = "carried"
    id: int = Field(primary_key=True)
    request: bytes
    sender: bytes
    urgency: int
    size: int
    """Bytes of request and reply together."""
    changes: int
    came_ms: int
    source: str
    done: bool
    """Whether the reply says of every change how it ended."""
    reply_time_ms: int | None
    """The server's clock in the reply."""
    reply_changes: int
    """Authentic changes in the reply."""
    raw: bytes
    reply: bytes | None
    reply_said: int
    """Verdicts and mail in the reply."""
    asked_ms: int
    """When the city was last asked about it, by this device's clock; 0 for never."""
    asks: int
    """How often in a row the city had nothing new to say then."""


class OwnRequestRow(Table, table=True):
    """A request of this device that was made for couriers: ciphertext, but for its id."""

    __tablename__ = "own_requests"
    id: int = Field(primary_key=True)
    request: bytes
    made_ms: int
    sealed: bytes


class PublicHeadRow(Table, table=True):
    """The server's signed statement by which a public feed was complete, and which names nobody."""

    __tablename__ = "public_heads"
    feed: bytes = Field(primary_key=True)
    time_ms: int
    request: bytes
    statement: bytes
    context: bytes
    signature: bytes


class SeenHeadRow(Table, table=True):
    """A head that the city has signed: the latest versions of each feed are remembered."""

    __tablename__ = "seen_heads"
    feed: bytes = Field(primary_key=True)
    version: int = Field(primary_key=True)
    digest: bytes
    time_ms: int
    request: bytes
    statement: bytes
    context: bytes
    signature: bytes


class SplitRow(Table, table=True):
    """Two statements of the city with different digests for one feed and version: evidence."""

    __tablename__ = "splits"
    id: int = Field(primary_key=True)
    feed: bytes
    version: int
    found_ms: int
    digest: bytes
    time_ms: int
    request: bytes
    statement: bytes
    context: bytes
    signature: bytes
    other_digest: bytes
    other_time_ms: int
    other_request: bytes
    other_statement: bytes
    other_context: bytes
    other_signature: bytes


class ThreadKeyRow(Table, table=True):
    """An opened thread key, wrapped under the device's storage key."""

    __tablename__ = "thread_keys"
    record: bytes = Field(primary_key=True)
    wrapped: bytes


class NewsRow(Table, table=True):
    """The state of a news item; `wording` is the change that holds the text in force."""

    __tablename__ = "news"
    id: int = Field(primary_key=True)
    record: bytes
    wording: int
    topic: str
    district: str
    priority: int
    published_at_ms: int
    changed_at_ms: int
    expires_at_ms: int
    corrections: int
    withdrawn: bool
    note: str
    indexed: bool
    confirmed: bool
    awaiting: int
    """The change with the urgent wording that waits for a second signature; 0 when none does."""


class NewsReadRow(Table, table=True):
    """A news item that was opened here."""

    __tablename__ = "news_read"
    record: bytes = Field(primary_key=True)


class SealedNoteRow(Table, table=True):
    """A draft, the settings, or marks: ciphertext under the device's storage key."""

    __tablename__ = "sealed_notes"
    name: str = Field(primary_key=True)
    sealed: bytes


class SettingRow(Table, table=True):
    """A small fact about this replica."""

    __tablename__ = "settings"
    name: str = Field(primary_key=True)
    value: str
