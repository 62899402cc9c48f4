"""What the desk's charts show: how much comes in, how long it waits, what is late, and where.

What happened is counted over the period, by the day of receipt in the city's zone; what is open,
how old it is and what is overdue is counted now, over everything. One pass over the cases.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from client.services.office.case import Case
from client.services.office.clock import Clock, State
from client.services.office.figures import DAY_MS, Duration, duration, midnight, percent
from shared_schema.records.appeal import LANES

DAYS_MAX: Final = 3_660
"""Ten years: a longer period is a slip of the hand."""
AGES: Final = (0, 2, 6, 11, 16, 31, 46)
"""Where the buckets of age begin, in days; between them lie the terms of the law."""


@dataclass(frozen=True, slots=True)
class DayFlow:
    """What came in on a day."""

    day: date
    appeals: int
    signals: int


@dataclass(frozen=True, slots=True)
class AgeBucket:
    """Open cases of an age in whole days; the last bucket has no end."""

    from_days: int
    to_days: int | None
    appeals: int
    signals: int


@dataclass(frozen=True, slots=True)
class Times:
    """From receipt to the journal, and to the first answer."""

    registration: Duration
    answer: Duration


@dataclass(frozen=True, slots=True)
class Group:
    """The cases of one category or district; an empty name is none given."""

    name: str
    received: int
    open: int
    overdue: int
    answered: int
    in_time_percent: float | None
    """Of what has a clock and is done; None when nothing is."""
    answer: Duration


@dataclass(frozen=True, slots=True)
class DayLoad:
    """Signals of a day beside the hours without supply."""

    day: date
    signals: int
    outage_hours: float


@dataclass(frozen=True, slots=True)
class Report:
    """Everything on one page."""

    made_at_ms: int
    inflow: tuple[DayFlow, ...]
    ages: tuple[AgeBucket, ...]
    appeals: Times
    signals: Times
    received: int
    open: int
    overdue: int
    done: int
    """Of the period, with a clock, and not open any more."""
    in_time: int
    in_time_percent: float | None
    categories: tuple[Group, ...]
    districts: tuple[Group, ...]
    load: tuple[DayLoad, ...]


@dataclass(slots=True)
class _Tally:
    """Counts that grow during the pass."""

    received: int = 0
    open: int = 0
    overdue: int = 0
    done: int = 0
    in_time: int = 0
    registration: list[int] = field(default_factory=list)
    answer: list[int] = field(default_factory=list)

    def add(self, other: _Tally) -> None:
        self.received += other.received
        self.open += other.open
        self.overdue += other.overdue
        self.done += other.done
        self.in_time += other.in_time
        self.registration += other.registration
        self.answer += other.answer

    def group(self, name: str) -> Group:
        answer = duration(self.answer)
        share = percent(self.in_time, self.done)
        return Group(name, self.received, self.open, self.overdue, answer.count, share, answer)

    def times(self) -> Times:
        return Times(duration(self.registration), duration(self.answer))


_Cell = tuple[str, str, str]
"""Lane, category, district: the smallest thing that is counted; sums of them are the report."""


class _Pass:
    """One pass over the cases."""

    def __init__(self, days: Sequence[date], now_ms: int, clock: Clock) -> None:
        self.now_ms = now_ms
        self.clock = clock
        self.midnights = [midnight(day, clock.zone) for day in (*days, days[-1] + timedelta(1))]
        self.flow = {lane: [0] * len(days) for lane in LANES}
        self.ages = {lane: [0] * len(AGES) for lane in LANES}
        self.cells: defaultdict[_Cell, _Tally] = defaultdict(_Tally)

    def take(self, case: Case) -> None:
        """Count a case where it belongs."""
        lane, received = case.lane, case.received_at_ms
        tally = self.cells[lane, case.category, case.district]
        state = self.clock.state(case, self.now_ms)
        if case.open and not state.startswith("done"):  # sent on, it waits elsewhere
            age = max(0, self.now_ms - received) // DAY_MS
            self.ages[lane][bisect_right(AGES, age) - 1] += 1
            tally.open += 1
            tally.overdue += state == "overdue"
        day = bisect_right(self.midnights, received) - 1
        if 0 <= day < len(self.midnights) - 1:
            self.flow[lane][day] += 1
            _happened(case, state, tally)

    def sums(self, part: int) -> dict[str, _Tally]:
        """The counts by lane (0), category (1) or district (2)."""
        sums: dict[str, _Tally] = {}
        for cell, tally in self.cells.items():
            sums.setdefault(cell[part], _Tally()).add(tally)
        return sums


def _happened(case: Case, state: State, tally: _Tally) -> None:
    """Count what was done with a case of the period."""
    tally.received += 1
    if state == "done_in_time":
        tally.done += 1
        tally.in_time += 1
    elif state == "done_late":
        tally.done += 1
    if case.registered_at_ms is not None:
        tally.registration.append(case.registered_at_ms - case.received_at_ms)
    if case.answered_at_ms is not None and case.status in ("answered", "returned", "closed"):
        tally.answer.append(case.answered_at_ms - case.received_at_ms)


def report(
    cases: Iterable[Case],
    now_ms: int,
    clock: Clock,
    period: tuple[date, date],
    outage_hours: Mapping[date, float] | None = None,
) -> Report:
    """The report of a period, both its days included.

    Raises:
        ValueError: the period has no day, or more than `DAYS_MAX`.
    """
    days = days_of(period)
    made = _Pass(days, now_ms, clock)
    for case in cases:
        made.take(case)
    hours = outage_hours or {}
    lanes = made.sums(0)
    total = _Tally()
    for each in lanes.values():
        total.add(each)
    appeals, signals = made.flow["appeal"], made.flow["signal"]
    return Report(
        made_at_ms=now_ms,
        inflow=tuple(map(DayFlow, days, appeals, signals)),
        ages=_ages(made.ages["appeal"], made.ages["signal"]),
        appeals=lanes.get("appeal", _Tally()).times(),
        signals=lanes.get("signal", _Tally()).times(),
        received=total.received,
        open=total.open,
        overdue=total.overdue,
        done=total.done,
        in_time=total.in_time,
        in_time_percent=percent(total.in_time, total.done),
        categories=_groups(made.sums(1)),
        districts=_groups(made.sums(2)),
        load=tuple(map(DayLoad, days, signals, (hours.get(day, 0.0) for day in days))),
    )


def days_of(period: tuple[date, date]) -> list[date]:
    """The days of a period, both ends included.

    Raises:
        ValueError: it has none, or more than `DAYS_MAX`.
    """
    count = (period[1] - period[0]).days + 1
    if not 1 <= count <= DAYS_MAX:
        raise ValueError(f"a period of {count} days")
    return [period[0] + timedelta(days=n) for n in range(count)]


def _ages(appeals: list[int], signals: list[int]) -> tuple[AgeBucket, ...]:
    ends = [*(start - 1 for start in AGES[1:]), None]
    return tuple(map(AgeBucket, AGES, ends, appeals, signals))


def _groups(tallies: Mapping[str, _Tally]) -> tuple[Group, ...]:
    """The largest first."""
    groups = [tally.group(name) for name, tally in tallies.items()]
    return tuple(sorted(groups, key=lambda each: (-each.received, -each.open, each.name)))
