"""Plain SQL on a connection's own driver cursor: one text for SQLite and PostgreSQL.

SQLAlchemy gives the tables, the pool and the transactions. The statements of an exchange go to the
driver directly, because building and binding them again costs more than running them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Table

POSTGRESQL: Final = "postgresql"
Row = tuple[Any, ...]


class Session:
    """Runs statements within the transaction of one connection. Parameters are written `?`."""

    def __init__(self, connection: Connection) -> None:
        """Use this connection; its transaction is the caller's matter."""
        self._postgres = connection.dialect.name == POSTGRESQL
        kind: dict[str, Any] = {"binary": True} if self._postgres else {}
        self._cursor: Any = connection.connection.cursor(**kind)

    def each(self, sql: str, *parameters: Any) -> Iterable[Row]:
        """The rows, as they come; the next statement ends the iteration."""
        self._cursor.execute(_with_marks(sql) if self._postgres else sql, parameters)
        rows: Iterable[Row] = self._cursor
        return rows

    def all(self, sql: str, *parameters: Any) -> list[Row]:
        """All the rows."""
        return list(self.each(sql, *parameters))

    def one(self, sql: str, *parameters: Any) -> Row | None:
        """The first row, or None."""
        return next(iter(self.each(sql, *parameters)), None)

    def many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run a statement once for each of the rows."""
        if rows:
            self._cursor.executemany(_with_marks(sql) if self._postgres else sql, rows)

    def insert(self, table: Table, rows: Sequence[Sequence[Any]]) -> None:
        """Insert whole rows, in the order of the table's columns."""
        if not rows:
            return
        if self._postgres:
            with self._cursor.copy(f"COPY {table.name} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            self._cursor.executemany(_insert(table), rows)

    def upsert(self, table: Table, rows: Sequence[Sequence[Any]]) -> None:
        """Insert whole rows, or replace those with the same primary key."""
        self.many(_upsert(table), rows)


@cache
def _with_marks(sql: str) -> str:
    return sql.replace("?", "%s")


@cache
def _insert(table: Table) -> str:
    marks = ", ".join("?" * len(table.columns))
    return f"INSERT INTO {table.name} VALUES ({marks})"


@cache
def _upsert(table: Table) -> str:
    keys = [column.name for column in table.primary_key]
    rest = [column.name for column in table.columns if column.name not in keys]
    sets = ", ".join(f"{name} = excluded.{name}" for name in rest)
    return f"{_insert(table)} ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {sets}"
