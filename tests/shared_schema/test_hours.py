"""Nobody is sent through a dark city to a door that was only guessed to be open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_schema.records.hours import DAY_MINUTES, DAYS, Opening, Span, opening_at, week_of

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
WEEK_MINUTES = 7 * DAY_MINUTES


def at(day: str, clock: str) -> datetime:
    """A moment of the week that begins on `MONDAY`."""
    hour, minute = map(int, clock.split(":"))
    return MONDAY + timedelta(days=DAYS.index(day), hours=hour, minutes=minute)


def times(spans: list[Span]) -> str:
    """Spans as people write them; their ends may be past midnight."""
    return ",".join(
        f"{first // 60:02d}:{first % 60:02d}-{last // 60:02d}:{last % 60:02d}"
        for first, last in spans
    )


firsts = st.integers(0, DAY_MINUTES - 1)
spans = st.tuples(firsts, st.integers(1, 26 * 60 - 1)).filter(lambda span: span[0] < span[1])
rules = st.lists(
    st.tuples(st.sets(st.integers(0, 6), min_size=1), st.lists(spans, max_size=3)),
    min_size=1,
    max_size=4,
)
Rules = list[tuple[set[int], list[Span]]]


def written(given_rules: Rules) -> str:
    """Rules in the syntax; a day that is named without times is off."""
    return "; ".join(
        f"{','.join(DAYS[day] for day in sorted(days))} {times(open_) or 'off'}"
        for days, open_ in given_rules
    )


def naive(given_rules: Rules) -> list[bool]:
    """Open or not, minute by minute of three weeks of which the middle one is of interest."""
    minutes = [False] * (3 * WEEK_MINUTES)
    for day in range(20):
        of_day = next((open_ for days, open_ in reversed(given_rules) if day % 7 in days), [])
        for first, last in of_day:
            start, end = day * DAY_MINUTES + first, day * DAY_MINUTES + last
            minutes[start:end] = [True] * (end - start)
    return minutes


@given(rules, st.integers(0, WEEK_MINUTES - 1))
def test_the_answer_is_that_of_reading_the_week_minute_by_minute(
    given_rules: Rules, minute: int
) -> None:
    minutes = naive(given_rules)
    now = WEEK_MINUTES + minute
    ahead = minutes[now + 1 : now + DAY_MINUTES + 1]
    left = ahead.index(not minutes[now]) + 1 if (not minutes[now]) in ahead else None
    answer = opening_at(written(given_rules), MONDAY + timedelta(minutes=minute))
    assert answer == Opening(minutes[now], left)


@pytest.mark.parametrize(
    ("text", "day", "clock", "open_", "left"),
    [
        ("24/7", "We", "03:00", True, None),
        ("24/7", "Su", "23:59", True, None),
        ("Mo-Fr 08:00-13:00,14:00-18:00", "Tu", "08:00", True, 300),
        ("Mo-Fr 08:00-13:00,14:00-18:00", "Tu", "12:59", True, 1),
        ("Mo-Fr 08:00-13:00,14:00-18:00", "Tu", "13:00", False, 60),
        ("Mo-Fr 08:00-13:00, 14:00-18:00", "Tu", "13:30", False, 30),
        ("Mo-Fr 08:00-18:00", "Sa", "09:00", False, None),
        ("Mo-Fr 08:00-18:00", "Su", "09:00", False, 23 * 60),
        ("Mo-Su 08:00-20:00; Su off", "Su", "12:00", False, 20 * 60),
        ("Mo-Su 08:00-20:00; Su closed", "Su", "12:00", False, 20 * 60),
        ("08:00-20:00", "Su", "12:00", True, 480),
        ("Sa,Su 10:00-12:00", "Su", "10:00", True, 120),
        ("Fr-Mo 10:00-12:00", "Mo", "11:00", True, 60),
        ("Fr-Mo 10:00-12:00", "Th", "11:00", False, 23 * 60),
        ("off", "Mo", "12:00", False, None),
        ("  Mo 8:00-9:00 ;", "Mo", "08:30", True, 30),
    ],
)
def test_what_a_city_writes_is_read_as_it_means_it(
    text: str, day: str, clock: str, open_: bool, left: int | None
) -> None:
    assert opening_at(text, at(day, clock)) == Opening(open_, left)


@pytest.mark.parametrize(
    ("text", "day", "clock", "open_", "left"),
    [
        ("Fr 22:00-02:00", "Sa", "01:59", True, 1),
        ("Fr 22:00-02:00", "Sa", "02:00", False, None),
        ("Fr 22:00-26:00", "Sa", "01:30", True, 30),
        ("Su 22:00-02:00", "Mo", "01:00", True, 60),
        ("Mo-Su 00:00-24:00", "Su", "23:30", True, None),
        ("Sa 00:00-24:00; Su 00:00-12:00", "Sa", "23:00", True, 13 * 60),
        ("Sa 20:00-02:00; Su off", "Su", "01:00", True, 60),
    ],
)
def test_midnight_closes_nothing_that_stays_open(
    text: str, day: str, clock: str, open_: bool, left: int | None
) -> None:
    assert opening_at(text, at(day, clock)) == Opening(open_, left)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", ";", "sunrise-sunset", "Mo-Fr sunrise-18:00", "PH off",
        "Mo-Fr 08:00-18:00; PH off",
        "Mo-Fr,PH 08:00-18:00", "Mo-Fr 25:00-26:00", "Mo-Fr 24:00-26:00", "Mo-Fr 08:60-18:00",
        "Mo-Fr 08:00-27:00", "Mo-Fr 08:00+", "Mo-Fr 08:00", "Mo-Fr", "Mo- 08:00-18:00",
        "Mo-,Tu 08:00-18:00", "-Mo 08:00-18:00", "Mo-Fr-Su 08:00-18:00", "Mo Fr 08:00-18:00",
        "mo-fr 08:00-18:00", "Пн-Пт 08:00-18:00", "Jan-Mar Mo 08:00-18:00", "Mo[1] 08:00-18:00",
        "week 1-10 Mo 08:00-18:00", "Mo 08:00-18:00 || off", 'Mo 08:00-18:00 "за дзвінком"',
        "Mo 08:00-18:00;; Tu off", "Mo 08:00-12:00, Tu 09:00-12:00", "24/7; PH off", "цілодобово",
        "open", "Mo 08:00-18:00,", "Mo -",
    ],
)  # fmt: skip
def test_what_is_not_understood_is_not_claimed(text: str) -> None:
    assert week_of(text) is None
    assert opening_at(text, MONDAY) is None


@given(st.text(alphabet="MoTuFrSaPH0123456789:-,; off/", max_size=40), st.integers(0, 10_079))
def test_no_text_at_all_makes_it_fail(text: str, minute: int) -> None:
    answer = opening_at(text, MONDAY + timedelta(minutes=minute))
    assert answer is None or answer.minutes_left is None or 0 < answer.minutes_left <= DAY_MINUTES


@pytest.mark.parametrize(
    "text", ["Mo" + " " * 297 + "x", "Mo" + " -" * 148 + "x", "Mo 08:00-09:00," * 20]
)
def test_a_long_text_does_not_hold_up_the_list(text: str) -> None:
    began = process_time()
    assert week_of(text) is None
    assert process_time() - began < 0.03
