"""The desk's office: the whole queue in memory, and what officers do with it.

Reading asks the projection (`cases`) and its views; writing is `Desk`'s acts, one or many. After
each act the office follows the log, so what is asked next shows it. Safe to use from several
threads: one at a time is served.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import tzinfo
from typing import Any, Final, cast

from client.services.collecting import kept_for_long, without_collecting
from client.services.desk import Desk
from client.services.errors import UnknownRecord, record_id
from client.services.notes import Notes
from client.services.office.asked import CaseRow, Choices, Done, Folder, Query, Sheet, Template
from client.services.office.bulk import each
from client.services.office.case import Case
from client.services.office.cases import Cases, Progress
from client.services.office.clock import Clock
from client.services.office.folder import Folders, Held
from client.services.office.likely import Likely
from client.services.office.templates import Templates, filled, values_of
from client.services.office.views import Line, Views
from client.services.office.workdays import Workdays, load_workdays
from client.services.record_threads import RecordThreads
from client.services.replica import Replica
from shared_schema.ids import QUEUE_PREFIX
from shared_schema.records.appeal import Status

KEPT_FROM: Final = 10_000
"""With so many cases the collector is told that they stay; fewer cost nothing."""


class Office:
    """What an officer has on the table. See `viewmodels.ports.OfficePort`.

    Args:
        zone: the city's time zone, in which the law counts days.
        workdays: the desk's calendar; the one that comes with the app when None.
    """

    def __init__(self, replica: Replica, zone: tzinfo, workdays: Workdays | None = None) -> None:
        self._replica = replica
        self._lock = threading.RLock()
        self._clock = Clock(zone, workdays or load_workdays())
        self._threads = RecordThreads(replica)
        self._desk = Desk(replica, self._threads)
        self._templates = Templates(Notes(replica))
        self._folders = Folders(self._clock, self._case, self._name)
        self._cases = Cases(replica)
        self._likely = Likely(self._cases.all)
        self._views = Views(self._clock, self.me())
        self._built = 0

    @property
    def cases(self) -> Cases:
        """The projection, for those who only read it; refresh it here, never by itself."""
        return self._cases

    # --------------------------------------------------------------------------------- reading

    def refresh(self, progress: Progress | None = None) -> None:
        """Follow the log. The first time everything is opened; `progress` hears (done, all)."""
        with self._lock:
            with without_collecting():  # what is built at first is made in one go
                self._cases.refresh(progress)
                if self._cases.built != self._built:
                    self._begin_anew()
            if self._cases.changed:
                self._follow([record.hex() for record in self._cases.changed])

    def sheet(self, query: Query, offset: int = 0, limit: int = 50) -> Sheet:
        """A page of what a query asks for."""
        with self._lock:
            now = self._replica.clock()
            lines, total = self._views.page(query, now, offset, limit)
            return Sheet(tuple(self._row(line, now) for line in lines), offset, total)

    def records(self, query: Query) -> list[str]:
        """All that a query asks for, in its order."""
        with self._lock:
            lines = self._views.select(query, self._replica.clock())
            return [line.case.record for line in lines]

    def counts(self, query: Query) -> dict[str, int]:
        """How many cases each view has, by what else the query asks for."""
        with self._lock:
            return self._views.counts(query, self._replica.clock())

    def choices(self) -> Choices:
        """What there is to filter by."""
        with self._lock:
            return self._views.choices()

    def folder(self, record: str) -> Folder:
        """One case in full.

        Raises:
            UnknownRecord: it has not come yet, or this desk has no key for it.
        """
        with self._lock:
            case = self._known(record)
            held = Held(self._desk.get(record), self._desk.card(record), self._likely.of(case))
            return self._folders.folder(case, held, self._replica.clock())

    def queues(self) -> tuple[str, ...]:
        """The names of this desk's queues."""
        scopes = (scope for role, scope in self._replica.roles() if role == "desk")
        return tuple(sorted(scope.removeprefix(QUEUE_PREFIX) for scope in scopes))

    def me(self) -> str:
        """How this desk is called; cases assigned to this name are `mine`."""
        return self._desk.me()

    # ------------------------------------------------------------------------------------- acts

    def register(self, record: str, **more: Any) -> None:
        """Enter one case in the journal; `more` as in `Desk.register`."""
        with self._acting():
            self._desk.register(record, **more)

    def extend(self, record: str, note: str) -> None:
        """See `Desk.extend`."""
        with self._acting():
            self._desk.extend(record, note)

    def note(self, record: str, text: str) -> None:
        """See `Desk.note`."""
        with self._acting():
            self._desk.note(record, text)

    def settle(self, record: str, field: str, head: str) -> None:
        """See `Desk.settle`."""
        with self._acting():
            self._desk.settle(record, field, head)

    def assign(self, records: Sequence[str], to: str) -> Done:
        """Say who takes care of these cases; nobody when empty."""
        return self._each(records, lambda record: self._desk.assign(record, to))

    def set_status(self, records: Sequence[str], status: str, note: str) -> Done:
        """Say where these cases stand."""
        said = cast(Status, status)  # what is none fails as a payload, record by record
        return self._each(records, lambda record: self._desk.set_status(record, said, note))

    def reply(self, records: Sequence[str], template: str) -> Done:
        """Write to the authors of these cases; places in braces are filled for each."""
        return self._each(
            records, lambda record: self._desk.reply(record, self.filled(record, template))
        )

    def merge(self, records: Sequence[str], into: str) -> Done:
        """Say that these cases are about the same matter as another; an empty `into` undoes it.

        The other one goes on from now on: where it was merged into one of these, that ends.

        Raises:
            UnknownRecord: there is no such other case.
        """
        with self._lock:
            if into and self._rests_on(self._known(into).record, set(records)):
                self._desk.merge(into, "")
            rest = [record for record in records if record != into]
            return self._each(rest, lambda record: self._desk.merge(record, into))

    def forward(self, records: Sequence[str], queue: str, note: str) -> Done:
        """Hand these cases on to another queue; see `Desk.forward`."""
        return self._each(records, lambda record: self._desk.forward(record, queue, note))

    def forwardable(self, record: str) -> tuple[str, ...]:
        """The queues that a case could be handed on to."""
        with self._lock:
            return self._desk.forwardable(record)

    # -------------------------------------------------------------------------------- templates

    def templates(self) -> tuple[Template, ...]:
        """The reply templates of this device."""
        return self._templates.list()

    def put_template(self, template: Template) -> None:
        """Keep a template; see `Templates.put`."""
        self._templates.put(template)

    def forget_template(self, name: str) -> None:
        """Throw a template away."""
        self._templates.forget(name)

    def filled(self, record: str, text: str) -> str:
        """A text with its places filled from a case, as its author will read it.

        Raises:
            UnknownRecord: there is no such case.
        """
        return filled(text, values_of(self._known(record), self._clock, self.me()))

    # ------------------------------------------------------------------------------ what is known

    def _case(self, record: str) -> Case | None:
        return self._cases.get(record)

    def _known(self, record: str) -> Case:
        case = self._cases.get(record_id(record).hex())
        if case is None:
            raise UnknownRecord(record)
        return case

    def _row(self, line: Line, now_ms: int) -> CaseRow:
        case = line.case
        return CaseRow(case, self._clock.state(case, now_ms), self._clock.next_deadline(case))

    def _name(self, device: bytes) -> str:
        return self._replica.grants.labels.get(device, "") or device.hex()[:8]

    def _rests_on(self, into: str, records: set[str]) -> bool:
        """Whether a case is itself merged, by however many steps, into one of these."""
        said = self._desk.card(into).merged.value or ""
        seen: set[str] = set()
        while said and said not in seen:
            if said in records:
                return True
            seen.add(said)
            case = self._case(said)
            said = case.merged_into if case is not None else ""
        return said in seen and bool(said)

    # ---------------------------------------------------------------------------- following

    @contextmanager
    def _acting(self) -> Iterator[None]:
        with self._lock:
            yield
            self.refresh()

    def _each(self, records: Sequence[str], act: Callable[[str], Any]) -> Done:
        with self._acting():
            return each(self._replica, records, act)

    def _begin_anew(self) -> None:
        self._built = self._cases.built
        self._likely.forget()
        self._views = Views(self._clock, self.me())
        entries = self._cases.entries()
        self._views.update((entry.case.record, *entry) for entry in entries)
        self.records(Query())  # the order in which a desk begins its day is ready
        if len(entries) >= KEPT_FROM:
            kept_for_long()

    def _follow(self, records: list[str]) -> None:
        rows = []
        for record in records:
            case, words = self._cases.entry(record) or (None, b"")
            rows.append((record, case, words))
            self._likely.update(record, case)
        self._views.update(rows)
