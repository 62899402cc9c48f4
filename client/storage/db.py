"""Opening the database, and the one way to write to it.

*Saved means durable*: WAL with `synchronous=FULL`, and `Store.writing()` returns only after COMMIT.
One kept connection writes, behind one lock in this process and `BEGIN IMMEDIATE` between processes
(the app and the command line may use a profile at once). Reads for the UI go through a SQLAlchemy
engine with connections of their own: in WAL mode they see the last committed state and never wait
for an exchange that is being applied.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from client.storage.errors import DamagedDatabase, StorageError, files_named, translated
from client.storage.migrations import migrate

BUSY_S: Final = 10.0
"""How long a writer waits for another process."""
WAL_PAGES: Final = 250
"""Checkpoint when the WAL holds this many pages (1 MB).

A WAL that is soon begun anew is overwritten in place, and syncing that takes half as long as
syncing a file that grows: 155 us a commit instead of 220.
"""
_AUTOCHECKPOINT: Final = f"PRAGMA wal_autocheckpoint = {WAL_PAGES}"
_PRAGMAS: Final = (
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",  # Apple's fsync alone does not reach the disk
    "PRAGMA temp_store = MEMORY",
    "PRAGMA secure_delete = ON",
    _AUTOCHECKPOINT,
    "PRAGMA journal_size_limit = 4194304",
    "PRAGMA cache_size = -8192",
)
Row = tuple[Any, ...]


def connect(path: Path, mode: str = "rw") -> sqlite3.Connection:
    """A connection with our settings. `mode` is SQLite's: `rw`, or `rwc` to create the file."""
    return _connect(f"{path.absolute().as_uri()}?mode={mode}")


def _connect(uri: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        uri,
        uri=True,
        timeout=BUSY_S,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
    )
    for pragma in _PRAGMAS:
        connection.execute(pragma)
    return connection


class Store:
    """An open database."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self.lock = threading.RLock()
        self._connection = connection
        self._depth = 0

    @classmethod
    def create(cls, path: Path) -> Store:
        """Make the database file, empty but for its schema."""
        with _errors():
            path.touch(mode=0o600)
            connection = connect(path, "rwc")
            connection.execute("PRAGMA journal_mode = WAL")
            migrate(connection)
        return cls(path, connection)

    @classmethod
    def open(cls, path: Path) -> Store:
        """Open a database, older schemas included.

        A WAL file that is still there means that the last use did not end well (or goes on in
        another process): only then the whole file is checked, because that takes a while.

        Raises:
            DamagedDatabase: it is no database, or the check found damage.
            NewerDatabase: a newer version of the app has written it.
        """
        unclean = path.with_name(path.name + "-wal").exists()
        with _errors():
            connection = connect(path)
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                if unclean:
                    check(connection, "quick_check")
                migrate(connection)
            except BaseException:
                connection.close()
                raise
        return cls(path, connection)

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One write transaction, committed durably at the end, rolled back on any error.

        Nested use joins the transaction that is open.
        """
        with self.lock:
            if self._depth:
                yield self._connection
                return
            self._depth = 1
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                self._roll_back()
                raise translated(error) from error
            except BaseException:
                self._roll_back()
                raise
            finally:
                self._depth = 0

    @contextlib.contextmanager
    def holding(self) -> Iterator[sqlite3.Connection]:
        """The writing connection for a few reads, without a transaction of their own."""
        with self.lock, _errors():
            yield self._connection

    def rows(self, sql: str, arguments: Sequence[Any] = ()) -> list[Row]:
        """The rows of a query on the writing connection: what an open transaction sees."""
        with self.lock, _errors():
            return self._connection.execute(sql, arguments).fetchall()

    def read(self, sql: str, arguments: Sequence[Any] = ()) -> list[Row]:
        """The rows of a query on a reading connection: the last committed state.

        SQLite's own rows, without SQLAlchemy's around them: a desk reads a hundred thousand.
        """
        with read_errors(), _errors(), self.engine.connect() as connection:
            cursor = connection.connection.cursor()
            cursor.execute(sql, tuple(arguments))
            return list(cursor.fetchall())

    @contextlib.contextmanager
    def checkpoints_later(self) -> Iterator[None]:
        """Let the WAL grow for a while: what is in it is durable, and folding it in can wait.

        The first commit afterwards folds it all into the database at once, instead of each large
        transaction its own part.
        """
        with self.holding() as connection:
            connection.execute("PRAGMA wal_autocheckpoint = 0")
        try:
            yield
        finally:
            with self.holding() as connection:
                connection.execute(_AUTOCHECKPOINT)

    def empty_journal(self) -> bool:
        """Fold the WAL into the database and cut it to nothing: what was deleted is in neither.

        Returns:
            False while another process reads: then it is overwritten later, or cut on closing.
        """
        with self.holding() as connection:
            (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    @cached_property
    def engine(self) -> Engine:
        """For readers, SQLModel's sessions among them."""
        return create_engine("sqlite://", creator=self._reader, poolclass=QueuePool, pool_size=2)

    def close(self) -> None:
        """Close all connections; the last one in any process folds the WAL back into the file."""
        if "engine" in self.__dict__:
            self.engine.dispose()
        with self.lock:
            self._connection.close()

    def _reader(self) -> sqlite3.Connection:
        connection = connect(self.path)
        connection.execute("PRAGMA query_only = ON")
        return connection

    def _roll_back(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")


def check(connection: sqlite3.Connection, pragma: str) -> None:
    """Run `quick_check` or `integrity_check`.

    Raises:
        DamagedDatabase: it found something; the detail is SQLite's first finding.
    """
    (finding,) = connection.execute(f"PRAGMA {pragma}(1)").fetchone()
    if finding != "ok":
        raise DamagedDatabase(str(finding))


class MemoryStore(Store):
    """A database that is nowhere but in memory, and gone when it is closed.

    It has one connection: readers see what a writer has not committed yet, which is of no harm to
    one who writes and reads in turns. There is no engine for SQLAlchemy.
    """

    @classmethod
    def fresh(cls) -> MemoryStore:
        """An empty one."""
        connection = _connect("file::memory:")
        migrate(connection)
        return cls(Path(os.devnull), connection)

    def read(self, sql: str, arguments: Sequence[Any] = ()) -> list[Row]:
        """See `Store.rows`."""
        return self.rows(sql, arguments)


@contextlib.contextmanager
def read_errors() -> Iterator[None]:
    """Turn the errors of a SQLAlchemy reader into ours."""
    try:
        yield
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error):
            raise translated(error.orig) from error
        raise StorageError(str(error)) from error


@contextlib.contextmanager
def _errors() -> Iterator[None]:
    with files_named():
        try:
            yield
        except sqlite3.Error as error:
            raise translated(error) from error
