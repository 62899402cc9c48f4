"""What can go wrong with the database, as errors of our own with a stable code."""

from __future__ import annotations

import contextlib
import errno
import sqlite3
from collections.abc import Iterator
from typing import Final

from shared_schema.errors import MistoError


class StorageError(MistoError):
    """The database cannot be used right now; what was committed before is intact."""

    code = "storage_error"


class StorageFull(StorageError):
    """No space is left; the last durable state is intact and nothing of the new was kept."""

    code = "storage_full"


class StorageReadOnly(StorageError):
    """The database may not be written to."""

    code = "storage_read_only"


class StorageBusy(StorageError):
    """Another process has been writing for longer than we wait."""

    code = "storage_busy"


class NewerDatabase(StorageError):
    """A newer version of the app has written this database; an older one must not touch it."""

    code = "database_newer"


class DamagedDatabase(StorageError):
    """The database file is damaged. `readable` and `waiting` say how much could still be read."""

    code = "database_damaged"

    def __init__(self, detail: str = "", readable: int = 0, waiting: int = 0) -> None:
        super().__init__(detail)
        self.readable = readable
        self.waiting = waiting


_BY_PRIMARY_CODE: Final[dict[int, type[StorageError]]] = {
    sqlite3.SQLITE_FULL: StorageFull,
    sqlite3.SQLITE_READONLY: StorageReadOnly,
    sqlite3.SQLITE_BUSY: StorageBusy,
    sqlite3.SQLITE_LOCKED: StorageBusy,
    sqlite3.SQLITE_CORRUPT: DamagedDatabase,
    sqlite3.SQLITE_NOTADB: DamagedDatabase,
}


_FULL: Final = (errno.ENOSPC, errno.EDQUOT)
_READ_ONLY: Final = (errno.EROFS, errno.EACCES, errno.EPERM)


@contextlib.contextmanager
def files_named() -> Iterator[None]:
    """Turn the operating system's errors about files into ours."""
    try:
        yield
    except OSError as error:
        sort = StorageFull if error.errno in _FULL else StorageError
        sort = StorageReadOnly if error.errno in _READ_ONLY else sort
        raise sort(str(error)) from error


def translated(error: sqlite3.Error) -> StorageError:
    """Our error for one of SQLite's; the primary result code is the low byte of the extended."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return _BY_PRIMARY_CODE.get(code, StorageError)(str(error))
