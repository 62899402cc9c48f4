"""Saving what a damaged database still holds: as a file, and as a new database."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from client.keys.vault import Vault, write_durably
from client.services.judging import judge_arrived
from client.services.news_projection import Logged, refold
from client.services.replica import CARD, DATABASE, Clock, Replica, system_ms
from client.storage.db import Store
from client.storage.log import (
    ME,
    Pulled,
    State,
    append_own,
    append_pulled,
    author_number,
    known_rows,
)
from client.storage.salvage import read_changes
from shared_schema.crypto.card import read_card
from shared_schema.ids import NEWS, TRUST
from shared_schema.sync.change import Change, decode

FORMAT: Final = "misto.rescued/1"
_SIDECARS: Final = ("", "-wal", "-shm")
_BRING: Final = (
    f"UPDATE changes SET state = {State.PENDING:d} WHERE change_id = ? AND scope = ?"
    f" AND author <> {ME} AND version = 0"
)
_SAID: Final = (
    "UPDATE changes SET state = ?, reason = ?, version = ?, received = ?, proof = ? WHERE id = ?"
)


def export(folder: Path, target: Path) -> int:
    """Write all readable changes to a file, one JSON object a line, as sealed as they are.

    Returns how many that were.
    """
    lines = [json.dumps({"format": FORMAT})]
    for saved in read_changes(folder / DATABASE):
        key = saved.public_key.hex() if saved.public_key else None
        lines.append(
            json.dumps({"public_key": key, "change": saved.raw.hex(), "state": saved.state})
        )
    write_durably(target, "\n".join(lines).encode() + b"\n")
    return len(lines) - 1


class Own(NamedTuple):
    """An own change that is put back, with what the city said of it as far as that is known."""

    change: Change
    state: int
    reason: int = 0
    version: int = 0
    received: int | None = None
    proof: int | None = None


def rebuild(folder: Path, *, pin: str | None = None, clock: Clock = system_ms) -> Replica:
    """A new database from what the damaged one still holds; the damaged one is kept beside it.

    Own changes wait again, all but the refused: offering is idempotent, and the server answers for
    each what it answered before. What came from others is pulled again where it was lost; so is
    news that was let go, and the next look at the budget lets it go again.
    """
    secrets = Vault.open(folder, pin)
    card = read_card((folder / CARD).read_bytes())
    saved = list(read_changes(folder / DATABASE))
    _set_aside(folder)
    replica = Replica(folder, card, secrets, Store.create(folder / DATABASE), clock)
    replica.begin()
    with replica.store.writing() as connection:
        changes = [(decode(each.raw), each) for each in saved]
        own = [Own(each, was.state) for each, was in changes if each.device == replica.device]
        others = [
            Pulled(author_number(connection, was.public_key), each, was.version, was.received)
            for each, was in changes
            if was.authentic and was.public_key and each.device != replica.device
        ]
        brought = [each.id for each, was in changes if was.state == State.PENDING]
        put_back(replica, connection, own, others)
        offer_again(replica, connection, brought)
    return replica


def put_back(
    replica: Replica, connection: sqlite3.Connection, own: Sequence[Own], others: Sequence[Pulled]
) -> None:
    """Put own and others' changes into a new log, then judge and project the news among them.

    All of them are in the log first, so that trust and openings are there whatever the order. Own
    changes must come in the order of their streams; they wait again, all but the refused.
    """
    known = known_rows(connection, [each.change.id for each in others])
    new = {each.change.id: each for each in others if each.change.id not in known}
    rows = append_pulled(connection, list(new.values()))
    for each in own:
        _append(connection, each)
    replica.forget_grants()
    pairs = zip(rows, new.values(), strict=True)
    logged = [Logged(row, each.received, each.change) for row, each in pairs]
    judge_arrived(replica, connection, logged)
    news = replica.scopes.id_of[NEWS]
    records = {each.change.record for each in own if each.change.scope == news}
    refold(connection, records, replica.facts())


def offer_again(replica: Replica, connection: sqlite3.Connection, brought: Iterable[bytes]) -> None:
    """What another device wrote and this one was given to bring (an invitation) waits again.

    Of others' changes that is only a word of trust, and only while the city has not told its place.
    """
    trust = replica.scopes.id_of[TRUST]
    connection.executemany(_BRING, [(each, trust) for each in brought])


def _append(connection: sqlite3.Connection, own: Own) -> None:
    row = append_own(connection, own.change)
    state = State.REFUSED if own.state == State.REFUSED else State.PENDING
    said = (own.reason, own.version, own.received, own.proof)
    connection.execute(_SAID, (state, *said, row))


def _set_aside(folder: Path) -> None:
    number = 1
    while (folder / f"{DATABASE}.damaged-{number}").exists():
        number += 1
    for sidecar in _SIDECARS:
        path = folder / f"{DATABASE}{sidecar}"
        if path.exists():
            path.rename(folder / f"{DATABASE}.damaged-{number}{sidecar}")
