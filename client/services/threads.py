"""Private threads, in memory only: the log's sealed changes opened and folded when looked at.

Nothing private is written to disk in clear, so this projection is made anew after each unlock. It
follows the log by row id and asks again about changes that had no receipt yet. What counts is
judged here, with the grants of this very moment: a change that is not allowed stays in the log and
changes nothing, and counts as soon as trust arrives that allows it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from client.services.appeal_view import (
    Standing,
    reason_name,
    receipt_number,
    told_receipt,
    view_of,
)
from client.services.thread_opener import ThreadOpener
from client.services.trust import LocalFacts
from client.services.types import AppealView, OwnPart, PartState
from client.storage.log import State
from shared_schema.errors import MistoError, SealError
from shared_schema.ids import queue_scope
from shared_schema.records.appeal import Act, Forwarded, fold_thread
from shared_schema.records.kinds import BY_NUMBER, FORWARDED
from shared_schema.sync.change import Change, decode
from shared_schema.sync.hlc import clamp, milliseconds
from shared_schema.sync.policy import ACCEPTED, Opening, forwarded, judge

if TYPE_CHECKING:
    from client.services.replica import Replica

_BATCH: Final = 500
_NEW: Final = (
    "SELECT id, state, reason, version, received, raw FROM changes"
    " WHERE id > ? AND scope IN ({}) ORDER BY id"
)
_PART_STATES: Final[dict[State, PartState]] = {
    State.PENDING: "waiting",
    State.REFUSED: "refused",
    State.HELD: "held",
}
_AGAIN: Final = "SELECT id, state, reason, version, received FROM changes WHERE id IN ({})"


@dataclass(slots=True)
class Kept:
    """A change of a thread, and how it stands."""

    change: Change
    state: State
    reason: int
    version: int
    received: int | None


@dataclass(slots=True)
class Record:
    """All that the log has of one record."""

    opening: Kept | None = None
    row: int = 0
    later: list[Kept] = field(default_factory=list)
    view: AppealView | None = None


class Threads:
    """The threads that this device can open."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica
        self._lock = threading.RLock()
        self._records: dict[bytes, Record] = {}
        self._last = 0
        self._unsettled: dict[int, tuple[bytes, Kept]] = {}
        self._keys: dict[bytes, bytes] = {}
        self._opener = ThreadOpener(replica)
        self._facts: LocalFacts | None = None

    def own(self) -> list[AppealView]:
        """The appeals that this device has opened, newest first."""
        device = self._replica.device
        return self._views(lambda kept: kept.change.device == device)

    def queue(self, scopes: frozenset[bytes], limit: int, offset: int) -> list[AppealView]:
        """The appeals that have come to these queues, newest first; only these are opened."""
        arrived = (State.PULLED, State.ACCEPTED)
        return self._views(
            lambda kept: bool(self._scopes_of(kept) & scopes) and kept.state in arrived,
            (offset, limit),
        )

    def get(self, record: bytes) -> AppealView | None:
        """One appeal, or None when it is unknown or cannot be opened."""
        with self._lock:
            self.refresh()
            view = self._view(record)
            self._opener.keep()
        return view

    def holders(self, record: bytes) -> frozenset[bytes]:
        """The scopes of the queues that hold a record; none when it is unknown."""
        with self._lock:
            self.refresh()
            opening = self._find(record)
        return opening.scopes if opening else frozenset()

    def opening(self, record: bytes) -> Kept | None:
        """How the opening change of a record stands."""
        with self._lock:
            self.refresh()
            found = self._records.get(record)
        return found.opening if found else None

    def refused(self) -> list[tuple[Kept, Any]]:
        """Own changes that the city refused, with what they say."""
        with self._lock:
            self.refresh()
            return [
                (kept, self._payload(record, kept.change))
                for record, found in self._records.items()
                for kept in _all(found)
                if kept.state is State.REFUSED
            ]

    def forget_views(self) -> None:
        """Make all views anew: something that they show, and the log does not hold, has changed."""
        with self._lock:
            for found in self._records.values():
                found.view = None

    def refresh(self) -> None:
        """Follow the log: what is new, what has a receipt since, and who may do what by now."""
        with self._lock:
            grants = self._replica.grants
            if self._facts is None or self._facts.grants is not grants:
                scopes = self._replica.scopes
                self._facts = LocalFacts(self._replica.card, scopes, grants, self._find)
                for found in self._records.values():
                    found.view = None
            self._ask_again()
            self._read_new()

    def _views(self, wanted: Any, part: tuple[int, int] | None = None) -> list[AppealView]:
        with self._lock:
            self.refresh()
            rows = [
                (_newness(found.opening), found.row, record)
                for record, found in self._records.items()
                if found.opening is not None and wanted(found.opening)
            ]
            rows.sort(reverse=True)
            chosen = rows if part is None else rows[part[0] : part[0] + part[1]]
            views = [view for row in chosen if (view := self._view(row[2])) is not None]
            self._opener.keep()
        return views

    def _read_new(self) -> None:
        scopes = tuple(self._replica.scopes.queue_ids)
        sql = _NEW.format(_marks(scopes))
        for row, state, reason, version, received, raw in self._replica.store.read(
            sql, (self._last, *scopes)
        ):
            change = decode(raw)
            kept = Kept(change, State(state), reason, version, received)
            found = self._records.setdefault(change.record, Record())
            found.view = None
            if change.opening:
                found.opening, found.row = kept, row
            else:
                found.later.append(kept)
            if kept.state is State.PENDING or kept.received is None:  # the city may tell yet
                self._unsettled[row] = (change.record, kept)
            self._last = row

    def _ask_again(self) -> None:
        rows = list(self._unsettled)
        for start in range(0, len(rows), _BATCH):
            batch = rows[start : start + _BATCH]
            for row, state, reason, version, received in self._replica.store.read(
                _AGAIN.format(_marks(batch)), batch
            ):
                if state == State.PENDING or (state == State.PULLED and received is None):
                    continue
                record, kept = self._unsettled.pop(row)
                kept.state, kept.reason = State(state), reason
                kept.version, kept.received = version, received
                self._records[record].view = None

    def _view(self, record: bytes) -> AppealView | None:
        found = self._records.get(record)
        if found is None or found.opening is None:
            return None
        if found.view is None:
            acts = list(self._acts(record, found))
            thread = fold_thread(record, acts)
            standing = self._standing(found, found.opening, acts)
            found.view = view_of(thread, standing) if thread else None
        return found.view

    def _standing(self, found: Record, opening: Kept, acts: Sequence[Act]) -> Standing:
        scope = self._replica.scopes.name_of[opening.change.scope]
        mine = opening.change.device == self._replica.device
        return Standing(
            opening.state,
            opening.reason,
            receipt_number(self._replica.card, scope, opening.version) or told_receipt(acts),
            mine,
            frozenset(kept.change.id for kept in _all(found) if kept.state is State.PENDING),
            tuple(self._parts(found)) if mine else (),
        )

    def _parts(self, found: Record) -> Iterator[OwnPart]:
        for kept in _all(found):
            change = kept.change
            kind = BY_NUMBER.get((change.kind, change.kind_version))
            if kind is None or change.device != self._replica.device:
                continue
            carried = self._replica.handed.get(change.id)
            state = _PART_STATES.get(kept.state, "received")
            yield OwnPart(
                kind.name,
                milliseconds(change.time),
                "carried" if carried and state == "waiting" else state,
                reason_name(kept.reason),
                kept.received,
                carried,
            )

    def _acts(self, record: bytes, found: Record) -> Iterator[Act]:
        for kept in _all(found):
            change = kept.change
            refused = kept.state is State.REFUSED and not change.opening
            if refused or judge(change, self._known_facts) != ACCEPTED:
                continue
            payload = self._payload(record, change)
            if payload is None:
                continue
            if isinstance(payload, Forwarded) and not self._is_there(change, payload):
                continue
            by_desk = BY_NUMBER[change.kind, change.kind_version].by_desk
            time = clamp(change.time, kept.received)
            yield Act(time, change.device, change.seq, change.id, by_desk, kept.received, payload)

    def _payload(self, record: bytes, change: Change) -> Any:
        """What a change says, or None when this device cannot read it."""
        kind = BY_NUMBER.get((change.kind, change.kind_version))
        if kind is None:
            return None
        try:
            # What is internal has a key of its own, which also an unreadable thread does not need.
            return self._opener.payload(kind, change, b"" if kind.internal else self._key(record))
        except MistoError:
            return None

    def acts(self, record: bytes) -> list[Act]:
        """All acts of a thread that count and can be read here."""
        with self._lock:
            self.refresh()
            found = self._records.get(record)
            if found is None or found.opening is None:
                return []
            acts = list(self._acts(record, found))
            self._opener.keep()
        return acts

    def _key(self, record: bytes) -> bytes:
        if record not in self._keys:
            opening = self._records[record].opening
            if opening is None:
                raise SealError("opening change missing")
            self._keys[record] = self._opener.key(opening.change)
        return self._keys[record]

    @property
    def _known_facts(self) -> LocalFacts:
        assert self._facts is not None
        return self._facts

    def _find(self, record: bytes) -> Opening | None:
        found = self._records.get(record)
        if found is None or found.opening is None:
            return None
        opening = Opening(found.opening.change.scope, found.opening.change.device)
        handed = [
            (kept.change.device, kept.change.scope)
            for kept in found.later
            if kept.change.kind == FORWARDED.number and kept.state is not State.REFUSED
        ]
        return forwarded(opening, handed, self._known_facts) if handed else opening

    def _scopes_of(self, kept: Kept) -> frozenset[bytes]:
        opening = self._find(kept.change.record)
        return opening.scopes if opening else frozenset()

    def _is_there(self, change: Change, payload: Forwarded) -> bool:
        """Whether a forwarding was said in the scope of the queue that it names."""
        return self._replica.scopes.name_of.get(change.scope) == queue_scope(payload.to)


def _newness(opening: Kept) -> tuple[bool, int, int]:
    """Without a receipt it waits here: newer than all that has arrived at the city."""
    return (opening.received is None, opening.received or 0, opening.version)


def _all(found: Record) -> Iterable[Kept]:
    return [*([found.opening] if found.opening else ()), *found.later]


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
