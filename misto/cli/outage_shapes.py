"""Schedules, announcements and strips as JSON with keys that stay, and as lines for people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, Final

from misto.cli.moments import local
from misto.cli.output import when
from misto.cli.shapes import SHORT_ID_CHARS, now_ms

if TYPE_CHECKING:
    from client.services.guide_types import AnnouncementView, ScheduleView
    from misto.cli.strip import Strip
    from shared_schema.records.outage import Stretch

SCHEDULE_COLUMNS: Final = ("record", "utility", "queue", "district", "streets", "good until")
ANNOUNCEMENT_COLUMNS: Final = ("record", "utility", "for", "from", "until", "what")
_DAY_MS: Final = 24 * 3_600_000
_WORDS: Final = {"on": "on", "off": "off", "maybe": "perhaps off", "unknown": "not known"}


def schedule_json(view: ScheduleView) -> dict[str, Any]:
    """A weekly schedule for programs."""
    said = view.scheduled
    return {
        "record": view.record,
        "utility": view.utility,
        "queue": view.queue,
        "district": said.district,
        "streets": list(said.streets),
        "week": list(said.week),
        "note": said.note,
        "changed_at_ms": view.changed_at_ms,
        "expires_at_ms": said.expires_at_ms,
        "expired": 0 < said.expires_at_ms <= now_ms(),
        "pending": view.pending,
    }


def announcement_json(view: AnnouncementView) -> dict[str, Any]:
    """An exception for programs."""
    said = view.announced
    return {
        "record": view.record,
        "utility": said.utility,
        "title": said.title,
        "from_ms": said.from_ms,
        "until_ms": said.until_ms,
        "queues": list(said.queues),
        "district": said.district,
        "off": said.off,
        "changed_at_ms": view.changed_at_ms,
        "pending": view.pending,
    }


def strip_json(strip: Strip, zone: tzinfo) -> dict[str, Any]:
    """The hours to come for programs."""
    return {
        "utility": strip.utility,
        "queue": strip.queue,
        "zone": str(zone),
        "expires_at_ms": strip.expires_at_ms,
        "stretches": [stretch._asdict() for stretch in strip.stretches],
    }


def schedule_row(view: ScheduleView) -> tuple[str, ...]:
    """A schedule as a row under SCHEDULE_COLUMNS."""
    said = view.scheduled
    expires = when(said.expires_at_ms)
    streets = ", ".join(said.streets)
    return (view.record[:SHORT_ID_CHARS], view.utility, view.queue, said.district, streets, expires)


def announcement_row(view: AnnouncementView, zone: tzinfo) -> tuple[str, ...]:
    """An announcement as a row under ANNOUNCEMENT_COLUMNS."""
    said = view.announced
    for_whom = ", ".join(said.queues) or said.district or "all"
    first, last = (f"{local(each, zone):%Y-%m-%d %H:%M}" for each in (said.from_ms, said.until_ms))
    what = said.title if said.off else f"{said.title} (supply is on)"
    return (view.record[:SHORT_ID_CHARS], said.utility, for_whom, first, last, what)


def strip_lines(strip: Strip, zone: tzinfo) -> Iterator[str]:
    """Lines such as `14:00–18:00 off`, under the day on which they begin."""
    whose = f"queue {strip.queue}" if strip.queue else "exceptions only"
    yield f"{strip.utility}, {whose}, {zone}"
    day = None
    for stretch in strip.stretches:
        first = local(stretch.from_ms, zone)
        if first.date() != day:
            day = first.date()
            yield f"{first:%a %Y-%m-%d}"
        yield f"  {_line(stretch, zone)}"


def _line(stretch: Stretch, zone: tzinfo) -> str:
    first, last = local(stretch.from_ms, zone), local(stretch.until_ms, zone)
    long = stretch.until_ms - stretch.from_ms >= _DAY_MS
    end = f"{last:%Y-%m-%d %H:%M}" if long else f"{last:%H:%M}"
    said = f"  {stretch.exception}" if stretch.exception else ""
    return f"{first:%H:%M}–{end} {_WORDS[stretch.supply]}{said}"
