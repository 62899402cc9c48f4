"""Hours without supply by day: the mean of the queues, exceptions above the week, odd days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from client.services.office.outage_hours import outage_hours
from shared_schema.records.outage import Announced, Scheduled
from tests.client.office.cases import KYIV, ms

MONDAY = date(2026, 11, 23)
WEEK = [MONDAY + timedelta(n) for n in range(7)]
ON = "+" * 48
MORNING = "-" * 12 + "+" * 36
"""Six hours without."""


def scheduled(queue: str, *days: str, **more: object) -> Scheduled:
    week = [*days, *[ON] * (7 - len(days))]
    return Scheduled("power", queue, week, **more)  # type: ignore[arg-type]


def announced(start: str, end: str, **more: object) -> Announced:
    return Announced("power", ms(start), ms(end), "Аварія", **more)  # type: ignore[arg-type]


def test_the_mean_over_the_queues() -> None:
    queues = [scheduled("1.1", MORNING), scheduled("1.2", MORNING, MORNING)]
    hours = outage_hours(queues, [], "power", WEEK, KYIV)
    assert [hours[day] for day in WEEK] == [6.0, 3.0, 0, 0, 0, 0, 0]


def test_an_exception_stands_above_the_week_of_its_queue() -> None:
    queues = [scheduled("1.1", MORNING), scheduled("1.2")]
    off = announced("2026-11-24 22:00", "2026-11-25 02:00", queues=["1.2"])
    on = announced("2026-11-23 00:00", "2026-11-23 04:00", queues=["1.1"], off=False)
    hours = outage_hours(queues, [off, on], "power", WEEK, KYIV)
    assert [hours[day] for day in WEEK[:4]] == [1.0, 1.0, 1.0, 0]


def test_without_a_week_everybodys_exceptions_count() -> None:
    off = announced("2026-11-23 10:00", "2026-11-23 13:00")
    hours = outage_hours([], [off], "power", WEEK[:2], KYIV)
    assert hours == {WEEK[0]: 3.0, WEEK[1]: 0}


def test_where_nothing_is_known_nothing_is_claimed() -> None:
    assert outage_hours([scheduled("1.1", MORNING)], [], "water", WEEK, KYIV) == {}
    assert outage_hours([], [], "power", WEEK, KYIV) == {}


def test_past_its_date_a_schedule_claims_nothing() -> None:
    week = scheduled("1.1", MORNING, MORNING, MORNING, expires_at_ms=ms("2026-11-24 03:00"))
    hours = outage_hours([week], [], "power", WEEK[:3], KYIV)
    assert [hours[day] for day in WEEK[:3]] == [6.0, 3.0, 0]


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 10, 25), 25.0), (date(2026, 3, 29), 23.0)])
def test_a_day_on_which_clocks_are_turned_has_its_own_length(day: date, hours: float) -> None:
    week = Scheduled("power", "1.1", ["-" * 48] * 7)
    assert outage_hours([week], [], "power", [day], KYIV) == {day: hours}


def test_the_short_way_gives_what_the_long_one_gives() -> None:
    """An exception that touches a day without changing it sends it the long way round."""
    week = scheduled("1.1", MORNING, "+-" * 24, "?" * 48, "-" * 48)
    nothing = [
        announced(f"{day} 00:00", f"{day} 00:30", off=week.week[day.weekday()][0] == "-")
        for day in WEEK
        if week.week[day.weekday()][0] in "+-"
    ]
    short = outage_hours([week], [], "power", WEEK, KYIV)
    assert outage_hours([week], nothing, "power", WEEK, KYIV) == short
