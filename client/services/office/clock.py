"""The legal clocks of a case: the dates that law 393/96-ВР sets, the next one, and how it stands.

Not legal advice. Terms run from the city's receipt, as `shared_schema.records.legal` says. Two
clocks bind the desk whatever the appeal is: to enter it in the journal, and to answer it. The
others end a possibility: until then it may be sent to the competent body (art. 7), sent back
(art. 5), or answered at once because nothing needs study (art. 20). A signal has no clock, unless
an appeal was merged into it; what was merged keeps the earliest date (see `Case.legal_from_ms`).
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from client.services.office.case import Case
from client.services.office.workdays import Workdays
from shared_schema.records.appeal import URGENCY
from shared_schema.records.legal import TERMS, due_dates

ClockKind = Literal["registration", "forward", "return", "simple", "answer", "longest"]
State = Literal["none", "ok", "soon", "overdue", "done_in_time", "done_late"]
SOON_DAYS: Final = 3
"""From so many days before the last day on, a case is `soon`."""


class Rule(NamedTuple):
    """A row of the table: a term, how long it is, whether it binds, and where that stands."""

    kind: ClockKind
    length: str
    """`workday` (this or the next working day), `month`, or a number of calendar days."""
    source: str
    binding: bool
    assumed: str
    """What of it is an assumption; empty when the law says just that."""


_SOURCES: Final = {term.kind: term.source for term in TERMS}
_DAYS: Final = {term.kind: str(term.days) if term.days else "month" for term in TERMS}
FORWARD_DAYS: Final = 5
RULES: Final = (
    Rule(
        "registration",
        "workday",
        "постанова КМУ від 14.04.1997 № 348",
        True,
        "after_hours_next_day",
    ),
    Rule("forward", str(FORWARD_DAYS), "393/96-ВР, ст. 7", False, "from_receipt"),
    Rule("return", _DAYS["return"], _SOURCES["return"], False, ""),
    Rule("simple", _DAYS["simple"], _SOURCES["simple"], False, ""),
    Rule("answer", _DAYS["answer"], _SOURCES["answer"], True, "month_by_civil_code"),
    Rule("longest", _DAYS["longest"], _SOURCES["longest"], False, ""),
)
"""`longest` binds instead of `answer` once the term was extended with notice (art. 20)."""
_PLACE: Final = {rule.kind: place for place, rule in enumerate(RULES)}
DAYS_KEPT_MAX: Final = 4096
"""Days whose deadlines are kept: eleven years of ordinary ones, and no flood of hostile ones."""


class Deadline(NamedTuple):
    """The last day on which a term is kept, and the first moment at which it is not."""

    kind: ClockKind
    day: date
    until_ms: int
    source: str
    binding: bool
    moved: bool
    """It ended on a day off and moved to the next working day (Civil Code, art. 254 part 5)."""
    assumed: str


class _Day(NamedTuple):
    kind: ClockKind
    day: date
    soon_ms: int
    until_ms: int
    moved: bool


_Rows = tuple[_Day, ...]
NEVER_MS: Final = 2**48
"""After every moment that a calendar has."""


class Standing(NamedTuple):
    """How a case stands, without the time: how it ended, or when its state changes."""

    ended: State | None
    soon_ms: int = NEVER_MS
    until_ms: int = NEVER_MS

    def at(self, now_ms: int) -> State:
        """The state at a moment."""
        if self.ended is not None:
            return self.ended
        if now_ms >= self.until_ms:
            return "overdue"
        return "soon" if now_ms >= self.soon_ms else "ok"


_NO_CLOCK: Final = Standing("none")


class Clock:
    """The clocks of one city: its time zone and its calendar. Remembers what a day gives."""

    def __init__(self, zone: tzinfo, workdays: Workdays) -> None:
        self.zone = zone
        self.workdays = workdays
        self._rows: dict[tuple[date, bool], _Rows] = {}

    def deadlines(self, case: Case) -> tuple[Deadline, ...]:
        """The deadlines of a case in the order of `RULES`; empty for a signal.

        Empty also for a moment that no calendar has: it comes from a server, maybe a hostile one.
        """
        return tuple(_deadline(row, case) for row in self._days(case))

    def next_deadline(self, case: Case) -> Deadline | None:
        """What binds the desk next: the journal, then the answer. None when nothing does."""
        if not case.open or case.forwarded_at_ms is not None:
            return None
        kind = _due(case)
        return next((_deadline(row, case) for row in self._days(case) if row.kind == kind), None)

    def state(self, case: Case, now_ms: int) -> State:
        """Where a case stands with its clock.

        A case that is not open any more is measured by how it ended: sent on by article 7, sent
        back by article 5, else by the term for an answer. Withdrawn or merged, it has no clock.
        """
        return self.standing(case).at(now_ms)

    def standing(self, case: Case) -> Standing:
        """See `state`; good until the case changes."""
        rows = () if case.gone else self._days(case)
        if not rows:
            return _NO_CLOCK
        ended = ended_at(case)
        if ended is not None:
            limit = rows[_PLACE[_measure(case)]].until_ms
            return Standing("done_in_time" if ended < limit else "done_late")
        due = rows[_PLACE[_due(case)]]
        return Standing(None, due.soon_ms, due.until_ms)

    def urgency(self, case: Case, now_ms: int) -> tuple[bool, bool, bool, int, int, int, str]:
        """A key to sort a queue by: open first, who comes first by law, then what is due.

        Privileged applicants come first (393/96-ВР, art. 18 and 20), then what is overdue, then
        the nearest deadline. For what has none (signals), and within a day, danger comes before
        supply and supply before the rest, and then the oldest.
        """
        due = self.next_deadline(case)
        until = due.until_ms if due is not None else NEVER_MS
        late = due is not None and now_ms >= until
        return (
            not case.open,
            not case.privileged,
            not late,
            until,
            -URGENCY.get(case.category, 0),
            case.received_at_ms,
            case.record,
        )

    def _days(self, case: Case) -> _Rows:
        start = case.legal_from_ms
        if start is None:
            return ()
        try:
            local = datetime.fromtimestamp(start / 1000, self.zone)
            key = (local.date(), local.time() >= self.workdays.closes_at)
            rows = self._rows.get(key)
            return rows if rows is not None else self._remember(key)
        except (ValueError, OverflowError, OSError):
            return ()

    def _remember(self, key: tuple[date, bool]) -> _Rows:
        if len(self._rows) >= DAYS_KEPT_MAX:
            self._rows.clear()
        rows = self._rows[key] = _table(*key, self.zone, self.workdays)
        return rows


def deadlines(case: Case, zone: tzinfo, workdays: Workdays) -> tuple[Deadline, ...]:
    """See `Clock.deadlines`."""
    return _clock(zone, workdays).deadlines(case)


def next_deadline(case: Case, zone: tzinfo, workdays: Workdays) -> Deadline | None:
    """See `Clock.next_deadline`."""
    return _clock(zone, workdays).next_deadline(case)


def state(case: Case, now_ms: int, zone: tzinfo, workdays: Workdays) -> State:
    """See `Clock.state`."""
    return _clock(zone, workdays).state(case, now_ms)


def ended_at(case: Case) -> int | None:
    """When the desk was done with it: answered, returned, closed or sent on; None while it is not.

    An answer that was taken back (the case is in work again) does not count.
    """
    if case.status in ("answered", "returned", "closed"):
        return case.answered_at_ms if case.answered_at_ms is not None else case.changed_at_ms
    return case.forwarded_at_ms


def _registered(case: Case) -> bool:
    return case.registered_at_ms is not None or bool(case.number or case.status)


def _due(case: Case) -> ClockKind:
    """The clock that binds an open case."""
    return _answer(case) if _registered(case) else "registration"


def _answer(case: Case) -> ClockKind:
    return "longest" if case.extended else "answer"


def _measure(case: Case) -> ClockKind:
    if case.status == "returned":
        return "return"
    if case.status not in ("answered", "closed") and case.forwarded_at_ms is not None:
        return "forward"
    return _answer(case)


def _binds(kind: ClockKind, case: Case) -> bool:
    if kind in ("answer", "longest"):
        return kind == _answer(case)
    return RULES[_PLACE[kind]].binding


def _deadline(row: _Day, case: Case) -> Deadline:
    rule = RULES[_PLACE[row.kind]]
    binding = _binds(row.kind, case)
    return Deadline(row.kind, row.day, row.until_ms, rule.source, binding, row.moved, rule.assumed)


def _table(day: date, after_hours: bool, zone: tzinfo, workdays: Workdays) -> _Rows:
    """The days of all rules for an arrival on this day, in their order."""
    noon = datetime.combine(day, time(12), zone)
    terms: dict[str, date] = {due.kind: due.day for due in due_dates(_ms(noon), zone)}
    terms["forward"] = day + timedelta(days=FORWARD_DAYS)
    terms["registration"] = workdays.next_after(day) if after_hours else workdays.first_from(day)
    return tuple(_row(rule.kind, terms[rule.kind], zone, workdays) for rule in RULES)


def _row(kind: ClockKind, last: date, zone: tzinfo, workdays: Workdays) -> _Day:
    day = workdays.first_from(last) if workdays.moves_end else last
    soon, until = (
        _ms(datetime.combine(day + timedelta(days=shift), time(), zone))
        for shift in (-SOON_DAYS, 1)
    )
    return _Day(kind, day, soon, until, day != last)


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


@lru_cache(maxsize=8)
def _clock(zone: tzinfo, workdays: Workdays) -> Clock:
    return Clock(zone, workdays)
