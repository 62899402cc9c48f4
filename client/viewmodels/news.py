"""The news a resident reads: the list with its filters, a search, one item."""

from __future__ import annotations

from dataclasses import replace
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
        self.district = ""
        self.topic = ""
        self.unread = False
        self.topics: tuple[str, ...] = ()
        self.open: NewsView | None = None
        self._shown = PAGE

    @property
    def filtered(self) -> bool:
        """Whether some items are left out."""
        return bool(self.query.strip() or self.district or self.topic or self.unread)

    @told
    async def refresh(self) -> None:
        """Read the list, or the search's results, and the open item again."""
        news = self.app.open_services.news
        asked = (self.query.strip(), self.district, self.topic, self.unread)
        found = await self._find(*asked)
        if asked != (self.query.strip(), self.district, self.topic, self.unread):
            return  # the person typed on; that search's own answer is coming
        self.items = tuple(found[: self._shown])
        self.has_more = len(found) > self._shown
        self.topics = await self.app.device.read(news.topics)
        if self.open is not None:
            self.open = await self.app.device.read(news.get, self.open.record)

    async def _find(self, query: str, district: str, topic: str, unread: bool) -> list[NewsView]:
        news, ask = self.app.open_services.news, self._shown + 1
        if query:
            return await self.app.device.read(news.search, query, ask, district, topic, unread)
        return await self.app.device.read(news.list, ask, 0, district or None, topic, unread)

    @told
    async def search(self, text: str) -> None:
        """Show what matches; an empty text shows all."""
        self.query = text
        self._shown = PAGE
        await self.refresh()

    @told
    async def only(
        self, *, district: str | None = None, topic: str | None = None, unread: bool | None = None
    ) -> None:
        """Narrow the list, or widen it again; None leaves a filter as it is."""
        self.district = self.district if district is None else district
        self.topic = self.topic if topic is None else topic
        self.unread = self.unread if unread is None else unread
        self._shown = PAGE
        await self.refresh()

    @told
    async def more(self) -> None:
        """One page more."""
        self._shown += PAGE
        await self.refresh()

    @told
    async def select(self, record: str) -> None:
        """Read one item to show it in full; from now on it counts as read."""
        news = self.app.open_services.news
        self.open = await self.app.device.read(news.get, record)
        await self.app.device.note(news.mark_read, record)
        self.items = tuple(_read(item, record) for item in self.items)
        if "home" in self.app.sections:
            await self.app.home.refresh()


def _read(item: NewsView, record: str) -> NewsView:
    return replace(item, read=True) if item.record == record else item
