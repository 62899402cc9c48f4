"""The newsroom as a whole: what was published, which alerts wait to be signed, its sections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import flet as ft

from client.services.errors import UnknownRecord
from client.services.types import NewsView
from client.viewmodels.base import PAGE, Typed, once, told
from client.viewmodels.newsroom.files import FilesModel
from client.viewmodels.newsroom.place_table import PlaceTableModel
from client.viewmodels.newsroom.weeks import WeeksModel
from client.viewmodels.newsroom.writing import WritingModel

if TYPE_CHECKING:
    from client.viewmodels.app import App

SECTIONS: Final = ("news", "alerts", "places", "outages", "files")
"""The parts of the room; the first one is where it opens."""


class NewsroomModel(ft.Observable):
    """The list of what was published, and the models of the sections."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.items: tuple[NewsView, ...] = ()
        self.unsigned: tuple[NewsView, ...] = ()
        """Alerts that only one person stands for so far, the newest first."""
        self.has_more = False
        self.withdrawing = ""
        self.declining = ""
        self.note = Typed()
        self.writing = WritingModel(app)
        self.places = PlaceTableModel(app)
        self.weeks = WeeksModel(app)
        self.files = FilesModel(app)
        self._shown = PAGE

    @property
    def section(self) -> str:
        """The section that the address names; on a phone the form belongs to the news."""
        name = self.app.record.partition("/")[0]
        return name if name in SECTIONS else SECTIONS[0]

    @property
    def part(self) -> str:
        """What is open in the section: a record, `new`, or nothing."""
        return self.app.record.partition("/")[2]

    @told
    async def refresh(self) -> None:
        """Read everything again."""
        news = self.app.open_services.news
        found = await self.app.device.read(news.list, self._shown + 1, 0, None, "", False)
        self.items = tuple(found[: self._shown])
        self.has_more = len(found) > self._shown
        awaiting = await self.app.device.read(self.app.open_services.newsroom.awaiting)
        now = self.app.exchange.now_ms
        self.unsigned = tuple(item for item in reversed(awaiting) if not item.expired(now))
        await self.places.refresh()
        await self.weeks.refresh()
        await self.writing.resume()

    @told
    async def more(self) -> None:
        """One page more."""
        self._shown += PAGE
        await self.refresh()

    @told
    async def select(self, record: str) -> None:
        """The address names a part of the room: open the form that belongs to it."""
        section, _, part = record.partition("/")
        if section == "places" and part:
            self.places.show(part)
        elif section == "outages" and part:
            self.weeks.show(part)

    def waiting(self, record: str) -> NewsView | None:
        """The wording of an item that waits to be signed, as it would be in force."""
        return next((item for item in self.unsigned if item.record == record), None)

    def correct(self, item: NewsView) -> None:
        """Put an item into the form, in its newest wording, and show the form."""
        self.writing.start_correction(self.waiting(item.record) or item)
        self.app.go("newsroom", "form")

    def ask_withdraw(self, record: str) -> None:
        """Ask whether to withdraw an item; an empty record asks nothing."""
        self.note.text = ""
        self.withdrawing, self.declining = record, ""

    @told
    @once
    async def withdraw(self) -> None:
        """Withdraw the item that was asked about, or that is not to be signed."""
        record, note = self.withdrawing or self.declining, self.note.text.strip()
        await self.app.device.save(self.app.open_services.newsroom.withdraw, record, note)
        self.ask_withdraw("")

    @told
    @once
    async def confirm(self, item: NewsView) -> None:
        """Sign exactly this wording as the second person: from now on it wakes people."""
        newsroom = self.app.open_services.newsroom
        try:
            await self.app.device.save(newsroom.confirm, item.record, item)
        except UnknownRecord:
            await self.refresh()
            self.app.notice = "newsroom.reworded"

    def decline(self, record: str) -> None:
        """Not sign an alert: ask whether it is to be taken back, with a reason."""
        self.note.text = ""
        self.withdrawing, self.declining = "", record

    def save_draft_now(self) -> None:
        """Save what was typed without waiting for a pause."""
        self.writing.save_draft_now()
