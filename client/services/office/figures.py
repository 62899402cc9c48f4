"""Figures that reports are made of: middles, shares, and hours without supply by local day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from shared_schema.records.outage import Stretch

HOUR_MS: Final = 3_600_000
DAY_MS: Final = 24 * HOUR_MS


@dataclass(frozen=True, slots=True)
class Duration:
    """How long something took: of how many, half of them at most, nine in ten at most."""

    count: int
    median_ms: int | None
    p90_ms: int | None


def hours_off(stretches: Iterable[Stretch], zone: tzinfo) -> dict[date, float]:
    """Hours without supply by local day, from what `shared_schema.records.outage.strip` says."""
    hours: dict[date, float] = {}
    for stretch in stretches:
        start = stretch.from_ms
        while stretch.supply == "off" and start < stretch.until_ms:
            day = datetime.fromtimestamp(start / 1000, zone).date()
            end = min(stretch.until_ms, midnight(day + timedelta(days=1), zone))
            hours[day] = hours.get(day, 0.0) + (end - start) / HOUR_MS
            start = end
    return hours


def duration(took: Iterable[int]) -> Duration:
    """The median and the 90th percentile, each a value that occurred (nearest rank).

    A negative one (somebody's clock was off) counts as 0.
    """
    ordered = sorted(max(0, each) for each in took)
    if not ordered:
        return Duration(0, None, None)
    count = len(ordered)
    return Duration(count, ordered[(count - 1) // 2], ordered[-(-count * 9 // 10) - 1])


def percent(part: int, whole: int) -> float | None:
    """A share in per cent with one decimal; None of nothing."""
    return round(100 * part / whole, 1) if whole else None


def midnight(day: date, zone: tzinfo) -> int:
    """When a day begins in a zone, in Unix milliseconds."""
    return round(datetime.combine(day, time(), zone).timestamp() * 1000)
