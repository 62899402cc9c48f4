"""Moments as people type and read them: by the clock on the city's walls, not by this computer's.

A schedule's half hours are the city's. Somebody who looks from abroad wants the same numbers.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from typing import Final

from misto.cli.errors import Problem
from misto.cli.shapes import now_ms

_MOMENT: Final = ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M")


@cache
def city_zone() -> tzinfo:
    """The city's time zone, from flet.toml."""
    from client.branding import read_branding
    from client.i18n.dates import zone_named

    return zone_named(read_branding().time_zone)


def until_ms(hours: float) -> int:
    """So many hours from now; 0 for 0, which never expires."""
    return now_ms() + int(hours * 3_600_000) if hours else 0


def local(moment_ms: int, zone: tzinfo) -> datetime:
    """A moment on the city's clock; one that no calendar has becomes the calendar's end."""
    return datetime.fromtimestamp(min(moment_ms / 1000, 253_000_000_000), UTC).astimezone(zone)


def moment_of(option: str, text: str, zone: tzinfo, after_ms: int | None = None) -> int:
    """What was typed: `2026-11-24 14:00`, or `14:00` of today (the first one after `after_ms`).

    Raises:
        Problem: it is neither.
    """
    today = local(now_ms() if after_ms is None else after_ms, zone)
    for form in _MOMENT:
        try:
            return _milliseconds(datetime.strptime(text.strip(), form).replace(tzinfo=zone))
        except (ValueError, OverflowError):
            continue
    try:
        clock = datetime.strptime(text.strip(), "%H:%M").replace(tzinfo=zone)
    except ValueError:
        raise Problem(f"{option} is 14:00 or '2026-11-24 14:00'; not {text!r}") from None
    found = today.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
    if after_ms is not None and _milliseconds(found) <= after_ms:
        found += timedelta(days=1)
    return _milliseconds(found)


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
