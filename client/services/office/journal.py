"""The journal of appeals as a table: what Cabinet instruction of 14.04.1997 No. 348 has it hold.

It names people and where they live. It is for the desk alone: nothing of it is published.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from client.services.office.case import Case
from client.services.office.clock import Clock, ended_at
from client.services.office.labels import Labels
from client.services.office.tables import Cell, Table, local_day, local_time

COLUMNS: Final = {
    "place": 6, "number": 16, "received": 17, "registered": 13, "name": 30, "residence": 30,
    "contact": 24, "kind": 22, "marks": 15, "collective": 13, "first": 13, "category": 18,
    "classifier": 14, "content": 44, "address": 26, "assignee": 22, "due": 12, "state": 20,
    "answered": 13, "forwarded": 12, "receipt": 16,
}  # fmt: skip
"""The columns in order, with their widths in characters."""


def journal(cases: Iterable[Case], clock: Clock, labels: Labels) -> Table:
    """All identified appeals: the registered in the order of registration, then the new ones."""
    appeals = sorted((case for case in cases if case.lane == "appeal"), key=_order)
    return Table(
        title=labels("journal.title"),
        sheet=labels("journal.sheet"),
        header=tuple(labels(f"journal.{column}") for column in COLUMNS),
        rows=tuple(_row(place, case, clock, labels) for place, case in enumerate(appeals, 1)),
        widths=tuple(COLUMNS.values()),
    )


def condition(case: Case) -> str:
    """Where a case stands, as one code: its status, or what stands above it."""
    if case.withdrawn:
        return "withdrawn"
    if case.status in ("answered", "returned", "closed"):
        return case.status
    if case.merged_into:
        return "merged"
    return "forwarded" if case.forwarded_at_ms is not None else case.status or "new"


def _order(case: Case) -> tuple[bool, int, int, str]:
    registered = case.registered_at_ms
    return (registered is None, registered or 0, case.received_at_ms, case.record)


def _row(place: int, case: Case, clock: Clock, labels: Labels) -> tuple[Cell, ...]:
    zone = clock.zone
    return (
        place,
        case.number,
        local_time(case.received_at_ms, zone),
        local_day(case.registered_at_ms, zone),
        case.name,
        case.residence,
        case.contact,
        labels.of("kind", case.kind),
        ", ".join(labels.of("mark", mark) for mark in case.marks),
        case.collective or None,
        labels("journal.yes") if case.privileged else "",
        labels.category(case.category),
        case.classifier,
        case.title,
        case.address,
        case.assignee,
        _due(case, clock),
        labels.of("status", condition(case)),
        local_day(ended_at(case), zone),
        local_day(case.forwarded_at_ms, zone),
        case.receipt_number,
    )


def _due(case: Case, clock: Clock) -> date | None:
    """The last day for an answer, whatever came of the case."""
    last = [each for each in clock.deadlines(case) if each.binding and each.kind != "registration"]
    return last[0].day if last else None
