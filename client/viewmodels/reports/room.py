"""The room with reports: its pages, of which only the one in sight is ever read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

import flet as ft

from client.viewmodels.reports.audit import AuditModel
from client.viewmodels.reports.board import BoardModel
from client.viewmodels.reports.opendata import OpenDataModel
from client.viewmodels.reports.papers import PapersModel
from client.viewmodels.reports.saving import Saver

if TYPE_CHECKING:
    from client.viewmodels.app import App

BOARD: Final = "board"
PAGES: Final = (BOARD, "quarter", "journal", "open", "audit")


class ReportsModel(ft.Observable):
    """The pages by the record of the address, as in /reports/audit."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.saver = Saver(app)
        self.board = BoardModel(app)
        self.papers = PapersModel(app)
        self.open_data = OpenDataModel(app)
        self.audit = AuditModel(app)
        self._refreshing: dict[str, Callable[[], Awaitable[None]]] = {
            BOARD: self.board.refresh,
            "quarter": self.papers.refresh_quarter,
            "journal": self.papers.refresh_journal,
            "open": self.open_data.refresh,
            "audit": self.audit.refresh,
        }

    @property
    def page(self) -> str:
        """The page in sight."""
        return self.app.record if self.app.record in PAGES else BOARD

    async def refresh(self) -> None:
        """Read the page in sight again: figures of a hundred thousand appeals cost a second."""
        if self.app.section == "reports":
            await self._refreshing[self.page]()

    async def select(self, record: str) -> None:
        """Another page."""
        self.saver.forget()
        await self.refresh()
