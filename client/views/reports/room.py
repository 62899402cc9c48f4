"""The room with reports: which page is in sight."""

from __future__ import annotations

import flet as ft

from client.viewmodels.app import App, ExchangeModel
from client.viewmodels.reports.room import ReportsModel
from client.views.reports.audit import AuditView
from client.views.reports.board import Board
from client.views.reports.opendata import OpenData
from client.views.reports.papers import JournalPage, QuarterPage
from client.views.safe import part


@part
def Reports(app: App, room: ReportsModel, clock: ExchangeModel) -> ft.Control:
    """The page in sight."""
    match room.page:
        case "quarter":
            return QuarterPage(app, room, room.papers, room.saver)  # type: ignore[no-any-return]
        case "journal":
            return JournalPage(app, room, room.papers, room.saver)  # type: ignore[no-any-return]
        case "open":
            return OpenData(app, room, room.open_data, room.saver)  # type: ignore[no-any-return]
        case "audit":
            return AuditView(app, room, room.audit, room.saver)  # type: ignore[no-any-return]
        case _:
            return Board(app, room, room.board)  # type: ignore[no-any-return]
