"""A schedule never claims light where nothing is known, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_schema.records.outage import (
    SLOT_MS,
    Announced,
    Scheduled,
    Stretch,
    concerns,
    strip,
)
from tests.shared_schema.strategies import weeks

KYIV = ZoneInfo("Europe/Kyiv")
HOUR = 2 * SLOT_MS
LIT = ["+" * 48] * 7
NIGHTLY = ["------" + "+" * 42] * 7
"""No supply from midnight to three o'clock."""


def ms(text: str) -> int:
    """Unix milliseconds of an ISO moment with its offset."""
    return int(datetime.fromisoformat(text).timestamp() * 1000)


CHANGES_OF_CLOCK = [
    ms(f"{day}T01:00+00:00")
    for day in ("2026-03-29", "2026-10-25", "2027-03-28", "2027-10-31", "2028-03-26", "2028-10-29")
]
"""The last Sundays of March and October, one o'clock UTC."""
near_a_change = st.builds(
    lambda change, off: change + off,
    st.sampled_from(CHANGES_OF_CLOCK),
    st.integers(-12 * HOUR, 12 * HOUR),
)
spans = st.builds(lambda a, b: (min(a, b), max(a, b)), near_a_change, near_a_change)
announced = st.builds(
    Announced,
    utility=st.just("power"),
    from_ms=near_a_change,
    until_ms=near_a_change,
    title=st.sampled_from(["Аварія", "Світло є"]),
    off=st.booleans(),
)
timetables = st.builds(
    Scheduled,
    utility=st.just("power"),
    queue=st.just("1.1"),
    week=weeks,
    expires_at_ms=st.just(0) | near_a_change,
)


def at(stretches: list[Stretch], moment: int) -> Stretch:
    (found,) = (each for each in stretches if each.from_ms <= moment < each.until_ms)
    return found


@given(st.none() | timetables, st.lists(announced, max_size=4), spans)
def test_a_strip_has_no_holes_also_where_clocks_change(
    schedule: Scheduled | None, exceptions: list[Announced], span: tuple[int, int]
) -> None:
    stretches = strip(schedule, exceptions, span, KYIV)
    assert bool(stretches) is (span[0] < span[1])
    if stretches:
        assert (stretches[0].from_ms, stretches[-1].until_ms) == span
    for each in stretches:
        assert each.from_ms < each.until_ms
    for before, after in pairwise(stretches):
        assert before.until_ms == after.from_ms
        assert before[2:] != after[2:]


@given(timetables, st.lists(announced, max_size=3), spans, st.data())
def test_every_moment_is_told_as_the_clock_on_the_wall_reads(
    schedule: Scheduled, exceptions: list[Announced], span: tuple[int, int], data: st.DataObject
) -> None:
    stretches = strip(schedule, exceptions, span, KYIV)
    if not stretches:
        return
    moment = data.draw(st.integers(span[0], span[1] - 1))
    now = [each for each in exceptions if each.from_ms <= moment < each.until_ms]
    wall = datetime.fromtimestamp(moment / 1000, UTC).astimezone(KYIV)
    sign = schedule.week[wall.weekday()][wall.hour * 2 + (wall.minute >= 30)]
    expected = {"+": "on", "-": "off", "?": "maybe"}[sign]
    if 0 < schedule.expires_at_ms <= moment:
        expected = "unknown"
    if now:
        expected = "off" if any(each.off for each in now) else "on"
    assert at(stretches, moment).supply == expected


@given(st.integers(0, 3 * HOUR), st.integers(0, HOUR), spans)
def test_after_its_date_a_schedule_never_says_on(
    later: int, odd: int, span: tuple[int, int]
) -> None:
    """The date may fall into the middle of a half hour."""
    expires = span[0] + later + odd
    for each in strip(Scheduled("power", "1.1", LIT, expires_at_ms=expires), [], span, KYIV):
        assert each.supply == ("on" if each.until_ms <= expires else "unknown")


def test_a_schedule_that_expires_within_a_half_hour_ends_there() -> None:
    start = ms("2026-11-23T10:00+02:00")
    schedule = Scheduled("power", "1.1", LIT, expires_at_ms=start + 600_000)
    assert strip(schedule, [], (start, start + SLOT_MS), KYIV) == [
        Stretch(start, start + 600_000, "on", ""),
        Stretch(start + 600_000, start + SLOT_MS, "unknown", ""),
    ]


@pytest.mark.parametrize(
    ("day", "offset", "hours_off"),
    [
        ("2026-03-28", "+02:00", 3),
        ("2026-03-29", "+02:00", 3),  # at three the clock goes on to four
        ("2026-10-25", "+03:00", 3),  # at four it goes back to three, which is lit
        ("2026-10-26", "+02:00", 3),
    ],
)
def test_a_night_without_supply_keeps_its_hours_when_clocks_change(
    day: str, offset: str, hours_off: int
) -> None:
    start = ms(f"{day}T00:00{offset}")
    schedule = Scheduled("power", "1.1", NIGHTLY)
    assert strip(schedule, [], (start, start + 12 * HOUR), KYIV) == [
        Stretch(start, start + hours_off * HOUR, "off", ""),
        Stretch(start + hours_off * HOUR, start + 12 * HOUR, "on", ""),
    ]


@pytest.mark.parametrize(
    ("change", "slots", "supply"),
    [
        # 03:00-04:00 does not happen in March, and happens twice in October.
        ("2026-03-29T01:00+00:00", 0, "off"),
        ("2026-10-25T01:00+00:00", 4, "off"),
    ],
)
def test_the_hour_that_is_lost_or_comes_twice_is_read_from_the_wall(
    change: str, slots: int, supply: str
) -> None:
    from_three_to_four = ["++++++--" + "+" * 40] * 7
    middle = ms(change)
    schedule = Scheduled("power", "1.1", from_three_to_four)
    stretches = strip(schedule, [], (middle - 3 * HOUR, middle + 3 * HOUR), KYIV)
    told = [each for each in stretches if each.supply == supply]
    assert sum(each.until_ms - each.from_ms for each in told) == slots * SLOT_MS


def test_without_a_schedule_only_announcements_are_claimed() -> None:
    start = ms("2026-11-23T10:00+02:00")
    repair = Announced("power", start + HOUR, start + 2 * HOUR, "Ремонт")
    assert [each[2:] for each in strip(None, [repair], (start, start + 3 * HOUR), KYIV)] == [
        ("unknown", ""), ("off", "Ремонт"), ("unknown", ""),
    ]  # fmt: skip


def test_of_two_that_contradict_the_worse_is_shown() -> None:
    start = ms("2026-11-23T10:00+02:00")
    good = Announced("power", start, start + 2 * HOUR, "Світло є", off=False)
    bad = Announced("power", start, start + HOUR, "Аварія")
    for order in ([good, bad], [bad, good]):
        assert [each[2:] for each in strip(None, order, (start, start + 2 * HOUR), KYIV)] == [
            ("off", "Аварія"), ("on", "Світло є"),
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("queues", "district", "utility", "own_queue", "own_district", "concerned"),
    [
        ([], "", "power", "1.1", "", True),
        ([], "", "power", None, "", True),
        (["1.1", "1.2"], "", "power", "1.1", "", True),
        (["1.2"], "", "power", "1.1", "", False),
        (["1.1"], "", "power", None, "", False),
        ([], "Центр", "power", "1.1", "Центр", True),
        ([], "Центр", "power", None, "Центр", True),
        ([], "Центр", "power", "1.1", "Поділ", False),
        ([], "Центр", "power", "1.1", "", False),
        (["1.1"], "", "water", "1.1", "", False),  # a queue of water with the same name
        ([], "", "water", "1.1", "", False),
    ],
)
def test_an_announcement_for_others_is_not_shown_as_ones_own(
    queues: list[str],
    district: str,
    utility: str,
    own_queue: str | None,
    own_district: str,
    concerned: bool,
) -> None:
    schedule = Scheduled("power", own_queue, LIT) if own_queue else None
    exception = Announced(utility, 0, 1, "Аварія", queues, district)
    assert concerns(exception, schedule, own_district) is concerned
