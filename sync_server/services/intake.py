"""Taking changes in: one verdict for each, one transaction for many requests.

A run that simply continues its stream is judged without looking anything up but the stream's end.
Anything else (a retry, an overlap, a fork, a gap) is compared with what is stored: the same change
gets the verdict it got before, another change with a known seq is kept as evidence of a fork. A
device is flagged for it unless it only said two things in a thread of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from shared_schema.crypto.card import Card
from shared_schema.ids import TRUST
from shared_schema.limits import CHANGE_BYTES_MAX
from shared_schema.records.kinds import BY_NUMBER, FORWARDED, Spoken, misleads
from shared_schema.sync.change import Change
from shared_schema.sync.compose import Outcome
from shared_schema.sync.policy import Opening, Verdict, judge
from shared_schema.sync.receive import Incoming, IncomingRun
from shared_schema.sync.run import Offered
from shared_schema.sync.statement import Reason, Status
from sync_server.policy import CityScopes, GrantBook, ServerFacts, payload_is_readable
from sync_server.services.delivery import Delivery, Feeds
from sync_server.storage.base import (
    StoredChange,
    StreamEnd,
    Usage,
    Writer,
)

MS_PER_DAY: Final = 86_400_000
DEFERRED: Final = Outcome(Status.DEFERRED, Reason.QUOTA, 0, 0)


@dataclass(frozen=True, slots=True)
class Quota:
    """What one device may bring in a day."""

    changes: int
    bytes: int


@dataclass(slots=True)
class _Stream:
    stored_seq: int
    seq: int
    change_id: bytes
    new: dict[int, dict[bytes, Outcome]] = field(default_factory=dict)
    """What this transaction has stored, by seq and change id."""
    spoken: dict[int, set[Spoken]] = field(default_factory=dict)
    """Of the same, by seq, what tells whether a rival matters."""

    def note(self, seq: int, change_id: bytes, spoken: Spoken, outcome: Outcome) -> None:
        """A change is stored."""
        self.new.setdefault(seq, {})[change_id] = outcome
        self.spoken.setdefault(seq, set()).add(spoken)


@dataclass(slots=True)
class _Use:
    """What a device has used of its day."""

    changes: int
    bytes: int

    def has_room(self, size: int, quota: Quota) -> bool:
        """Whether the quota has enough left for one more change."""
        return self.changes < quota.changes and self.bytes + size <= quota.bytes

    def take(self, size: int) -> None:
        """Count one more change."""
        self.changes += 1
        self.bytes += size


class Intake:
    """The effects of one transaction, gathered in memory and written in bulk at its end."""

    def __init__(
        self, writer: Writer, card: Card, scopes: CityScopes, book: GrantBook, clock_ms: int
    ) -> None:
        """Begin within the writer's transaction; `clock_ms` is the server's clock."""
        self._writer = writer
        self._scopes = scopes
        self._book = book
        self._now = max(clock_ms, writer.last_received())
        self._day = self._now // MS_PER_DAY
        self._facts = ServerFacts(card, scopes, book, writer.opening, self._now)
        self._streams: dict[tuple[bytes, bytes], _Stream] = {}
        self._feeds = Feeds(writer)
        self._delivery = Delivery(writer, card, scopes, self._facts, self._feeds)
        self._usage: dict[bytes, _Use] = {}
        self._by_form: dict[tuple[bytes, int, int, int], Verdict] = {}
        self._changes: list[StoredChange] = []
        self._records: list[tuple[bytes, bytes, bytes]] = []
        self._devices: dict[bytes, bytes] = {}
        self._forked: set[bytes] = set()

    def admit(self, incoming: Incoming, quota: Quota) -> list[list[Outcome]]:
        """The outcomes of a request, run by run, change by change."""
        sender = incoming.request.sender
        return [self.admit_run(run, sender, quota) for run in incoming.runs]

    def finish(self) -> None:
        """Write everything down. The caller commits."""
        writer = self._writer
        self._delivery.finish({record: device for record, _, device in self._records})
        writer.add_devices(self._devices.items())
        writer.add_changes(self._changes)
        writer.add_records(self._records)
        writer.set_streams(
            [
                StreamEnd(scope, device, stream.seq, stream.change_id)
                for (scope, device), stream in self._streams.items()
                if stream.seq > stream.stored_seq
            ]
        )
        self._feeds.finish()
        used = ((device, Usage(use.changes, use.bytes)) for device, use in self._usage.items())
        writer.set_usage(self._day, used)
        writer.flag_forks(self._forked)

    def admit_run(self, run: IncomingRun, sender: bytes, quota: Quota) -> list[Outcome]:
        """The outcomes of one run, change by change; its author and its sender are charged."""
        sent = run.sent
        if sent.scope not in self._scopes.names:
            return [_stray(offered) for offered in run.offered]
        stream = self._stream(sent.scope, sent.device)
        self._recall(stream, run)
        uses = [self._use(device) for device in {sent.device, sender}]
        outcomes = [self._outcome(offered, stream, uses, quota) for offered in run.offered]
        if stream.new:
            self._devices[sent.device] = run.public_key
        return outcomes

    def _recall(self, stream: _Stream, run: IncomingRun) -> None:
        """Look up what is stored of seqs that are offered again."""
        sent = run.sent
        if sent.seq <= stream.stored_seq:
            last = sent.seq + len(run.offered) - 1
            for row in self._writer.known(sent.scope, sent.device, sent.seq, last):
                outcome = Outcome(row.status, row.reason, row.version, row.received)
                stream.note(row.seq, row.change_id, Spoken(row.kind, row.record), outcome)

    def _outcome(
        self, offered: Offered, stream: _Stream, uses: Sequence[_Use], quota: Quota
    ) -> Outcome:
        change = offered.change
        if change is None or not offered.authentic:
            return _unauthentic(offered)
        known = stream.new.get(change.seq)
        if known is not None and change.id in known:
            return known[change.id]
        if known is not None and self._is_cut(change):
            return _refused(Reason.NOT_ALLOWED)
        verdict = self._judge(change)
        if verdict.status is Status.REFUSED:
            return _refused(verdict.reason)
        if verdict.status is Status.DEFERRED:
            return Outcome(*verdict, 0, 0)
        if not payload_is_readable(change):
            return _refused(Reason.BAD_PAYLOAD)
        size = len(change.raw)
        if not all(use.has_room(size, quota) for use in uses):
            return DEFERRED
        for use in uses:
            use.take(size)
        reason = verdict.reason
        spoken = Spoken(change.kind, change.record)
        if known is not None:
            reason = reason or Reason.FORK
            if any(misleads(spoken, other) for other in stream.spoken[change.seq]):
                self._forked.add(change.device)
        outcome = self._store(change, verdict.status, reason)
        stream.note(change.seq, change.id, spoken, outcome)
        if change.seq > stream.seq:
            stream.seq, stream.change_id = change.seq, change.id
        return outcome

    def _is_cut(self, change: Change) -> bool:
        """Whether the device's grant here was revoked: then it may not sign its past anew."""
        name = self._scopes.names[change.scope]
        return (change.device, name) in self._book.grants.cuts

    def _judge(self, change: Change) -> Verdict:
        """`judge`, remembered for openings that anyone may write: their form alone decides."""
        if not change.opening:
            return judge(change, self._facts)
        form = (change.scope, change.kind, change.kind_version, change.flags)
        verdict = self._by_form.get(form)
        if verdict is None:
            verdict = judge(change, self._facts)
            kind = BY_NUMBER.get((change.kind, change.kind_version))
            if kind is not None and kind.writer == "anyone":
                self._by_form[form] = verdict
        return verdict

    def _store(self, change: Change, status: Status, reason: Reason) -> Outcome:
        version = self._feeds.next_version(change.scope)
        row = StoredChange(
            self._writer.next_change_id(), change.scope, change.device, change.seq, change.id,
            change.record, change.kind, status, reason, version, self._now, change.raw,
        )  # fmt: skip
        self._changes.append(row)
        self._feeds.put(change.scope, row.id, change.id, change.urgency, len(change.raw))
        self._delivery.deliver(change, row)
        if status is Status.ACCEPTED:
            self._accepted(change)
        return Outcome(status, reason, version, self._now)

    def _accepted(self, change: Change) -> None:
        if change.opening:
            self._records.append((change.record, change.scope, change.device))
            self._facts.opened(change.record, Opening(change.scope, change.device))
        if self._scopes.names[change.scope] == TRUST:
            self._book.add([(change, self._now)])
        if change.kind == FORWARDED.number:
            self._delivery.forward(change)

    def _use(self, device: bytes) -> _Use:
        if device not in self._usage:
            stored = self._writer.usage(device, self._day)
            self._usage[device] = _Use(stored.changes, stored.bytes)
        return self._usage[device]

    def _stream(self, scope: bytes, device: bytes) -> _Stream:
        key = (scope, device)
        if key not in self._streams:
            seq, change_id = self._writer.stream(scope, device)
            self._streams[key] = _Stream(seq, seq, change_id)
        return self._streams[key]


def _refused(reason: Reason) -> Outcome:
    return Outcome(Status.REFUSED, reason, 0, 0)


def _unauthentic(offered: Offered) -> Outcome:
    if offered.change is not None:
        return _refused(Reason.BAD_SIGNATURE)
    return _refused(Reason.TOO_LARGE if offered.size > CHANGE_BYTES_MAX else Reason.MALFORMED)


def _stray(offered: Offered) -> Outcome:
    return _refused(Reason.UNKNOWN_SCOPE) if offered.authentic else _unauthentic(offered)
