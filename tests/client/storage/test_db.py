"""The database: durable, migrated, and errors with a name."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from client.storage import migrations
from client.storage.db import Store
from client.storage.errors import (
    DamagedDatabase,
    NewerDatabase,
    StorageBusy,
    StorageError,
    StorageFull,
    translated,
)
from client.storage.migrations import STEPS, migrate
from client.storage.tables import Table


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "replica.db"


def test_every_commit_is_synced_and_nothing_goes_to_temporary_files(path: Path) -> None:
    store = Store.create(path)
    settings = {
        name: store.rows(f"PRAGMA {name}")[0][0]
        for name in ("journal_mode", "synchronous", "temp_store", "secure_delete")
    }
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "temp_store": 2,
        "secure_delete": 1,
    }
    store.close()
    store = Store.open(path)
    assert store.rows("PRAGMA synchronous") == [(2,)]
    assert store.read("PRAGMA query_only") == [(1,)]
    store.close()


def test_the_tables_are_what_the_migrations_make(path: Path) -> None:
    store = Store.create(path)
    for name, table in Table.metadata.tables.items():
        made = {row[1] for row in store.rows(f"PRAGMA table_info({name})")}
        assert made == set(table.columns.keys()), name
    store.close()


def write_and_fail(store: Store) -> None:
    with store.writing() as connection:
        connection.execute("INSERT INTO settings VALUES ('a', '1')")
        with store.writing() as nested:
            nested.execute("INSERT INTO settings VALUES ('b', '1')")
        raise ZeroDivisionError


def test_an_error_inside_a_transaction_undoes_all_of_it(path: Path) -> None:
    store = Store.create(path)
    with pytest.raises(ZeroDivisionError):
        write_and_fail(store)
    assert store.rows("SELECT * FROM settings") == []
    with store.writing() as connection:
        connection.execute("INSERT INTO settings VALUES ('c', '1')")
    assert store.read("SELECT name FROM settings") == [("c",)]
    store.close()


def test_an_old_database_is_brought_up_to_date(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Store.create(path).close()
    later = "ALTER TABLE settings ADD COLUMN since INTEGER;\nCREATE TABLE later (id INTEGER);\n"
    monkeypatch.setattr(migrations, "STEPS", (*STEPS, later))
    store = Store.open(path)
    assert store.rows("PRAGMA user_version") == [(len(STEPS) + 1,)]
    assert store.rows("SELECT count(*) FROM later") == [(0,)]
    store.close()


def test_a_failed_migration_leaves_the_old_schema(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Store.create(path).close()
    monkeypatch.setattr(migrations, "STEPS", (*STEPS, "CREATE TABLE later (id);\nNONSENSE;\n"))
    with pytest.raises(StorageError):
        Store.open(path)
    monkeypatch.undo()
    store = Store.open(path)
    assert store.rows("SELECT name FROM sqlite_schema WHERE name = 'later'") == []
    store.close()


def test_a_newer_database_is_left_alone(path: Path) -> None:
    Store.create(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    connection.close()
    with pytest.raises(NewerDatabase):
        Store.open(path)


def test_migrating_twice_does_nothing(path: Path) -> None:
    store = Store.create(path)
    with store.holding() as connection:
        assert migrate(connection) == 0
    store.close()


def test_opening_what_is_not_there_makes_nothing(path: Path) -> None:
    with pytest.raises(StorageError):
        Store.open(path)
    assert not path.exists()


def test_what_is_no_database_is_damaged(path: Path) -> None:
    path.write_bytes(b"this is no database at all, but long enough to be taken for one" * 100)
    with pytest.raises(DamagedDatabase):
        Store.open(path)


def test_a_full_disk_keeps_the_last_durable_state(path: Path) -> None:
    store = Store.create(path)
    with store.writing() as connection:
        connection.execute("INSERT INTO settings VALUES ('kept', '1')")
    (pages,) = store.rows("PRAGMA page_count")[0]
    store.rows(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageFull), store.writing() as connection:
        connection.execute("INSERT INTO settings VALUES ('big', ?)", ("x" * 100_000,))
    assert store.rows("SELECT name FROM settings") == [("kept",)]
    store.rows(f"PRAGMA max_page_count = {pages + 100}")
    with store.writing() as connection:
        connection.execute("INSERT INTO settings VALUES ('big', ?)", ("x" * 100_000,))
    assert len(store.rows("SELECT name FROM settings")) == 2
    store.close()


def test_errors_are_named_by_their_primary_code() -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_WRITE
    assert type(translated(error)) is StorageError
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY_SNAPSHOT
    assert type(translated(error)) is StorageBusy
