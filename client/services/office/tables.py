"""A table as values: what a screen shows, and what a spreadsheet is written from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Final

Cell = str | int | float | date | datetime | None
YEAR_MIN: Final = 1900
"""A spreadsheet has no earlier dates."""


@dataclass(frozen=True, slots=True)
class Table:
    """A header and rows of as many cells. A datetime has no zone: it is local already."""

    title: str
    sheet: str
    """A short name for its leaf in a workbook."""
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...] = ()
    """Widths of columns in characters; empty leaves them to the writer."""
    headings: frozenset[int] = field(default_factory=frozenset)
    """Which rows begin a section."""


def local_time(moment_ms: int | None, zone: tzinfo) -> datetime | None:
    """A moment as a local date and time without a zone; None for one that no calendar has."""
    if moment_ms is None:
        return None
    try:
        local = datetime.fromtimestamp(moment_ms / 1000, zone)
    except (ValueError, OverflowError, OSError):
        return None
    return local.replace(tzinfo=None, microsecond=0) if local.year >= YEAR_MIN else None


def local_day(moment_ms: int | None, zone: tzinfo) -> date | None:
    """The local day of a moment; None for one that no calendar has."""
    local = local_time(moment_ms, zone)
    return local.date() if local is not None else None
