"""All cases of a desk, in memory: built once after the unlock, then following the log.

A hundred thousand sealed appeals are opened one after the other by symmetric keys (see
`thread_keys`); what is kept of each is its `Case` and its words in one byte a letter, to search in.
Nothing of it touches the disk. When something new arrives only its records are folded anew, from
their few rows in the log.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from client.services.collecting import without_collecting
from client.services.office.case import Case
from client.services.office.folding import Folding, Row
from client.services.office.merging import Merges, linked
from client.services.office.plain import PlainOpenings
from client.services.office.queue_log import Logged, QueueLog
from client.services.office.search import words_of
from client.storage.log import State
from shared_schema.errors import ProtocolError
from shared_schema.records.trust import Grants
from shared_schema.sync.change import Change, decode

if TYPE_CHECKING:
    from client.services.replica import Replica

Progress = Callable[[int, int], None]


class Entry(NamedTuple):
    """A case and its words, folded to lower case, one byte a letter."""

    case: Case
    words: bytes


class Cases:
    """The projection. Ask it for views; it is as fresh as its last `refresh`."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica
        self._log = QueueLog(replica.store)
        self._lock = threading.RLock()
        self._entries: dict[str, Entry] = {}
        self._alone: dict[str, Case] = {}
        """Of cases that others' merges change: as their own acts make them."""
        self._merges = Merges()
        self._stale: set[str] = set()
        self._last = 0
        self._pending: dict[int, bytes] = {}
        self._proofs: int | None = None
        self._folding = Folding(replica)
        self._plain = PlainOpenings(replica)
        self._grants: Grants | None = None
        self.built = 0
        """How often everything was opened anew; then all may have changed."""
        self.changed: set[bytes] = set()
        """Records that the last refresh folded anew, for those who keep something of their own."""

    def __len__(self) -> int:
        return len(self._entries)

    def all(self) -> list[Case]:
        """Every case, in no particular order."""
        with self._lock:
            return [entry.case for entry in self._entries.values()]

    def entries(self) -> list[Entry]:
        """Every case with its words."""
        with self._lock:
            return list(self._entries.values())

    def entry(self, record: str) -> Entry | None:
        """One case with its words."""
        with self._lock:
            return self._entries.get(record)

    def get(self, record: str) -> Case | None:
        """One case."""
        entry = self.entry(record)
        return entry.case if entry else None

    def refresh(self, progress: Progress | None = None) -> None:
        """Follow the log. The first time everything is opened; `progress` hears (done, all).

        Raises:
            StorageError: the log cannot be read right now; the next refresh opens everything anew.
        """
        with self._lock:
            self.changed = set()
            grants, followed = self._replica.grants, self._grants
            self._grants = None  # half followed is not followed
            if followed != grants:
                self._build(progress)
            else:
                for record in self._settled() | self._arrived():
                    self._fold_again(record)
                    self.changed.add(record)
                self._link()
            self._folding.keep()
            self._grants = grants

    def _scopes(self) -> list[bytes]:
        """All queues when this device is a desk: other ones may have handed something on."""
        desk = any(role == "desk" for role, _ in self._replica.roles())
        return sorted(self._replica.scopes.queue_ids) if desk else []

    def _arrived(self) -> set[bytes]:
        """Records of which there is something new in the log."""
        found: set[bytes] = set()
        for number, state, raw in self._log.arrived(self._scopes(), self._last):
            self._last = number
            change = _readable(raw)
            if change is not None:
                self._note(number, state, change.record)
                found.add(change.record)
        return found

    def _settled(self) -> set[bytes]:
        """Records whose own changes have got a verdict since."""
        before, self._proofs = self._proofs, self._log.proofs()
        if self._proofs == before:
            return set()
        return {self._pending.pop(number) for number in self._log.settled(list(self._pending))}

    def _note(self, number: int, state: int, record: bytes) -> None:
        if state == State.PENDING:
            self._pending[number] = record

    # ------------------------------------------------------------------------------- all at once

    def _build(self, progress: Progress | None) -> None:
        """Open everything, as the grants of this moment want it judged.

        A record of which the log has more than its opening is folded from all of that; pages keep
        in memory what they need and no more.
        """
        self._entries, self._alone, self._merges = {}, {}, Merges()
        self._pending, self._stale = {}, set()
        self._folding, self._plain = Folding(self._replica), PlainOpenings(self._replica)
        self._last, self._proofs = self._log.last(), self._log.proofs()
        with without_collecting():
            self._open_all(progress)
            self._link()
        self.changed = set()
        self.built += 1

    def _open_all(self, progress: Progress | None) -> None:
        scopes, last, done = self._scopes(), self._last, 0
        talked, keys = self._log.talked(last), self._log.keys()
        total = self._log.how_many(scopes, last)
        for page in self._log.openings(scopes, last):
            later = self._log.later([record for record, _ in page if record in talked], last)
            for record, opening in page:
                self._take(record, opening, later.get(record, ()), keys.get(record, b""))
            done += len(page)
            if progress is not None:
                progress(done, total)

    def _take(
        self, record: bytes, opening: Logged, later: Sequence[Logged], wrapped: bytes
    ) -> None:
        self._note(opening.number, opening.state, record)
        case = None if later else self._plain.case(record, opening, wrapped)
        if case is None:
            rows = self._rows(record, (opening, *later))
            case = self._folding.case(record, rows, wrapped)
        if case is not None:
            self._put(case)

    def _rows(self, record: bytes, logged: Iterable[Logged]) -> list[Row]:
        rows: list[Row] = []
        for row in logged:
            self._note(row.number, row.state, record)
            change = _readable(row.raw)
            if change is not None:
                rows.append(Row(change, row.version, row.received))
        return rows

    # ------------------------------------------------------------------------------- one by one

    def _fold_again(self, record: bytes) -> None:
        rows = self._rows(record, self._log.of_record(record))
        case = self._folding.case(record, rows)
        if case is not None:
            self._put(case)
        elif self._entries.pop(record.hex(), None):
            self._tie(record.hex(), "")

    def _put(self, case: Case) -> None:
        self._entries[case.record] = Entry(case, words_of(case))
        self._tie(case.record, case.merged_into)

    def _tie(self, record: str, into: str) -> None:
        """Note into what a record is merged; whoever that may concern is linked anew."""
        self._alone.pop(record, None)
        if self._merges.tied(record) or into:
            self._stale |= self._merges.family(record)
            self._merges.put(record, into)  # its new family is the record's, and so stale too

    def _link(self) -> None:
        """Give the cases of families that have changed what they have from each other."""
        while self._stale:
            family = self._merges.family(next(iter(self._stale)))
            self._stale -= family
            here = {
                record: self._alone.get(record, self._entries[record].case)
                for record in family
                if record in self._entries
            }
            for record, case in linked(here).items():
                self._show(record, here[record], case)

    def _show(self, record: str, alone: Case, case: Case) -> None:
        entry = self._entries[record]
        self._alone.pop(record, None)
        if case is not alone:
            self._alone[record] = alone
        if case != entry.case:
            self._entries[record] = entry._replace(case=case)
            self.changed.add(bytes.fromhex(record))


def _readable(raw: bytes) -> Change | None:
    """A change of the log; None where the disk has spoilt its bytes: the others still count."""
    try:
        return decode(raw)
    except ProtocolError:
        return None
