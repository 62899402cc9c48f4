"""Who did what, when: the log itself, read in the order in which the city has numbered it.

Nothing is kept for an audit beside the log: every change says who made it, and its signature holds
for all who look. A page opens only the changes that it shows; what this device has no key for
is listed all the same, without its words.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import tzinfo
from typing import TYPE_CHECKING, Final

from client.services.errors import NotAllowed
from client.services.office.audit_reading import AuditReader
from client.services.office.audit_sql import BadQuery, LogRow, Source, sources
from client.services.office.audit_table import audit_csv
from client.services.office.audit_types import (
    AuditEntry,
    AuditPage,
    AuditQuery,
    Person,
    ScopeProof,
)
from client.services.office.case import Case
from client.services.office.cases import Progress
from client.services.office.labels import labels
from client.services.office.proving import prove
from client.storage import feeds
from shared_schema.ids import NEWS, TRUST
from shared_schema.records.kinds import KINDS, scope_sort

if TYPE_CHECKING:
    from client.services.replica import Replica

BATCH: Final = 500
"""Changes read at a time when all of them are asked for."""
_NO_FEED: Final = -1


class Audit:
    """Reading the log as an auditor does. Safe to use from several threads.

    The projection is asked for the numbers of appeals only: what it shows is no evidence.
    """

    def __init__(self, replica: Replica, cases: Callable[[], Iterable[Case]]) -> None:
        self._replica = replica
        self._cases = cases
        self._lock = threading.Lock()
        self._reader = AuditReader(replica)

    def scopes(self) -> tuple[str, ...]:
        """What there is to audit on this device: its queues first, then news and trust.

        Raises:
            NotAllowed: this device is no desk.
        """
        queues = sorted(scope for role, scope in self._replica.roles() if role == "desk")
        if not queues:
            raise NotAllowed("desk")
        return (*queues, NEWS, TRUST)

    def people(self, scope: str) -> tuple[Person, ...]:
        """Those who have, or had, a role in a scope, by label."""
        found = self._people(scope).values()
        return tuple(sorted(found, key=lambda each: (each.label, each.device)))

    def kinds(self, scope: str) -> tuple[str, ...]:
        """The kinds that a scope may hold, by name."""
        sort = scope_sort(scope)
        return tuple(kind.name for kind in KINDS if kind.scope == sort)

    def page(self, query: AuditQuery, language: str, offset: int = 0, limit: int = 50) -> AuditPage:
        """Some changes of a scope; own ones without a receipt stand at its recent end.

        Raises:
            NotAllowed: this device is no desk. BadQuery: a filter is not what it should be.
        """
        scope, parts = self._parts(query)
        counts = [int(self._replica.store.read(*part.counted())[0][0]) for part in parts]
        rows = self._rows(parts, counts, query.newest, (offset, limit))
        people = self._people(scope)
        with self._lock:
            entries = tuple(self._reader.entries(scope, rows, people, labels(language)))
            self._reader.keep()
        return AuditPage(entries, offset, sum(counts))

    def all(
        self, query: AuditQuery, language: str, progress: Progress | None = None
    ) -> Iterator[AuditEntry]:
        """Every change of a query, batch by batch: never all in memory. Raises as `page`."""
        offset, total = 0, 1
        while offset < total:
            page = self.page(query, language, offset, BATCH)
            yield from page.entries
            offset, total = offset + BATCH, page.total
            if progress is not None:
                progress(min(offset, total), total)

    def csv(
        self, query: AuditQuery, language: str, zone: tzinfo, progress: Progress | None = None
    ) -> bytes:
        """The same as a CSV file, in which everything that it says stands in clear."""
        return audit_csv(self.all(query, language, progress), zone, labels(language))

    def prove(self, scope: str, progress: Progress | None = None) -> ScopeProof:
        """What is proven of a scope; see `proving`.

        Raises:
            NotAllowed: this device is no desk. BadQuery: it holds no such scope.
        """
        return prove(self._replica, self._checked(scope), progress)

    def _parts(self, query: AuditQuery) -> tuple[str, tuple[Source, ...]]:
        """The sources of a query, in the order in which they are shown."""
        scope = self._checked(query.scope)
        with self._replica.store.holding() as connection:
            feed = feeds.load(connection).get(scope)
        officers = [bytes.fromhex(device) for device in self._people(scope)]
        placed, unplaced = sources(
            self._named(query), feed.number if feed else _NO_FEED,
            self._own_scopes(scope), officers,
        )  # fmt: skip
        return scope, ((unplaced, placed) if query.newest else (placed, unplaced))

    def _own_scopes(self, scope: str) -> list[bytes]:
        """Where own acts of this log are said: handing on is said in the other queue's scope."""
        scopes = self._replica.scopes
        own = [scopes.id_of[scope]]
        if scopes.id_of[scope] in scopes.queue_ids:
            own += sorted(scopes.queue_ids - {scopes.id_of[name] for name in self.scopes()})
        return own

    def _checked(self, scope: str) -> str:
        scopes = self.scopes()
        if scope and scope not in scopes:
            raise BadQuery(f"no scope {scope} on this device")
        return scope or scopes[0]

    def _named(self, query: AuditQuery) -> AuditQuery:
        """A query whose record is an id: people know appeals by their numbers."""
        wanted = query.record.strip().upper()
        if not wanted.startswith("ЗВ"):
            return query
        for case in self._cases():
            if wanted in (case.number.upper(), case.receipt_number.upper()):
                return replace(query, record=case.record)
        raise BadQuery(f"no appeal has the number {query.record}")

    def _rows(
        self, parts: Sequence[Source], counts: Sequence[int], newest: bool, span: tuple[int, int]
    ) -> list[LogRow]:
        """A page over both sources, one after the other."""
        offset, left = span
        found: list[LogRow] = []
        for part, count in zip(parts, counts, strict=True):
            if offset < count and left > 0:
                rows = self._replica.store.read(*part.page(newest, offset, left))
                found += [LogRow(*row) for row in rows]
                left -= len(rows)
            offset = max(0, offset - count)
        return found

    def _people(self, scope: str) -> dict[str, Person]:
        """By device: what a revoked one did before stands in the log under its name, too.

        A queue's log has what officers of other queues say to appeals that were handed on.
        """
        grants, sort = self._replica.grants, scope_sort(scope)
        people = {
            device.hex(): Person(device.hex(), grants.labels.get(device, ""), role)
            for (device, where), role in grants.roles.items()
            if scope_sort(where) == sort
        }
        if scope == TRUST:
            enrols = (device.hex() for device in self._replica.card.enrolment_devices)
            people |= {device: Person(device, "", "enrolment") for device in enrols}
        return people
