"""What a courier hands on: own and others' requests, replies, and public news from its own log."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final

from client.services.replica import Replica
from client.storage import carried
from client.storage.log import ME, State
from shared_schema.ids import NEWS, TRUST
from shared_schema.records.kinds import BY_NAME
from shared_schema.sync.change import decode
from shared_schema.sync.courier import Item, reply_item, request_item
from shared_schema.sync.public import public_item
from shared_schema.sync.run import Entry

URGENT_MIN: Final = 2
_ENDS: Final = frozenset(BY_NAME[name].number for name in ("trust.revoked", "trust.dismissed"))
# An invitation that came with its code waits for the city here, and is its desk's word already.
_LOG: Final = f"""
    SELECT d.public_key, d.device, c.scope, c.seq, c.change_id, c.raw
    FROM changes c JOIN devices d ON d.id = c.author
    WHERE c.scope = ? AND c.urgency BETWEEN ? AND ?
    AND c.state NOT IN ({State.REFUSED:d}, {State.LET_GO:d})
    AND (c.state <> {State.PENDING:d} OR c.author <> {ME})
    ORDER BY c.urgency DESC, c.id DESC
"""


def carried_items(connection: sqlite3.Connection) -> Iterable[Item]:
    """What is carried: requests, each with its reply, most urgent first, then oldest.

    A reply goes with its request, because without it nobody on the way could check it.
    """
    for stored in carried.in_order(connection):
        raw, reply = carried.raw_of(connection, stored.request)
        yield request_item(raw)
        if reply is not None:
            yield reply_item(stored.request, reply)


def replies_to(connection: sqlite3.Connection, sender: bytes) -> Iterable[Item]:
    """The replies to one device's requests; it knows the requests itself."""
    for stored, _ in carried.of_sender(connection, sender):
        reply = carried.raw_of(connection, stored.request)[1]
        if reply is not None:
            yield reply_item(stored.request, reply)


def public_items(replica: Replica, bytes_max: int) -> list[Item]:
    """Two items of what everybody may have: first trust and urgent news, then the newest news."""
    with replica.store.holding() as connection:
        trust = list(_entries(replica, connection, TRUST, (0, 3)))
        alerts = list(_entries(replica, connection, NEWS, (URGENT_MIN, 3)))
        news = list(_entries(replica, connection, NEWS, (0, URGENT_MIN - 1)))
        proofs = list({proof for _, proof in carried.public_proofs(connection).values()})
    first = _within([*trust, *alerts], bytes_max)
    left = bytes_max - sum(len(each.raw) for each in first)
    rest = _within(news, left)
    scope = replica.scopes.id_of[TRUST]
    urgent = [each for each in first if each.scope != scope]
    items = [
        public_item({TRUST: _in_runs(first, scope), NEWS: _in_runs(urgent)}, proofs),
        public_item({NEWS: _in_runs(rest)}, proofs),
    ]
    return [item for item, entries in zip(items, (first, rest), strict=True) if entries]


def public_ends(replica: Replica, bytes_max: int) -> list[Item]:
    """Who has lost a role or is no volunteer any more, the newest first: what must not wait.

    For ways that are too narrow for all of trust and news. Each counts by itself, with whoever has
    heard of the grant that it ends, or will.
    """
    with replica.store.holding() as connection:
        trust = list(_entries(replica, connection, TRUST, (0, 3)))
    ends = [each for each in trust if decode(each.raw).kind in _ENDS]
    chosen = _within(ends, bytes_max)
    return [public_item({TRUST: _in_runs(chosen)}, [])] if chosen else []


def _entries(
    replica: Replica, connection: sqlite3.Connection, name: str, urgency: tuple[int, int]
) -> Iterable[Entry]:
    """Without their places in the feed, which nobody would believe."""
    for row in connection.execute(_LOG, (replica.scopes.id_of[name], *urgency)).fetchall():
        yield Entry(0, 0, *row)


def _within(entries: Sequence[Entry], bytes_max: int) -> list[Entry]:
    chosen: list[Entry] = []
    for entry in entries:
        if bytes_max < len(entry.raw):
            break
        chosen.append(entry)
        bytes_max -= len(entry.raw)
    return chosen


def _in_runs(entries: Iterable[Entry], scope: bytes | None = None) -> list[Entry]:
    """In the order that makes the longest runs."""
    wanted = (each for each in entries if scope is None or each.scope == scope)
    return sorted(wanted, key=lambda each: (each.device, each.seq))
