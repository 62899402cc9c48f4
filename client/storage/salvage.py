"""Reading what is still readable of a damaged database.

Rows are read by row id, from both ends: pages that are damaged cost the rows on them and no others.
Every change proves itself by its signature, so what comes out is either true or not kept.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from client.storage.errors import DamagedDatabase
from client.storage.log import State
from shared_schema.errors import MistoError
from shared_schema.ids import device_id
from shared_schema.limits import TIME_MS_MAX, VERSION_MAX
from shared_schema.sync.change import Change, decode, signature_holds

_ROW: Final = (
    "SELECT c.raw, c.state, c.version, c.received, d.public_key"
    " FROM changes c JOIN devices d ON d.id = c.author WHERE c.id = ?"
)
_BARE_ROW: Final = "SELECT raw, state, version, received, NULL FROM changes WHERE id = ?"
_LOST_IN_A_ROW_MAX: Final = 20_000
"""Stop when this many row ids in a row bring nothing: the end of the table cannot be read."""


class Saved(NamedTuple):
    """A change that could be read. `authentic` when its signature was checked and holds."""

    raw: bytes
    state: int
    public_key: bytes | None
    authentic: bool
    version: int = 0
    received: int | None = None


def read_changes(path: Path) -> Iterator[Saved]:
    """All changes that can still be read, each decodable at least.

    News that was let go has no bytes to save: its rows are no loss, and are left out.
    """
    with contextlib.closing(_connect(path)) as connection:
        last = _last(connection)
        lost = row = 0
        while row < last or (last == 0 and lost < _LOST_IN_A_ROW_MAX):
            row += 1
            saved = _read(connection, row)
            lost = 0 if saved else lost + 1
            if saved and saved.raw:
                yield saved


def survey(path: Path) -> tuple[int, int]:
    """How many changes are readable, and how many of them still wait to be exchanged."""
    readable = waiting = 0
    with contextlib.suppress(sqlite3.Error):
        for saved in read_changes(path):
            readable += 1
            waiting += saved.state == 0
    return readable, waiting


@contextlib.contextmanager
def with_what_can_be_saved(path: Path) -> Iterator[None]:
    """Tell a DamagedDatabase that passes how much could still be read."""
    try:
        yield
    except DamagedDatabase as error:
        readable, waiting = survey(path)
        raise DamagedDatabase(error.detail, readable, waiting) from error


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    connection.execute("PRAGMA cell_size_check = ON")
    return connection


def _last(connection: sqlite3.Connection) -> int:
    """The highest row id, or 0 when even that cannot be read."""
    try:
        (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM changes").fetchone()
    except sqlite3.Error:
        return 0
    return int(last)


def _read(connection: sqlite3.Connection, row: int) -> Saved | None:
    for sql in (_ROW, _BARE_ROW):
        try:
            found = connection.execute(sql, (row,)).fetchone()
            if found:
                return _saved(*found)
        except (sqlite3.Error, MistoError, TypeError, ValueError):
            continue
    return None


def _saved(raw: bytes, state: int, version: int, received: int | None, key: bytes | None) -> Saved:
    if state == State.LET_GO and not raw:
        return Saved(b"", int(state), key, False)
    change = decode(bytes(raw))
    authentic = key is not None and _by(change, key)
    place = _within(version, VERSION_MAX) or 0
    return Saved(change.raw, int(state), key, authentic, place, _within(received, TIME_MS_MAX))


def _within(number: object, most: int) -> int | None:
    """A number as it can have been written; damaged pages may say anything."""
    return number if isinstance(number, int) and 0 < number <= most else None


def _by(change: Change, key: bytes) -> bool:
    return device_id(key) == change.device and signature_holds(change, key)
