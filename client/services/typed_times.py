"""Moments as people type them into a form, and as a form shows them back."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from client.services.interchange.times import local_time, table_ms

_CLOCK: Final = re.compile(r"(\d{1,2})[:.](\d\d)", re.ASCII)
_DAY: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.?(?:\s+(\d{1,2}:\d\d))?", re.ASCII)
_MONTHS: Final = 12
_SHOWN: Final = "%d.%m.%Y %H:%M"


def typed_ms(text: str, now_ms: int, zone: tzinfo) -> int | None:
    """The moment that was meant, in Unix milliseconds; None for what is none.

    `18:00` is the next such moment, `24.12 18:00` and `24.12` are of this year, or of the next one
    when that day is over. A day without a time means its end. A whole date is what it says.
    `18.30` is a time too, as many write it; what may be a day, as `10.12`, is that day.
    """
    plain = " ".join(text.split())
    day, clock = _DAY.fullmatch(plain), _CLOCK.fullmatch(plain)
    if day is not None and (clock is None or 1 <= int(day[2]) <= _MONTHS):
        return _coming_day(day, now_ms, zone)
    if clock is not None and int(clock[1]) < 24 and int(clock[2]) < 60:
        return _coming_clock(clock, now_ms, zone)
    return table_ms(plain, zone)


def _coming_day(day: re.Match[str], now_ms: int, zone: tzinfo) -> int | None:
    this = local_time(now_ms, zone).year
    found = (table_ms(f"{day[1]}.{day[2]}.{year} {day[3] or ''}".strip(), zone)
             for year in (this, this + 1))  # fmt: skip
    return next((each for each in found if each is not None and each > now_ms), None)


def _coming_clock(clock: re.Match[str], now_ms: int, zone: tzinfo) -> int:
    now = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(zone)
    today = now.replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0)
    return int((today if today > now else today + timedelta(days=1)).timestamp() * 1000)


def typed_text(ms: int, zone: tzinfo) -> str:
    """A moment as the form shows it, to the minute, and as `typed_ms` reads it; empty for never."""
    return local_time(ms, zone).strftime(_SHOWN) if ms > 0 else ""
