"""What `misto doctor` looks at: is this profile sound, and if not, what can be saved?

It needs no PIN: nothing sealed is opened. Everything that is said is computed anew: hashes of the
own streams, digests of the feeds, SQLite's own integrity check.
"""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

from client.services.replica import CARD, DATABASE, system_ms
from client.storage import feeds, heads, outbox, settings
from client.storage.db import check, connect
from client.storage.errors import DamagedDatabase
from client.storage.feeds import Divergence, Feed
from client.storage.log import State
from client.storage.migrations import STEPS
from client.storage.salvage import survey
from shared_schema.crypto.card import read_card
from shared_schema.errors import MistoError
from shared_schema.sync import digest
from shared_schema.sync.change import FORMAT, NO_PREV, decode, signature_holds

CLOCK_OFF_MS_MAX: Final = 5 * 60 * 1000
"""A clock that differs more from the server's is worth a word. Nothing depends on it."""
_OWN: Final = "SELECT scope, seq, raw FROM changes WHERE author = 1 ORDER BY scope, seq, id"
_ENTRIES: Final = (
    "SELECT c.change_id FROM feed_entries e JOIN changes c ON c.id = e.change WHERE e.feed = ?"
)


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


class Finding(NamedTuple):
    """One thing that was looked at: a stable topic, and a line for a person."""

    topic: str
    level: Level
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """The doctor's findings; `readable` and `waiting` count the changes that can be saved."""

    findings: tuple[Finding, ...]
    readable: int
    waiting: int

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return all(finding.level is not Level.ERROR for finding in self.findings)


def examine(folder: Path, clock: Callable[[], int] = system_ms) -> Report:
    """Look at the profile in a folder, thoroughly; changes nothing in it."""
    path = folder / DATABASE
    findings = [*_card(folder, clock)]
    try:
        with closing(connect(path, "ro")) as connection:
            check(connection, "integrity_check")
            findings.append(Finding("database", Level.OK, "SQLite finds no damage"))
            findings += _contents(connection, clock)
    except (DamagedDatabase, sqlite3.Error) as error:
        findings.append(Finding("database", Level.ERROR, f"damaged: {error}"))
    readable, waiting = survey(path)
    saved = f"{readable} changes can be read, {waiting} of them are waiting to be exchanged"
    findings.append(Finding("saved", Level.OK, saved))
    return Report(tuple(findings), readable, waiting)


def _card(folder: Path, clock: Callable[[], int]) -> Iterator[Finding]:
    try:
        card = read_card((folder / CARD).read_bytes())
    except (OSError, MistoError) as error:
        yield Finding("card", Level.ERROR, f"the city card does not verify: {error}")
        return
    if card.expires_at_ms < clock():
        yield Finding("card", Level.WARNING, f"{card.facts.name}: the card is past its date")
    else:
        yield Finding("card", Level.OK, f"{card.facts.name}: the card verifies")


def _contents(connection: sqlite3.Connection, clock: Callable[[], int]) -> Iterator[Finding]:
    yield from _versions(connection)
    yield from _streams(connection)
    yield _outbox(connection)
    for feed in feeds.load(connection).values():
        yield _feed(connection, feed)
    yield from _splits(connection)
    yield _clock(connection, clock)


def _versions(connection: sqlite3.Connection) -> Iterator[Finding]:
    (schema,) = connection.execute("PRAGMA user_version").fetchone()
    text = (
        f"schema {schema} of {len(STEPS)}, change format {FORMAT}, SQLite {sqlite3.sqlite_version},"
        f" Python {platform.python_version()}"
    )
    level = Level.OK if schema <= len(STEPS) else Level.ERROR
    yield Finding("versions", level, text)


def _streams(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Whether each own stream is a chain from seq 1 to a signature that holds."""
    (key,) = connection.execute("SELECT public_key FROM devices WHERE id = 1").fetchone()
    problems: list[str] = []
    streams: dict[bytes, tuple[int, bytes]] = {}
    last = None
    count = 0
    for scope, seq, raw in connection.execute(_OWN):
        change = decode(raw)
        expected, prev = streams.get(scope, (1, NO_PREV))
        if seq != change.seq or seq != expected or change.prev != prev:
            problems.append(f"seq {seq} in {scope.hex()[:8]} does not follow the one before")
        if last is not None and last.scope != scope and not signature_holds(last, key):
            problems.append(f"the signature at the end of {last.scope.hex()[:8]} does not hold")
        streams[scope] = (seq + 1, change.id)
        last = change
        count += 1
    if last is not None and not signature_holds(last, key):
        problems.append(f"the signature at the end of {last.scope.hex()[:8]} does not hold")
    if problems:
        yield Finding("streams", Level.ERROR, "; ".join(problems[:5]))
    else:
        yield Finding("streams", Level.OK, f"{count} own changes in {len(streams)} whole streams")


def _outbox(connection: sqlite3.Connection) -> Finding:
    waiting, refused, held = (
        outbox.count(connection, state) for state in (State.PENDING, State.REFUSED, State.HELD)
    )
    text = f"{waiting} waiting, {refused} refused, {held} held by the city"
    return Finding("outbox", Level.WARNING if refused else Level.OK, text)


def _feed(connection: sqlite3.Connection, feed: Feed) -> Finding:
    topic = f"feed {feed.name}"
    state = digest.add(
        digest.EMPTY, (row[0] for row in connection.execute(_ENTRIES, (feed.number,)))
    )
    where = f"at {feed.cursor.top}, the signed head is at {feed.head_version}"
    if state != feed.digest:
        return Finding(topic, Level.ERROR, f"{where}; the digest is not that of what is held")
    if feed.diverged is not Divergence.NONE:
        return Finding(topic, Level.WARNING, f"{where}; it differs from what the server signs")
    return Finding(topic, Level.OK, where if feed.complete else f"{where}; not complete yet")


def _splits(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Nothing is wrong with this profile then: it is the city's server that has to explain."""
    if heads.known(connection) and (found := heads.splits(connection)):
        text = (
            f"the city has signed two different lists under one number, {len(found)} times;"
            " `--evidence FILE` writes the proof for the city; nothing of yours is lost"
        )
        yield Finding("split view", Level.WARNING, text)


def _clock(connection: sqlite3.Connection, clock: Callable[[], int]) -> Finding:
    """This device's clock against the server's, both at the moment of the last exchange."""
    own = settings.number(connection, settings.LAST_SUCCESS_MS)
    server = settings.number(connection, settings.SERVER_TIME_MS)
    if own is None or server is None:
        return Finding("clock", Level.OK, "no exchange yet to compare with")
    if abs(own - server) > CLOCK_OFF_MS_MAX:
        minutes = round((own - server) / 60_000)
        text = f"{minutes:+d} minutes off the server's at the last exchange; nothing depends on it"
        return Finding("clock", Level.WARNING, text)
    if clock() < server:
        return Finding("clock", Level.WARNING, "has been set back since the last exchange")
    return Finding("clock", Level.OK, "agrees with the server's")
