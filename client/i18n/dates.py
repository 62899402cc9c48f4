"""Ages and moments in words. What the phone shows, never what decides: its clock may be wrong."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from client.i18n import Words

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
DAY_MS: Final = 24 * HOUR_MS
WEEK_MS: Final = 7 * DAY_MS


def ago(words: Words, moment_ms: int, now_ms: int, zone: tzinfo) -> str:
    """How long ago; the date once it is more than a week.

    A moment in the future (somebody's clock is off) is shown as its date, not as an age.
    """
    age = now_ms - moment_ms
    if age < -MINUTE_MS or age >= WEEK_MS:
        return moment(words, moment_ms, now_ms, zone)
    if age < MINUTE_MS:
        return words("time.now")
    if age < HOUR_MS:
        return words("time.minutes", n=age // MINUTE_MS)
    if age < DAY_MS:
        return words("time.hours", n=age // HOUR_MS)
    return words("time.days", n=age // DAY_MS)


def moment(words: Words, moment_ms: int, now_ms: int, zone: tzinfo) -> str:
    """A moment: the time alone when it is today, else with the day, and the year if another."""
    at, now = _local(moment_ms, zone), _local(now_ms, zone)
    clock = f"{at:%H:%M}"
    if at.date() == now.date():
        return clock
    months = words("time.months").split(",")
    key = "time.day" if at.year == now.year else "time.day_year"
    values = {"day": at.day, "month": months[at.month - 1], "year": at.year}
    return words("time.at", day=words(key, **values), clock=clock)


def _local(moment_ms: int, zone: tzinfo) -> datetime:
    # A wrong clock may give any number; the last year that datetime knows is far enough.
    return datetime.fromtimestamp(min(max(moment_ms, 0) / 1000, 253_000_000_000), zone)


def zone_named(name: str) -> tzinfo:
    """The city's time zone; UTC where the system has no table of zones."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
