"""Databases of older versions: opened as they are, brought up to date, nothing of them lost."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from client.services.appeals import Appeals
from client.services.drafts import Draft, Drafts
from client.services.guide import Guide, GuideDesk
from client.services.news import News, Newsroom
from client.services.notes import Notes
from client.services.replica import DATABASE, Replica
from client.storage import migrations
from client.storage.db import Store
from client.storage.migrations import STEP_1, STEPS
from shared_schema.records.news import Published
from shared_schema.records.place import Listed
from tests.client.city import City, an_appeal

NEW_TABLES = {"news_read", "sealed_notes"}


def of_schema_1(path: Path) -> None:
    """The database that the first version of the app made."""
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(STEP_1)
        connection.execute("PRAGMA user_version = 1")
    connection.close()


def names_in(store: Store, sort: str) -> set[str]:
    return {row[0] for row in store.rows(f"SELECT name FROM sqlite_schema WHERE type = '{sort}'")}


def test_a_database_of_schema_1_opens_and_has_what_is_new(tmp_path: Path) -> None:
    path = tmp_path / DATABASE
    of_schema_1(path)
    store = Store.open(path)
    assert names_in(store, "table") >= NEW_TABLES
    assert "changes_guide" in names_in(store, "index")
    assert store.rows("PRAGMA user_version") == [(len(STEPS),)]
    store.close()


def test_an_upgraded_database_is_the_same_as_a_new_one(tmp_path: Path) -> None:
    of_schema_1(tmp_path / "old.db")
    schemas = []
    for store in (Store.open(tmp_path / "old.db"), Store.create(tmp_path / "new.db")):
        schemas.append(store.rows("SELECT type, name, sql FROM sqlite_schema ORDER BY 1, 2"))
        store.close()
    assert schemas[0] == schemas[1]


def test_a_released_step_is_never_edited() -> None:
    """Whoever has been through a step will not go through it again."""
    assert STEPS[0] is STEP_1
    assert not NEW_TABLES & {word.strip("(") for word in STEP_1.split()}


def test_a_profile_of_the_first_version_goes_on_with_all_it_had(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    with city.profile("newsroom") as room:
        Newsroom(room).publish(Published("Вода", "Є"))
        GuideDesk(room).list_place(Listed("Укриття", "shelter"))
        city.exchange(room)
    with monkeypatch.context() as older:
        older.setattr(migrations, "STEPS", (STEP_1,))
        with city.resident() as old:
            filed = Appeals(old).file(an_appeal())
            assert not names_in(old.store, "table") & NEW_TABLES
            folder = old.folder
    with Replica.open(folder, clock=city.clock) as replica:
        assert Appeals(replica).get(filed.record).state == "waiting"
        assert Appeals(replica).get(filed.record).text == filed.text
        city.exchange(replica)
        News(replica).mark_read(News(replica).list()[0].record)
        assert [view.read for view in News(replica).list()] == [True]
        assert [place.name for place in Guide(replica).places()] == ["Укриття"]
        drafts = Drafts(Notes(replica), replica.clock)
        drafts.put(Draft("one", texts={"title": "Темно"}))
        assert [draft.id for draft in drafts.list()] == ["one"]
        assert Appeals(replica).get(filed.record).state == "received"


def test_the_guide_is_found_by_its_index(tmp_path: Path) -> None:
    """It is looked at at each refresh: without the index that reads the whole log of news."""
    store = Store.create(tmp_path / DATABASE)
    plan = store.rows(
        "EXPLAIN QUERY PLAN SELECT count(*), coalesce(max(id), 0), total(state),"
        " total(coalesce(received, 0)) FROM changes"
        " WHERE kind >= 1280 AND kind < 1792 AND state IN (0, 1, 3, 4)"
    )
    assert "COVERING INDEX changes_guide" in plan[0][3]
    store.close()
