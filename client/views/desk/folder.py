"""An appeal in full: what was said on one side, what the desk does about it on the other.

Two columns where there is room, else one: then what presses comes first, and papers come last.
"""

from __future__ import annotations

import flet as ft

from client.viewmodels.app import App, ExchangeModel
from client.viewmodels.desk.folder import FolderModel
from client.viewmodels.desk.room import TEMPLATES, BuildModel, DeskModel
from client.viewmodels.desk.table import TableModel
from client.views.desk.acts import Acts
from client.views.desk.conflicts import conflicts
from client.views.desk.deadlines import deadlines
from client.views.desk.kit import text_button
from client.views.desk.merging import Merging, merged_into
from client.views.desk.notes import Notes
from client.views.desk.queue import Building, desk_queue
from client.views.desk.register import Register
from client.views.desk.replying import Reply
from client.views.desk.shortcuts import Shortcuts
from client.views.desk.templates import Templates
from client.views.desk.wording import mark_chip, marks_of_case
from client.views.kit import banner, empty, faint, icon_button, scrolling, wrapped
from client.views.safe import part
from client.views.theme import BODY, EDGE, SPACE
from client.views.thread import details, history, receipt, talk, thread_head


def desk_record(app: App) -> ft.Control:
    """What the address names beside the queue: the templates, or an appeal."""
    desk = app.queue
    shown: ft.Control
    if app.record == TEMPLATES:
        shown = Templates(app, desk, desk.templates)
    else:
        shown = DeskFolder(app, desk, desk.folder, desk.build, app.exchange)
    return shown


def desk_room(app: App) -> ft.Control:
    """On a wide window one thing at a time: the queue, or what was chosen in it."""
    return desk_record(app) if app.record else desk_queue(app)


@part
def DeskFolder(
    app: App, desk: DeskModel, model: FolderModel, build: BuildModel, clock: ExchangeModel
) -> ft.Control:
    """One appeal."""
    if not build.ready:
        opening: ft.Control = Building(app, build)
        return opening
    if model.open is None or model.record != app.record:
        return ft.Column([*_way(app, desk), *_lost(app, model)], spacing=0)
    if not app.roomy:
        one = scrolling(_one(app, desk, model), key=f"queue-{model.record}", spacing=EDGE)
        return ft.Column([*_way(app, desk), one], spacing=0, expand=True)
    columns = ft.Row(
        [
            _column(_said(app, model), f"said-{model.record}"),
            ft.VerticalDivider(width=1),
            _column(_work(app, desk, model), f"work-{model.record}"),
        ],
        spacing=0,
        expand=True,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return ft.Column([*_way(app, desk), columns], spacing=0, expand=True)


def _lost(app: App, model: FolderModel) -> list[ft.Control]:
    """An address that leads nowhere says so; one that is still being read says nothing."""
    if model.lost != app.record:
        return []
    return [empty("desk-lost", ft.Icons.SEARCH_OFF, app.words("trouble.not_found"))]


def _column(controls: list[ft.Control], key: str) -> ft.Control:
    return ft.Container(scrolling(controls, key=key, spacing=EDGE), expand=True)


def _way(app: App, desk: DeskModel) -> list[ft.Control]:
    """Back to the queue and on to the neighbours; a phone's bar has its own way back."""
    if not app.wide:
        return []
    help_ = Shortcuts(app, desk)
    return [ft.Container(help_, padding=ft.Padding.symmetric(horizontal=EDGE)),
            Neighbours(app, desk, desk.table)]  # fmt: skip


@part
def Neighbours(app: App, desk: DeskModel, table: TableModel) -> ft.Control:
    """Where in the queue this one is, with the ways to the queue and to the next ones."""
    text = app.words
    back = text_button("desk-back", text("desk.back"), app.back, icon=ft.Icons.ARROW_BACK)
    place = table.offset + table.hand.at + 1
    said = text("desk.place", place=place, n=table.total) if table.hand.at >= 0 else ""
    before = icon_button("desk-previous", text("desk.previous"), ft.Icons.KEYBOARD_ARROW_UP,
                         lambda: desk.press("K"))  # fmt: skip
    after = icon_button("desk-next", text("desk.following"), ft.Icons.KEYBOARD_ARROW_DOWN,
                        lambda: desk.press("J"))  # fmt: skip
    row = ft.Row([back, ft.Container(expand=True), faint(said, BODY), before, after], spacing=SPACE)
    return ft.Container(row, padding=ft.Padding.symmetric(horizontal=EDGE))


def _done(app: App, model: FolderModel) -> list[ft.Control]:
    """What was saved last; it says no more than that."""
    if not model.done:
        return []
    return [banner("desk-done", app.words(model.done), ft.Icons.SMARTPHONE_OUTLINED)]


def _special(app: App, model: FolderModel) -> list[ft.Control]:
    assert model.open is not None
    marks = marks_of_case(model.open.case, model.open.state)
    if not marks:
        return []
    return [wrapped([mark_chip(app, mark) for mark in marks])]


def _said(app: App, model: FolderModel) -> list[ft.Control]:
    """What the resident wrote, what was said since, the reply, and the papers."""
    assert model.open is not None
    item, now = model.open.thread, app.exchange.now_ms
    return [
        *thread_head(app, item, for_desk=True),
        *talk(app, item.said, now, for_desk=True),
        Reply(app, model, model.replies),
        details(app, item, for_desk=True),
        *history(app, item.history, now),
        receipt(app, item, now),
    ]


def _work(app: App, desk: DeskModel, model: FolderModel) -> list[ft.Control]:
    """What the desk does about it."""
    assert model.open is not None
    return [
        *_done(app, model),
        *conflicts(app, model),
        *merged_into(app, model),
        *_special(app, model),
        *_forms(app, desk, model),
        *deadlines(app, model.open),
        Merging(app, model, model.merging),
        Notes(app, model),
    ]


def _forms(app: App, desk: DeskModel, model: FolderModel) -> list[ft.Control]:
    assert model.open is not None
    acts: ft.Control = Acts(app, desk, model)
    if model.open.case.number and model.ask != "register":
        return [acts]
    return [acts, Register(app, model, model.register)]


def _one(app: App, desk: DeskModel, model: FolderModel) -> list[ft.Control]:
    """Both columns in one: first what it is, then what to do."""
    assert model.open is not None
    item, now = model.open.thread, app.exchange.now_ms
    return [
        *_done(app, model),
        *thread_head(app, item, for_desk=True),
        *conflicts(app, model),
        *merged_into(app, model),
        *_special(app, model),
        *_forms(app, desk, model),
        *talk(app, item.said, now, for_desk=True),
        Reply(app, model, model.replies),
        *deadlines(app, model.open),
        Merging(app, model, model.merging),
        Notes(app, model),
        details(app, item, for_desk=True),
        *history(app, item.history, now),
        receipt(app, item, now),
    ]
