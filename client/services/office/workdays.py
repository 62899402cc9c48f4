"""Which days a desk works: the weekend, public holidays, and what the law says of a term's end.

A calendar is data (`calendar_data.json`), because it changes by law and not by release: a desk may
load its own. Under martial law public holidays are working days (law 2136-IX, art. 6 part 6), so
the default profile has weekends only; the list of holidays by year waits for the other profile.
Not legal advice: what is assumed is named in `assumptions`, for the screen to show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache
from importlib import resources
from typing import Annotated, Final

import msgspec

DATA_FILE: Final = "calendar_data.json"
DAYS_OFF_MAX: Final = 60
"""So many days off in a row are no calendar; a search for a working day ends there."""
_DAY: Final = timedelta(days=1)
Weekday = Annotated[int, msgspec.Meta(ge=0, le=6)]


class Note(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An assumption in words for a person, and where it stands."""

    source: str
    text: str


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way to work, as the data file has it. Monday is 0."""

    weekend: frozenset[Weekday]
    holidays: bool
    moves_days_off: bool
    """A holiday on a day off makes the next working day one (Labour Code, art. 67 part 3)."""
    closes_at: str
    moves_end: bool
    """A term that ends on a day off ends on the next working day (Civil Code, art. 254 part 5)."""
    assumptions: list[str] = msgspec.field(default_factory=list)


class CalendarData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The data file. `working` lists days off on which the desk works all the same."""

    version: str
    default: str
    profiles: dict[str, Profile]
    notes: dict[str, Note]
    holidays_source: str
    holidays: dict[str, dict[date, str]]
    working: dict[date, str]


@dataclass(frozen=True, slots=True)
class Workdays:
    """A calendar: what a day is. Two of the same data and profile are equal."""

    profile: str
    version: str
    weekend: frozenset[int]
    off: frozenset[date]
    """Days off that the weekend does not give: holidays, and days that they moved to."""
    working: frozenset[date]
    closes_at: time
    moves_end: bool
    years: frozenset[int] | None
    """The years whose holidays are known; None when holidays make no difference."""
    assumptions: tuple[Note, ...]

    def is_working(self, day: date) -> bool:
        """Whether the desk works on a day."""
        return day in self.working or not (day.weekday() in self.weekend or day in self.off)

    def knows(self, day: date) -> bool:
        """Whether the calendar has the year's holidays; without them only weekends are off."""
        return self.years is None or day.year in self.years

    def first_from(self, day: date) -> date:
        """This day when it is a working day, else the next one that is.

        Raises:
            OverflowError: there is no such day, at the end of all calendars.
        """
        for _ in range(DAYS_OFF_MAX):
            if self.is_working(day):
                return day
            day += _DAY
        raise OverflowError("no working day")

    def next_after(self, day: date) -> date:
        """The first working day after this one."""
        return self.first_from(day + _DAY)

    def between(self, start: date, end: date) -> int:
        """How many working days there are from one day up to, and without, another."""
        return sum(self.is_working(start + n * _DAY) for n in range((end - start).days))


@cache
def load_workdays(profile: str = "") -> Workdays:
    """The calendar that comes with the app, in a profile; without one, the file's default.

    Raises:
        KeyError: there is no such profile.
    """
    return parse_workdays((resources.files(__package__) / DATA_FILE).read_bytes(), profile)


def parse_workdays(text: bytes | str, profile: str = "") -> Workdays:
    """A calendar from the text of a data file.

    Raises:
        msgspec.ValidationError: the file is not of the documented form.
        ValueError: the closing hour is none, or a week has no working day.
        KeyError: there is no such profile, or an assumption has no note.
    """
    data = msgspec.json.decode(text, type=CalendarData)
    name = profile or data.default
    chosen = data.profiles[name]
    if len(chosen.weekend) == 7:
        raise ValueError("a week without a working day")
    listed = frozenset(day for days in data.holidays.values() for day in days)
    return Workdays(
        profile=name,
        version=data.version,
        weekend=chosen.weekend,
        off=_days_off(listed, chosen, data.working) if chosen.holidays else frozenset(),
        working=frozenset(data.working),
        closes_at=time.fromisoformat(chosen.closes_at),
        moves_end=chosen.moves_end,
        years=frozenset(map(int, data.holidays)) if chosen.holidays else None,
        assumptions=tuple(data.notes[key] for key in chosen.assumptions),
    )


def _days_off(
    holidays: frozenset[date], profile: Profile, working: Mapping[date, str]
) -> frozenset[date]:
    """The holidays, and for each that falls on a weekend the next working day."""
    off = set(holidays)
    for day in sorted(holidays) if profile.moves_days_off else ():
        if day.weekday() in profile.weekend:
            moved = day
            while moved in off or (moved.weekday() in profile.weekend and moved not in working):
                moved += _DAY
            off.add(moved)
    return frozenset(off)
