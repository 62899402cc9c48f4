"""The row of pages at the top of the room."""

from __future__ import annotations

from typing import Final

import flet as ft

from client.viewmodels.app import App
from client.viewmodels.reports.room import BOARD, ReportsModel
from client.views.fields import segments

ICONS: Final = {
    BOARD: ft.Icons.INSIGHTS_OUTLINED,
    "quarter": ft.Icons.SUMMARIZE_OUTLINED,
    "journal": ft.Icons.MENU_BOOK_OUTLINED,
    "open": ft.Icons.PUBLIC_OUTLINED,
    "audit": ft.Icons.FACT_CHECK_OUTLINED,
}


def tabs(app: App, room: ReportsModel) -> ft.Control:
    """All pages, the one in sight ticked."""
    options = [(page, app.words(f"reports.page_{page}"), icon) for page, icon in ICONS.items()]

    def go(page: str) -> None:
        app.go("reports", "" if page == BOARD else page)

    return segments("reports-page", room.page, options, go)
