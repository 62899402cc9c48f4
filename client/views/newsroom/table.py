"""A table of rows that can be tapped; where there is no room for columns each row is a card."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import flet as ft

from client.viewmodels.app import App
from client.views.kit import card, faint, ident
from client.views.theme import EDGE, GAP, SMALL, SPACE, STRONG

COLUMNS_PERCENT: Final = 125
COLUMNS_PERCENT_BROAD: Final = 150
"""Up to this text size a wide window, and a broad one, has room for a table's columns."""


class Column(NamedTuple):
    """What stands over the cells, and how much of the width they take."""

    title: str
    weight: int


class Cell(NamedTuple):
    """Two lines: what one looks for, and what goes with it."""

    main: str
    more: str = ""
    icon: ft.IconData | None = None
    alarm: bool = False
    """Whether the second line says that something is not to be relied on."""
    picture: ft.Control | None = None
    """What stands under the words and says the same."""


def has_columns(app: App) -> bool:
    """Whether there is room for columns: words that are twice as large need twice the window."""
    percent = app.prefs.text_percent
    return app.wide and percent <= (COLUMNS_PERCENT_BROAD if app.broad else COLUMNS_PERCENT)


def head(app: App, columns: Sequence[Column], acts_px: int = 0) -> ft.Control:
    """The names of the columns, inside of the list or as wide as it; none on a narrow window."""
    if not has_columns(app):
        return ft.Container(height=0)
    names: list[ft.Control] = [
        ft.Container(faint(column.title, SMALL, weight=STRONG), expand=column.weight)
        for column in columns
    ]
    if acts_px:
        names.append(ft.Container(width=acts_px))
    side = 2 * EDGE if acts_px else EDGE
    around = ft.Padding.only(left=side, right=side, top=SPACE, bottom=4)
    return ft.Container(ft.Row(names, spacing=GAP), padding=around)


def row(
    app: App,
    name: str,
    cells: Sequence[tuple[Column, Cell]],
    acts: ft.Control | None,
    on_click: Callable[..., Any],
    acts_px: int = 0,
) -> ft.Control:
    """One row: the first cell is what it is called by."""
    columns = has_columns(app)
    if columns:
        pieces: list[ft.Control] = [
            ft.Container(_cell(cell, first=at == 0), expand=column.weight)
            for at, (column, cell) in enumerate(cells)
        ]
        if acts_px:
            pieces.append(ft.Container(acts, width=acts_px, alignment=ft.Alignment.CENTER_RIGHT))
        content: ft.Control = ft.Row(pieces, spacing=GAP)
    else:
        lines = [_cell(cell, first=at == 0) for at, (_, cell) in enumerate(cells) if cell.main]
        content = ft.Column([*lines, *([acts] if acts else [])], spacing=SPACE, tight=True)
    padding = SPACE if columns else EDGE
    shown = card(content, on_click=on_click, padding=padding)
    if columns:
        shown.padding = ft.Padding.symmetric(vertical=SPACE, horizontal=EDGE)
    return ident(name, shown)


def _cell(cell: Cell, *, first: bool) -> ft.Control:
    words = ft.Text(cell.main, weight=STRONG if first else None)
    lines: list[ft.Control] = [words]
    if cell.more:
        color = ft.Colors.ERROR if cell.alarm else ft.Colors.ON_SURFACE_VARIANT
        lines.append(ft.Text(cell.more, theme_style=SMALL, color=color))
    if cell.picture is not None:
        lines.append(cell.picture)
    text = ft.Column(lines, spacing=2, tight=True, expand=True)
    if cell.icon is None:
        return ft.Row([text])
    return ft.Row([ft.Icon(cell.icon, size=20, color=ft.Colors.PRIMARY), text], spacing=SPACE)
