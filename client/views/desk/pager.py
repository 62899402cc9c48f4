"""Which part of the queue is on the screen, the ways to the next, and what an empty one says."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import flet as ft

from client.viewmodels.app import App
from client.viewmodels.desk.filters import active
from client.viewmodels.desk.table import TableModel
from client.views.kit import empty, faint, icon_button, ident
from client.views.safe import part
from client.views.theme import BODY, EDGE, SPACE, TOUCH_PX


@part
def Pager(app: App, table: TableModel) -> ft.Control:
    """From which to which of how many, back and on."""
    text = app.words
    first, last = table.offset + 1, table.offset + len(table.rows)
    said = text("desk.page", first=first, last=last, n=table.total)
    way = [
        _turn(app, "page-previous", "desk.page_previous", ft.Icons.CHEVRON_LEFT,
              table.offset > 0, partial(table.turn, -1)),
        _turn(app, "page-next", "desk.page_next", ft.Icons.CHEVRON_RIGHT,
              table.has_more, partial(table.turn, 1)),
    ]  # fmt: skip
    words = ident("page-said", faint(said, BODY), live_region=True)
    row = ft.Row([words, *way], spacing=SPACE, alignment=ft.MainAxisAlignment.END)
    return ft.Container(row, padding=ft.Padding.symmetric(horizontal=EDGE))


def _turn(
    app: App, name: str, key: str, icon: ft.IconData, there: bool, act: Callable[[], Any]
) -> ft.Control:
    """A way that leads nowhere leaves its place empty: the other one stays under the hand."""
    if not there:
        return ft.Container(width=TOUCH_PX, height=TOUCH_PX)
    return icon_button(name, app.words(key), icon, act)


def nothing(app: App, table: TableModel) -> ft.Control:
    """Why there is nothing to see."""
    text = app.words
    if active(table.query):
        return empty("queue-empty", ft.Icons.SEARCH_OFF, text("desk.not_found"),
                     text("desk.not_found_hint"))  # fmt: skip
    if table.query.view not in ("open", "all"):
        return empty("queue-empty", ft.Icons.TASK_ALT, text("desk.view_empty"))
    return empty("queue-empty", ft.Icons.INBOX_OUTLINED, text("desk.empty"),
                 text("desk.empty_hint"))  # fmt: skip
