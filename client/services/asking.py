"""Composing a request: which feeds this device follows, and what it offers."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from typing import NamedTuple

from client.services.replica import Replica
from client.storage import feeds
from client.storage.feeds import Divergence, Feed
from client.storage.outbox import Offer, offers
from shared_schema.ids import NEWS
from shared_schema.limits import UP_BUDGET_BYTES
from shared_schema.sync import digest
from shared_schema.sync.bundle import Want
from shared_schema.sync.compose import Outgoing, compose_request, within
from shared_schema.sync.receive import Held
from shared_schema.sync.run import Entry


class Terms(NamedTuple):
    """How much to ask for: bytes of changes back (0: the server's default), and how many news."""

    budget: int = 0
    news_max: int = 0


class Asked(NamedTuple):
    """A composed request with what is needed to read and apply the answer."""

    outgoing: Outgoing
    held: dict[str, Held]
    rows: list[int]
    """The log's row ids of what was offered, in the order of the request's runs."""


def compose(
    replica: Replica, terms: Terms, explain: bool, only: Collection[str] | None = None
) -> Asked:
    """The request to send next. The same state composes the same bytes, so a retry is a replay.

    Args:
        only: ask for these feeds alone, and offer nothing.
    """
    asked = [feed for feed in _followed(replica) if only is None or feed.name in only]
    with replica.store.holding() as connection:
        chosen = _chosen(connection, terms.budget) if only is None else []
    wants = [_want(feed, terms, explain) for feed in asked]
    held = {feed.name: Held(feed.feed, digest.finish(feed.digest)) for feed in asked}
    outgoing = compose_request(
        replica.signer, wants, [_entry(offer) for offer in chosen], terms.budget
    )
    return Asked(outgoing, held, [offer.row for offer in chosen])


def compose_for_courier(replica: Replica, wanted: Collection[str], budget: int) -> Asked:
    """All that waits, as a request for somebody else to post, days from now.

    It asks for digests in full: whoever carries it must be able to check the reply, and this device
    may know more by then than it does now.
    """
    asked = [feed for feed in _followed(replica) if feed.name in wanted]
    with replica.store.holding() as connection:
        chosen = _chosen(connection, 0)
    wants = [Want(feed.name, feed.cursor.top, list(feed.cursor.gaps), 0, True) for feed in asked]
    entries = [_entry(offer) for offer in chosen]
    outgoing = compose_request(replica.signer, wants, entries, budget)
    return Asked(outgoing, {}, [offer.row for offer in chosen])


def missing(connection: sqlite3.Connection, names: Collection[str]) -> bool:
    """Whether some of these feeds are known to have more than is held."""
    known = feeds.load(connection)
    return any(not feed.complete for name, feed in known.items() if name in names)


def _followed(replica: Replica) -> list[Feed]:
    """A role that was granted since the last time brings a queue to follow."""
    wanted = replica.followed()
    with replica.store.holding() as connection:
        known = feeds.load(connection)
    if not wanted.keys() <= known.keys():
        with replica.store.writing() as connection:
            feeds.ensure(connection, wanted)
            known = feeds.load(connection)
    return [known[name] for name in wanted]


def _chosen(connection: sqlite3.Connection, budget: int) -> list[Offer]:
    """What fits, and then in stream order, which makes the longest runs."""
    limit = min(budget, UP_BUDGET_BYTES) if budget else UP_BUDGET_BYTES
    chosen = within(offers(connection), limit)
    return sorted(chosen, key=lambda offer: (offer.scope, offer.device, offer.seq))


def _want(feed: Feed, terms: Terms, explain: bool) -> Want:
    count_max = terms.news_max if feed.name == NEWS else 0
    told = explain or feed.diverged is Divergence.PERSISTENT
    return Want(feed.name, feed.cursor.top, list(feed.cursor.gaps), count_max, told)


def _entry(offer: Offer) -> Entry:
    return Entry(0, 0, offer.public_key, offer.device, offer.scope, offer.seq, offer.id, offer.raw)
