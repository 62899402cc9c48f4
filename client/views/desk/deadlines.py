"""The dates of the law, as plain dates: until when, how long that is, and where it stands."""

from __future__ import annotations

import flet as ft

from client.services.office.asked import Folder
from client.services.office.clock import Deadline
from client.viewmodels.app import App
from client.views.desk.kit import section
from client.views.desk.wording import day, left, local_day
from client.views.kit import faint, line
from client.views.theme import SMALL, STRONG


def deadlines(app: App, folder: Folder) -> list[ft.Control]:
    """What binds first, then what may still be done; nothing for a signal."""
    if not folder.deadlines:
        return []
    text = app.words
    ordered = sorted(folder.deadlines, key=lambda each: (not each.binding, each.until_ms))
    controls = [_deadline(app, folder, each) for each in ordered if not _past(folder, each)]
    if 0 < folder.legal_from_ms < folder.case.received_at_ms:
        since = day(app, local_day(app, folder.legal_from_ms))
        controls.append(line(ft.Icons.GROUP_OUTLINED, text("desk.legal_from", day=since)))
    if folder.case.extended:
        controls.append(line(ft.Icons.MORE_TIME, text("desk.is_extended")))
    controls.append(faint(text("legal.hint")))
    return [section("desk-deadlines", text("legal.title"), controls)]


def _past(folder: Folder, deadline: Deadline) -> bool:
    """Whether the act that it limits has been done: it is in the journal since."""
    return deadline.kind == "registration" and bool(folder.case.number)


def _deadline(app: App, folder: Folder, deadline: Deadline) -> ft.Control:
    text = app.words
    said = text(f"desk.due_{deadline.kind}", day=day(app, deadline.day))
    if folder.case.open and deadline.binding:
        said = f"{said} · {left(app, deadline)}"
    late = folder.case.open and deadline.binding and app.exchange.now_ms >= deadline.until_ms
    icon = ft.Icons.EVENT_BUSY if late else ft.Icons.EVENT_OUTLINED
    notes = [deadline.source]
    if deadline.moved:
        notes.append(text("desk.moved"))
    if deadline.assumed and text.has(f"desk.assumed_{deadline.assumed}"):
        notes.append(text(f"desk.assumed_{deadline.assumed}"))
    color = ft.Colors.ERROR if late else ft.Colors.ON_SURFACE_VARIANT
    words = ft.Column(
        [
            ft.Text(said, weight=STRONG if deadline.binding else None),
            ft.Text(" · ".join(notes), theme_style=SMALL, color=ft.Colors.ON_SURFACE_VARIANT),
        ],
        spacing=2,
        tight=True,
        expand=True,
    )
    row = ft.Row(
        [ft.Icon(icon, size=18, color=color), words],
        spacing=10,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    return ft.Semantics(identifier=f"due-{deadline.kind}", container=True, content=row)
