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

from client.services.appeal_view import Standing, receipt_number, view_of
from client.services.trust import LocalFacts
from client.services.types import AppealView
from client.storage.log import State
from shared_schema.crypto.sealing import open_sealed
from shared_schema.errors import MistoError, SealError
from shared_schema.records.appeal import Act, fold_thread
from shared_schema.records.kinds import BY_NUMBER, decode_payload
from shared_schema.sync.change import Change, decode
from shared_schema.sync.hlc import clamp
from shared_schema.sync.policy import ACCEPTED, Opening, judge

if TYPE_CHECKING:
    from client.services.replica import Replica

_BATCH: Final = 500
_NEW: Final = (
    "SELECT id, state, reason, version, received, raw FROM changes"
    " WHERE id > ? AND scope IN ({}) ORDER BY id"
)
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
        self._wrapped: dict[bytes, bytes] | None = None
        self._fresh: list[tuple[bytes, bytes]] = []
        self._facts: LocalFacts | None = None

    def own(self) -> list[AppealView]:
        """The appeals that this device has opened, newest first."""
        device = self._replica.device
        return self._views(lambda kept: kept.change.device == device)

    def queue(self, scopes: frozenset[bytes], limit: int, offset: int) -> list[AppealView]:
        """The appeals that have come to these queues, newest first; only these are opened."""
        arrived = (State.PULLED, State.ACCEPTED)
        return self._views(
            lambda kept: kept.change.scope in scopes and kept.state in arrived, (offset, limit)
        )

    def get(self, record: bytes) -> AppealView | None:
        """One appeal, or None when it is unknown or cannot be opened."""
        with self._lock:
            self.refresh()
            view = self._view(record)
            self._keep_keys()
        return view

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
                (found.opening.version, found.row, record)
                for record, found in self._records.items()
                if found.opening is not None and wanted(found.opening)
            ]
            # Without a version it waits here: newer than all that has arrived at the city.
            rows.sort(key=lambda row: (row[0] == 0, row[0], row[1]), reverse=True)
            chosen = rows if part is None else rows[part[0] : part[0] + part[1]]
            views = [view for row in chosen if (view := self._view(row[2])) is not None]
            self._keep_keys()
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
            if kept.state is State.PENDING:
                self._unsettled[row] = (change.record, kept)
            self._last = row

    def _ask_again(self) -> None:
        rows = list(self._unsettled)
        for start in range(0, len(rows), _BATCH):
            batch = rows[start : start + _BATCH]
            for row, state, reason, version, received in self._replica.store.read(
                _AGAIN.format(_marks(batch)), batch
            ):
                if state == State.PENDING:
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
            thread = fold_thread(record, self._acts(record, found))
            found.view = view_of(thread, self._standing(found, found.opening)) if thread else None
        return found.view

    def _standing(self, found: Record, opening: Kept) -> Standing:
        scope = self._replica.scopes.name_of[opening.change.scope]
        return Standing(
            opening.state,
            opening.reason,
            receipt_number(self._replica.card, scope, opening.version),
            opening.change.device == self._replica.device,
            frozenset(kept.change.id for kept in _all(found) if kept.state is State.PENDING),
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
            by_desk = BY_NUMBER[change.kind, change.kind_version].writer == "desk"
            time = clamp(change.time, kept.received)
            yield Act(time, change.device, change.seq, change.id, by_desk, kept.received, payload)

    def _payload(self, record: bytes, change: Change) -> Any:
        """What a change says, or None when this device cannot read it."""
        kind = BY_NUMBER.get((change.kind, change.kind_version))
        if kind is None:
            return None
        try:
            packed = open_sealed(self._key(record), change.header, change.body)
            return decode_payload(kind, packed)
        except MistoError:
            return None

    def _key(self, record: bytes) -> bytes:
        if record not in self._keys:
            opening = self._records[record].opening
            if opening is None:
                raise SealError("opening change missing")
            self._keys[record] = self._open_key(record, opening.change)
        return self._keys[record]

    def _open_key(self, record: bytes, opening: Change) -> bytes:
        keys = self._replica.thread_keys
        if keys.is_own(opening):
            return keys.of(opening)
        if self._wrapped is None:
            rows = self._replica.store.read("SELECT record, wrapped FROM thread_keys")
            self._wrapped = {row[0]: row[1] for row in rows}
        try:
            return keys.unwrap(record, self._wrapped[record])
        except (KeyError, SealError):
            key = keys.of(opening)
            self._fresh.append((record, keys.wrap(record, key)))
            return key

    def _keep_keys(self) -> None:
        """Put freshly opened thread keys into the cache, wrapped, all in one transaction."""
        if self._fresh:
            with self._replica.store.writing() as connection:
                connection.executemany(
                    "INSERT OR REPLACE INTO thread_keys VALUES (?, ?)", self._fresh
                )
            self._fresh.clear()

    @property
    def _known_facts(self) -> LocalFacts:
        assert self._facts is not None
        return self._facts

    def _find(self, record: bytes) -> Opening | None:
        found = self._records.get(record)
        if found is None or found.opening is None:
            return None
        return Opening(found.opening.change.scope, found.opening.change.device)


def _all(found: Record) -> Iterable[Kept]:
    return [*([found.opening] if found.opening else ()), *found.later]


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
