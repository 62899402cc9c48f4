"""A week of supply, written for people: spans of the clock, turned into a sign per half hour.

A schedule as the company prints it is a list of hours; 336 signs are for the wire. A file may give
either.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from shared_schema.records.hours import DAYS
from shared_schema.records.outage import SLOT_MINUTES, SLOTS_A_DAY

_SPAN: Final = re.compile(r"(\d{2}):(00|30)[-–](\d{2}):(00|30)")


class DaySpans(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When there is no supply on a day, and when there may be none: `12:00-16:00`."""

    off: list[str] = []
    maybe: list[str] = []


WeekSpans = dict[str, DaySpans]
"""By days, such as `Mo We Fr`; a day that is not named has supply all day."""


def signs_of(week: Mapping[str, DaySpans]) -> list[str]:
    """The seven days of a schedule, Monday first, as `outage.Scheduled` wants them.

    Raises:
        ValueError: a day or a span is not understood, or a day is named twice.
    """
    signs: dict[str, str] = {}
    for days, spans in week.items():
        for day in days.split():
            if day not in DAYS or day in signs:
                raise ValueError(f"{day!r} is not a day ({', '.join(DAYS)}), or comes twice")
            signs[day] = _day(spans)
    return [signs.get(day, "+" * SLOTS_A_DAY) for day in DAYS]


def _day(spans: DaySpans) -> str:
    signs = ["+"] * SLOTS_A_DAY
    for sign, texts in (("?", spans.maybe), ("-", spans.off)):
        for first, last in _slots(texts):
            signs[first:last] = sign * (last - first)
    return "".join(signs)


def _slots(texts: Sequence[str]) -> list[tuple[int, int]]:
    slots = []
    for text in texts:
        match = _SPAN.fullmatch(text.strip())
        numbers = [int(each) for each in match.groups()] if match else [0, 0, 0, 0]
        first, last = ((numbers[at] * 60 + numbers[at + 1]) // SLOT_MINUTES for at in (0, 2))
        if not first < last <= SLOTS_A_DAY:
            raise ValueError(f"{text!r} is not a span of half hours within a day, as 12:00-16:30")
        slots.append((first, last))
    return slots
