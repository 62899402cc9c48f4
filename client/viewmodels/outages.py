"""Outages: for each utility the person's queue, and its next hours as stretches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import flet as ft

from client.i18n.dates import HOUR_MS
from client.services.guide_types import AnnouncementView, ScheduleView
from client.viewmodels.base import Typed, told
from shared_schema.records.outage import UTILITIES, Stretch, concerns, on_list, strip

if TYPE_CHECKING:
    from client.viewmodels.app import App

HOURS: Final = 24


class Supply(NamedTuple):
    """One utility as it concerns this person."""

    utility: str
    schedule: ScheduleView | None
    how: str
    """`chosen`, `address` or `district`: how the queue was found; empty when it was not."""
    queues: tuple[str, ...]
    announcements: tuple[AnnouncementView, ...]
    stretches: tuple[Stretch, ...]

    def at(self, now_ms: int) -> Supply:
        """What of it holds at this minute or is still to come: it may have been read hours ago."""
        told = tuple(each for each in self.announcements if now_ms < each.announced.until_ms)
        coming = tuple(
            each._replace(from_ms=max(each.from_ms, now_ms))
            for each in self.stretches
            if now_ms < each.until_ms
        )
        return self._replace(announcements=told, stretches=coming)

    @property
    def now(self) -> Stretch | None:
        """The stretch that goes on now."""
        return self.stretches[0] if self.stretches else None

    @property
    def next(self) -> Stretch | None:
        """The one after it."""
        return self.stretches[1] if len(self.stretches) > 1 else None


class OutagesModel(ft.Observable):
    """All utilities that the city publishes anything about."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.supplies: tuple[Supply, ...] = ()
        self.address = Typed()
        self._begun = False

    @told
    async def refresh(self) -> None:
        """Read the schedules and announcements again, and count the hours from now."""
        if not self._begun:
            self._begun, self.address.text = True, self.app.prefs.address
        self.supplies = await self.app.device.read(self._read, self.app.exchange.now_ms)

    @told
    async def choose_queue(self, utility: str, queue: str) -> None:
        """Take a queue by hand; an empty one goes by the address again."""
        queues = {name: kept for name, kept in self.app.prefs.queues.items() if name != utility}
        if queue:
            queues[utility] = queue
        await self.app.choose(queues=queues)
        await self.refresh()

    @told
    async def choose_address(self) -> None:
        """Find the queues by the typed address from now on."""
        await self.app.choose(address=self.address.text.strip())
        await self.refresh()

    def _read(self, now_ms: int) -> tuple[Supply, ...]:
        guide = self.app.open_services.guide
        schedules, announcements = guide.schedules(), guide.announcements()
        known = {each.utility for each in schedules}
        known |= {each.announced.utility for each in announcements}
        order = [each for each in UTILITIES if each in known] + sorted(known - set(UTILITIES))
        return tuple(self._supply(each, schedules, announcements, now_ms) for each in order)

    def _supply(
        self,
        utility: str,
        schedules: tuple[ScheduleView, ...],
        announcements: tuple[AnnouncementView, ...],
        now_ms: int,
    ) -> Supply:
        prefs = self.app.prefs
        own = [each for each in schedules if each.utility == utility]
        mine, how = _mine(own, prefs.queues.get(utility, ""), prefs.address, prefs.district)
        week = mine.scheduled if mine else None
        until = now_ms + HOURS * HOUR_MS
        told = tuple(
            each
            for each in announcements
            if each.announced.utility == utility
            and now_ms < each.announced.until_ms
            and concerns(each.announced, week, prefs.district)
        )
        stretches: tuple[Stretch, ...] = ()
        if week is not None or told:
            given = [each.announced for each in told]
            stretches = tuple(strip(week, given, (now_ms, until), self.app.zone))
        names = tuple(dict.fromkeys(each.queue for each in own))
        return Supply(utility, mine, how, names, told, stretches)


def _mine(
    schedules: list[ScheduleView], queue: str, address: str, district: str
) -> tuple[ScheduleView | None, str]:
    """The schedule that is this person's, and how that is known."""
    for each in schedules:
        if queue and each.queue == queue:
            return each, "chosen"
    for each in schedules:
        if address and on_list(each.scheduled.streets, address):
            return each, "address"
    here = [each for each in schedules if district and each.scheduled.district == district]
    return (here[0], "district") if len(here) == 1 else (None, "")
