"""Merging: what looks alike, another appeal by its number, both ways, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import flet as ft

from client.services.office.asked import Query
from client.services.office.case import Case
from client.viewmodels.base import Typed, told

if TYPE_CHECKING:
    from client.viewmodels.app import App

_LOOKED_AT: Final = 20


class MergingModel(ft.Observable):
    """Finding the other one, for the open appeal."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.number = Typed()
        self.found: Case | None = None
        self.problem = ""
        self.forms = 0

    def clear(self) -> None:
        """Another appeal was opened."""
        self.number.text, self.problem, self.found = "", "", None
        self.forms += 1
        self.app.keyboard.gone("merge-")

    @told
    async def find(self) -> None:
        """Look for the appeal with the number that was typed: of the journal or of the receipt."""
        number = self.number.text.strip().casefold()
        self.found, self.problem = None, ""
        if not number:
            self.problem = "desk.merge_number_empty"
            return
        rows = await self.app.device.read(self._alike, number)
        opened = self.app.queue.folder.open
        own = opened.case.record if opened else ""
        fits = [case for case in rows if case.record != own and number in _numbers(case)]
        self.found = fits[0] if fits else None
        self.problem = "" if fits else "desk.merge_not_found"

    def _alike(self, number: str) -> list[Case]:
        query = Query(view="all", text=number)
        sheet = self.app.open_services.office.sheet(query, 0, _LOOKED_AT)
        return [row.case for row in sheet.rows]


def _numbers(case: Case) -> tuple[str, str]:
    return case.number.casefold(), case.receipt_number.casefold()
