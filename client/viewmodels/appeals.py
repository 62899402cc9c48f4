"""The resident's own appeals: the list, one thread, adding to it, taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flet as ft

from client.services.types import AppealView
from client.viewmodels.base import PAGE, Typed, told

if TYPE_CHECKING:
    from client.viewmodels.app import App


class AppealsModel(ft.Observable):
    """All threads this device opened; their number is a person's, not a city's."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.items: tuple[AppealView, ...] = ()
        self.has_more = False
        self.open: AppealView | None = None
        self.comment_text = Typed()
        self.sure = False
        self._shown = PAGE

    @property
    def waiting(self) -> int:
        """How many appeals have something that the city has not received."""
        return sum(item.pending for item in self.items)

    @told
    async def refresh(self) -> None:
        """Read the list and the open thread again."""
        appeals = self.app.open_services.appeals
        found = await self.app.device.read(appeals.list)
        self.items = tuple(found[: self._shown])
        self.has_more = len(found) > self._shown
        if self.open is not None:
            self.open = await self.app.device.read(appeals.get, self.open.record)

    @told
    async def more(self) -> None:
        """One page more."""
        self._shown += PAGE
        await self.refresh()

    @told
    async def select(self, record: str) -> None:
        """Read one thread to show it in full."""
        if self.open is None or self.open.record != record:
            self.comment_text.text, self.sure = "", False
        self.open = await self.app.device.read(self.app.open_services.appeals.get, record)

    @told
    async def comment(self) -> None:
        """Add what was typed to the open thread."""
        text = self.comment_text.text.strip()
        if self.open is None or not text:
            return
        record = self.open.record
        await self.app.device.save(self.app.open_services.appeals.comment, record, text)
        self.comment_text.text = ""
        await self.select(record)

    def ask_withdraw(self, sure: bool) -> None:
        """Show or hide the question whether to take the appeal back."""
        self.sure = sure

    @told
    async def withdraw(self) -> None:
        """Take the open appeal back."""
        if self.open is None:
            return
        record = self.open.record
        await self.app.device.save(self.app.open_services.appeals.withdraw, record, "")
        self.sure = False
        await self.select(record)
