"""Applying what couriers bring: replies to own requests, days old, and public news.

As the ordinary application, in one transaction, with these differences. Receipts are signed by the
city, and count. Places and moments of changes are not: a courier could have written others. So
changes come into the log without them, and cursors stay where they are: the next exchange tells
places and moments, or else this device would fold the same changes into another state than others.
Nothing is ever rolled back, because nothing is ever taken out.

Changes that this device's own judge would refuse do not even come into the log: the city would not
have sent them, and a log must not be filled by strangers. Nor does what a revoked device wrote: it
could sign its past anew, which only the city can tell from what it really said then.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from client.services.applying import Application
from client.services.asking import Asked
from client.services.replica import Replica
from client.services.trust import LocalFacts
from client.storage import carried, heads, settings
from client.storage.heads import Side
from client.storage.log import Pulled, State, known_rows
from shared_schema.ids import MAIL, NEWS, TRUST
from shared_schema.sync import digest
from shared_schema.sync.carried import CarriedRequest
from shared_schema.sync.policy import judge
from shared_schema.sync.public import PublicHead, PublicItem, is_anonymous
from shared_schema.sync.receive import Answer, Arrival
from shared_schema.sync.statement import Status

PUBLIC: Final = (TRUST, NEWS)
_ENDS: Final = (Status.ACCEPTED, Status.REFUSED, Status.HELD)
_HELD: Final = (
    "SELECT change_id FROM changes WHERE scope = ?"
    f" AND state NOT IN ({State.PENDING:d}, {State.REFUSED:d})"
)
_WAITING: Final = (
    f"SELECT state = {State.PENDING:d}, state = {State.PENDING:d} AND proof IS NOT NULL"
    " FROM changes WHERE id = ?"
)
"""Whether a change waits, and whether it does so again, after it had a receipt."""


@dataclasses.dataclass(frozen=True, slots=True)
class Brought:
    """What a reply or a public item said that was new."""

    settled: int = 0
    arrived: int = 0
    refused: int = 0
    """Changes that do not count here, left out."""
    proven: int = 0
    """Feeds that are complete by a newer word of the city's than was known."""

    @property
    def new(self) -> bool:
        """Whether anything is different from before."""
        return bool(self.settled or self.arrived or self.proven)


def apply_reply(replica: Replica, request: CarriedRequest, answer: Answer) -> Brought:
    """Apply a verified reply to a request of this device, however late it comes; durably."""
    with _durably(replica) as late:
        settled = late.verdicts(request, answer)
        late.seen(answer)
        arrived, refused = late.changes(answer.arrivals, (TRUST, MAIL, NEWS))
    return Brought(settled, arrived, refused + answer.forged)


def keep_heads(replica: Replica, answer: Answer) -> None:
    """Keep the heads of a verified answer about public feeds alone, to be handed on."""
    with _durably(replica) as late:
        for head in answer.heads:
            feed = replica.scopes.id_of[head.feed]
            late.proves(PublicHead(feed, head.version, head.digest, answer.time_ms, answer.proof))


def apply_public(replica: Replica, item: PublicItem) -> Brought:
    """Apply trust and news that somebody handed on; durably."""
    with _durably(replica) as late:
        arrived, refused = late.changes(item.arrivals, PUBLIC)
        proven = sum(late.proves(head) for head in item.heads)
    return Brought(0, arrived, refused + item.forged, proven)


@contextlib.contextmanager
def _durably(replica: Replica) -> Iterator[_Late]:
    """One transaction; what was folded of trust is forgotten when it is rolled back."""
    try:
        with replica.store.writing() as connection:
            yield _Late(replica, connection)
    except BaseException:
        replica.forget_grants()
        raise


class _Late(Application):
    """Something late on its way into the database."""

    def verdicts(self, request: CarriedRequest, answer: Answer) -> int:
        """End the waiting of own changes; returns of how many. What has ended before stays."""
        ids = [each for run in request.outgoing.runs for each in run.ids]
        rows = known_rows(self.connection, ids)
        if len(rows) < len(set(ids)):
            return 0  # a profile that was made anew since: offered again, they get their receipts
        told = [rows[each.id] for each in answer.settled if each.status in _ENDS]
        found = [self.connection.execute(_WAITING, (row,)).fetchone() for row in told]
        waiting = sum(int(each[0]) for each in found)
        heard = settings.number(self.connection, settings.SERVER_TIME_MS) or 0
        if any(again for _, again in found) and answer.time_ms <= heard:
            return 0  # the city has lost them since, and this is what it said before
        if waiting:
            self.receipts(Asked(request.outgoing, {}, [rows[each] for each in ids]), answer)
        return waiting

    def changes(self, arrivals: Sequence[Arrival], names: Collection[str]) -> tuple[int, int]:
        """Take what counts into the log, trust first; returns how many are new, and left out."""
        wanted = [each for each in arrivals if each.feed in names]
        trust = [each for each in wanted if each.feed == TRUST]
        others = [each for each in wanted if each.feed != TRUST]
        arrived = 0
        left = len(arrivals)
        for part in (trust, others):
            facts = self.replica.facts()  # what trust came just now counts for the others
            good = [
                each._replace(version=0, received=0) for each in part if self._counts(each, facts)
            ]
            left -= len(good)
            self.arrivals(good)
            arrived += self.applied.arrived
        return arrived, left

    def seen(self, answer: Answer) -> None:
        """Remember the heads of an own reply: it proves nothing new, but it may contradict."""
        self._told(answer.time_ms)
        for head in answer.heads:
            if head.feed in self.feeds:
                self.witness(self.feeds[head.feed].feed, head, answer)

    def proves(self, head: PublicHead) -> bool:
        """Whether a signed head speaks of exactly what is here; if so it is kept, to be handed on.

        It moves no cursor: the city still has to tell the moments of what a courier brought.
        """
        public = [self.replica.scopes.id_of[name] for name in PUBLIC]
        if head.feed not in public or not is_anonymous(
            head.proof, public, self.replica.card.server_keys
        ):
            return False
        self._told(head.time_ms)
        side = Side(head.digest, head.time_ms, head.proof)
        heads.witness(self.connection, head.feed, head.version, side, self.replica.clock())
        ids = [row[0] for row in self.connection.execute(_HELD, (head.feed,)).fetchall()]
        if len(ids) != head.version or digest.finish(digest.add(digest.EMPTY, ids)) != head.digest:
            return False
        return carried.keep_public(self.connection, head.feed, head.time_ms, head.proof)

    def _told(self, time_ms: int) -> None:
        """It is no earlier than the city has signed; see `city_time`."""
        if time_ms > (settings.number(self.connection, settings.CARRIED_TIME_MS) or 0):
            settings.put(self.connection, {settings.CARRIED_TIME_MS: time_ms})

    def _counts(self, arrival: Arrival, facts: LocalFacts) -> bool:
        """Whether the city would have sent this; see the module's head."""
        if not self._fits(arrival):
            return False
        change = arrival.change
        scope = facts.scope_name(change.scope)
        if scope is None or (change.device, scope) in facts.grants.cuts:
            return False
        if judge(change, facts).status is Status.REFUSED:
            return False
        if arrival.feed != MAIL:
            return True
        opening = facts.opening(change.record)
        own = opening is not None and opening.device == self.replica.device
        return own and facts.officer(change.device, scope)

    def _pulled(self, author: int, arrival: Arrival) -> Pulled:
        return Pulled(author, arrival.change)
