"""Bringing an older database up to date; an old database always opens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, inspect, select

from shared_schema.errors import MistoError
from sync_server.storage.tables import (
    SCHEMA_VERSION,
    forwarded,
    later_by_record,
    meta,
    metadata,
)


def _to_2(connection: Connection) -> None:
    """Appeals can be forwarded: which other scopes hold them, and finding what was said to them."""
    forwarded.create(connection)
    later_by_record.create(connection)


MIGRATIONS: Final[dict[int, Callable[[Connection], None]]] = {1: _to_2}
"""From version N to N + 1, by N."""
_KEY: Final = "schema_version"


class NewerDatabase(MistoError):
    """The database was written by a newer server."""

    code = "newer_database"


def migrate(connection: Connection) -> None:
    """Create the tables in an empty database, or migrate an older one step by step.

    Raises:
        NewerDatabase: this server is older than the database.
    """
    if not inspect(connection).has_table(meta.name):
        metadata.create_all(connection)
        connection.execute(meta.insert().values(key=_KEY, value=str(SCHEMA_VERSION)))
        return
    found = connection.execute(select(meta.c.value).where(meta.c.key == _KEY)).scalar_one()
    version = int(found)
    if version > SCHEMA_VERSION:
        raise NewerDatabase(f"database has schema {version}, this server knows {SCHEMA_VERSION}")
    for step in range(version, SCHEMA_VERSION):
        MIGRATIONS[step](connection)
    connection.execute(meta.update().where(meta.c.key == _KEY).values(value=str(SCHEMA_VERSION)))
