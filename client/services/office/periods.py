"""Periods that a report can be asked for, and how their days are gathered into columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Final, Literal

from client.services.office.quarterly import Quarter

PeriodName = Literal["month", "quarter", "year", "own"]
PERIODS: Final[tuple[PeriodName, ...]] = PeriodName.__args__  # type: ignore[attr-defined]
Span = tuple[date, date]
QUARTERS: Final = 9
"""How many quarters can be chosen: two years back."""
YEARS_BACK_MAX: Final = 10
_FORMS: Final = ("%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d")
_DAYS_MAX: Final = 31
_WEEKS_DAYS_MAX: Final = 184
_MONTHS_DAYS_MAX: Final = 3 * 366


def span_of(name: PeriodName, today: date) -> Span:
    """The days of a period up to today; an own one begins with the last month."""
    if name == "quarter":
        return date(today.year, 3 * ((today.month - 1) // 3) + 1, 1), today
    if name == "year":
        return date(today.year, 1, 1), today
    return (today.replace(day=1) if name == "month" else today - timedelta(30)), today


def day_of(text: str) -> date | None:
    """A day as people write it: 24.11.2026 or 2026-11-24; None for anything else."""
    for form in _FORMS:
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def own_span(start: str, end: str, today: date) -> Span | None:
    """The days that were typed; None when they are no period."""
    first, last = day_of(start), day_of(end)
    if first is None or last is None or last < first:
        return None
    near = today.year - YEARS_BACK_MAX < first.year and last.year <= today.year + 1
    return (first, last) if near else None


def quarters(today: date) -> tuple[Quarter, ...]:
    """Quarters that can be reported on, the present one first."""
    ordinal = today.year * 4 + (today.month - 1) // 3
    return tuple(Quarter(n // 4, n % 4 + 1) for n in range(ordinal, ordinal - QUARTERS, -1))


def gathered(days: Sequence[date]) -> tuple[Span, ...]:
    """Days, weeks, months or years: as many columns as an eye can follow."""
    return tuple((part[0], part[-1]) for part in _parts(days))


def label_of(span: Span, whole: int) -> str:
    """How a column is called; `whole` is the number of days of the whole period."""
    first, last = span
    if whole > _MONTHS_DAYS_MAX:
        return str(first.year)
    if whole > _WEEKS_DAYS_MAX:
        return f"{first:%m.%Y}"
    return f"{first:%d.%m}" if first == last else f"{first:%d.%m}–{last:%d.%m}"


def _parts(days: Sequence[date]) -> Iterator[list[date]]:
    if len(days) <= _DAYS_MAX:
        return ([day] for day in days)
    if len(days) <= _WEEKS_DAYS_MAX:
        return (list(part) for _, part in groupby(days, lambda day: day.isocalendar()[:2]))
    if len(days) <= _MONTHS_DAYS_MAX:
        return (list(part) for _, part in groupby(days, lambda day: (day.year, day.month)))
    return (list(part) for _, part in groupby(days, lambda day: day.year))
