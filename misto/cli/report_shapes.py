"""The shapes of reports: JSON with keys that stay, and lines for people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from client.services.office.figures import Duration
    from client.services.office.reports import Group, Report, Times
    from client.services.office.tables import Cell, Table

GROUP_COLUMNS: Final = ("what", "received", "open", "overdue", "answered", "in time", "median")
_HOUR_MS: Final = 3_600_000


def report_json(report: Report, period: tuple[date, date]) -> dict[str, Any]:
    """A report for programs."""
    return {
        "from": period[0].isoformat(),
        "until": period[1].isoformat(),
        "made_at_ms": report.made_at_ms,
        "received": report.received,
        "open": report.open,
        "overdue": report.overdue,
        "done": report.done,
        "in_time": report.in_time,
        "in_time_percent": report.in_time_percent,
        "appeals": _times(report.appeals),
        "signals": _times(report.signals),
        "inflow": [
            {"day": each.day.isoformat(), "appeals": each.appeals, "signals": each.signals}
            for each in report.inflow
        ],
        "ages": [
            {"from_days": each.from_days, "to_days": each.to_days, "appeals": each.appeals,
             "signals": each.signals}
            for each in report.ages
        ],
        "categories": [_group(each) for each in report.categories],
        "districts": [_group(each) for each in report.districts],
        "load": [
            {"day": each.day.isoformat(), "signals": each.signals,
             "outage_hours": round(each.outage_hours, 2)}
            for each in report.load
        ],
    }  # fmt: skip


def report_facts(report: Report, period: tuple[date, date]) -> list[tuple[str, str]]:
    """A report as lines."""
    in_time = "" if report.in_time_percent is None else f"{report.in_time_percent} %"
    return [
        ("period", f"{period[0]} – {period[1]}"),
        ("received", str(report.received)),
        ("open now", str(report.open)),
        ("overdue", str(report.overdue)),
        ("in time", in_time),
        ("appeals", _times_said(report.appeals)),
        ("signals", _times_said(report.signals)),
    ]


def group_row(group: Group) -> tuple[str, ...]:
    """A topic or a district under GROUP_COLUMNS."""
    share = "" if group.in_time_percent is None else f"{group.in_time_percent} %"
    counts = (group.received, group.open, group.overdue, group.answered)
    return (group.name or "-", *map(str, counts), share, _lasting(group.answer.median_ms))


def table_json(table: Table) -> dict[str, Any]:
    """A printed table for programs."""
    return {
        "title": table.title,
        "header": list(table.header),
        "rows": [[_plain(cell) for cell in row] for row in table.rows],
    }


def table_rows(table: Table) -> Iterator[tuple[str, ...]]:
    """A printed table for the terminal."""
    for row in table.rows:
        yield tuple("" if cell is None else str(_plain(cell)) for cell in row)


def _plain(cell: Cell) -> str | int | float | None:
    return cell.isoformat() if isinstance(cell, date) else cell


def _times(times: Times) -> dict[str, Any]:
    return {"registration": _duration(times.registration), "answer": _duration(times.answer)}


def _duration(duration: Duration) -> dict[str, Any]:
    return {
        "count": duration.count, "median_ms": duration.median_ms, "p90_ms": duration.p90_ms,
    }  # fmt: skip


def _group(group: Group) -> dict[str, Any]:
    return {
        "name": group.name, "received": group.received, "open": group.open,
        "overdue": group.overdue, "answered": group.answered,
        "in_time_percent": group.in_time_percent, "answer": _duration(group.answer),
    }  # fmt: skip


def _times_said(times: Times) -> str:
    said = (
        f"{name} {_lasting(each.median_ms)} (90 % within {_lasting(each.p90_ms)}, {each.count})"
        for name, each in (("registered in", times.registration), ("answered in", times.answer))
        if each.count
    )
    return ", ".join(said)


def _lasting(ms: int | None) -> str:
    if ms is None:
        return ""
    hours = ms / _HOUR_MS
    return f"{hours:.0f} h" if hours < 48 else f"{hours / 24:.0f} d"
