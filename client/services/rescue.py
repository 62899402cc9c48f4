"""Saving what a damaged database still holds: as a file, and as a new database."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from client.keys.vault import Vault, write_durably
from client.services.judging import judge_arrived
from client.services.news_projection import Logged, project
from client.services.replica import CARD, DATABASE, Clock, Replica, system_ms
from client.storage.db import Store
from client.storage.log import Pulled, State, append_own, append_pulled, author_number, known_rows
from client.storage.salvage import Saved, read_changes
from shared_schema.crypto.card import read_card
from shared_schema.ids import NEWS
from shared_schema.sync.change import decode

FORMAT: Final = "misto.rescued/1"
_SIDECARS: Final = ("", "-wal", "-shm")


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


def rebuild(folder: Path, *, pin: str | None = None, clock: Clock = system_ms) -> Replica:
    """A new database from what the damaged one still holds; the damaged one is kept beside it.

    Own changes wait again, all but the refused: offering is idempotent, and the server answers for
    each what it answered before. What came from others is pulled again where it was lost.
    """
    secrets = Vault.open(folder, pin)
    card = read_card((folder / CARD).read_bytes())
    saved = list(read_changes(folder / DATABASE))
    _set_aside(folder)
    replica = Replica(folder, card, secrets, Store.create(folder / DATABASE), clock)
    replica.begin()
    with replica.store.writing() as connection:
        _put_own(replica, connection, saved)
        others = [
            Pulled(author_number(connection, each.public_key), decode(each.raw))
            for each in saved
            if each.authentic and each.public_key and each.public_key != replica.signer.public_key
        ]
        known = known_rows(connection, [each.change.id for each in others])
        new = [each for each in others if each.change.id not in known]
        rows = append_pulled(connection, new)
        pairs = zip(rows, new, strict=True)
        judge_arrived(replica, connection, [Logged(row, None, each.change) for row, each in pairs])
    return replica


def _put_own(replica: Replica, connection: sqlite3.Connection, saved: Iterable[Saved]) -> None:
    for each in saved:
        change = decode(each.raw)
        if change.device != replica.device:
            continue
        row = append_own(connection, change)
        if change.scope == replica.scopes.id_of[NEWS]:
            project(connection, [Logged(row, None, change)], replica.facts())
        if each.state == State.REFUSED:
            connection.execute("UPDATE changes SET state = ? WHERE id = ?", (each.state, row))


def _set_aside(folder: Path) -> None:
    number = 1
    while (folder / f"{DATABASE}.damaged-{number}").exists():
        number += 1
    for sidecar in _SIDECARS:
        path = folder / f"{DATABASE}{sidecar}"
        if path.exists():
            path.rename(folder / f"{DATABASE}.damaged-{number}{sidecar}")
