"""The state of one window: where it is, in which language, and the models of its rooms."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from datetime import tzinfo
from typing import Any, Final

import flet as ft

from client.branding import Branding
from client.i18n import DEFAULT, LANGUAGES, Words, words
from client.i18n.dates import zone_named
from client.services.types import SyncState
from client.viewmodels.appeals import AppealsModel
from client.viewmodels.device import Device
from client.viewmodels.gate import GateModel
from client.viewmodels.news import NewsModel
from client.viewmodels.newsroom import NewsroomModel
from client.viewmodels.ports import Services
from client.viewmodels.queue import QueueModel
from client.viewmodels.write import WriteModel

WIDE_PX: Final = 840
"""From here on (Material's expanded window) there is room for a rail and two panes."""
RECOVERY_S_MAX: Final = 30.0
SECTIONS: Final = ("news", "write", "appeals", "queue", "newsroom")


class ExchangeModel(ft.Observable):
    """The line of truth: the exchange's state, and the time its ages are counted from."""

    def __init__(self) -> None:
        self.state: SyncState | None = None
        self.now_ms = now_ms()
        self.appeals_waiting = 0


class App(ft.Observable):
    """One window on a device."""

    def __init__(self, device: Device, branding: Branding) -> None:
        self.device = device
        self.branding = branding
        self.zone: tzinfo = zone_named(branding.time_zone)
        self.language = branding.language if branding.language in LANGUAGES else DEFAULT
        self.wide = False
        self.phase = "opening"
        self.section = ""
        self.record = ""
        self.notice = ""
        self.sections: tuple[str, ...] = ()
        self.services: Services | None = None
        self.exchange = ExchangeModel()
        self.gate = GateModel(self)
        self.news = NewsModel(self)
        self.write = WriteModel(self)
        self.appeals = AppealsModel(self)
        self.queue = QueueModel(self)
        self.newsroom = NewsroomModel(self)
        self.on_route: Callable[[str], None] = lambda route: None
        self._crashes = 0
        self._stale = False
        self._refreshing = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._stop_listening: Callable[[], None] = lambda: None

    @property
    def words(self) -> Words:
        """The texts of the language in use."""
        return words(self.language)

    @property
    def open_services(self) -> Services:
        """The services; only after the gate let this window through."""
        assert self.services is not None
        return self.services

    @property
    def role(self) -> str:
        """What this device is for, for the title."""
        return next((s for s in ("queue", "newsroom") if s in self.sections), "news")

    async def enter(self, services: Services) -> None:
        """The device is open: find out its roles, fill the rooms, show the first."""
        self.services = services
        self._stop_listening()
        self._stop_listening = self.device.listen(self._on_change)
        roles = {role for role, _ in await self.device.read(services.roles)}
        self.sections = _sections(roles)
        self.exchange.state = self.device.sync
        await self.refresh()
        if self.section not in self.sections:
            self.go(self.sections[0])
        elif self.record:
            await self._open_record(self.section, self.record)
        self.phase = "ready"

    async def refresh(self) -> None:
        """Read again what the rooms of this device show."""
        await self.news.refresh()
        if "appeals" in self.sections:
            await self.appeals.refresh()
        if "queue" in self.sections:
            await self.queue.refresh()
        if "newsroom" in self.sections:
            await self.newsroom.refresh()
        self.exchange.appeals_waiting = self.appeals.waiting
        self.tick()

    def go(self, section: str, record: str = "") -> None:
        """Show a room, or one record in it; a phone's back button and the address follow."""
        self._show(section, record)
        self.on_route(f"/{section}/{record}" if record else f"/{section}")

    def follow(self, route: str) -> None:
        """The address was changed by the browser or the back button."""
        section, _, record = route.strip("/").partition("/")
        if section in self.sections or (not self.sections and section in SECTIONS):
            self._show(section, record)

    def _show(self, section: str, record: str) -> None:
        if (self.section, self.record) == (section, record):
            return
        if self.section == "write" and self.write.saved is not None:
            self.write.again()  # coming back means writing something else
        self.section = section
        self.record = record
        self.notice = ""
        if record and self.services is not None:
            self.spawn(self._open_record(section, record))

    async def _open_record(self, section: str, record: str) -> None:
        if section == "appeals":
            await self.appeals.select(record)
        elif section == "queue":
            await self.queue.select(record)
        elif section == "news":
            await self.news.select(record)

    def switch_language(self) -> None:
        """The next of the languages this city's app offers, at once."""
        offered = [name for name in self.branding.languages if name in LANGUAGES] or [DEFAULT]
        here = offered.index(self.language) if self.language in offered else -1
        self.language = offered[(here + 1) % len(offered)]

    def resize(self, width_px: float | None) -> None:
        """The window has this width now."""
        self.wide = (width_px or 0) >= WIDE_PX

    def tick(self) -> None:
        """Ages grow: count them from now."""
        self.exchange.now_ms = now_ms()
        self.exchange.state = self.device.sync

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run work on the loop, kept from the garbage collector until it is done."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def recover(self) -> None:
        """The window's update loop died and was started again: say so, and draw everything anew.

        What killed it may kill it once more, so the drawing waits longer each time.
        """
        self._crashes += 1
        delay_s = min(0.1 * 2.0 ** min(self._crashes, 10), RECOVERY_S_MAX)
        asyncio.get_running_loop().call_later(delay_s, self._draw_anew)

    def _draw_anew(self) -> None:
        self.notice = "trouble.recovered"
        self.notify()  # type: ignore[no-untyped-call]

    def leave(self) -> None:
        """The window is gone."""
        self._stop_listening()
        for task in tuple(self._tasks):
            task.cancel()

    def _on_change(self, records_changed: bool) -> None:
        self.tick()
        self._stale = self._stale or records_changed
        if self._stale and not self._refreshing:
            self._refreshing = True
            self.spawn(self._refresh_while_stale())

    async def _refresh_while_stale(self) -> None:
        """One reading at a time, or an older answer could overwrite a newer one."""
        try:
            while self._stale:
                self._stale = False
                await self.refresh()
        finally:
            self._refreshing = False


def _sections(roles: set[str]) -> tuple[str, ...]:
    own: tuple[str, ...] = ()
    if "desk" in roles:
        own += ("queue",)
    if "newsroom" in roles:
        own += ("newsroom",)
    return (*own, "news") if own else ("news", "write", "appeals")


def now_ms() -> int:
    """This device's clock, which may be wrong: for ages only."""
    return time.time_ns() // 1_000_000
