"""Opening hours: a small, honest part of OpenStreetMap's `opening_hours` syntax.

Understood are `24/7` and rules such as `Mo-Fr 08:00-13:00,14:00-18:00; Sa 09:00-14:00; Su off`; a
later rule overrides an earlier one for its days, as the specification says. A span past midnight
belongs to the day on which it begins. Anything else is shown as it was written, and nothing is
claimed about it: to say "open now" of a guess would send somebody through a dark city for nothing.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import Final, NamedTuple

DAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
DAY_MINUTES: Final = 24 * 60
_RULE: Final = re.compile(
    r"(?:(?P<days>(?:Mo|Tu|We|Th|Fr|Sa|Su)[A-Za-z,\- ]*?)\s+)?(?P<times>off|closed|[\d:,\- ]+)"
)
_SPAN: Final = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")

Span = tuple[int, int]
"""Minutes of the day, from and to; to may be past midnight."""


class Opening(NamedTuple):
    """What can be said of one moment: open or not, and the minutes until that changes.

    The minutes are those of the clock on the wall, also in the night when it is put back.
    """

    open: bool
    minutes_left: int | None
    """None when it stays so for more than a day."""


@lru_cache(maxsize=1024)
def week_of(text: str) -> tuple[tuple[Span, ...], ...] | None:
    """The spans of each day, Monday first; None when the text is beyond this part of the syntax."""
    stripped = " ".join(text.split())
    if stripped == "24/7":
        return (((0, DAY_MINUTES),),) * 7
    if not stripped:
        return None
    week: list[tuple[Span, ...]] = [()] * 7
    for rule in stripped.rstrip(";").split(";"):
        read = _rule(rule.strip())
        if read is None:
            return None
        for day in read[0]:
            week[day] = read[1]
    return tuple(week)


def opening_at(text: str, moment: datetime) -> Opening | None:
    """Whether it is open at a local moment; None when the hours are not understood."""
    week = week_of(text)
    if week is None:
        return None
    now = moment.weekday() * DAY_MINUTES + moment.hour * 60 + moment.minute
    spans = _joined(
        (day * DAY_MINUTES + first, day * DAY_MINUTES + last)
        for day in range(-1, 9)
        for first, last in week[day % 7]
    )
    for first, last in spans:
        if first <= now < last:
            return Opening(True, _within_a_day(last - now))
        if first > now:
            return Opening(False, _within_a_day(first - now))
    return Opening(False, None)


def _rule(rule: str) -> tuple[list[int], tuple[Span, ...]] | None:
    match = _RULE.fullmatch(rule)
    if match is None:
        return None
    days = _days(match["days"])
    times = match["times"].strip()
    if days is None:
        return None
    if times in ("off", "closed"):
        return days, ()
    spans = [_span(part.strip()) for part in times.split(",")]
    return None if None in spans else (days, tuple(span for span in spans if span))


def _days(text: str | None) -> list[int] | None:
    if not text:
        return list(range(7))
    days: list[int] = []
    for part in text.replace(" ", "").split(","):
        first, dash, last = part.partition("-")
        last = last if dash else first
        if first not in DAYS or last not in DAYS:
            return None
        start, end = DAYS.index(first), DAYS.index(last)
        days += [day % 7 for day in range(start, end + 1 if end >= start else end + 8)]
    return days


def _span(text: str) -> Span | None:
    match = _SPAN.fullmatch(text)
    if match is None:
        return None
    hour, minute, end_hour, end_minute = map(int, match.groups())
    if max(minute, end_minute) > 59 or hour > 23 or end_hour > 26:
        return None
    first, last = hour * 60 + minute, end_hour * 60 + end_minute
    return (first, last) if last > first else (first, last + DAY_MINUTES)


def _joined(spans: object) -> list[Span]:
    """Sorted, and those that touch made one: 24/7 never closes at midnight."""
    joined: list[Span] = []
    for first, last in sorted(spans):  # type: ignore[call-overload]
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def _within_a_day(minutes: int) -> int | None:
    return minutes if minutes <= DAY_MINUTES else None
