"""The story that a fresh demo city begins with: news, guide, appeals, replies: `seed.json`."""

from __future__ import annotations

from importlib.resources import files
from typing import Annotated, Final

import msgspec

from misto.cli.week import WeekSpans, signs_of
from shared_schema.records.appeal import AppealKind, Lane, Short, Text, Title
from shared_schema.records.news import Priority
from shared_schema.records.outage import Announced, Queues, Scheduled, Streets
from shared_schema.records.place import Condition, Confirmed, Listed, Offers

_HOUR_MS: Final = 3_600_000
_HALF_HOUR_MS: Final = _HOUR_MS // 2
Hours = Annotated[float, msgspec.Meta(ge=0)]


class SeedNews(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A news item; `valid_hours` of 0 never expires."""

    title: Title
    text: Text
    topic: Short = ""
    district: Short = ""
    priority: Priority = "normal"
    valid_hours: Hours = 0


class SeedAppeal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An appeal by the person of this name; without a name, a signal by nobody in particular."""

    lane: Lane
    kind: AppealKind
    title: Title
    text: Text
    category: Short = ""
    address: Short = ""
    district: Short = ""
    name: Short = ""
    residence: Short = ""


class SeedSaid(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody found who looked at a place after it was listed."""

    condition: Condition
    note: Short = ""
    by: Short = ""
    hours_ago: Hours = 0
    valid_hours: Hours = 0

    def confirmed(self, now_ms: int) -> Confirmed:
        """The act, for a city that is made at this moment."""
        until = _until(now_ms, self.hours_ago, self.valid_hours)
        return Confirmed(self.condition, self.by, self.note, until)


class SeedPlace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place of the directory, `at` in degrees; looked at some hours before the city is made."""

    name: Title
    sort: Short
    address: Short
    district: Short
    at: tuple[float, float]
    hours: Short = ""
    note: Short = ""
    phone: Short = ""
    offers: Offers = []
    by: Short = ""
    hours_ago: Hours = 0
    valid_hours: Hours = 0
    said: SeedSaid | None = None

    def listed(self, now_ms: int) -> Listed:
        """The listing, for a city that is made at this moment."""
        lat_e5, lon_e5 = (round(degrees * 1e5) for degrees in self.at)
        until = _until(now_ms, self.hours_ago, self.valid_hours)
        return Listed(
            self.name, self.sort, self.address, self.district, lat_e5, lon_e5, self.hours,
            self.note, self.phone, self.offers, self.by, until,
        )  # fmt: skip


class SeedSchedule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The week of a queue, in spans of the clock."""

    utility: Short
    queue: Short
    week: WeekSpans
    streets: Streets
    district: Short = ""
    note: Short = ""
    valid_hours: Hours = 0

    def scheduled(self, now_ms: int) -> Scheduled:
        """The schedule with its signs, for a city that is made at this moment."""
        return Scheduled(
            self.utility, self.queue, signs_of(self.week), self.streets, self.district, self.note,
            _until(now_ms, 0, self.valid_hours),
        )  # fmt: skip


class SeedAnnouncement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An exception from the schedules, in hours from the moment at which the city is made."""

    utility: Short
    title: Title
    from_hours: float
    until_hours: float
    queues: Queues = []
    district: Short = ""
    off: bool = True

    def announced(self, now_ms: int) -> Announced:
        """The announcement; it begins and ends at full or half hours, as people say them."""
        base = now_ms - now_ms % _HALF_HOUR_MS
        first, last = (
            base + round(hours * 2) * _HALF_HOUR_MS for hours in (self.from_hours, self.until_hours)
        )
        return Announced(
            self.utility, first, last, self.title, self.queues, self.district, self.off
        )


class Seed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of it. `replies` are by the index of the appeal."""

    city: Short
    news: list[SeedNews]
    appeals: list[SeedAppeal]
    replies: dict[str, Text]
    districts: list[Short] = []
    places: list[SeedPlace] = []
    schedules: list[SeedSchedule] = []
    announcements: list[SeedAnnouncement] = []

    @property
    def all_districts(self) -> tuple[str, ...]:
        """The city's districts, in the order in which they are first named."""
        named = [
            *self.districts,
            *(item.district for item in self.news),
            *(appeal.district for appeal in self.appeals),
            *(place.district for place in self.places),
        ]
        return tuple(dict.fromkeys(filter(None, named)))


def load_seed() -> Seed:
    """The seed that ships with the package."""
    raw = (files("misto.demo") / "seed.json").read_bytes()
    return msgspec.json.decode(raw, type=Seed)


def _until(now_ms: int, hours_ago: float, valid_hours: float) -> int:
    return now_ms + int((valid_hours - hours_ago) * _HOUR_MS) if valid_hours else 0
