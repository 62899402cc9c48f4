"""Who gets a change besides the readers of its own scope: its author's mailbox, other queues.

A change is stored once and stands in feeds by number. What goes where is decided here, within the
transaction that takes the change in; the feeds' new states are written down at its end.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from shared_schema.crypto.card import Card
from shared_schema.ids import MAIL, feed_id
from shared_schema.records.kinds import INTERNAL
from shared_schema.sync import digest
from shared_schema.sync.change import Change, decode
from sync_server.policy import CityScopes, ServerFacts
from sync_server.storage.base import (
    FeedEntry,
    FeedState,
    Shared,
    StoredChange,
    Writer,
)


@dataclass(slots=True)
class _Feed:
    version: int
    state: bytes
    added: list[bytes] = field(default_factory=list)


class Feeds:
    """The feeds that a transaction adds to."""

    def __init__(self, writer: Writer) -> None:
        """Continue the feeds as this writer's transaction finds them."""
        self._writer = writer
        self._feeds: dict[bytes, _Feed] = {}
        self._entries: list[FeedEntry] = []

    def next_version(self, feed: bytes) -> int:
        """The version that the next change in this feed gets."""
        return self._feed(feed).version + 1

    def put(self, feed: bytes, row: int, change_id: bytes, urgency: int, size: int) -> None:
        """Put a stored change into a feed; it gets the next version there."""
        state = self._feed(feed)
        state.version += 1
        state.added.append(change_id)
        self._entries.append(FeedEntry(feed, state.version, row, urgency, size))

    def finish(self) -> None:
        """Write the entries and the new states down."""
        self._writer.add_entries(self._entries)
        self._writer.set_feeds(
            (feed, FeedState(each.version, digest.add(each.state, each.added)))
            for feed, each in self._feeds.items()
            if each.added
        )

    def _feed(self, feed: bytes) -> _Feed:
        if feed not in self._feeds:
            state = self._writer.feed(feed)
            self._feeds[feed] = _Feed(state.version, state.digest)
        return self._feeds[feed]


class Delivery:
    """Mail and forwarding of one transaction."""

    def __init__(
        self, writer: Writer, card: Card, scopes: CityScopes, facts: ServerFacts, feeds: Feeds
    ) -> None:
        """Begin with nothing held and nothing forwarded."""
        self._writer = writer
        self._city: Final = card.city
        self._queues = scopes.queues
        self._facts = facts
        self._feeds = feeds
        self._taken: list[StoredChange] = []
        self._forwarded: list[tuple[bytes, bytes]] = []
        self._held: dict[bytes, list[StoredChange]] = {}

    def deliver(self, change: Change, row: StoredChange) -> None:
        """Bring a change that was stored to the author of its record, and to other queues.

        News and trust need no delivery: everybody follows those feeds.
        """
        if change.scope not in self._queues:
            return
        self._taken.append(row)
        if change.opening or change.kind in INTERNAL:
            return  # an opening is its author's; what is internal to a desk stays there
        opening = self._facts.opening(change.record)
        if opening is None:
            self._held.setdefault(change.record, []).append(row)
            return
        for scope in sorted(opening.scopes - {change.scope}):
            self._feeds.put(scope, *_entry(row))
        if opening.device != change.device:
            self._mail(opening.device, *_entry(row))

    def forward(self, change: Change) -> None:
        """Give a queue all that was said to an appeal before it came there; once."""
        opening = self._facts.opening(change.record)
        if opening is None or change.scope in opening.scopes:
            return
        stored = self._writer.of_record(change.record, opening)
        fresh = [_shared(row) for row in self._taken if row.record == change.record]
        for each in (*stored, *fresh):
            if each.scope != change.scope and each.kind not in INTERNAL:
                self._feeds.put(
                    change.scope, each.id, each.change_id, each.urgency, each.size
                )  # fmt: skip
        self._forwarded.append((change.record, change.scope))
        wider = opening._replace(forwarded=opening.forwarded | {change.scope})
        self._facts.opened(change.record, wider)

    def finish(self, openers: dict[bytes, bytes]) -> None:
        """Deliver what waited for its record, and write down what was forwarded.

        A mailbox gets a change exactly once: at once when the opening is known, else when the
        opening comes. One that held a change twice would never have the digest that its owner
        computes.

        Args:
            openers: who opened which record in this transaction.
        """
        for record, rows in self._held.items():
            for row in rows if record in openers else ():
                if row.device != openers[record]:
                    self._mail(openers[record], *_entry(row))
        for held in self._writer.held(list(openers)):
            if held.scope in self._queues and held.device != openers[held.record]:
                entry = (held.id, held.change_id, held.urgency, held.size)
                self._mail(openers[held.record], *entry)
        self._writer.add_forwarded(self._forwarded)

    def _mail(self, device: bytes, row: int, change_id: bytes, urgency: int, size: int) -> None:
        self._feeds.put(feed_id(self._city, MAIL, device), row, change_id, urgency, size)


def _entry(row: StoredChange) -> tuple[int, bytes, int, int]:
    return row.id, row.change_id, decode(row.raw).urgency, len(row.raw)


def _shared(row: StoredChange) -> Shared:
    number, change_id, urgency, size = _entry(row)
    return Shared(number, row.scope, row.kind, change_id, urgency, size)
