"""What the guide hands to the UI and the CLI: frozen values, times in Unix milliseconds."""

from __future__ import annotations

from dataclasses import dataclass

from shared_schema.records.outage import Announced, Scheduled
from shared_schema.records.place import Listed

Position = tuple[int, int]
"""Latitude and longitude in hundred-thousandths of a degree (WGS 84)."""


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place of the directory."""

    record: str
    name: str
    sort: str
    serves: tuple[str, ...]
    """Its sort first, then what else it offers."""
    address: str
    district: str
    position: Position | None
    hours: str
    """OpenStreetMap's `opening_hours`."""
    note: str
    phone: str
    condition: str
    condition_note: str
    confirmed_at_ms: int
    confirmed_by: str
    expires_at_ms: int
    pending: bool
    wording: Listed | None = None
    """The place as it was last said in full: what a table of the newsroom is compared with."""

    def stale(self, now_ms: int) -> bool:
        """Whether its last confirmation may not be relied on any more; 0 never expires."""
        return 0 < self.expires_at_ms <= now_ms


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """The week of one queue."""

    record: str
    scheduled: Scheduled
    changed_at_ms: int
    pending: bool

    @property
    def utility(self) -> str:
        """power, water, heat, gas or something newer."""
        return self.scheduled.utility

    @property
    def queue(self) -> str:
        """The queue's name, such as 3.1."""
        return self.scheduled.queue


@dataclass(frozen=True, slots=True)
class AnnouncementView:
    """An exception from the schedules."""

    record: str
    announced: Announced
    changed_at_ms: int
    pending: bool

    @property
    def from_ms(self) -> int:
        """When it begins."""
        return self.announced.from_ms


@dataclass(frozen=True, slots=True)
class Origin:
    """Where distances are counted from, and how that was found out."""

    position: Position
    how: str
    """`street`, `district` or `device`."""
    name: str


@dataclass(frozen=True, slots=True)
class Near:
    """A place with its distance from an origin."""

    place: PlaceView
    distance_m: int | None
    direction: str
    """n, ne, e, se, s, sw, w or nw; empty when the distance is not known."""
