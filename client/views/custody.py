"""The custody timeline: where each own change has been, and the dates that the law counts from it.

Every step that has happened shows its moment; one that has not is shown as still to come and never
as done. Words and pictures differ, so that nobody needs the colours.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final, NamedTuple

import flet as ft

from client.i18n import Words
from client.i18n.dates import moment
from client.services.types import AppealView, OwnPart
from client.viewmodels.app import App
from client.views.kit import card, faint, heading, ident, line
from client.views.states import reason_text
from client.views.theme import BODY, GAP, STRONG
from shared_schema.records.legal import Due, due_dates

PART_ICONS: Final = {
    "waiting": ft.Icons.SMARTPHONE_OUTLINED,
    "carried": ft.Icons.DIRECTIONS_WALK,
    "received": ft.Icons.CLOUD_DONE_OUTLINED,
    "refused": ft.Icons.BLOCK,
    "held": ft.Icons.ARCHIVE_OUTLINED,
}


class Step(NamedTuple):
    """A station on the way: done at a moment, or still to come."""

    icon: ft.IconData
    said: str
    at_ms: int | None
    note: str = ""


def steps_of(text: Words, item: AppealView) -> list[Step]:
    """The way of an appeal's opening, in the order in which it goes."""
    opening = next((part for part in item.parts if part.kind == "appeal.opened"), None)
    steps = [_begun(text, item)]
    if opening is not None and opening.carried_at_ms:
        steps.append(Step(PART_ICONS["carried"], text("custody.carried"), opening.carried_at_ms))
    if item.state == "refused":
        why = reason_text(text, item.reason)
        steps.append(Step(PART_ICONS["refused"], text("custody.refused"), _judged_at(item), why))
        return steps
    if item.state == "held":
        why = reason_text(text, item.reason)
        steps.append(Step(PART_ICONS["held"], text("state.held"), _judged_at(item), why))
    number = item.receipt_number
    steps.append(
        Step(PART_ICONS["received"], text("custody.received"), item.received_at_ms, number)
    )
    for step in item.history:
        icon = ft.Icons.CHECK_CIRCLE_OUTLINE
        steps.append(Step(icon, text(f"state.{step.status}"), step.at_ms, step.note))
    if not item.history and not item.withdrawn:
        steps.append(Step(ft.Icons.ASSIGNMENT_OUTLINED, text("state.registered"), None))
    if item.withdrawn:
        steps.append(Step(ft.Icons.UNDO, text("state.withdrawn"), _withdrawn_at(item)))
    elif item.status not in ("answered", "returned", "closed"):
        steps.append(Step(ft.Icons.MARK_EMAIL_READ_OUTLINED, text("state.answered"), None))
    return steps


def _begun(text: Words, item: AppealView) -> Step:
    """Where it began: here, or with somebody who took it at a door and gave a slip for it."""
    if item.by_slip:
        return Step(ft.Icons.HANDSHAKE_OUTLINED, text("custody.taken"), item.created_at_ms)
    return Step(ft.Icons.SMARTPHONE_OUTLINED, text("custody.saved"), item.created_at_ms)


def timeline(app: App, item: AppealView, now_ms: int) -> ft.Control:
    """The stations, one under the other."""
    text = app.words
    lines = [_station(app, step, now_ms) for step in steps_of(text, item)]
    content = ft.Column([heading(text("custody.title")), *lines], spacing=GAP)
    return ident("custody", card(content))


def parts(app: App, item: AppealView, now_ms: int) -> list[ft.Control]:
    """Additions of one's own that have a way of their own: comments, amendments, ratings."""
    text = app.words
    later = [part for part in item.parts if part.kind != "appeal.opened"]
    if not later:
        return []
    lines = [_part(app, part, now_ms) for part in later]
    return [card(ft.Column([heading(text("custody.parts")), *lines], spacing=GAP))]


def legal(app: App, item: AppealView) -> list[ft.Control]:
    """The dates of the law, for an identified appeal that the city has received."""
    text = app.words
    if item.lane != "appeal" or item.received_at_ms is None or item.withdrawn:
        return []
    dues = due_dates(item.received_at_ms, app.zone)
    done = item.status in ("answered", "closed", "returned")
    controls: list[ft.Control] = [heading(text("legal.title"))]
    controls += [_due(app, due, done) for due in dues if due.kind != "simple"]
    controls.append(faint(text("legal.hint")))
    return [ident("legal", card(ft.Column(controls, spacing=GAP)))]


def day_words(text: Words, day: date, this_year: int) -> str:
    """A date in words."""
    month = text("time.months").split(",")[day.month - 1]
    if day.year == this_year:
        return text("time.day", day=day.day, month=month)
    return text("time.day_year", day=day.day, month=month, year=day.year)


def _due(app: App, due: Due, done: bool) -> ft.Control:
    text = app.words
    today = datetime.fromtimestamp(app.exchange.now_ms / 1000, UTC).astimezone(app.zone).date()
    said = text(f"legal.{due.kind}", day=day_words(text, due.day, today.year))
    over = today > due.day and not done
    if over:
        said = f"{said} {text('legal.over')}"
    icon = ft.Icons.EVENT_BUSY_OUTLINED if over else ft.Icons.EVENT_OUTLINED
    source = ft.Container(faint(due.source), padding=ft.Padding.only(left=28))
    return ft.Column([line(icon, said), source], spacing=2, tight=True)


def _station(app: App, step: Step, now_ms: int) -> ft.Control:
    text, done = app.words, step.at_ms is not None
    when = moment(text, step.at_ms, now_ms, app.zone) if step.at_ms else text("custody.to_come")
    color = ft.Colors.PRIMARY if done else ft.Colors.OUTLINE
    words: list[ft.Control] = [
        ft.Text(step.said, weight=STRONG if done else None),
        faint(when),
    ]
    if step.note:
        words.append(ft.Text(step.note, theme_style=BODY))
    row = ft.Row(
        [
            ft.Icon(step.icon if done else ft.Icons.RADIO_BUTTON_UNCHECKED, size=20, color=color),
            ft.Column(words, spacing=2, tight=True, expand=True),
        ],
        spacing=GAP,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    return ft.Semantics(container=True, content=row)


def _part(app: App, part: OwnPart, now_ms: int) -> ft.Control:
    text = app.words
    key = f"part.{part.kind.removeprefix('appeal.')}"
    name = text(key) if text.has(key) else part.kind
    said = f"{name} · {text(f'part_state.{part.state}')}"
    if part.reason and part.state in ("refused", "held"):
        said = f"{said}: {reason_text(text, part.reason)}"
    at = moment(text, part.received_at_ms or part.at_ms, now_ms, app.zone)
    return line(PART_ICONS[part.state], f"{said} · {at}")


def _judged_at(item: AppealView) -> int:
    """When the city said that it does not take it; where that is not known, when it was saved."""
    found = [part.received_at_ms for part in item.parts if part.kind == "appeal.opened"]
    return found[0] or item.created_at_ms if found else item.created_at_ms


def _withdrawn_at(item: AppealView) -> int:
    found = [part.at_ms for part in item.parts if part.kind == "appeal.withdrawn"]
    return found[-1] if found else item.created_at_ms
