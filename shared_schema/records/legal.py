"""The dates that law 393/96-ВР sets for an identified appeal, counted from the city's receipt.

Not legal advice. Two assumptions are made and shown as such: the day of arrival is the day of the
server's receipt in the city's time zone, and a "month" ends on the same day of the next month (or
its last day), as in article 254 of the Civil Code. Whether a term that ends on a day off moves to
the next working day is the desk's calendar to say, not the app's.
"""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final, Literal, NamedTuple

DueKind = Literal["return", "simple", "answer", "longest"]


class Term(NamedTuple):
    """A term of the law: how long, counted from the day of arrival, and where that stands."""

    kind: DueKind
    days: int
    """0 for a calendar month."""
    source: str


TERMS: Final = (
    Term("return", 10, "393/96-ВР, ст. 5"),  # a defective appeal goes back with an explanation
    Term("simple", 15, "393/96-ВР, ст. 20"),  # nothing needs to be studied
    Term("answer", 0, "393/96-ВР, ст. 20"),  # the rule: one month
    Term("longest", 45, "393/96-ВР, ст. 20"),  # in all, with notice to the applicant
)


class Due(NamedTuple):
    """A date that a term gives: the last day on which it is kept."""

    kind: DueKind
    day: date
    source: str


def due_dates(received_at_ms: int, zone: tzinfo) -> tuple[Due, ...]:
    """The last days of all terms for an appeal that the city received at this moment.

    Empty for a moment that no calendar has: the number comes from a server, which may be hostile.
    """
    try:
        day = datetime.fromtimestamp(received_at_ms / 1000, UTC).astimezone(zone).date()
        return tuple(Due(term.kind, _last_day(day, term), term.source) for term in TERMS)
    except (ValueError, OverflowError, OSError):
        return ()


def _last_day(day: date, term: Term) -> date:
    if term.days:
        return day + timedelta(days=term.days)
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
