"""The legal clocks, row by row with the rule's source, and the edges at which a day is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.services.office.case import Case
from client.services.office.clock import (
    DAYS_KEPT_MAX,
    RULES,
    Clock,
    deadlines,
    ended_at,
    next_deadline,
    state,
)
from client.services.office.workdays import load_workdays
from shared_schema.records.legal import due_dates
from tests.client.office.cases import KYIV, local, made, ms

DAYS = load_workdays()
EXACT = replace(DAYS, moves_end=False)


def day_of(case: Case, kind: str, days: Any = DAYS) -> date:
    return next(each.day for each in deadlines(case, KYIV, days) if each.kind == kind)


def state_at(case: Case, now: str, days: Any = DAYS) -> str:
    return state(case, ms(now), KYIV, days)


@pytest.mark.parametrize(
    ("received", "kind", "last", "why"),
    [
        # КМУ № 348: on the day of arrival; after hours and on days off the next working day
        ("2026-03-02 10:00", "registration", date(2026, 3, 2), "a Monday in hours"),
        ("2026-03-02 17:00", "registration", date(2026, 3, 3), "after hours"),
        ("2026-03-06 18:00", "registration", date(2026, 3, 9), "Friday evening: Monday"),
        ("2026-03-07 09:00", "registration", date(2026, 3, 9), "Saturday: Monday"),
        # 393/96-ВР, ст. 7: five days
        ("2026-03-02 10:00", "forward", date(2026, 3, 9), "7 March is a Saturday: ЦК 254 ч. 5"),
        ("2026-03-04 10:00", "forward", date(2026, 3, 9), "five days, a Monday"),
        # 393/96-ВР, ст. 5: ten days
        ("2026-03-02 10:00", "return", date(2026, 3, 12), "ten days, a Thursday"),
        # 393/96-ВР, ст. 20: fifteen days
        ("2026-03-02 10:00", "simple", date(2026, 3, 17), "fifteen days, a Tuesday"),
        # 393/96-ВР, ст. 20: a month; ЦК, ст. 254 ч. 3: the same day of the next month
        ("2026-03-02 10:00", "answer", date(2026, 4, 2), "a Thursday"),
        ("2026-01-31 10:00", "answer", date(2026, 3, 2), "28 February is a Saturday: Monday"),
        ("2024-01-31 10:00", "answer", date(2024, 2, 29), "a leap year, a Thursday"),
        ("2024-02-29 10:00", "answer", date(2024, 3, 29), "from a leap day, a Friday"),
        ("2026-12-31 10:00", "answer", date(2027, 2, 1), "31 January is a Sunday: Monday"),
        # 393/96-ВР, ст. 20: forty-five days in all
        ("2026-03-02 10:00", "longest", date(2026, 4, 16), "a Thursday"),
        ("2024-02-01 10:00", "longest", date(2024, 3, 18), "over a leap day; a Sunday moves"),
    ],
)
def test_each_row_of_the_law(received: str, kind: str, last: date, why: str) -> None:
    assert day_of(made(received=received), kind) == last, why


def test_every_row_names_its_source() -> None:
    assert [rule.kind for rule in RULES] == [
        "registration", "forward", "return", "simple", "answer", "longest",
    ]  # fmt: skip
    assert all("ст." in rule.source or "№" in rule.source for rule in RULES)
    assert next(rule for rule in RULES if rule.kind == "registration").assumed


@pytest.mark.parametrize(
    ("received", "arrival"),
    [
        ("2026-01-14T21:59:59+00:00", date(2026, 1, 14)),  # 23:59:59 in Kyiv (winter, UTC+2)
        ("2026-01-14T22:00:00+00:00", date(2026, 1, 15)),  # midnight there, still the 14th in UTC
        ("2026-07-14T20:59:59+00:00", date(2026, 7, 14)),  # summer, UTC+3
        ("2026-07-14T21:00:00+00:00", date(2026, 7, 15)),
        ("2026-03-29T00:30:00+00:00", date(2026, 3, 29)),  # the hour before the clocks go forward
        ("2026-10-24T21:30:00+00:00", date(2026, 10, 25)),  # the night they go back
        ("2026-10-25T22:30:00+00:00", date(2026, 10, 26)),
    ],
)
def test_midnight_is_kyivs_and_not_utcs(received: str, arrival: date) -> None:
    case = made(received=received)
    assert day_of(case, "return", EXACT) == arrival + timedelta(days=10)


@pytest.mark.parametrize(
    ("received", "hours"),
    [
        ("2026-03-24 00:00", 6 * 24 - 1),  # five days and the last one, over the lost hour
        ("2026-10-20 00:00", 6 * 24 + 1),  # over the hour that comes twice
    ],
)
def test_a_day_with_23_or_25_hours_ends_at_midnight(received: str, hours: int) -> None:
    case = made(received=received)
    forward = next(each for each in deadlines(case, KYIV, EXACT) if each.kind == "forward")
    assert forward.until_ms - case.received_at_ms == hours * 3_600_000
    assert local(forward.until_ms).time().isoformat() == "00:00:00"


def test_the_option_not_to_move_an_end_is_the_calendars() -> None:
    case = made(received="2026-03-02 10:00")
    assert day_of(case, "forward", EXACT) == date(2026, 3, 7)
    moved = {each.kind: each.moved for each in deadlines(case, KYIV, DAYS)}
    assert moved["forward"]
    assert not moved["answer"]


@given(st.integers(ms("2015-01-01 00:00"), ms("2035-01-01 00:00")))
def test_dates_are_those_of_the_shared_table_when_nothing_moves(received: int) -> None:
    case = made(received_at_ms=received)
    ours = {each.kind: each.day for each in deadlines(case, KYIV, EXACT)}
    assert {due.kind: due.day for due in due_dates(received, KYIV)}.items() <= ours.items()


@given(st.integers(ms("2015-01-01 00:00"), ms("2035-01-01 00:00")))
def test_a_moved_end_is_a_working_day_and_never_earlier(received: int) -> None:
    case = made(received_at_ms=received)
    exact = deadlines(case, KYIV, EXACT)
    for before, after in zip(exact, deadlines(case, KYIV, DAYS), strict=True):
        assert DAYS.is_working(after.day)
        assert timedelta() <= after.day - before.day <= timedelta(days=2)


@pytest.mark.parametrize("received", [2**62, -(2**62), 10**17, 253_402_300_000_000])
def test_a_hostile_receipt_has_no_deadline_and_no_crash(received: int) -> None:
    case = made(received_at_ms=received)
    assert deadlines(case, KYIV, DAYS) == ()
    assert state(case, ms("2026-03-02 10:00"), KYIV, DAYS) == "none"
    assert next_deadline(case, KYIV, DAYS) is None
    Clock(KYIV, DAYS).urgency(case, 0)


def test_a_signal_has_no_clock() -> None:
    signal = made(lane="signal", kind="")
    assert deadlines(signal, KYIV, DAYS) == ()
    assert state_at(signal, "2027-01-01 00:00") == "none"
    assert next_deadline(signal, KYIV, DAYS) is None


REGISTERED = made(
    received="2026-03-02 10:00",
    status="registered",
    number="7/26",
    registered_at_ms=ms("2026-03-02 12:00"),
)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-03-02 12:30", "ok"),
        ("2026-03-29 23:59", "ok"),
        ("2026-03-30 00:01", "soon"),  # three days before the last one, 2 April
        ("2026-04-02 23:59", "soon"),
        ("2026-04-03 00:00", "overdue"),
    ],
)
def test_states_of_a_month(now: str, expected: str) -> None:
    assert state_at(REGISTERED, now) == expected


def test_the_journal_is_the_first_clock() -> None:
    new = made(received="2026-03-02 10:00")
    first = next_deadline(new, KYIV, DAYS)
    assert first is not None
    assert (first.kind, first.day) == ("registration", date(2026, 3, 2))
    assert state_at(new, "2026-03-02 16:00") == "soon"
    assert state_at(new, "2026-03-03 00:00") == "overdue"
    after = next_deadline(REGISTERED, KYIV, DAYS)
    assert after is not None
    assert after.kind == "answer"


def test_an_extended_term_is_measured_by_45_days() -> None:
    extended = replace(REGISTERED, extended=True)
    due = next_deadline(extended, KYIV, DAYS)
    assert due is not None
    assert (due.kind, due.day) == ("longest", date(2026, 4, 16))
    assert state_at(extended, "2026-04-10 00:00") == "ok"
    assert [d.kind for d in deadlines(extended, KYIV, DAYS) if d.binding] == [
        "registration",
        "longest",
    ]


@pytest.mark.parametrize(
    ("values", "at", "expected"),
    [
        ({"status": "answered"}, "2026-04-02 23:59", "done_in_time"),
        ({"status": "answered"}, "2026-04-03 00:00", "done_late"),
        ({"status": "answered", "extended": True}, "2026-04-16 23:59", "done_in_time"),
        ({"status": "returned"}, "2026-03-12 23:59", "done_in_time"),  # ст. 5: ten days
        ({"status": "returned"}, "2026-03-13 00:00", "done_late"),
        ({"status": "closed"}, "2026-03-05 10:00", "done_in_time"),
    ],
)
def test_what_is_done_is_measured_by_how_it_ended(
    values: dict[str, Any], at: str, expected: str
) -> None:
    done = replace(REGISTERED, answered_at_ms=ms(at), **values)
    assert state_at(done, "2026-12-01 00:00") == expected
    assert next_deadline(done, KYIV, DAYS) is None


@pytest.mark.parametrize(
    ("sent", "expected"), [("2026-03-09 23:59", "done_in_time"), ("2026-03-10 00:00", "done_late")]
)
def test_what_is_sent_on_is_measured_by_article_7(sent: str, expected: str) -> None:
    assert state_at(replace(REGISTERED, forwarded_at_ms=ms(sent)), "2026-12-01 00:00") == expected


def test_a_time_of_0_is_a_time() -> None:
    assert ended_at(replace(REGISTERED, status="answered", answered_at_ms=0)) == 0


def test_reopened_work_runs_again() -> None:
    again = replace(REGISTERED, status="in_progress", answered_at_ms=ms("2026-03-05 10:00"))
    assert ended_at(again) is None
    assert state_at(again, "2026-04-03 00:00") == "overdue"


@pytest.mark.parametrize("values", [{"withdrawn": True}, {"merged_into": "b2"}])
def test_withdrawn_and_merged_have_no_clock_of_their_own(values: dict[str, Any]) -> None:
    assert state_at(replace(REGISTERED, **values), "2026-12-01 00:00") == "none"
    assert next_deadline(replace(REGISTERED, **values), KYIV, DAYS) is None


def test_those_who_come_first_by_law_come_first() -> None:
    now = ms("2026-03-20 10:00")
    late = made("late", received="2026-01-05 10:00", status="registered", number="1")
    fresh = made("fresh", received="2026-03-19 10:00", status="registered", number="2")
    first = made("first", received="2026-03-20 09:00", privileged=True)
    signal = made("signal", lane="signal", kind="", received="2026-01-01 10:00")
    closed = made("closed", status="answered", answered_at_ms=now, privileged=True)
    clock = Clock(KYIV, DAYS)
    queue = [closed, signal, fresh, late, first]
    ordered = sorted(queue, key=lambda each: clock.urgency(each, now))
    assert [each.record for each in ordered] == ["first", "late", "fresh", "signal", "closed"]


def test_another_zone_has_its_own_days() -> None:
    case = made(received="2026-01-14T23:30:00+00:00")
    far = {each.kind: each.day for each in deadlines(case, ZoneInfo("Pacific/Apia"), EXACT)}
    assert far["return"] == date(2026, 1, 25)
    assert {d.kind: d.day for d in deadlines(case, UTC, EXACT)}["return"] == date(2026, 1, 24)


def test_a_flood_of_hostile_days_fills_no_memory() -> None:
    clock = Clock(KYIV, EXACT)
    for day in range(0, 10_000 * 86_400_000, 86_400_000):
        assert clock.deadlines(made(received_at_ms=day + 1))
    assert len(clock._rows) <= DAYS_KEPT_MAX
