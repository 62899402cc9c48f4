"""What narrows the queue: the fields of a query that a person sets, and dates as they are typed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from client.services.office.asked import Query

MENUS: Final = ("queue", "lane", "kind", "category", "district", "status", "assignee")
"""Filters of which one value is chosen."""
DATES: Final = ("received_from_ms", "received_until_ms")
FILTERS: Final = (*MENUS, *DATES, "text")
NOBODY: Final = "-"
"""As in `Query.assignee`."""
_DAY: Final = timedelta(days=1)
_TYPED: Final = re.compile(r"(\d{1,2})[.\-/ ](\d{1,2})[.\-/ ](\d{4})\Z")
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\Z")


def active(query: Query) -> tuple[str, ...]:
    """The filters that are set, in the order in which they are shown."""
    return tuple(name for name in FILTERS if getattr(query, name))


def without(query: Query, *names: str) -> Query:
    """The query with some filters taken off; all of them when none is named."""
    empty = Query()
    return replace(query, **{name: getattr(empty, name) for name in names or FILTERS})


def read_day(text: str) -> date | None:
    """A day as people write it: 01.03.2026, 1.3.2026 or 2026-03-01; None for anything else."""
    words = text.strip()
    if iso := _ISO.match(words):
        year, month, day = map(int, iso.groups())
    elif typed := _TYPED.match(words):
        day, month, year = map(int, typed.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def bound_ms(field: str, day: date, zone: tzinfo) -> int:
    """The moment at which a day begins, or for the end of a span, at which it is over."""
    first = day + _DAY if field == "received_until_ms" else day
    return round(datetime.combine(first, time(), zone).timestamp() * 1000)


def day_of(field: str, moment_ms: int, zone: tzinfo) -> date:
    """The day that was typed for such a bound."""
    day = datetime.fromtimestamp(moment_ms / 1000, zone).date()
    return day - _DAY if field == "received_until_ms" else day
