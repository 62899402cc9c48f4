"""Outages as the newsroom keeps them: the week of each queue, and exceptions from the weeks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flet as ft

from client.services.guide_types import AnnouncementView, ScheduleView
from client.viewmodels.base import Typed, once, told
from client.viewmodels.newsroom.announce_form import AnnounceFormModel
from client.viewmodels.newsroom.sheets import NEW
from client.viewmodels.newsroom.week_form import WeekFormModel

if TYPE_CHECKING:
    from client.viewmodels.app import App

EXCEPTION = "exception"
"""The address of the form for an exception."""


class WeeksModel(ft.Observable):
    """Both tables, and the form of what is open."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.schedules: tuple[ScheduleView, ...] = ()
        self.announcements: tuple[AnnouncementView, ...] = ()
        self.cancelling = ""
        self.note = Typed()
        self.form = WeekFormModel(app, self)
        self.exception = AnnounceFormModel(app, self)

    @property
    def coming(self) -> tuple[AnnouncementView, ...]:
        """Exceptions that are not over."""
        now = self.app.exchange.now_ms
        return tuple(each for each in self.announcements if now < each.announced.until_ms)

    @told
    async def refresh(self) -> None:
        """Read both again."""
        guide, read = self.app.open_services.guide, self.app.device.read
        self.schedules = await read(guide.schedules)
        self.announcements = await read(guide.announcements)

    def show(self, part: str) -> None:
        """Open the form of a schedule, of a new one or of an exception; else back to the tables."""
        found = next((view for view in self.schedules if view.record == part), None)
        if part == EXCEPTION:
            self.exception.show()
        elif found is None and part != NEW:
            self.form.close()
        else:
            self.form.show(found)

    def ask_cancel(self, record: str) -> None:
        """Ask whether a schedule or an exception is not to hold any more."""
        self.note.text = ""
        self.cancelling = record

    @told
    @once
    async def cancel(self) -> None:
        """End it."""
        record, note = self.cancelling, self.note.text.strip()
        await self.app.device.save(self.app.open_services.guide_desk.cancel, record, note)
        self.cancelling = ""
        self.form.end(record)
        await self.refresh()
        self.app.go("newsroom", "outages")
