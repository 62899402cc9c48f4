"""A desk's office in memory: real cases, really chosen, sorted and dated; only the log is missing.

`refusing` names records whose acts fail, with the error's code. `slow` holds the first opening of
the queue until it is set, after it has told how far it is.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from client.services.errors import UnknownRecord
from client.services.office.asked import (
    CaseRow,
    Choices,
    Conflict,
    Done,
    Folder,
    OfficeNote,
    Query,
    Rival,
    Sheet,
    Template,
)
from client.services.office.case import Case
from client.services.office.clock import Clock
from client.services.office.likeness import Likeness, likeness
from client.services.office.search import words_of
from client.services.office.templates import filled, values_of
from client.services.office.views import Line, Views
from client.services.office.workdays import load_workdays
from client.services.types import AppealView, HistoryStep, SaidLine
from client.viewmodels.app import now_ms

if TYPE_CHECKING:
    from tests.client.ui.fake import FakeDevice

ME = "Оксана Коваль"


class FakeOffice:
    """See `OfficePort`."""

    def __init__(self, device: FakeDevice) -> None:
        self.device = device
        self.cases: dict[str, Case] = {}
        self.said: dict[str, tuple[SaidLine, ...]] = {}
        self.history: dict[str, tuple[HistoryStep, ...]] = {}
        self.kept_notes: dict[str, tuple[OfficeNote, ...]] = {}
        self.rivals: dict[str, tuple[Conflict, ...]] = {}
        self.kept: dict[str, Template] = {}
        self.names: tuple[str, ...] = ("main",)
        self.refusing: dict[str, str] = {}
        self.acts: list[tuple[str, Any]] = []
        self.slow = threading.Event()
        self.slow.set()
        self.told: tuple[int, int] = (0, 0)
        self._clock = Clock(ZoneInfo("Europe/Kyiv"), load_workdays())

    def put(self, *cases: Case) -> None:
        """Appeals that have come."""
        self.cases |= {case.record: case for case in cases}

    def change(self, record: str, **more: Any) -> Case:
        """Another device, or an act, has changed a case."""
        self.cases[record] = dataclasses.replace(self.case(record), **more)
        return self.cases[record]

    def case(self, record: str) -> Case:
        """One of them."""
        if record not in self.cases:
            raise UnknownRecord(record)
        return self.cases[record]

    def quarrel(self, record: str, field: str, *values: tuple[str, str]) -> None:
        """Desks that could not see each other gave a field these (value, by whom)."""
        first = 1 + 16 * len(self.rivals.get(record, ()))
        heads = tuple(
            Rival(f"{at:064x}", value, by, now_ms() - at * 60_000)
            for at, (value, by) in enumerate(values, first)
        )
        self.rivals[record] = (*self.rivals.get(record, ()), Conflict(field, heads))
        self.change(record, conflicts=(*self.case(record).conflicts, field))

    # --------------------------------------------------------------------------------- reading

    def refresh(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Tell how far it is, then go on once one may."""
        if progress is not None and self.told[1]:
            progress(*self.told)
        assert self.slow.wait(10), "a test never let go of the queue"
        self.device.check()

    def sheet(self, query: Query, offset: int = 0, limit: int = 50) -> Sheet:
        """A page."""
        lines = self._select(query)
        rows = tuple(self._row(line.case) for line in lines[offset : offset + limit])
        return Sheet(rows, offset, len(lines))

    def records(self, query: Query) -> list[str]:
        """All of it."""
        return [line.case.record for line in self._select(query)]

    def counts(self, query: Query) -> dict[str, int]:
        """By view."""
        return self._views().counts(query, now_ms())

    def choices(self) -> Choices:
        """What there is to filter by."""
        return self._views().choices()

    def folder(self, record: str) -> Folder:
        """One in full."""
        case = self.case(record)
        helpers = [self.cases[each] for each in case.supporters]
        alike = [(self.cases[each.record], each) for each in self._alike(case)]
        return Folder(
            case=case,
            thread=self._thread(case),
            state=self._clock.state(case, now_ms()),
            deadlines=self._clock.deadlines(case),
            notes=self.kept_notes.get(record, ()),
            conflicts=self.rivals.get(record, ()),
            supporters=tuple(helpers),
            merged_into=self.cases.get(case.merged_into),
            duplicates=tuple(alike),
            legal_from_ms=case.legal_from_ms or case.received_at_ms,
        )

    def queues(self) -> tuple[str, ...]:
        """This desk's."""
        return self.names

    def forwardable(self, record: str) -> tuple[str, ...]:
        """All but where it is."""
        return tuple(name for name in self.names if name != self.case(record).queue)

    def me(self) -> str:
        """Who sits here."""
        return ME

    # ------------------------------------------------------------------------------------- acts

    def register(self, record: str, **more: Any) -> None:
        """A number, and what the form says."""
        self._act(record, "register", dict(more))
        note = more.pop("note", "")
        marks = tuple(more.pop("marks", ()))
        status = self.case(record).status or "registered"
        self.change(record, status=status, registered_at_ms=now_ms(), marks=marks, **more)
        self._step(record, "registered", note)

    def assign(self, records: Sequence[str], to: str) -> Done:
        """To whom."""
        return self._each(records, "assign", to, lambda each: self.change(each, assignee=to))

    def set_status(self, records: Sequence[str], status: str, note: str) -> Done:
        """Where they stand."""

        def act(record: str) -> None:
            ended = now_ms() if status in ("answered", "returned", "closed") else None
            self.change(record, status=status, answered_at_ms=ended)
            self._step(record, status, note)

        return self._each(records, "status", (status, note), act)

    def reply(self, records: Sequence[str], template: str) -> Done:
        """To their authors."""

        def act(record: str) -> None:
            text = self.filled(record, template)
            line = SaidLine(now_ms(), True, text, pending=True)
            self.said[record] = (*self.said.get(record, ()), line)

        return self._each(records, "reply", template, act)

    def merge(self, records: Sequence[str], into: str) -> Done:
        """Into another one, or back."""

        def act(record: str) -> None:
            was = self.case(record).merged_into
            self.change(record, merged_into=into)
            for head in filter(None, (was, into)):
                rest = [each for each in self.case(head).supporters if each != record]
                kept = (*rest, record) if head == into else tuple(rest)
                self.change(head, supporters=tuple(kept), earliest_ms=self._earliest(head, kept))

        return self._each(records, "merge", into, act)

    def forward(self, records: Sequence[str], queue: str, note: str) -> Done:
        """To another queue."""
        return self._each(
            records, "forward", (queue, note),
            lambda each: self.change(each, queue=queue, forwarded_at_ms=now_ms()),
        )  # fmt: skip

    def extend(self, record: str, note: str) -> None:
        """To 45 days."""
        self._act(record, "extend", note)
        self.change(record, extended=True)
        self._step(record, "extended", note)

    def note(self, record: str, text: str) -> None:
        """Among officers."""
        self._act(record, "note", text)
        kept = self.kept_notes.get(record, ())
        self.kept_notes[record] = (*kept, OfficeNote(now_ms(), ME, text))

    def settle(self, record: str, field: str, head: str) -> None:
        """One of the rivals holds."""
        self._act(record, "settle", (field, head))
        conflict = next(each for each in self.rivals[record] if each.field == field)
        chosen = next(each for each in conflict.rivals if each.head == head)
        self.rivals[record] = tuple(e for e in self.rivals[record] if e.field != field)
        fields = tuple(each.field for each in self.rivals[record])
        named = {"registration": "number", "merged": "merged_into"}.get(field, field)
        self.change(record, conflicts=fields, **{named: chosen.value})

    # -------------------------------------------------------------------------------- templates

    def templates(self) -> tuple[Template, ...]:
        """By name."""
        return tuple(self.kept[name] for name in sorted(self.kept))

    def put_template(self, template: Template) -> None:
        """Keep one."""
        self.device.check()
        self.kept[template.name] = template

    def forget_template(self, name: str) -> None:
        """Throw one away."""
        self.kept.pop(name, None)

    def filled(self, record: str, text: str) -> str:
        """As its author reads it."""
        return filled(text, values_of(self.case(record), self._clock, ME))

    # ---------------------------------------------------------------------------------- inside

    def _views(self) -> Views:
        views = Views(self._clock, ME)
        views.update((record, case, words_of(case)) for record, case in self.cases.items())
        return views

    def _select(self, query: Query) -> list[Line]:
        return self._views().select(query, now_ms())

    def _row(self, case: Case) -> CaseRow:
        return CaseRow(case, self._clock.state(case, now_ms()), self._clock.next_deadline(case))

    def _alike(self, case: Case) -> list[Likeness]:
        tied = {case.record, case.merged_into, *case.supporters}
        free = [each for each in self.cases.values() if each.record not in tied]
        found = [likeness(case, each) for each in free if not each.merged_into]
        return sorted((each for each in found if each), key=lambda each: -each.score)[:5]

    def _earliest(self, head: str, supporters: Sequence[str]) -> int | None:
        own = [self.case(each) for each in (head, *supporters)]
        return min((case.received_at_ms for case in own if case.lane == "appeal"), default=None)

    def _step(self, record: str, status: str, note: str) -> None:
        step = HistoryStep(now_ms(), status, note)
        self.history[record] = (*self.history.get(record, ()), step)

    def _act(self, record: str, name: str, what: Any) -> None:
        self.device.check()
        self.case(record)
        self.acts.append((name, what))

    def _each(
        self, records: Sequence[str], name: str, what: Any, act: Callable[[str], object]
    ) -> Done:
        self.device.check()
        self.acts.append((name, what))
        done, failed = [], []
        for record in records:
            if record in self.refusing:
                failed.append((record, self.refusing[record]))
            else:
                act(record)
                done.append(record)
        return Done(tuple(done), tuple(failed))

    def _thread(self, case: Case) -> AppealView:
        state = "withdrawn" if case.withdrawn else case.status or "received"
        return AppealView(
            case.record, case.title, case.text, case.lane, case.kind, case.category,
            case.address, case.district, case.name, case.contact,
            state=state,  # type: ignore[arg-type]
            reason="", receipt_number=case.receipt_number, received_at_ms=case.received_at_ms,
            created_at_ms=case.created_at_ms, number=case.number, status=case.status,
            history=self.history.get(case.record, ()), said=self.said.get(case.record, ()),
            withdrawn=case.withdrawn, mine=False, pending=False, residence=case.residence,
            position=case.position, place=case.place, stars=case.stars,
        )  # fmt: skip
