"""The charts' figures: counted once, on the right day, and at once for a whole city."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.services.office.case import Case
from client.services.office.clock import Clock
from client.services.office.figures import DAY_MS, duration, hours_off, percent
from client.services.office.reports import report
from client.services.office.workdays import load_workdays
from shared_schema.records.outage import Stretch
from tests.client.office.cases import KYIV, made, many, ms

CLOCK = Clock(KYIV, load_workdays())
NOW = ms("2026-03-31 12:00")
MARCH = (date(2026, 3, 1), date(2026, 3, 31))


def answered(record: str, received: str, after_days: int, **values: Any) -> Case:
    start = ms(received)
    return made(
        record,
        received=received,
        status="answered",
        number=record,
        registered_at_ms=start + DAY_MS,
        answered_at_ms=start + after_days * DAY_MS,
        **values,
    )


CASES = [
    answered("a", "2026-03-02 10:00", 4),
    answered("b", "2026-03-02 11:00", 20, category="water"),
    answered("c", "2026-02-02 10:00", 50),  # late, and not of the period
    made("d", received="2026-02-10 10:00", status="registered", number="4", registered_at_ms=0),
    made("e", received="2026-03-30 10:00", district="Сади"),
    made("f", received="2026-03-30 23:59", lane="signal", kind=""),
    made("g", received="2026-03-31 00:00", lane="signal", kind="", withdrawn=True),
]


def test_every_case_is_counted_once_and_where_it_belongs() -> None:
    made_report = report(CASES, NOW, CLOCK, MARCH)
    assert made_report.received == 5
    assert made_report.open == 3
    assert made_report.overdue == 2  # d by its month, e by its journal
    assert (made_report.done, made_report.in_time, made_report.in_time_percent) == (2, 2, 100.0)
    flow = {each.day.day: (each.appeals, each.signals) for each in made_report.inflow}
    assert len(flow) == 31
    assert {day: counts for day, counts in flow.items() if any(counts)} == {
        2: (2, 0),
        30: (1, 1),
        31: (0, 1),
    }


def test_groups_add_up_to_the_whole() -> None:
    made_report = report(
        many(2_000), ms("2026-11-01 12:00"), CLOCK, (date(2026, 8, 1), date(2026, 10, 31))
    )
    for groups in (made_report.categories, made_report.districts):
        assert sum(each.received for each in groups) == made_report.received
        assert sum(each.open for each in groups) == made_report.open
        assert sum(each.overdue for each in groups) == made_report.overdue
        assert list(groups) == sorted(groups, key=lambda g: (-g.received, -g.open, g.name))
    assert sum(each.appeals + each.signals for each in made_report.inflow) == made_report.received
    assert sum(each.appeals + each.signals for each in made_report.ages) == made_report.open


def test_times_are_of_the_period_and_by_lane() -> None:
    times = report(CASES, NOW, CLOCK, MARCH).appeals
    assert times.registration.count == 2
    assert times.registration.median_ms == DAY_MS
    assert (times.answer.median_ms, times.answer.p90_ms) == (4 * DAY_MS, 20 * DAY_MS)
    assert report(CASES, NOW, CLOCK, MARCH).signals.answer.count == 0


def test_a_late_answer_is_not_in_time() -> None:
    february = (date(2026, 2, 1), date(2026, 2, 28))
    made_report = report(CASES, NOW, CLOCK, february)
    assert (made_report.done, made_report.in_time, made_report.in_time_percent) == (1, 0, 0.0)


def test_ages_lie_between_the_terms_of_the_law() -> None:
    made_report = report(CASES, NOW, CLOCK, MARCH)
    ages = {
        (each.from_days, each.to_days): each.appeals + each.signals for each in made_report.ages
    }
    assert ages == {
        (0, 1): 2, (2, 5): 0, (6, 10): 0, (11, 15): 0, (16, 30): 0, (31, 45): 0, (46, None): 1,
    }  # fmt: skip


@pytest.mark.parametrize("received", [2**62, -(2**62), 0])
def test_a_hostile_receipt_breaks_no_chart(received: int) -> None:
    made_report = report([made(received_at_ms=received or -1)], NOW, CLOCK, MARCH)
    assert made_report.received == 0
    assert made_report.open == 1


@given(st.lists(st.integers(-5, 10**12), max_size=60))
def test_percentiles_are_values_that_occurred_and_ordered(took: list[int]) -> None:
    found = duration(took)
    assert found.count == len(took)
    if took:
        ordered = sorted(max(0, each) for each in took)
        assert found.median_ms in ordered
        assert found.p90_ms in ordered
        assert sum(each <= (found.p90_ms or 0) for each in ordered) >= 0.9 * len(ordered)
        assert sum(each <= (found.median_ms or 0) for each in ordered) >= 0.5 * len(ordered)


def test_what_was_sent_on_is_done_and_not_open() -> None:
    sent = made(
        received="2026-03-02 10:00", status="registered", forwarded_at_ms=ms("2026-03-04 10:00")
    )
    made_report = report([sent], NOW, CLOCK, MARCH)
    assert (made_report.open, made_report.done, made_report.in_time) == (0, 1, 1)


def test_percentiles_by_hand() -> None:
    assert duration(range(1, 11)) == duration(reversed(range(1, 11)))
    found = duration(range(1, 11))
    assert (found.median_ms, found.p90_ms) == (5, 9)
    assert duration([]).median_ms is None
    assert percent(1, 3) == 33.3
    assert percent(0, 0) is None


@pytest.mark.parametrize("period", [(MARCH[1], MARCH[0]), (date(1, 1, 1), date(9999, 1, 1))])
def test_a_senseless_period_is_refused(period: tuple[date, date]) -> None:
    with pytest.raises(ValueError):
        report([], NOW, CLOCK, period)


def test_outage_hours_are_split_at_local_midnight() -> None:
    stretches = [
        Stretch(ms("2026-03-28 22:00"), ms("2026-03-29 06:00"), "off", ""),  # the short night
        Stretch(ms("2026-03-29 06:00"), ms("2026-03-29 12:00"), "on", ""),
        Stretch(ms("2026-03-29 12:00"), ms("2026-03-29 13:30"), "off", ""),
        Stretch(ms("2026-03-29 13:30"), ms("2026-03-29 15:00"), "maybe", ""),
    ]
    hours = hours_off(stretches, KYIV)
    assert hours == {date(2026, 3, 28): 2.0, date(2026, 3, 29): 6.5}
    load = report(CASES, NOW, CLOCK, MARCH, hours).load
    assert [each.outage_hours for each in load[27:29]] == [2.0, 6.5]
    assert [each.signals for each in load[-2:]] == [1, 1]


def test_100_000_cases_take_half_a_second() -> None:
    cases = many(100_000)
    until = date(2026, 11, 1)
    best = 9.0
    for _ in range(3):
        start = time.process_time()
        made_report = report(cases, ms("2026-11-01 12:00"), CLOCK, (until - timedelta(364), until))
        best = min(best, time.process_time() - start)
    print(f"\nreport of 100,000 in {best:.2f} s")
    assert made_report.received > 99_000
    assert best < 0.5
