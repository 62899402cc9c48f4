"""Hours without supply by day, for reports: the mean over the queues of houses of a utility.

By the schedules that are in force now, and the exceptions that are known: what an older schedule
said of a day long past is not reckoned with. A day past the schedule's date counts for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta, tzinfo
from typing import Final

from client.services.office.figures import DAY_MS, hours_off, midnight
from shared_schema.records.outage import (
    SLOT_MINUTES,
    Announced,
    Scheduled,
    concerns,
    strip,
)

_SLOT_HOURS: Final = SLOT_MINUTES / 60


def outage_hours(
    schedules: Iterable[Scheduled],
    announcements: Iterable[Announced],
    utility: str,
    days: Sequence[date],
    zone: tzinfo,
) -> dict[date, float]:
    """The mean hours without a supply on each of these days; none where nothing is known."""
    queues = [each for each in schedules if each.utility == utility]
    given = [each for each in announcements if each.utility == utility]
    found = [dict(_queue(each, given, days, zone)) for each in queues]
    if not queues and given:
        found = [dict(_queue(None, given, days, zone))]
    if not found:
        return {}
    return {day: sum(hours[day] for hours in found) / len(found) for day in days}


def _queue(
    week: Scheduled | None, announcements: Sequence[Announced], days: Sequence[date], zone: tzinfo
) -> Iterator[tuple[date, float]]:
    """The hours of one queue; without a week those of everybody's exceptions."""
    district = week.district if week is not None else ""
    mine = [each for each in announcements if concerns(each, week, district)]
    for day in days:
        span = midnight(day, zone), midnight(day + timedelta(1), zone)
        touched = [each for each in mine if each.from_ms < span[1] and span[0] < each.until_ms]
        if week is not None and not touched and _plain(week, span):
            yield day, week.week[day.weekday()].count("-") * _SLOT_HOURS
        else:
            yield day, sum(hours_off(strip(week, touched, span, zone), zone).values())


def _plain(week: Scheduled, span: tuple[int, int]) -> bool:
    """Whether a day is one of 24 hours that the week alone tells."""
    valid = not week.expires_at_ms or week.expires_at_ms >= span[1]
    return valid and span[1] - span[0] == DAY_MS
