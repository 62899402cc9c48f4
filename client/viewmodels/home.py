"""Home: what is urgent and what is new; what waits for this person is the appeals' to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import flet as ft

from client.services.types import NewsView
from client.viewmodels.base import told

if TYPE_CHECKING:
    from client.viewmodels.app import App

LATEST: Final = 3


class HomeModel(ft.Observable):
    """Read from what the rooms hold already, and from the news."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.alerts: tuple[NewsView, ...] = ()
        self.latest: tuple[NewsView, ...] = ()

    @told
    async def refresh(self) -> None:
        """Read it all again."""
        news, district = self.app.open_services.news, self.app.prefs.district
        alerts = await self.app.device.read(news.alerts, district)
        ask = LATEST + len(alerts)
        found = await self.app.device.read(news.list, ask, 0, district or None, "", False)
        loud = {item.record for item in alerts}
        self.alerts = tuple(alerts)
        self.latest = tuple(item for item in found if item.record not in loud)[:LATEST]
