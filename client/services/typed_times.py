"""Moments as people type them into a form, and as a form shows them back."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from client.services.interchange.times import local_time, table_ms

_CLOCK: Final = re.compile(r"(\d{1,2})[:.](\d\d)", re.ASCII)
_DAY: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.?(?:\s+(\d{1,2}:\d\d))?", re.ASCII)
_SHOWN: Final = "%d.%m.%Y %H:%M"


def typed_ms(text: str, now_ms: int, zone: tzinfo) -> int | None:
    """The moment that was meant, in Unix milliseconds; None for what is none.

    `18:00` is the next such moment, `24.12 18:00` and `24.12` are of this year, or of the next one
    when that day is over. A day without a time means its end. A whole date is what it says.
    """
    plain = " ".join(text.split())
    now = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(zone)
    clock = _CLOCK.fullmatch(plain)
    if clock is not None and int(clock[1]) < 24 and int(clock[2]) < 60:
        today = now.replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0)
        return _ms(today if today > now else today + timedelta(days=1))
    day = _DAY.fullmatch(plain)
    if day is None:
        return table_ms(plain, zone)
    years = (now.year, now.year + 1)
    found = [table_ms(_whole(day, year), zone) for year in years]
    coming = [each for each in found if each is not None and each > now_ms]
    return coming[0] if coming else None


def typed_text(ms: int, zone: tzinfo) -> str:
    """A moment as the form shows it, to the minute, and as `typed_ms` reads it; empty for never."""
    return local_time(ms, zone).strftime(_SHOWN) if ms > 0 else ""


def _whole(day: re.Match[str], year: int) -> str:
    return f"{day[1]}.{day[2]}.{year} {day[3] or ''}".strip()


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
