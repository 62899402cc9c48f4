"""What desks that could not see each other have said differently: a person chooses, nobody else."""

from __future__ import annotations

from functools import partial

import flet as ft

from client.i18n.dates import moment
from client.services.office.asked import Conflict, Rival
from client.viewmodels.app import App
from client.viewmodels.desk.folder import FolderModel
from client.views.kit import button, card, faint, heading, ident, wrapped
from client.views.theme import BODY, GAP, STRONG


def conflicts(app: App, model: FolderModel) -> list[ft.Control]:
    """A card for each field that has rivals."""
    assert model.open is not None
    return [_card(app, model, each) for each in model.open.conflicts]


def _card(app: App, model: FolderModel, conflict: Conflict) -> ft.Control:
    text = app.words
    rivals = [
        _rival(app, model, conflict.field, rival, in_force=at == 0)
        for at, rival in enumerate(conflict.rivals)
    ]
    column = ft.Column(
        [
            ft.Row(
                [
                    ft.Icon(ft.Icons.CALL_SPLIT, color=ft.Colors.TERTIARY),
                    ft.Container(heading(text(f"desk.rivals_{conflict.field}")), expand=True),
                ],
                spacing=GAP,
            ),
            faint(text("desk.rivals_hint"), BODY),
            *rivals,
        ],
        spacing=GAP,
    )
    return ident(f"conflict-{conflict.field}", card(column), live_region=True)


def _rival(app: App, model: FolderModel, field: str, rival: Rival, *, in_force: bool) -> ft.Control:
    text = app.words
    when = moment(text, rival.at_ms, app.exchange.now_ms, app.zone)
    who = text("desk.rival_by", name=rival.by, time=when)
    words = value(app, model, field, rival)
    said: list[ft.Control] = [ft.Text(words, weight=STRONG), faint(who)]
    if in_force:
        said.append(faint(text("desk.rival_in_force")))
    take = button(f"settle-{rival.head}", text("desk.rival_take", value=words),
                  partial(model.settle, field, rival.head), kind=ft.OutlinedButton)  # fmt: skip
    if not app.wide:
        return ft.Column([*said, wrapped([take])], spacing=4, tight=True)
    column = ft.Column(said, spacing=4, tight=True, expand=True)
    return ft.Row([column, take], spacing=GAP)


def value(app: App, model: FolderModel, field: str, rival: Rival) -> str:
    """A rival as it is said: a status in words, a record by what it is called."""
    text = app.words
    if not rival.value:
        return text("desk.rival_none" if field == "merged" else "desk.nobody")
    if field == "status" and text.has(f"desk.condition_{rival.value}"):
        return text(f"desk.condition_{rival.value}")
    if field == "merged":
        return model.called(rival.value)
    return rival.value
