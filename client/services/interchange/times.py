"""Moments as other systems write them, to and from Unix milliseconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from typing import Final

MOMENT_MS_MAX: Final = 2**53
_LAST_MS: Final = int(datetime(9999, 12, 30, tzinfo=UTC).timestamp()) * 1000
"""What Python can still write in every time zone."""
_STAMP: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)\s*([Zz]|[-+]\d\d:\d\d)?",
    re.ASCII,
)
_DAY: Final = re.compile(
    r"(?:(\d{4})-(\d\d)-(\d\d)|(\d{1,2})\.(\d{1,2})\.(\d{4}))(?:\s+(\d{1,2}):(\d\d))?", re.ASCII
)


def local_time(ms: int, zone: tzinfo) -> datetime:
    """A moment on the clock of a zone, with an offset of whole minutes, as XML wants it."""
    moment = datetime.fromtimestamp(min(max(ms, 0), _LAST_MS) / 1000, UTC)
    offset = moment.astimezone(zone).utcoffset() or timedelta()
    minutes = timedelta(minutes=round(offset / timedelta(minutes=1)))
    return moment.astimezone(timezone(minutes))


def cap_time(ms: int, zone: tzinfo) -> str:
    """A CAP time: whole seconds, always an offset, and `-00:00` for UTC (CAP 1.2, 3.3.2)."""
    written = local_time(ms - ms % 1000, zone).isoformat(timespec="seconds")
    return written[:-6] + "-00:00" if written.endswith("+00:00") else written


def stamp_ms(text: str) -> int | None:
    """An RFC 3339, CAP or Atom time; None without an offset, because it might mean any zone."""
    match = _STAMP.fullmatch(text.strip())
    if match is None or match[3] is None:
        return None
    zone = "+00:00" if match[3] in "Zz" else match[3]
    return _milliseconds(_iso(match[1], match[2] + zone))


def mail_ms(text: str) -> int | None:
    """An RFC 822 time, as RSS has it (RSS 2.0, `pubDate`); a zone of -0000 is read as UTC."""
    try:
        moment = parsedate_to_datetime(text[:100])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return _milliseconds(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def table_ms(text: str, zone: tzinfo) -> int | None:
    """A date as people type it: with or without a time, local unless it has an offset.

    A date without a time is the end of that day: what is valid until Friday is so on Friday.
    """
    match = _STAMP.fullmatch(text)
    if match is not None and match[3] is not None:
        return stamp_ms(text)
    if match is not None:
        moment = _iso(match[1], match[2])
        return _milliseconds(moment.replace(tzinfo=zone) if moment else None)
    day = _DAY.fullmatch(text)
    return None if day is None else _milliseconds(_typed_day(day, zone))


def table_time(ms: int, zone: tzinfo) -> str:
    """A moment for a table, as `table_ms` reads it back to the millisecond; empty for never."""
    if not 0 < ms < _LAST_MS:
        return ""
    spec = "milliseconds" if ms % 1000 else "seconds" if ms % 60_000 else "minutes"
    seconds, rest = divmod(ms, 1000)
    whole = local_time(seconds * 1000, zone)
    return whole.replace(microsecond=rest * 1000).isoformat(sep=" ", timespec=spec)


def _iso(day: str, clock: str) -> datetime | None:
    try:
        return datetime.fromisoformat(f"{day}T{clock.replace(',', '.')}")
    except ValueError:
        return None


def _typed_day(match: re.Match[str], zone: tzinfo) -> datetime | None:
    year, month, day = (match[1] or match[6], match[2] or match[5], match[3] or match[4])
    try:
        date = datetime(int(year), int(month), int(day), tzinfo=zone)
        if match[7] is None:
            return date + timedelta(days=1)
        return date.replace(hour=int(match[7]), minute=int(match[8]))
    except (ValueError, OverflowError):
        return None


def _milliseconds(moment: datetime | None) -> int | None:
    """None for what is no time, or lies before 1970 or where Python cannot count."""
    if moment is None:
        return None
    try:
        ms = round((moment - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(milliseconds=1))
    except OverflowError:
        return None
    return ms if 0 <= ms <= MOMENT_MS_MAX else None
