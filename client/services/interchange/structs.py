"""A row of a table as the place or the schedule it stands for, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Final, TypeVar

from client.services.interchange.cells import day_text, degrees_text, list_text
from client.services.interchange.columns import (
    DAY_COLUMNS,
    SORT_OF,
    SORT_WORDS,
    UTILITY_OF,
    UTILITY_WORDS,
    Language,
    Names,
)
from client.services.interchange.rows import Cells, Row
from client.services.interchange.texts import clean, one_line
from client.services.interchange.times import table_time
from shared_schema.limits import OUTAGE_STREETS_MAX, PLACE_OFFERS_MAX, TITLE_CHARS_MAX
from shared_schema.records.outage import Scheduled
from shared_schema.records.place import Listed

T = TypeVar("T")
LAT_MAX: Final = 90
LON_MAX: Final = 180


def place_of(cells: Cells) -> Row[Listed]:
    """The place of a row. A position needs both coordinates; one alone is a slip, not a place."""
    lat, lon = cells.degrees("lat", LAT_MAX), cells.degrees("lon", LON_MAX)
    if bool(cells.raw("lat")) != bool(cells.raw("lon")):
        cells.wrong("cell_missing", "lon" if cells.raw("lat") else "lat")
    listed = Listed(
        name=cells.text("name", TITLE_CHARS_MAX, needed=True),
        sort=cells.word("sort", SORT_OF),
        address=cells.text("address"),
        district=cells.text("district"),
        lat_e5=lat,
        lon_e5=lon,
        hours=cells.text("hours"),
        note=cells.text("note"),
        phone=cells.text("phone"),
        offers=cells.words("offers", SORT_OF, PLACE_OFFERS_MAX),
        by=cells.text("by"),
        expires_at_ms=cells.moment("expires"),
    )
    return _row(cells, listed)


def schedule_of(cells: Cells, seen: dict[tuple[str, str, str], int]) -> Row[Scheduled]:
    """The week of a queue that a row says.

    Args:
        seen: the rows so far by queue. Of two rows about one queue neither can be told to be
            right: the later one is a problem whose `limit` is the row of the first.
    """
    scheduled = Scheduled(
        utility=cells.word("utility", UTILITY_OF),
        queue=cells.text("queue", needed=True),
        week=[cells.day(column) for column in DAY_COLUMNS],
        streets=cells.entries("streets", OUTAGE_STREETS_MAX),
        district=cells.text("district"),
        note=cells.text("note"),
        expires_at_ms=cells.moment("expires"),
    )
    key = (scheduled.utility, scheduled.queue, scheduled.district)
    first = seen.setdefault(key, cells.number)
    if first != cells.number:
        cells.wrong("row_again", "queue", scheduled.queue, first)
    return _row(cells, scheduled)


def place_cells(listed: Listed, language: Language, zone: tzinfo) -> dict[str, str]:
    """A place as cells; one that has but one coordinate is written without a position."""
    located = listed.lat_e5 is not None and listed.lon_e5 is not None
    return {
        "name": clean(listed.name),
        "sort": _label(SORT_WORDS, listed.sort, language),
        "address": clean(listed.address),
        "district": clean(listed.district),
        "lat": degrees_text(listed.lat_e5 or 0) if located else "",
        "lon": degrees_text(listed.lon_e5 or 0) if located else "",
        "hours": clean(listed.hours),
        "note": clean(listed.note),
        "phone": clean(listed.phone),
        "offers": list_text([_label(SORT_WORDS, each, language) for each in listed.offers]),
        "by": clean(listed.by),
        "expires": table_time(listed.expires_at_ms, zone),
    }


def schedule_cells(scheduled: Scheduled, language: Language, zone: tzinfo) -> dict[str, str]:
    """A schedule as cells."""
    days = (day_text(day, language) for day in scheduled.week)
    return {
        "utility": _label(UTILITY_WORDS, scheduled.utility, language),
        "queue": one_line(scheduled.queue),
        **dict(zip(DAY_COLUMNS, days, strict=True)),
        "streets": list_text([clean(each) for each in scheduled.streets]),
        "district": clean(scheduled.district),
        "note": clean(scheduled.note),
        "expires": table_time(scheduled.expires_at_ms, zone),
    }


def _row(cells: Cells, value: T) -> Row[T]:
    problems = tuple(dict.fromkeys(cells.problems))
    return Row(cells.number, None if problems else value, problems)


def _label(words: Mapping[str, Names], code: str, language: Language) -> str:
    """The word for a code; a code newer than this is written as it is."""
    names = words.get(code)
    return names.of(language) if names else one_line(code)
