"""The queue as a table: a head that sorts, a page of rows, and the way to the next page.

A row is drawn anew only when its case, its mark or its place under the keys changes.
"""

from __future__ import annotations

from functools import partial
from typing import Final, NamedTuple

import flet as ft

from client.services.office.asked import CaseRow, Sort
from client.viewmodels.app import App, ExchangeModel
from client.viewmodels.desk.bulk import BulkModel
from client.viewmodels.desk.room import ROW, DeskModel
from client.viewmodels.desk.table import Hand, TableModel
from client.views.desk.kit import scroll_key, tick
from client.views.desk.pager import Pager, nothing
from client.views.desk.wording import (
    day,
    left,
    local_day,
    look_of,
    marks_of,
    number_of,
    spoken,
    today,
)
from client.views.kit import WHOLE_PX, faint, ident
from client.views.safe import part, still
from client.views.states import category_name
from client.views.theme import BODY, EDGE, SMALL, SPACE, STRONG, TOUCH_PX

NEAR_TOP: Final = 3
"""The row in hand is kept so many rows below the top of the list."""
ELLIPSIS: Final = ft.TextOverflow.ELLIPSIS


class Column(NamedTuple):
    """A column: what its head says, how it sorts, and its share of the width."""

    name: str
    sort: Sort | None
    share: int
    """Of the width that fixed columns leave; a fixed one has none."""
    width: int = 0


MARK: Final = Column("mark", "urgency", 0, 84)
NUMBER: Final = Column("number", "number", 0, 96)
RECEIVED: Final = Column("received", "received", 0, 92)
DISTRICT: Final = Column("district", "district", 12)
COLUMNS: Final = (
    MARK, NUMBER, Column("title", None, 30), Column("category", "category", 13), DISTRICT,
    Column("status", "status", 0, 132), Column("assignee", "assignee", 13), RECEIVED,
    Column("due", None, 0, 100),
)  # fmt: skip
NARROW: Final = tuple(each for each in COLUMNS if each not in (DISTRICT, RECEIVED))
"""On a tablet: the district stands under the topic, and the day of receipt is left out."""


def columns(app: App) -> tuple[Column, ...]:
    """Those that there is room for."""
    return COLUMNS if app.broad else NARROW


@part
def Table(
    app: App, desk: DeskModel, table: TableModel, bulk: BulkModel, clock: ExchangeModel
) -> ft.Control:
    """Head, rows, pages."""
    if not table.rows:
        return ft.Container(nothing(app, table), expand=True)
    rows = Rows(app, desk, table, table.hand, bulk, clock)
    return ft.Column([_head(app, table, bulk), rows, Pager(app, table)], spacing=0, expand=True)


@part
def Rows(
    app: App,
    desk: DeskModel,
    table: TableModel,
    hand: Hand,
    bulk: BulkModel,
    clock: ExchangeModel,
) -> ft.Control:
    """The page; the row in hand is brought into sight when the keys move."""
    ref = ft.Ref[ft.ListView]()

    async def show() -> None:
        if ref.current is not None and table.rows:
            top = table.rows[max(0, hand.at - NEAR_TOP)].case.record
            await ref.current.scroll_to(scroll_key=top)

    app.keyboard.place(ROW, show)
    rows = [
        RowOf(app, desk, row, at == hand.at, row.case.record in bulk.marked, key=row.case.record)
        for at, row in enumerate(table.rows)
    ]
    return ft.ListView(
        rows,
        ref=ref,
        key=f"queue-{table.pages}",
        padding=ft.Padding.symmetric(vertical=2),
        expand=True,
        cache_extent=WHOLE_PX,
    )


def _shows(app: App, desk: DeskModel, row: CaseRow, held: bool, marked: bool) -> tuple[object, ...]:
    """What a row shows besides its case: words, days that are counted, columns."""
    return app.language, today(app), app.broad, app.prefs.text_percent


@still(_shows)
def RowOf(app: App, desk: DeskModel, row: CaseRow, held: bool, marked: bool) -> ft.Control:
    """One appeal."""
    record = row.case.record
    cells = ft.Row(
        [*(_cell(column, _CELLS[column.name](app, row)) for column in columns(app)), _high()],
        spacing=SPACE,
    )
    face = ft.Container(
        ft.Semantics(exclude_semantics=True, content=cells),
        ink=True,
        on_click=desk.clicked(lambda: desk.open(record)),
    )
    tap = ft.MergeSemantics(ident(f"appeal-{record}", face, spoken(app, row)), expand=True)
    return ft.Container(
        ft.Row([_box(app, desk, row, marked), tap], spacing=SPACE),
        key=scroll_key(record),
        padding=ft.Padding.only(right=EDGE),
        bgcolor=_ground(held, marked),
        border=ft.Border(
            left=ft.BorderSide(4, ft.Colors.PRIMARY if held else ft.Colors.TRANSPARENT),
            bottom=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT),
        ),
    )


def _ground(held: bool, marked: bool) -> ft.ColorValue | None:
    if marked:
        return ft.Colors.SECONDARY_CONTAINER
    return ft.Colors.SURFACE_CONTAINER_HIGH if held else None


def _box(app: App, desk: DeskModel, row: CaseRow, marked: bool) -> ft.Control:
    """Its mark, as large as a thumb."""
    record = row.case.record
    label = app.words("desk.mark_row", number=number_of(row.case))
    return tick(f"mark-{record}", label, marked, desk.clicked(lambda: desk.bulk.toggle(record)))


def _cell(column: Column, content: ft.Control) -> ft.Control:
    if column.share:
        return ft.Container(content, expand=column.share)
    return ft.Container(content, width=column.width)


def _high() -> ft.Control:
    """Keeps a row at least as high as a thumb."""
    return ft.Container(width=0, height=TOUCH_PX)


def _text(words: str, *, strong: bool = False) -> ft.Control:
    return ft.Text(
        words, theme_style=BODY, weight=STRONG if strong else None, max_lines=2, overflow=ELLIPSIS
    )


def _marks(app: App, row: CaseRow) -> ft.Control:
    icons: list[ft.Control] = [
        ft.Icon(mark.icon, size=18, color=mark.color, tooltip=app.words(mark.key))
        for mark in marks_of(row)
    ]
    return ft.Row(icons, spacing=2, run_spacing=0, wrap=True)


def _category(app: App, row: CaseRow) -> ft.Control:
    said = _text(category_name(app.words, row.case.category))
    if app.broad or not row.case.district:
        return said
    return ft.Column([said, faint(row.case.district)], spacing=0, tight=True)


def _status(app: App, row: CaseRow) -> ft.Control:
    key, look = look_of(row.case)
    icon = ft.Icon(look.icon, size=18, color=ft.Colors.ON_SURFACE_VARIANT)
    said = ft.Text(app.words(key), theme_style=BODY, max_lines=2, overflow=ELLIPSIS, expand=True)
    return ft.Row([icon, said], spacing=6)


def _due(app: App, row: CaseRow) -> ft.Control:
    if row.due is None:
        return ft.Text("")
    late = row.state == "overdue"
    color = ft.Colors.ERROR if late else ft.Colors.ON_SURFACE_VARIANT
    weight = STRONG if row.state in ("overdue", "soon") else None
    words = ft.Text(left(app, row.due), theme_style=SMALL, color=color, weight=weight)
    return ft.Column([_text(day(app, row.due.day)), words], spacing=0, tight=True)


_CELLS: Final = {
    "mark": _marks,
    "number": lambda app, row: _text(number_of(row.case)),
    "title": lambda app, row: _text(row.case.title, strong=not row.case.status),
    "category": _category,
    "district": lambda app, row: _text(row.case.district),
    "status": _status,
    "assignee": lambda app, row: _text(row.case.assignee),
    "received": lambda app, row: _text(day(app, local_day(app, row.case.received_at_ms))),
    "due": _due,
}


def _head(app: App, table: TableModel, bulk: BulkModel) -> ft.Control:
    page = {row.case.record for row in table.rows}
    some = None if page & bulk.marked else False
    on = True if page <= bulk.marked else some
    box = tick("mark-page", app.words("desk.mark_page"), on, bulk.toggle_page)
    heads = [_cell(column, _head_of(app, table, column)) for column in columns(app)]
    row = ft.Row([box, ft.Row([*heads, _high()], spacing=SPACE, expand=True)], spacing=SPACE)
    return ft.Container(
        row,
        padding=ft.Padding.only(left=4, right=EDGE),
        bgcolor=ft.Colors.SURFACE_CONTAINER,
        border=ft.Border(bottom=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT)),
    )


def _head_of(app: App, table: TableModel, column: Column) -> ft.Control:
    """A head that can be tapped says how it sorts now; the arrow shows it."""
    text, query = app.words, table.query
    title = text(f"desk.column_{column.name}")
    words = ft.Text(title, theme_style=SMALL, weight=STRONG, max_lines=2, overflow=ELLIPSIS)
    if column.sort is None:
        return words
    now = query.sort == column.sort
    falling = "desk.falling" if query.descending else "desk.rising"
    label = text("desk.sorted", column=title, way=text(falling)) if now else title
    shown: list[ft.Control] = [ft.Container(words, expand=True, expand_loose=True)]
    if now:
        arrow = ft.Icons.ARROW_DOWNWARD if query.descending else ft.Icons.ARROW_UPWARD
        shown.append(ft.Icon(arrow, size=16))
    face = ft.Container(
        ft.Semantics(exclude_semantics=True, content=ft.Row(shown, spacing=2)),
        height=TOUCH_PX,
        ink=True,
        on_click=partial(table.sort_by, column.sort),
    )
    return ft.MergeSemantics(ident(f"sort-{column.sort}", face, label))
