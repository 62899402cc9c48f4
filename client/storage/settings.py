"""Small facts about a replica, by name."""

from __future__ import annotations

import sqlite3
from typing import Final

LAST_SUCCESS_MS: Final = "last_success_ms"
"""When the last exchange ended well, by this device's clock."""
SERVER_TIME_MS: Final = "server_time_ms"
"""The server's clock in the last statement."""

CARRIED_TIME_MS: Final = "carried_time_ms"
"""The latest moment, by the server's clock, in what couriers have brought of its signatures."""
SPLITS_READ: Final = "splits_read"
"""The last contradiction between signed heads that the person has read of."""


def put(connection: sqlite3.Connection, values: dict[str, int]) -> None:
    """Write facts down."""
    connection.executemany(
        "INSERT INTO settings (name, value) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        [(name, str(value)) for name, value in values.items()],
    )


def number(connection: sqlite3.Connection, name: str) -> int | None:
    """A fact that is a number, or None when it is not known yet."""
    row = connection.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
    return int(row[0]) if row else None
