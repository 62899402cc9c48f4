"""Applying a verified answer: everything in one transaction, or nothing at all.

Order matters in it: receipts first, then what arrived goes into the log, then trust is folded, so
that news of the same answer is judged with it; cursors and digests follow what really arrived.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

from client.services.appeal_view import reason_name
from client.services.asking import Asked
from client.services.judging import judge_arrived, rejudge
from client.services.news_projection import Logged, refold
from client.services.replica import Replica
from client.storage import feeds, heads, outbox, settings
from client.storage.feeds import Divergence, Feed
from client.storage.heads import Side
from client.storage.log import ME, Pulled, State, append_pulled, author_number, known_rows
from client.storage.outbox import Settlement
from shared_schema.ids import MAIL, NEWS, TRUST
from shared_schema.sync import digest
from shared_schema.sync.change import decode
from shared_schema.sync.receive import Answer, Arrival, FeedHead
from shared_schema.sync.statement import Receipt, Status, read_statement

_DATE: Final = (
    "UPDATE changes SET version = ?, received = ?"
    f" WHERE id = ? AND received IS NULL AND author <> {ME} AND version = 0"
)
_ENDS: Final[dict[int, State]] = {
    Status.ACCEPTED: State.ACCEPTED,
    Status.REFUSED: State.REFUSED,
    Status.HELD: State.HELD,
}


@dataclass(slots=True)
class Applied:
    """What an answer brought."""

    settled: Counter[State] = field(default_factory=Counter)
    refused: list[tuple[str, str]] = field(default_factory=list)
    arrived: int = 0
    restarted: list[str] = field(default_factory=list)

    @property
    def moved(self) -> bool:
        """Whether anything is different from before; if not, asking again is of no use."""
        return bool(self.settled or self.arrived or self.restarted)


def apply(replica: Replica, asked: Asked, answer: Answer) -> Applied:
    """Apply an answer in one durable transaction."""
    try:
        with replica.store.writing() as connection:
            application = Application(replica, connection)
            application.receipts(asked, answer)
            application.arrivals(answer.arrivals)
            tops = {want.feed: want.top for want in asked.outgoing.wants}
            for head in answer.heads:
                application.head(head, answer, tops[head.feed])
            times = {
                settings.LAST_SUCCESS_MS: replica.clock(),
                settings.SERVER_TIME_MS: answer.time_ms,
            }
            settings.put(connection, times)
    except BaseException:
        replica.forget_grants()  # what was folded may have been rolled back
        raise
    return application.applied


class Application:
    """One answer on its way into the database."""

    def __init__(self, replica: Replica, connection: sqlite3.Connection) -> None:
        self.applied = Applied()
        self.replica = replica
        self.connection = connection
        self.feeds = feeds.load(connection)
        self.placed: dict[str, dict[int, tuple[int, bytes]]] = defaultdict(dict)
        """By feed and version: row id and change id."""

    def receipts(self, asked: Asked, answer: Answer) -> None:
        """End the waiting of the changes that got a verdict, and keep the proof of it."""
        statement = read_statement(answer.proof.statement)
        if not statement.receipts:
            return
        proof = self.connection.execute(
            "INSERT INTO proofs (request, statement, context, signature) VALUES (?, ?, ?, ?)",
            answer.proof,
        ).lastrowid
        runs = asked.outgoing.runs
        starts = list(accumulate((len(run.ids) for run in runs), initial=0))
        for receipt in statement.receipts:
            start = starts[receipt.run] + receipt.offset
            rows = asked.rows[start : start + receipt.count]
            if self._settle(receipt, rows, proof):
                run = runs[receipt.run]
                ids = run.ids[receipt.offset : receipt.offset + receipt.count]
                self._place_own(run.scope, receipt.version, rows, ids)
        trust = self.replica.scopes.id_of[TRUST]
        if any(runs[receipt.run].scope == trust for receipt in statement.receipts):
            self.replica.forget_grants()  # a joining may be refused, or count from now on
        news = self.replica.scopes.id_of[NEWS]
        if any(runs[receipt.run].scope == news for receipt in statement.receipts):
            self._refold_own_news(proof, news)

    def arrivals(self, arrivals: Sequence[Arrival]) -> None:
        """Put what is new into the log, fold trust, then judge and project the news."""
        grants_before = self.replica.grants
        fresh = self._log([each for each in arrivals if self._fits(each)])
        self.applied.arrived = len(fresh)
        trust = self.replica.scopes.id_of[TRUST]
        if any(logged.change.scope == trust for logged in fresh):
            self.replica.forget_grants()
        judge_arrived(self.replica, self.connection, fresh)
        rejudge(self.replica, self.connection, grants_before, fresh)

    def head(self, head: FeedHead, answer: Answer, told: int) -> None:
        """Note a signed head and what arrived of its feed; compare when nothing is missing.

        The statement that says that nothing is missing is kept: an audit proves by it, offline.
        `told` is how far the request said that this feed is known.
        """
        feed = self.feeds[head.feed]
        self.witness(feed.feed, head, answer)
        if told <= head.version < feed.cursor.top:
            return  # a courier has brought later ones while this was under way
        feed.head_version, feed.head_time = head.version, answer.time_ms
        if head.version < feed.cursor.top:
            self._start_again(feed)
        else:
            placed = self.placed[head.feed].items()
            within = {version: where for version, where in placed if version <= head.version}
            feeds.add_entries(self.connection, feed, within)
            if feed.cursor.complete and self._compare(feed, head.digest):
                feeds.keep_head(self.connection, feed, answer.proof)
        feeds.save(self.connection, feed)

    def witness(self, feed: bytes, head: FeedHead, answer: Answer) -> None:
        """Remember a signed head; one that contradicts another is kept as evidence."""
        side = Side(head.digest, answer.time_ms, answer.proof)
        heads.witness(self.connection, feed, head.version, side, self.replica.clock())

    def _settle(self, receipt: Receipt, rows: list[int], proof: int | None) -> bool:
        """Returns whether the changes have a place in a feed now."""
        state = _ENDS.get(receipt.status)
        if state is None:
            return False  # deferred, or a word of a later version: they stay in the outbox
        received = receipt.received or None
        how = Settlement(state, receipt.reason, receipt.version, received, proof)
        outbox.settle(self.connection, rows, how)
        self.applied.settled[state] += receipt.count
        if state is State.REFUSED:
            self.applied.refused += self._records(rows, reason_name(receipt.reason))
        return bool(receipt.version) and state is not State.REFUSED

    def _refold_own_news(self, proof: int | None, news: bytes) -> None:
        """What is shown of own news follows the receipt.

        They counted by a clock that ran ahead; from now on by the city's. What the city has refused
        was shown as waiting, and is news no more.
        """
        sql = """
            SELECT coalesce(record, substr(change_id, 1, 16)) FROM changes
            WHERE proof = ? AND scope = ? AND (state = 2 OR (time >> 16) > received)
        """
        records = {bytes(row[0]) for row in self.connection.execute(sql, (proof, news))}
        refold(self.connection, records, self.replica.facts())

    def _records(self, rows: list[int], reason: str) -> list[tuple[str, str]]:
        sql = "SELECT raw FROM changes WHERE id = ?"
        raws = (self.connection.execute(sql, (row,)).fetchone()[0] for row in rows)
        return [(decode(raw).record.hex(), reason) for raw in raws]

    def _place_own(
        self, scope: bytes, version: int, rows: Sequence[int], ids: Sequence[bytes]
    ) -> None:
        """Own changes need not come down a feed to count as held: the receipt says where."""
        name = self.replica.scopes.name_of.get(scope)
        if name in self.feeds:
            self.placed[name].update(enumerate(zip(rows, ids, strict=True), version))

    def _log(self, arrivals: Sequence[Arrival]) -> list[Logged]:
        known = known_rows(self.connection, [each.change.id for each in arrivals])
        new: dict[bytes, Pulled] = {}
        authors: dict[bytes, int] = {}
        for each in arrivals:
            key, identity = each.public_key, each.change.id
            if identity in known or identity in new:
                continue
            if key not in authors:
                authors[key] = author_number(self.connection, key)
            new[identity] = self._pulled(authors[key], each)
        self._date(known, arrivals)
        rows = append_pulled(self.connection, list(new.values()))
        known.update(zip(new, rows, strict=True))
        for each in arrivals:
            if each.version:
                where = (known[each.change.id], each.change.id)
                self.placed[each.feed].setdefault(each.version, where)
        pairs = zip(rows, new.values(), strict=True)
        return [Logged(row, pulled.received, pulled.change) for row, pulled in pairs]

    def _date(self, known: Mapping[bytes, int], arrivals: Sequence[Arrival]) -> None:
        """What a courier brought gets its place and its moment when the city itself tells them."""
        told = [each for each in arrivals if each.received and each.change.id in known]
        dated: dict[bytes, set[bytes]] = defaultdict(set)
        for each in told:
            now = self._pulled(0, each)
            row = (now.version, now.received, known[each.change.id])
            if now.received and self.connection.execute(_DATE, row).rowcount:
                dated[each.change.scope].add(each.change.record)
        scopes = self.replica.scopes.id_of
        if dated.get(scopes[TRUST]):
            self.replica.forget_grants()
        if records := dated.get(scopes[NEWS]):
            refold(self.connection, records, self.replica.facts())

    def _pulled(self, author: int, arrival: Arrival) -> Pulled:
        """The place in a mailbox, or in another queue, is no version: only a scope's own is."""
        own = self.replica.scopes.id_of.get(arrival.feed) == arrival.change.scope
        version = arrival.version if own else 0
        return Pulled(author, arrival.change, version, arrival.received or None)

    def _fits(self, arrival: Arrival) -> bool:
        """Whether a change belongs to the feed that it came down; if not, it is not kept."""
        scopes = self.replica.scopes
        if arrival.feed == MAIL:
            return arrival.change.scope in scopes.queue_ids
        here = scopes.id_of.get(arrival.feed)
        if here in scopes.queue_ids:  # a queue's feed has what other queues have forwarded to it
            return arrival.change.scope in scopes.queue_ids
        return here == arrival.change.scope

    def _compare(self, feed: Feed, signed: bytes) -> bool:
        """Whether a whole feed is what the server has; if not, it is pulled again, once."""
        equal = digest.finish(feed.digest) == signed
        if equal:
            feed.diverged = Divergence.NONE
        elif feed.diverged is Divergence.NONE:
            self._start_again(feed)
        else:
            feed.diverged = Divergence.PERSISTENT
        return equal

    def _start_again(self, feed: Feed) -> None:
        """The server lacks changes that it had, or we do: pull all again, offer our own again.

        A server restored from an older backup has lost the newest changes of every scope, also of
        those that this device does not follow: a resident hears nothing of the queue as a whole.
        Their authors have them: offering is idempotent, so nothing comes twice.
        """
        feeds.start_again(self.connection, feed)
        feed.diverged = Divergence.REPAIRING
        self.applied.restarted.append(feed.name)
        outbox.offer_again(self.connection, self.replica.scopes.id_of.values())
