"""The working-day calendar: that it is data, that the default is the law of today, that it ends."""

from __future__ import annotations

import json
from datetime import date, timedelta
from importlib import resources
from typing import Any

import msgspec
import pytest

from client.services.office.workdays import load_workdays, parse_workdays

DATA: dict[str, Any] = json.loads(
    (resources.files("client.services.office") / "calendar_data.json").read_text("utf-8")
)


def changed(**values: Any) -> str:
    return json.dumps({**DATA, **values})


def of_profile(**values: Any) -> str:
    profile = {**DATA["profiles"]["martial_law"], **values}
    return changed(profiles={**DATA["profiles"], "martial_law": profile})


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 8, 24), True),  # Independence Day, a Monday: 2136-IX, art. 6 part 6
        (date(2026, 1, 1), True),  # New Year, a Thursday: the same
        (date(2026, 8, 22), False),  # a Saturday
        (date(2026, 8, 23), False),  # a Sunday
        (date(2024, 2, 29), True),  # a leap day, a Thursday
    ],
)
def test_martial_law_has_no_holidays(day: date, works: bool) -> None:
    assert load_workdays().is_working(day) is works
    assert load_workdays().profile == "martial_law"


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 8, 24), False),  # Labour Code, art. 73
        (date(2026, 4, 12), False),  # Easter
        (date(2026, 4, 13), False),  # moved from Easter Sunday: Labour Code, art. 67 part 3
        (date(2026, 4, 14), True),
        (date(2026, 3, 9), False),  # moved from Sunday, 8 March
        (date(2027, 5, 3), False),  # 1 May is a Saturday: moved to Monday
        (date(2027, 5, 4), False),  # Easter is 2 May: Monday is taken already
        (date(2027, 5, 5), True),
        (date(2025, 12, 25), False),
        (date(2026, 1, 7), True),  # no holiday since the law of 14 July 2023
    ],
)
def test_peace_has_holidays_and_moves_them_off_weekends(day: date, works: bool) -> None:
    assert load_workdays("peace").is_working(day) is works


def test_every_year_lists_its_own_days_and_easter_is_a_sunday() -> None:
    for year, days in DATA["holidays"].items():
        assert len(days) == 11
        assert all(day.startswith(year) for day in days)
        names = {name: date.fromisoformat(day) for day, name in days.items()}
        assert names["Великдень"].weekday() == 6
        assert names["Трійця"] - names["Великдень"] == timedelta(days=49)
        assert names["Великдень"] == orthodox_easter(int(year))


def orthodox_easter(year: int) -> date:
    """Meeus' Julian algorithm, 13 days on: an independent check of the list."""
    moon = (19 * (year % 19) + 15) % 30
    week = (2 * (year % 4) + 4 * (year % 7) - moon + 34) % 7
    month, day = divmod(moon + week + 114, 31)
    return date(year, month, day + 1) + timedelta(days=13)


def test_a_year_without_a_list_is_not_taken_for_known() -> None:
    assert not load_workdays("peace").knows(date(2040, 1, 1))
    assert load_workdays().knows(date(2040, 1, 1))  # only weekends count


def test_assumptions_are_said() -> None:
    sources = [note.source for note in load_workdays().assumptions]
    assert "2136-IX, ст. 6 ч. 6" in sources
    assert "ЦК України, ст. 254 ч. 5" in sources
    assert all(note.text for note in load_workdays().assumptions)


def test_a_worked_weekend_is_worked() -> None:
    saturday = date(2026, 8, 22)
    days = parse_workdays(changed(working={saturday.isoformat(): "відпрацювання"}))
    assert days.is_working(saturday)
    assert days.first_from(saturday) == saturday


def test_next_working_day_and_count() -> None:
    days = load_workdays()
    assert days.first_from(date(2026, 8, 22)) == date(2026, 8, 24)
    assert days.next_after(date(2026, 8, 21)) == date(2026, 8, 24)
    assert days.between(date(2026, 8, 17), date(2026, 8, 31)) == 10
    assert days.between(date(2026, 8, 31), date(2026, 8, 17)) == 0


def test_the_end_of_all_calendars_is_an_error_and_no_loop() -> None:
    with pytest.raises(OverflowError):
        load_workdays().next_after(date.max)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (of_profile(weekend=[0, 1, 2, 3, 4, 5, 6]), ValueError),
        (of_profile(weekend=[7]), msgspec.ValidationError),
        (of_profile(closes_at="25:00"), ValueError),
        (of_profile(assumptions=["unheard"]), KeyError),
        (changed(default="none"), KeyError),
        (changed(working={"22.08.2026": ""}), msgspec.ValidationError),
        (changed(holidays=[]), msgspec.ValidationError),
        ("{}", msgspec.ValidationError),
    ],
)
def test_a_broken_calendar_is_refused(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        parse_workdays(text)
