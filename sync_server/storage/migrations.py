"""Bringing an older database up to date; an old database always opens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, inspect, select

from shared_schema.errors import MistoError
from sync_server.storage.tables import SCHEMA_VERSION, meta, metadata

MIGRATIONS: Final[dict[int, Callable[[Connection], None]]] = {}
"""From version N to N + 1, by N. Empty until the schema changes for the first time."""
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
