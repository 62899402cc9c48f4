"""The server's tables, the same on SQLite and PostgreSQL.

`changes` holds each change once, with its exact bytes. `entries` are the feeds: numbered lists of
changes, one list a scope and one a mailbox; urgency and size are repeated there so that composing a
reply reads no bytes it will not send.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    text,
)

SCHEMA_VERSION: Final = 2
metadata: Final = MetaData()
_Id = BigInteger().with_variant(Integer, "sqlite")

meta: Final = Table(
    "meta", metadata, Column("key", String, primary_key=True), Column("value", String)
)
devices: Final = Table(
    "devices",
    metadata,
    Column("device", LargeBinary, primary_key=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("forked", Integer, nullable=False, default=0),
)
changes: Final = Table(
    "changes",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=False),
    Column("scope", LargeBinary, nullable=False),
    Column("device", LargeBinary, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("change_id", LargeBinary, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("kind", Integer, nullable=False),
    Column("status", Integer, nullable=False),
    Column("reason", Integer, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("bytes", LargeBinary, nullable=False),
    Index("changes_stream", "scope", "device", "seq", "change_id", unique=True),
)
held_by_record: Final = Index(
    "changes_held",
    changes.c.record,
    sqlite_where=changes.c.status == 3,
    postgresql_where=changes.c.status == 3,
)
IS_LATER: Final = "kind > 257 AND kind < 768"
"""All kinds of appeal.* and desk.* but appeal.opened; the numbers of the index never change."""
later_by_record: Final = Index(
    "changes_later", changes.c.record, sqlite_where=text(IS_LATER), postgresql_where=text(IS_LATER)
)
"""What was said to an appeal after its opening; openings, by far the most, cost nothing here."""
feeds: Final = Table(
    "feeds",
    metadata,
    Column("feed", LargeBinary, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
entries: Final = Table(
    "entries",
    metadata,
    Column("feed", LargeBinary, primary_key=True),
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("change", BigInteger, nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    sqlite_with_rowid=False,
)
urgent: Final = Index(
    "entries_urgent",
    entries.c.feed,
    entries.c.version,
    entries.c.urgency,
    entries.c.size,
    sqlite_where=entries.c.urgency > 0,
    postgresql_where=entries.c.urgency > 0,
)
records: Final = Table(
    "records",
    metadata,
    Column("record", LargeBinary, primary_key=True),
    Column("scope", LargeBinary, nullable=False),
    Column("device", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
forwarded: Final = Table(
    "forwarded",
    metadata,
    Column("record", LargeBinary, primary_key=True),
    Column("scope", LargeBinary, primary_key=True),
    sqlite_with_rowid=False,
)
"""Scopes that hold a record besides the one in which it was opened."""
streams: Final = Table(
    "streams",
    metadata,
    Column("scope", LargeBinary, primary_key=True),
    Column("device", LargeBinary, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("change_id", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
usage: Final = Table(
    "usage",
    metadata,
    Column("device", LargeBinary, primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("changes", BigInteger, nullable=False),
    Column("bytes", BigInteger, nullable=False),
)
