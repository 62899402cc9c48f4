"""The queue as cards: on a phone, and wherever letters are too large for columns."""

from __future__ import annotations

import flet as ft

from client.services.office.asked import CaseRow
from client.viewmodels.app import App, ExchangeModel
from client.viewmodels.desk.bulk import BulkModel
from client.viewmodels.desk.room import ROW, DeskModel
from client.viewmodels.desk.table import Hand, TableModel
from client.views.desk.head import Head
from client.views.desk.kit import scroll_key, tick
from client.views.desk.pager import Pager, nothing
from client.views.desk.wording import (
    day,
    left,
    local_day,
    look_of,
    mark_chip,
    marks_of,
    number_of,
    spoken,
    today,
)
from client.views.kit import card, chip, faint, ident, line, rows, wrapped
from client.views.safe import part, still
from client.views.states import category_name
from client.views.theme import CARD_TITLE, SPACE, STRONG


@part
def Cards(
    app: App,
    desk: DeskModel,
    table: TableModel,
    hand: Hand,
    bulk: BulkModel,
    clock: ExchangeModel,
) -> ft.Control:
    """Cards and pages; what stands above scrolls with them."""
    head: list[ft.Control] = [Head(app, desk, bulk)]
    if not table.rows:
        return rows([*head, nothing(app, table)], key="queue-none", app=app)
    ref = ft.Ref[ft.ListView]()

    async def show() -> None:
        if ref.current is not None and 0 <= hand.at < len(table.rows):
            await ref.current.scroll_to(scroll_key=table.rows[hand.at].case.record)

    app.keyboard.place(ROW, show)
    cards: list[ft.Control] = [
        CardOf(app, desk, row, at == hand.at, row.case.record in bulk.marked, key=row.case.record)
        for at, row in enumerate(table.rows)
    ]
    key = f"queue-{table.pages}"
    return rows([*head, *cards, Pager(app, table)], key=key, app=app, ref=ref)


def _shows(app: App, desk: DeskModel, row: CaseRow, held: bool, marked: bool) -> tuple[object, ...]:
    """What a card shows besides its case: words, and days that are counted."""
    return app.language, today(app)


@still(_shows)
def CardOf(app: App, desk: DeskModel, row: CaseRow, held: bool, marked: bool) -> ft.Control:
    """One appeal."""
    text, case, record = app.words, row.case, row.case.record
    key, look = look_of(case)
    state = chip(text(key), look.icon, bgcolor=look.bgcolor, color=look.color)
    facts = [number_of(case), category_name(text, case.category), case.district, case.assignee]
    controls: list[ft.Control] = [
        ft.Row([state, faint(day(app, local_day(app, case.received_at_ms)))], wrap=True),
        ft.Text(case.title, theme_style=CARD_TITLE, weight=STRONG),
        faint(" · ".join(fact for fact in facts if fact)),
    ]
    if marks := marks_of(row):
        controls.append(wrapped([mark_chip(app, mark) for mark in marks]))
    if row.due is not None:
        until = text("desk.until", day=day(app, row.due.day), left=left(app, row.due))
        controls.append(line(ft.Icons.EVENT_OUTLINED, until))
    face = card(
        ft.Semantics(exclude_semantics=True, content=ft.Column(controls, spacing=SPACE)),
        on_click=desk.clicked(lambda: desk.open(record)),
        selected=held,
        bgcolor=ft.Colors.SECONDARY_CONTAINER if marked else ft.Colors.SURFACE_CONTAINER_LOWEST,
    )
    tap = ft.MergeSemantics(ident(f"appeal-{record}", face, spoken(app, row)), expand=True)
    label = text("desk.mark_row", number=number_of(case))
    toggle = desk.clicked(lambda: desk.bulk.toggle(record))
    box = tick(f"mark-{record}", label, marked, toggle)
    return ft.Container(ft.Row([box, tap], spacing=0), key=scroll_key(record))
