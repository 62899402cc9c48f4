"""Watching one device from step to step: nothing of what it has may ever go backwards.

What a courier drops is looked at when it is dropped: the reply that it then had must end the
waiting of all that was in the request, and the city must really have it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from client.services.replica import Replica
from client.storage import carried, feeds
from client.storage.log import State
from shared_schema.errors import MistoError
from shared_schema.sync.carried import CarriedRequest, check_reply, read_carried
from shared_schema.sync.statement import Status

_LOG: Final = "SELECT count(*) FROM changes"
_SETTLED: Final = f"{_LOG} WHERE author = 1 AND state <> {State.PENDING:d}"
_KEY: Final = slice(1, 33)
"""Where a request names its sender."""
_ENDS: Final = (Status.ACCEPTED, Status.REFUSED, Status.HELD)
_CARRIED: Final = (
    "SELECT request, coalesce(reply_time_ms, -1), reply_changes, CASE reply_changes WHEN 0"
    " THEN length(raw) ELSE size END FROM carried"
)


Sort = Literal["back", "dropped", "budget"]


class Kept(NamedTuple):
    """What a courier has of a reply."""

    time_ms: int
    """-1: it has none."""
    changes: int
    size: int
    """Bytes of the request, and of the reply if it brings more than receipts."""


class Look(NamedTuple):
    """What a device has at one moment. Of the first four nothing may ever become less."""

    log: int
    settled: int
    feeds: dict[str, tuple[int, int]]
    """By name: how far the cursor and the last head are."""
    cuts: int
    """Revocations that it knows."""
    carried: dict[bytes, Kept]
    """By request."""


class Watch:
    """The last look at a device, and what was wrong since the first one."""

    def __init__(self, budget: int) -> None:
        self.broken: dict[Sort, list[str]] = {"back": [], "dropped": [], "budget": []}
        self._budget = budget
        self._seen: tuple[sqlite3.Connection | None, int] = (None, 0)
        self._last = Look(0, 0, {}, 0, {})
        self._bytes: dict[bytes, tuple[bytes, bytes | None]] = {}

    def look(self, replica: Replica, on_server: Callable[[], frozenset[bytes]]) -> None:
        """Compare with the last look; not where nothing was written since."""
        with replica.store.holding() as connection:
            seen = (connection, connection.total_changes)
            if seen == self._seen:
                return
            self._seen = seen
            now = _seen(replica, connection)
            self._compare(self._last, now)
            self._follow(replica, connection, now, on_server)
        self._last = now

    def _follow(
        self,
        replica: Replica,
        connection: sqlite3.Connection,
        now: Look,
        on_server: Callable[[], frozenset[bytes]],
    ) -> None:
        """Keep the bytes of what is carried, until it is dropped and they are judged."""
        last = self._last.carried
        dropped = [self._bytes.pop(each) for each in last.keys() - now.carried.keys()]
        for request, reply in now.carried.items():
            if last.get(request) != reply:
                self._bytes[request] = carried.raw_of(connection, request)
        for raw, answer in dropped:
            self._dropped(replica, _read(raw), answer, on_server())

    def _compare(self, last: Look, now: Look) -> None:
        for what in ("log", "settled", "cuts"):
            if getattr(now, what) < getattr(last, what):
                self.broken["back"].append(f"{what} shrank")
        for name, (top, head) in last.feeds.items():
            if now.feeds[name][0] < top or now.feeds[name][1] < head:
                self.broken["back"].append(f"feed {name} went back")
        for request, reply in last.carried.items():
            if now.carried.get(request, reply).time_ms < reply.time_ms:
                self.broken["back"].append("an older reply took the place of a newer one")
        if sum(each.size for each in now.carried.values()) > self._budget:  # receipts are on top
            self.broken["budget"].append("carried more than it has room for")

    def _dropped(
        self,
        replica: Replica,
        asked: CarriedRequest,
        reply: bytes | None,
        on_server: frozenset[bytes],
    ) -> None:
        key = asked.outgoing.raw[_KEY]
        others = [_read(raw) for raw, _ in self._bytes.values() if raw[_KEY] == key]
        left = asked.ids.difference(*(each.ids for each in others))
        if not left and others:
            return  # a newer one of the same sender offers all of it
        ends = _ends(replica, asked, reply)
        lost = [each for each in left if each not in ends]
        lost += [each for each in left if ends.get(each, Status.REFUSED) != Status.REFUSED
                 and each not in on_server]  # fmt: skip
        if lost or reply is None:
            self.broken["dropped"].append(f"dropped {len(lost)} changes without a verified receipt")


def _seen(replica: Replica, connection: sqlite3.Connection) -> Look:
    known = feeds.load(connection)
    (log,), (settled,) = (connection.execute(sql).fetchone() for sql in (_LOG, _SETTLED))
    return Look(
        log,
        settled,
        {name: (feed.cursor.top, feed.head_version) for name, feed in known.items()},
        len(replica.grants.cuts),
        {row[0]: Kept(*row[1:]) for row in connection.execute(_CARRIED).fetchall()},
    )


def _ends(replica: Replica, asked: CarriedRequest, reply: bytes | None) -> dict[bytes, int]:
    if reply is None:
        return {}
    card = replica.card
    try:
        answer = check_reply(reply, asked, card.city, card.server_keys).answer
    except MistoError:
        return {}
    return {each.id: each.status for each in answer.settled if each.status in _ENDS}


@lru_cache(maxsize=4096)
def _read(raw: bytes) -> CarriedRequest:
    return read_carried(raw)
