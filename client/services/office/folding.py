"""From the rows that the log has of one record to its case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from client.services.appeal_view import receipt_number, told_receipt
from client.services.office.case import Case
from client.services.office.casemaking import case_of
from client.services.thread_opener import ThreadOpener
from client.services.trust import LocalFacts
from shared_schema.errors import MistoError, SealError
from shared_schema.ids import QUEUE_PREFIX, queue_scope
from shared_schema.records.appeal import Act, Forwarded
from shared_schema.records.kinds import BY_NUMBER, FORWARDED
from shared_schema.sync.change import Change
from shared_schema.sync.hlc import clamp
from shared_schema.sync.policy import ACCEPTED, Opening, forwarded, judge

if TYPE_CHECKING:
    from client.services.replica import Replica


class Row(NamedTuple):
    """A change of a queue with what the log knows of it."""

    change: Change
    version: int
    received: int | None


class Folding:
    """Judges by the grants of the moment at which it was made; opens what this device can open."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica
        self._opener = ThreadOpener(replica)
        self._opening: Opening | None = None
        grants = replica.grants
        mine = [scope for role, scope in replica.roles() if role == "desk"]
        self._mine = frozenset(replica.scopes.id_of[scope] for scope in mine)
        self._queues = frozenset(scope.removeprefix(QUEUE_PREFIX) for scope in mine)
        # One record is looked at at a time, and all that the log has of it.
        self._facts = LocalFacts(replica.card, replica.scopes, grants, lambda _: self._opening)

    def keep(self) -> None:
        """See `ThreadOpener.keep`."""
        self._opener.keep()

    def case(self, record: bytes, rows: Sequence[Row], cached: bytes | None = None) -> Case | None:
        """The case that these rows make; None when its opening is missing, or cannot be opened.

        Args:
            rows: all that the log has of the record and the city has not refused.
            cached: its thread key as the cache has it, empty when it has not; None looks it up.
        """
        opening = next((row for row in rows if row.change.opening), None)
        if opening is None:
            return None
        self._opening = self._opened(opening.change, rows)
        if not self._opening.scopes & self._mine:
            return None
        scope = self._replica.scopes.name_of[opening.change.scope]
        number = receipt_number(self._replica.card, scope, opening.version)
        acts = list(self._acts(opening.change, rows, cached))
        number = number or told_receipt(acts)
        return case_of(record, scope.removeprefix(QUEUE_PREFIX), number, acts, self._queues)

    def _opened(self, change: Change, rows: Sequence[Row]) -> Opening:
        """Where the record was opened, and which queues have been handed it since."""
        opening = Opening(change.scope, change.device)
        handed = [
            (row.change.device, row.change.scope)
            for row in rows
            if row.change.kind == FORWARDED.number
        ]
        return forwarded(opening, handed, self._facts) if handed else opening

    def _acts(self, opening: Change, rows: Sequence[Row], cached: bytes | None) -> Iterator[Act]:
        try:
            if cached is None:
                key = self._opener.key(opening)
            else:
                key = self._opener.key_with(opening, cached)
        except SealError:
            return
        for change, _, received in rows:
            if judge(change, self._facts) != ACCEPTED:
                continue
            kind = BY_NUMBER[change.kind, change.kind_version]
            try:
                opened = self._opener.payload(kind, change, key)
            except MistoError:
                continue
            there = self._replica.scopes.name_of.get(change.scope)
            if isinstance(opened, Forwarded) and queue_scope(opened.to) != there:
                continue
            time, by_desk = clamp(change.time, received), kind.by_desk
            yield Act(time, change.device, change.seq, change.id, by_desk, received, opened)
