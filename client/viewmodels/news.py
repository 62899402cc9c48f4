"""The news a resident reads: the list, a search, one item."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flet as ft

from client.services.types import NewsView
from client.viewmodels.base import PAGE, told

if TYPE_CHECKING:
    from client.viewmodels.app import App


class NewsModel(ft.Observable):
    """Active urgent items first, then the newest; the service orders them."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.items: tuple[NewsView, ...] = ()
        self.has_more = False
        self.query = ""
        self.open: NewsView | None = None
        self._shown = PAGE

    @told
    async def refresh(self) -> None:
        """Read the list, or the search's results, and the open item again."""
        news = self.app.open_services.news
        query, ask = self.query.strip(), self._shown + 1
        act, args = (news.search, (query, ask)) if query else (news.list, (ask,))
        found = await self.app.device.read(act, *args)
        if query != self.query.strip():
            return  # the person typed on; that search's own answer is coming
        self.items = tuple(found[: self._shown])
        self.has_more = len(found) > self._shown
        if self.open is not None:
            self.open = await self.app.device.read(news.get, self.open.record)

    @told
    async def search(self, text: str) -> None:
        """Show what matches; an empty text shows all."""
        self.query = text
        self._shown = PAGE
        await self.refresh()

    @told
    async def more(self) -> None:
        """One page more."""
        self._shown += PAGE
        await self.refresh()

    @told
    async def select(self, record: str) -> None:
        """Read one item to show it in full."""
        self.open = await self.app.device.read(self.app.open_services.news.get, record)
