"""The desk's queue: newest first, one appeal open, registering, status, reply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import flet as ft

from client.services.types import AppealView
from client.viewmodels.base import PAGE, Typed, told

if TYPE_CHECKING:
    from client.viewmodels.app import App


class QueueModel(ft.Observable):
    """What waits for the desk, page by page."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.items: tuple[AppealView, ...] = ()
        self.has_more = False
        self.open: AppealView | None = None
        self.reply_text = Typed()
        self.problem = ""
        self.done = False
        self._shown = PAGE

    @told
    async def refresh(self) -> None:
        """Read the list and the open appeal again."""
        desk = self.app.open_services.desk
        found = await self.app.device.read(desk.queue, self._shown + 1)
        self.items = tuple(found[: self._shown])
        self.has_more = len(found) > self._shown
        if self.open is not None:
            self.open = await self.app.device.read(desk.get, self.open.record)

    @told
    async def more(self) -> None:
        """One page more."""
        self._shown += PAGE
        await self.refresh()

    @told
    async def select(self, record: str) -> None:
        """Read one appeal to show it in full."""
        if self.open is None or self.open.record != record:
            self.reply_text.text, self.problem, self.done = "", "", False
        self.open = await self.app.device.read(self.app.open_services.desk.get, record)

    @told
    async def register(self) -> None:
        """Enter the open appeal in the desk's journal."""
        if self.open is not None:
            await self._save(self.app.open_services.desk.register, self.open.record)

    @told
    async def set_status(self, status: str) -> None:
        """Say where the matter stands."""
        if self.open is not None:
            await self._save(self.app.open_services.desk.set_status, self.open.record, status, "")

    @told
    async def reply(self) -> None:
        """Answer the resident with what was typed."""
        text = self.reply_text.text.strip()
        self.problem = "" if text else "desk.reply_empty"
        if self.open is None or not text:
            return
        reply = self.app.open_services.desk.reply
        await self._save(reply, self.open.record, text, clear=self.reply_text)

    async def _save(self, act: Any, *args: str, clear: Typed | None = None) -> None:
        self.done = False
        opened = await self.app.device.save(act, *args)
        if clear is not None:
            clear.text = ""
        self.open = opened
        self.done = True
