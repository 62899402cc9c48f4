"""Schedules and announcements from what was typed or lies in a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from misto.cli.errors import Problem
from misto.cli.moments import city_zone, moment_of, until_ms
from misto.cli.shapes import now_ms
from misto.cli.texts import short, title_of
from misto.cli.week import WeekSpans, signs_of
from shared_schema.limits import BODY_UNPACKED_BYTES_MAX, OUTAGE_QUEUES_MAX
from shared_schema.records.outage import UTILITIES, Announced, Scheduled, Streets, Week

_FILE_BYTES_MAX: Final = BODY_UNPACKED_BYTES_MAX


class WeekFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file of `misto outage schedule`: the week as spans of the clock, or as signs."""

    week: Week | WeekSpans
    streets: Streets = []
    district: str = ""
    note: str = ""


class Hours(NamedTuple):
    """When an announcement begins and ends, as typed."""

    first: str | None
    last: str | None
    long: float | None


def scheduled_of(utility: str, queue: str, file: Path, hours_valid: float) -> Scheduled:
    """The schedule to publish.

    Raises:
        Problem: the file is not as it should be, or a field is unknown or too long.
    """
    read = _read(file)
    try:
        week = signs_of(read.week) if isinstance(read.week, dict) else read.week
    except ValueError as error:
        raise Problem(f"{file}: {error}") from error
    return Scheduled(
        utility_of(utility),
        queue_of(queue),
        week,
        read.streets,
        short(f"{file}: the district", read.district),
        short(f"{file}: the note", read.note),
        until_ms(hours_valid),
    )


def announced_of(
    utility: str, title: str, hours: Hours, queues: Sequence[str], district: str, off: bool
) -> Announced:
    """The exception to publish.

    Raises:
        Problem: its end is not after its beginning, or a field is unknown or too long.
    """
    if len(queues) > OUTAGE_QUEUES_MAX:
        raise Problem(f"--queue comes at most {OUTAGE_QUEUES_MAX} times")
    first, last = _span(hours)
    names = [queue_of(each) for each in queues]
    where = short("--district", district)
    return Announced(utility_of(utility), first, last, title_of(title), names, where, off)


def utility_of(value: str) -> str:
    """A utility.

    Raises:
        Problem: there is no such utility.
    """
    if value not in UTILITIES:
        raise Problem(f"--utility is one of {', '.join(UTILITIES)}; not {value!r}")
    return value


def queue_of(value: str) -> str:
    """A queue's name.

    Raises:
        Problem: it is empty or too long.
    """
    name = short("--queue", value)
    if not name:
        raise Problem("--queue is empty")
    return name


def _span(hours: Hours) -> tuple[int, int]:
    zone = city_zone()
    if (hours.last is None) == (hours.long is None):
        raise Problem("say the end with --until or with --hours, one of the two")
    first = now_ms() if hours.first is None else moment_of("--from", hours.first, zone)
    if hours.last is None:
        return first, first + int((hours.long or 0) * 3_600_000)
    last = moment_of("--until", hours.last, zone, first)
    if last <= first:
        raise Problem("--until is not after --from")
    return first, last


def _read(file: Path) -> WeekFile:
    with file.open("rb") as opened:
        raw = opened.read(_FILE_BYTES_MAX + 1)
    if len(raw) > _FILE_BYTES_MAX:
        raise Problem(f"{file}: too long for a schedule")
    try:
        return msgspec.json.decode(raw, type=WeekFile)
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        raise Problem(f"{file}: not a schedule: {error}") from error
