"""An appeal of the queue in short words: its number, how it stands, how long there is, for the ear.

A mark is a picture with its own shape and, spoken, its words; the colour only helps.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Final, NamedTuple

import flet as ft

from client.services.office.asked import CaseRow
from client.services.office.case import Case
from client.services.office.clock import Deadline, State
from client.services.office.journal import condition
from client.viewmodels.app import App
from client.views.custody import day_words
from client.views.kit import chip
from client.views.states import LOOKS, Look, category_name
from shared_schema.records.appeal import URGENCY

_OWN: Final = {
    "new": LOOKS["received"],
    "merged": Look(ft.Icons.MERGE, *LOOKS["closed"][1:]),
    "forwarded": Look(ft.Icons.FORWARD_OUTLINED, *LOOKS["closed"][1:]),
}
DANGER: Final = 2
"""From this urgency on a topic is marked."""


class Mark(NamedTuple):
    """A picture in front of a row, its colour, and its words."""

    icon: ft.IconData
    color: ft.ColorValue
    key: str


_MARKS: Final = {
    "privileged": Mark(ft.Icons.STAR, ft.Colors.PRIMARY, "desk.mark_privileged"),
    "danger": Mark(ft.Icons.WARNING_ROUNDED, ft.Colors.ERROR, "desk.mark_danger"),
    "overdue": Mark(ft.Icons.EVENT_BUSY, ft.Colors.ERROR, "desk.mark_overdue"),
    "soon": Mark(ft.Icons.HOURGLASS_BOTTOM, ft.Colors.TERTIARY, "desk.mark_soon"),
    "conflict": Mark(ft.Icons.CALL_SPLIT, ft.Colors.TERTIARY, "desk.mark_conflict"),
    "supporters": Mark(ft.Icons.GROUP_OUTLINED, ft.Colors.ON_SURFACE_VARIANT, "desk.mark_several"),
}  # fmt: skip


def marks_of(row: CaseRow) -> list[Mark]:
    """What is special about an appeal, the most pressing first."""
    return marks_of_case(row.case, row.state)


def marks_of_case(case: Case, state: State) -> list[Mark]:
    """The same, of a case and how it stands with its clock."""
    return [_MARKS[name] for name in _special(case, state)]


def _special(case: Case, state: State) -> Iterator[str]:
    if case.privileged:
        yield "privileged"
    if case.open and URGENCY.get(case.category, 0) >= DANGER:
        yield "danger"
    if state in ("overdue", "soon"):
        yield state
    if case.conflicts:
        yield "conflict"
    if case.supporters or case.collective > 1:
        yield "supporters"


def mark_chip(app: App, mark: Mark) -> ft.Control:
    """A mark in words."""
    ink, ground = ft.Colors.ON_SURFACE, ft.Colors.SURFACE_CONTAINER_HIGH
    return chip(app.words(mark.key), mark.icon, bgcolor=ground, color=ink)


def look_of(case: Case) -> tuple[str, Look]:
    """The key of where a case stands, and how that looks."""
    code = condition(case)
    return f"desk.condition_{code}", _OWN.get(code) or LOOKS[code]


def number_of(case: Case) -> str:
    """What a case is called by: its journal number, before that its receipt's."""
    return case.number or case.receipt_number


def today(app: App) -> date:
    """The city's day now."""
    return local_day(app, app.exchange.now_ms)


def local_day(app: App, moment_ms: int) -> date:
    """The city's day of a moment; the first of all for one that no calendar has."""
    try:
        return datetime.fromtimestamp(moment_ms / 1000, UTC).astimezone(app.zone).date()
    except (ValueError, OverflowError, OSError):
        return date.min


def day(app: App, when: date) -> str:
    """A date in words."""
    return day_words(app.words, when, today(app).year)


def left(app: App, due: Deadline) -> str:
    """How many days there are, or since how many it is late."""
    days = (due.day - today(app)).days
    if days == 0:
        return app.words("desk.last_day")
    return app.words("desk.days_left", n=days) if days > 0 else app.words("desk.late", n=-days)


def spoken(app: App, row: CaseRow) -> str:
    """A whole row for a screen reader: what presses first, then what it is."""
    text, case = app.words, row.case
    key, _ = look_of(case)
    words = [text(mark.key) for mark in marks_of(row)]
    words += [
        text("appeals.number", number=number_of(case)),
        case.title,
        category_name(text, case.category),
        case.district,
        text(key),
        text("desk.taken_by", name=case.assignee) if case.assignee else text("desk.nobody"),
        text("desk.came", day=day(app, local_day(app, case.received_at_ms))),
    ]
    if row.due is not None:
        words.append(text("desk.until", day=day(app, row.due.day), left=left(app, row.due)))
    return ", ".join(word for word in words if word)
