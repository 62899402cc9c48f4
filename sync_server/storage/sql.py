"""The store on SQLite or PostgreSQL through SQLAlchemy Core.

SQLite runs in WAL mode with `synchronous=FULL`: a commit that returned survives a power cut. The
writer takes its lock at the start (`BEGIN IMMEDIATE`; on PostgreSQL an advisory lock), so versions
are assigned in commit order by construction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool

from sync_server.storage.base import StoreFailed, StoreFull
from sync_server.storage.migrations import migrate
from sync_server.storage.reading import SqlReader
from sync_server.storage.session import POSTGRESQL, Session
from sync_server.storage.writing import SqlWriter

_WRITER_LOCK: Final = 0x6D6973746F  # "misto"; any constant will do
_BUSY_MS: Final = 15_000
_PAGE_BYTES: Final = 8_192
"""For new databases; half as many pages to write in a commit as with SQLite's own 4,096."""
_WAL_PAGES: Final = 2_000
"""Checkpoint when the WAL holds this many pages (16 MB); less often costs less in all."""
_PRAGMAS: Final = (
    f"busy_timeout={_BUSY_MS}",
    f"page_size={_PAGE_BYTES}",
    "journal_mode=WAL",
    "synchronous=FULL",
    f"wal_autocheckpoint={_WAL_PAGES}",
)
_POSTGRESQL: Final = {"options": "-c synchronous_commit=on"}
_FULL: Final = ("disk is full", "disk full", "no space left")


class SqlStore:
    """A `Store` on a database URL of SQLAlchemy's."""

    def __init__(self, url: str) -> None:
        """Open (and where needed migrate) the database at `url`.

        Raises:
            NewerDatabase: a newer server wrote it. StoreFailed: it cannot be opened.
        """
        self._engine = _engine(url)
        try:
            with self._failures(), self._engine.begin() as connection:
                _begin(connection)
                migrate(connection)
        except StoreFailed as error:
            why = str(error.__cause__).splitlines()[0]
            raise StoreFailed(f"cannot open the database: {why}") from error

    @contextmanager
    def write(self) -> Iterator[SqlWriter]:
        """One transaction; one at a time."""
        with self._failures(), self._engine.begin() as connection:
            _begin(connection)
            yield SqlWriter(Session(connection))

    @contextmanager
    def read(self) -> Iterator[SqlReader]:
        """One consistent view."""
        with self._failures(), self._engine.connect() as connection:
            if connection.dialect.name == POSTGRESQL:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            session = Session(connection)
            if connection.dialect.name != POSTGRESQL:
                session.all("BEGIN")
            yield SqlReader(session)

    def close(self) -> None:
        """Release files and connections."""
        self._engine.dispose()

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """Name the driver's errors as ours: callers should not have to know the driver."""
        try:
            yield
        except (self._engine.dialect.loaded_dbapi.Error, SQLAlchemyError, OSError) as error:
            full = any(sign in str(error).lower() for sign in _FULL)
            raise (StoreFull if full else StoreFailed)(type(error).__name__) from error


def _begin(connection: Connection) -> None:
    """Take the writer's lock, and with it the turn."""
    postgres = connection.dialect.name == POSTGRESQL
    lock = f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})"
    connection.exec_driver_sql(lock if postgres else "BEGIN IMMEDIATE")


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(
            url, pool_pre_ping=True, hide_parameters=True, connect_args=_POSTGRESQL
        )
    engine = create_engine(
        url,
        hide_parameters=True,  # people's bytes do not belong in logs
        poolclass=QueuePool,
        connect_args={"check_same_thread": False, "timeout": _BUSY_MS / 1000},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun by hand
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    return engine
