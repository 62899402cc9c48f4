"""Places and outage schedules from the tables that offices and utilities have, and back.

What comes out of a file is for a person to look through: rows that became a place or a schedule,
rows that did not and why, and the columns that were left out. Nothing is published by reading it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import tzinfo
from functools import partial
from typing import Final, NamedTuple, TypeVar

from client.services.interchange.columns import (
    PLACE_COLUMN_OF,
    PLACE_COLUMNS,
    PLACE_NEEDS,
    SCHEDULE_COLUMN_OF,
    SCHEDULE_COLUMNS,
    SCHEDULE_NEEDS,
    Language,
    Names,
    folded,
)
from client.services.interchange.csv_text import rows_of, written
from client.services.interchange.geojson import read_places_geojson, write_places_geojson
from client.services.interchange.problems import Problem, Unreadable, shown
from client.services.interchange.rows import Cells, Row, Table
from client.services.interchange.structs import (
    place_cells,
    place_of,
    schedule_cells,
    schedule_of,
)
from shared_schema.records.outage import Scheduled
from shared_schema.records.place import Listed

__all__ = [
    "Row", "Table", "read_places_csv", "read_places_geojson", "read_schedules_csv",
    "write_places_csv", "write_places_geojson", "write_schedules_csv",
]  # fmt: skip
T = TypeVar("T")
SEPARATOR: Final = ";"
"""What a Ukrainian spreadsheet expects, where the comma is in numbers."""


class _Header(NamedTuple):
    """Where each column stands, what it is called there, and what means nothing to Misto."""

    places: dict[str, int]
    names: dict[str, str]
    ignored: tuple[str, ...]
    width: int


def read_places_csv(raw: bytes, zone: tzinfo) -> Table[Listed]:
    """The places of a table with a header row.

    Args:
        zone: of dates that have none.

    Raises:
        Unreadable: it is no table, or lacks a column that is needed.
    """
    return _read(raw, PLACE_COLUMN_OF, PLACE_COLUMNS, PLACE_NEEDS, zone, place_of)


def read_schedules_csv(raw: bytes, zone: tzinfo) -> Table[Scheduled]:
    """The weekly schedules of a table with a header row, one row for each queue.

    Raises:
        Unreadable: as `read_places_csv`.
    """
    make = partial(schedule_of, seen={})
    return _read(raw, SCHEDULE_COLUMN_OF, SCHEDULE_COLUMNS, SCHEDULE_NEEDS, zone, make)


def write_places_csv(
    places: Iterable[Listed], zone: tzinfo, language: Language = "uk", separator: str = SEPARATOR
) -> bytes:
    """Places as a table that `read_places_csv` reads back, and a spreadsheet opens safely."""
    rows = (place_cells(each, language, zone) for each in places)
    return _write(PLACE_COLUMNS, rows, language, separator)


def write_schedules_csv(
    schedules: Iterable[Scheduled],
    zone: tzinfo,
    language: Language = "uk",
    separator: str = SEPARATOR,
) -> bytes:
    """Schedules as a table that `read_schedules_csv` reads back."""
    rows = (schedule_cells(each, language, zone) for each in schedules)
    return _write(SCHEDULE_COLUMNS, rows, language, separator)


def _write(
    columns: Mapping[str, Names],
    rows: Iterable[Mapping[str, str]],
    language: Language,
    separator: str,
) -> bytes:
    header = [names.of(language) for names in columns.values()]
    return written([header, *([row[code] for code in columns] for row in rows)], separator)


def _read(
    raw: bytes,
    known: Mapping[str, str],
    columns: Mapping[str, Names],
    needed: tuple[str, ...],
    zone: tzinfo,
    make: Callable[[Cells], Row[T]],
) -> Table[T]:
    (_, names), *rows = rows_of(raw, known)
    header = _header(names, known)
    for code in needed:
        if code not in header.places:
            raise Unreadable("column_missing", columns[code].uk)
    made = tuple(_row(number, cells, header, zone, make) for number, cells in rows)
    return Table(made, header.ignored, frozenset(header.places))


def _header(names: list[str], known: Mapping[str, str]) -> _Header:
    """The columns by code.

    Raises:
        Unreadable: two columns mean the same, and nobody can tell which to believe.
    """
    places: dict[str, int] = {}
    ignored: list[str] = []
    for place, name in enumerate(names):
        code = known.get(folded(name))
        if code is None:
            ignored += [shown(name)] if name else []
        elif code in places:
            raise Unreadable("column_twice", shown(name))
        else:
            places[code] = place
    called = {code: shown(names[place]) for code, place in places.items()}
    return _Header(places, called, tuple(ignored), len(names))


def _row(
    number: int, cells: list[str], header: _Header, zone: tzinfo, make: Callable[[Cells], Row[T]]
) -> Row[T]:
    """A row; one with more cells than the header has been split where it should not have been."""
    over = [cell for cell in cells[header.width :] if cell]
    if over:
        problem = Problem("row_long", number, value=shown(over[0]), limit=header.width)
        return Row(number, None, (problem,))
    by_code = {code: cells[place] for code, place in header.places.items() if place < len(cells)}
    return make(Cells(number, by_code, header.names, zone))
