"""The queue: saved views, search and filters, what is marked, and a page of appeals.

On a wide window a table under a head that stays. On a phone, and with large letters, one list of
cards that scrolls as a whole.
"""

from __future__ import annotations

from typing import Final

import flet as ft

from client.viewmodels.app import App
from client.viewmodels.desk.room import BuildModel, DeskModel
from client.views.desk.cards import Cards
from client.views.desk.head import Head
from client.views.desk.table import Table
from client.views.kit import faint, ident
from client.views.safe import part
from client.views.theme import BODY, EDGE, GAP, SPACE

TABLE_PERCENT_MAX: Final = 125
"""With larger letters columns would be narrower than their words: then it is cards."""


def desk_queue(app: App) -> ft.Control:
    """The queue of this window."""
    queue: ft.Control = Queue(app, app.queue, app.queue.build)
    return queue


@part
def Queue(app: App, desk: DeskModel, build: BuildModel) -> ft.Control:
    """All of it, or how far it is while it is opened for the first time."""
    if not build.ready:
        opening: ft.Control = Building(app, build)
        return opening
    body: ft.Control
    if app.roomy and app.prefs.text_percent <= TABLE_PERCENT_MAX:
        around = ft.Padding.only(left=EDGE, right=EDGE, bottom=SPACE)
        top = ft.Container(Head(app, desk, desk.bulk), padding=around)
        table = Table(app, desk, desk.table, desk.bulk, app.exchange)
        body = ft.Column([top, table], spacing=0, expand=True)
    else:
        body = Cards(app, desk, desk.table, desk.table.hand, desk.bulk, app.exchange)
    return body


@part
def Building(app: App, build: BuildModel) -> ft.Control:
    """The queue is being opened: each appeal is sealed by itself."""
    text = app.words
    said = (
        text("desk.opening_some", done=_count(build.done), all=_count(build.all))
        if build.all
        else ""
    )
    share = build.done / build.all if build.all else None
    bar = ft.ProgressBar(value=share, semantics_label=text("desk.opening"))
    column = ft.Column(
        [
            ft.Text(text("desk.opening"), theme_style=ft.TextThemeStyle.TITLE_MEDIUM),
            bar,
            faint(said or text("desk.opening_hint"), BODY),
        ],
        spacing=GAP,
        tight=True,
        width=420,
    )
    box = ft.Container(column, padding=32, alignment=ft.Alignment.CENTER, expand=True)
    return ident("queue-opening", box, expand=True)


def _count(n: int) -> str:
    """A large number with its thousands apart."""
    return f"{n:,}".replace(",", "\u00a0")
