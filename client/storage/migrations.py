"""The schema's history. A released step is never edited: a new one is added at the end.

`PRAGMA user_version` counts the steps that a database has been through, each in a transaction of
its own, so an interrupted migration resumes where it stopped. `tables.py` describes the result for
those who read rows through SQLModel; a test keeps the two in step.

Why the log looks as it does: `seq` and `prev` of the next own change are read from the index
`changes_own` inside the write transaction, so there is no counter that could disagree with the
log. The same index answers what is waiting (author 1, state 0) without touching the rows: one
index fewer is one page fewer in every durable save. An opening change has no `record`, just as on
the wire: its own id names it. `changes_aside` holds only what does not count here: little.

A news row has the row id of its opening change, which is found by the record's id. The search index
keeps neither texts nor positions. Words are looked up by how they begin, which needs no prefix
index for as many news as a city has (0.4 ms among 6,000) and takes a third of the time and space
to fill.

`sealed_notes` holds what only this person may know: drafts, settings, marks. Each is ciphertext
under the device's storage key. `changes_guide` finds places and outage schedules among the news.

An alert of the time before second signatures waits for one: it is `awaiting` its own wording.

`changes_brought` finds what another device has written and this one was given to bring to the city:
an invitation. It is nearly always empty.

`heads` keeps, of each feed, the last signed statement that what is held of it is all there is: with
it an audit proves completeness offline, and notices a row that somebody has taken out or altered.

`carried` holds other people's requests, and the city's replies to them, byte for byte as they came;
`own_requests` what this device has handed to couriers itself, sealed: without those bytes it could
not read a reply that comes weeks later. `public_heads` holds, of trust and news, the newest
statement that names nobody and by which all was here: a courier hands it on. `asked_ms` and `asks`
of `carried` say when the city was last asked, so that a courier that is opened anew stays sparing.

`seen_heads` remembers the latest heads that the city has signed, of each feed and version one;
`splits` keeps for good two that contradict each other, with both statements in full.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from client.storage.errors import NewerDatabase

STEP_1: Final = """
CREATE TABLE devices (
    id INTEGER PRIMARY KEY,
    public_key BLOB NOT NULL UNIQUE,
    device BLOB NOT NULL
);
CREATE TABLE changes (
    id INTEGER PRIMARY KEY,
    change_id BLOB NOT NULL UNIQUE,
    author INTEGER NOT NULL,
    scope BLOB NOT NULL,
    seq INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    kind_version INTEGER NOT NULL,
    record BLOB,
    time INTEGER NOT NULL,
    urgency INTEGER NOT NULL,
    state INTEGER NOT NULL,
    reason INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 0,
    received INTEGER,
    proof INTEGER,
    raw BLOB NOT NULL
);
CREATE INDEX changes_own ON changes (scope, seq, state, urgency) WHERE author = 1;
CREATE INDEX changes_by_record ON changes (record) WHERE record IS NOT NULL;
CREATE INDEX changes_aside ON changes (scope, reason) WHERE state = 5;
CREATE TABLE proofs (
    id INTEGER PRIMARY KEY,
    request BLOB NOT NULL,
    statement BLOB NOT NULL,
    context BLOB NOT NULL,
    signature BLOB NOT NULL
);
CREATE TABLE feeds (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    feed BLOB NOT NULL,
    top INTEGER NOT NULL DEFAULT 0,
    gaps TEXT NOT NULL DEFAULT '[]',
    digest BLOB NOT NULL,
    head_version INTEGER NOT NULL DEFAULT 0,
    head_time INTEGER NOT NULL DEFAULT 0,
    diverged INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE feed_entries (
    feed INTEGER NOT NULL,
    version INTEGER NOT NULL,
    change INTEGER NOT NULL,
    PRIMARY KEY (feed, version)
) WITHOUT ROWID;
CREATE TABLE thread_keys (
    record BLOB PRIMARY KEY,
    wrapped BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE news (
    id INTEGER PRIMARY KEY,
    record BLOB NOT NULL,
    wording INTEGER NOT NULL,
    topic TEXT NOT NULL,
    district TEXT NOT NULL,
    priority INTEGER NOT NULL,
    published_at_ms INTEGER NOT NULL,
    changed_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    corrections INTEGER NOT NULL,
    withdrawn INTEGER NOT NULL,
    note TEXT NOT NULL,
    indexed INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX news_by_time ON news (published_at_ms);
CREATE INDEX news_urgent ON news (published_at_ms) WHERE priority = 2;
CREATE INDEX news_unindexed ON news (id) WHERE indexed = 0;
CREATE VIRTUAL TABLE news_fts USING fts5 (
    title, text, content = '', detail = none, tokenize = 'unicode61 remove_diacritics 0'
);
CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
"""

STEP_2: Final = """
CREATE TABLE news_read (
    record BLOB PRIMARY KEY
) WITHOUT ROWID;
CREATE TABLE sealed_notes (
    name TEXT PRIMARY KEY,
    sealed BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX changes_guide ON changes (kind, state, received) WHERE kind >= 1280 AND kind < 1792;
"""

STEP_3: Final = """
ALTER TABLE news ADD COLUMN confirmed INTEGER NOT NULL DEFAULT 1;
ALTER TABLE news ADD COLUMN awaiting INTEGER NOT NULL DEFAULT 0;
CREATE INDEX news_awaiting ON news (id) WHERE awaiting <> 0;
UPDATE news SET priority = 1, confirmed = 0, awaiting = wording WHERE priority = 2;
"""

STEP_4: Final = """
CREATE TABLE heads (
    feed INTEGER PRIMARY KEY,
    request BLOB NOT NULL,
    statement BLOB NOT NULL,
    context BLOB NOT NULL,
    signature BLOB NOT NULL
);
"""

STEP_5: Final = """
CREATE TABLE carried (
    id INTEGER PRIMARY KEY,
    request BLOB NOT NULL UNIQUE,
    sender BLOB NOT NULL,
    urgency INTEGER NOT NULL,
    size INTEGER NOT NULL,
    changes INTEGER NOT NULL,
    came_ms INTEGER NOT NULL,
    source TEXT NOT NULL,
    done INTEGER NOT NULL DEFAULT 0,
    reply_time_ms INTEGER,
    reply_changes INTEGER NOT NULL DEFAULT 0,
    raw BLOB NOT NULL,
    reply BLOB
);
CREATE INDEX carried_by_sender ON carried (sender);
CREATE TABLE own_requests (
    id INTEGER PRIMARY KEY,
    request BLOB NOT NULL UNIQUE,
    made_ms INTEGER NOT NULL,
    sealed BLOB NOT NULL
);
CREATE TABLE public_heads (
    feed BLOB PRIMARY KEY,
    time_ms INTEGER NOT NULL,
    request BLOB NOT NULL,
    statement BLOB NOT NULL,
    context BLOB NOT NULL,
    signature BLOB NOT NULL
);
"""

STEP_6: Final = """
CREATE INDEX changes_brought ON changes (id) WHERE author > 1 AND state = 0;
ALTER TABLE carried ADD COLUMN reply_said INTEGER NOT NULL DEFAULT 0;
"""

STEP_7: Final = """
ALTER TABLE carried ADD COLUMN asked_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE carried ADD COLUMN asks INTEGER NOT NULL DEFAULT 0;
CREATE TABLE seen_heads (
    feed BLOB NOT NULL,
    version INTEGER NOT NULL,
    digest BLOB NOT NULL,
    time_ms INTEGER NOT NULL,
    request BLOB NOT NULL,
    statement BLOB NOT NULL,
    context BLOB NOT NULL,
    signature BLOB NOT NULL,
    PRIMARY KEY (feed, version)
) WITHOUT ROWID;
CREATE TABLE splits (
    id INTEGER PRIMARY KEY,
    feed BLOB NOT NULL,
    version INTEGER NOT NULL,
    found_ms INTEGER NOT NULL,
    digest BLOB NOT NULL,
    time_ms INTEGER NOT NULL,
    request BLOB NOT NULL,
    statement BLOB NOT NULL,
    context BLOB NOT NULL,
    signature BLOB NOT NULL,
    other_digest BLOB NOT NULL,
    other_time_ms INTEGER NOT NULL,
    other_request BLOB NOT NULL,
    other_statement BLOB NOT NULL,
    other_context BLOB NOT NULL,
    other_signature BLOB NOT NULL,
    UNIQUE (feed, version, other_digest)
);
"""

STEPS: Final = (STEP_1, STEP_2, STEP_3, STEP_4, STEP_5, STEP_6, STEP_7)


def migrate(connection: sqlite3.Connection) -> int:
    """Bring a database to the newest schema; returns how many steps that took.

    Raises:
        NewerDatabase: it has been through steps that this version does not know.
    """
    (done,) = connection.execute("PRAGMA user_version").fetchone()
    if done > len(STEPS):
        raise NewerDatabase(f"schema {done}, this version knows {len(STEPS)}")
    for number in range(done + 1, len(STEPS) + 1):
        _step(connection, number)
    return len(STEPS) - int(done)


def _step(connection: sqlite3.Connection, number: int) -> None:
    """One step, unless another process has just made it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        (done,) = connection.execute("PRAGMA user_version").fetchone()
        if done < number:
            for statement in STEPS[number - 1].split(";\n"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
