"""Watching one device from step to step: nothing of what it has may ever go backwards.

What a courier drops is looked at when it is dropped: the reply that it then had must end the
waiting of all that was in the request, and the city must really have it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from client.services.replica import Replica
from client.storage import carried, feeds
from client.storage.log import State
from shared_schema.errors import MistoError
from shared_schema.sync.carried import CarriedRequest, check_reply, read_carried
from shared_schema.sync.statement import Status

_LOG: Final = "SELECT count(*) FROM changes"
_SETTLED: Final = f"{_LOG} WHERE author = 1 AND state <> {State.PENDING:d}"
_ENDS: Final = (Status.ACCEPTED, Status.REFUSED, Status.HELD)
Here = dict[bytes, tuple[int, int]]


class Look(NamedTuple):
    """What a device has at one moment. Of the first four nothing may ever become less."""

    log: int
    settled: int
    feeds: dict[str, tuple[int, int]]
    """By name: how far the cursor and the last head are."""
    cuts: int
    """Revocations that it knows."""
    carried: Here
    """By request: time and changes of the reply, -1 when there is none."""


class Watch:
    """The last look at a device, and what was wrong since the first one."""

    def __init__(self) -> None:
        self.broken: list[str] = []
        self._last = Look(0, 0, {}, 0, {})
        self._bytes: dict[bytes, tuple[CarriedRequest, bytes | None]] = {}

    def look(self, replica: Replica, on_server: Callable[[], frozenset[bytes]]) -> None:
        """Compare with the last look."""
        now, last = _seen(replica), self._last
        self._compare(last, now)
        dropped = last.carried.keys() - now.carried.keys()
        for request in dropped:
            self._dropped(replica, request, now.carried, on_server())
        with replica.store.holding() as connection:
            for request in now.carried:
                if last.carried.get(request) != now.carried[request]:
                    raw, reply = carried.raw_of(connection, request)
                    self._bytes[request] = (read_carried(raw), reply)
        for request in dropped:
            self._bytes.pop(request, None)
        self._last = now

    def _compare(self, last: Look, now: Look) -> None:
        for what in ("log", "settled", "cuts"):
            if getattr(now, what) < getattr(last, what):
                self.broken.append(f"{what} shrank")
        for name, (top, head) in last.feeds.items():
            if now.feeds[name][0] < top or now.feeds[name][1] < head:
                self.broken.append(f"feed {name} went back")
        for request, reply in last.carried.items():
            if now.carried.get(request, reply)[0] < reply[0]:
                self.broken.append("an older reply took the place of a newer one")

    def _dropped(
        self, replica: Replica, request: bytes, here: Here, on_server: frozenset[bytes]
    ) -> None:
        asked, reply = self._bytes[request]
        others = [self._bytes[each][0] for each in here if each in self._bytes]
        new = here.keys() - self._bytes.keys()
        with replica.store.holding() as connection:
            others += [read_carried(carried.raw_of(connection, each)[0]) for each in new]
        left = asked.ids.difference(*(each.ids for each in others if each.sender == asked.sender))
        if not left and any(each.sender == asked.sender for each in others):
            return  # a newer one of the same sender offers all of it
        ends = _ends(replica, asked, reply)
        lost = [each for each in left if each not in ends]
        lost += [each for each in left if ends.get(each, Status.REFUSED) != Status.REFUSED
                 and each not in on_server]  # fmt: skip
        if lost or reply is None:
            self.broken.append(f"dropped {len(lost)} changes without a verified receipt")


def _seen(replica: Replica) -> Look:
    with replica.store.holding() as connection:
        known = feeds.load(connection)
        stored = carried.in_order(connection)
        (log,), (settled,) = (connection.execute(sql).fetchone() for sql in (_LOG, _SETTLED))
    return Look(
        log,
        settled,
        {name: (feed.cursor.top, feed.head_version) for name, feed in known.items()},
        len(replica.grants.cuts),
        {
            each.request: (
                -1 if each.reply_time_ms is None else each.reply_time_ms, each.reply_changes
            )
            for each in stored
        },
    )  # fmt: skip


def _ends(replica: Replica, asked: CarriedRequest, reply: bytes | None) -> dict[bytes, int]:
    if reply is None:
        return {}
    card = replica.card
    try:
        answer = check_reply(reply, asked, card.city, card.server_keys).answer
    except MistoError:
        return {}
    return {each.id: each.status for each in answer.settled if each.status in _ENDS}
