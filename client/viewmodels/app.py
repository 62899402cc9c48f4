"""The state of one window: where it is, in which language, and the models of its rooms."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from datetime import tzinfo
from typing import Any, Final

import flet as ft
import msgspec

from client.branding import Branding
from client.i18n import DEFAULT, LANGUAGES, Words, words
from client.i18n.dates import zone_named
from client.services.nearby import COARSE_M, coarse
from client.services.prefs import Preferences
from client.services.types import SyncState
from client.viewmodels.appeals import AppealsModel
from client.viewmodels.base import log, notice_for
from client.viewmodels.beside import BesideModel
from client.viewmodels.claim import ClaimModel
from client.viewmodels.collect import CollectModel
from client.viewmodels.desk.room import DeskModel
from client.viewmodels.device import Device
from client.viewmodels.gate import GateModel
from client.viewmodels.home import HomeModel
from client.viewmodels.keyboard import Keyboard
from client.viewmodels.navigation import address, bar_of, behind_of, parsed
from client.viewmodels.news import NewsModel
from client.viewmodels.newsroom import NewsroomModel
from client.viewmodels.outages import OutagesModel
from client.viewmodels.outbox import OutboxModel
from client.viewmodels.phone import Fix, Phone
from client.viewmodels.places import PlacesModel
from client.viewmodels.ports import Services
from client.viewmodels.pulling import Pulling
from client.viewmodels.reports.room import ReportsModel
from client.viewmodels.round import RoundModel
from client.viewmodels.scanning import ScanModel
from client.viewmodels.settings import SettingsModel
from client.viewmodels.volunteers import VolunteersModel
from client.viewmodels.welcome import WelcomeModel
from client.viewmodels.witness import WitnessModel
from client.viewmodels.write import WriteModel

WIDE_PX: Final = 840
"""From here on (Material's expanded window) there is room for a rail and two panes."""
ROOMY_PX: Final = 1000
"""A tablet on its side: room for a table, or for an appeal in two columns."""
BROAD_PX: Final = 1200
"""From here on (Material's large window) there is room for three, and for tables."""
RECOVERY_S_MAX: Final = 30.0


class ExchangeModel(ft.Observable):
    """The line of truth: the exchange's state, and the time its ages are counted from."""

    def __init__(self) -> None:
        self.state: SyncState | None = None
        self.now_ms = now_ms()
        self.appeals_waiting = 0
        self.asked = False
        """Somebody asked for an exchange and waits to hear of it."""


class App(ft.Observable):
    """One window on a device."""

    def __init__(self, device: Device, branding: Branding, phone: Phone | None = None) -> None:
        self.device = device
        self.branding = branding
        self.phone = phone or Phone()
        self.zone: tzinfo = zone_named(branding.time_zone)
        self.language = branding.language if branding.language in LANGUAGES else DEFAULT
        self.prefs = Preferences()
        self.wide = False
        self.roomy = False
        self.broad = False
        self.phase = "opening"
        self.section = ""
        self.record = ""
        self.under = ""
        """The room of the bar that lies under a room behind it."""
        self.notice = ""
        self.sections: tuple[str, ...] = ()
        self.behind: tuple[str, ...] = ()
        self.services: Services | None = None
        self.gate = GateModel(self)
        self.keyboard = Keyboard(self)
        self.pulling = Pulling(self.exchange_now)
        self._furnish()
        self.on_route: Callable[[str], None] = lambda route: None
        self.on_look: Callable[[], None] = lambda: None
        self._crashes = 0
        self._stale = False
        self._refreshing = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._stop_listening: Callable[[], None] = lambda: None

    def _furnish(self) -> None:
        """Put an empty model into every room."""
        self.exchange = ExchangeModel()
        self.welcome = WelcomeModel(self)
        self.home = HomeModel(self)
        self.news = NewsModel(self)
        self.write = WriteModel(self)
        self.appeals = AppealsModel(self)
        self.places = PlacesModel(self)
        self.outages = OutagesModel(self)
        self.outbox = OutboxModel(self)
        self.beside = BesideModel(self)
        self.scan = ScanModel(self)
        self.settings = SettingsModel(self)
        self.collect = CollectModel(self)
        self.claim = ClaimModel(self)
        self.round = RoundModel(self)
        self.volunteers = VolunteersModel(self)
        self.queue = DeskModel(self)
        self.newsroom = NewsroomModel(self)
        self.reports = ReportsModel(self)
        self.witness = WitnessModel(self)

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

    @property
    def offered(self) -> tuple[str, ...]:
        """The languages that this city's app speaks."""
        return tuple(name for name in self.branding.languages if name in LANGUAGES) or (DEFAULT,)

    async def enter(self, services: Services) -> None:
        """The device is open: find out its roles, fill the first room, show it, fill the others."""
        self.services = services
        self._stop_listening()
        self._stop_listening = self.device.listen(self._on_change)
        self.device.show(self)
        self._look_like(await self.device.read(services.prefs.get))
        roles = {role for role, _ in await self.device.read(services.roles)}
        self.sections, self.behind = bar_of(roles), behind_of(roles)
        self.exchange.state = self.device.sync
        await self.refresh()
        await self.collect.resume()
        if self.collect.taken is not None and "collect" in self.behind:
            self.go("collect")
        elif self.section not in (*self.sections, *self.behind):
            self.go(self.sections[0])
        elif self.record:
            await self._open_record(self.section, self.record)
        elif self.section == "settings":
            await self.settings.refresh()
        self.under = self.under or self.sections[0]
        self.phase = "ready"

    async def refresh(self) -> None:
        """Read again what the rooms of this device show."""
        rooms = (*self.sections, *self.behind)
        await self.news.refresh()
        await self.witness.refresh()
        for name in (
            "appeals",
            "places",
            "outages",
            "outbox",
            "round",
            "volunteers",
            "queue",
            "newsroom",
            "reports",
            "home",
        ):
            if name in rooms:
                await getattr(self, name).refresh()
        if "write" in rooms and self.phase != "ready":
            await self.write.resume_draft()
        self.exchange.appeals_waiting = self.appeals.waiting
        self.tick()

    def go(self, section: str, record: str = "") -> None:
        """Show a room, or one record in it; a phone's back button and the address follow."""
        self._show(section, record)
        self.on_route(address(section, record))

    def back(self) -> None:
        """From a record to its list, from a room behind the bar to the one under it."""
        if self.record and self.section in (*self.sections, *self.behind):
            self.go(self.section, self.record.rpartition("/")[0])
        else:
            self.go(self.under or self.sections[0])

    def follow(self, route: str) -> None:
        """The address was changed by the browser or the back button."""
        section, record = parsed(route)
        if section and (not self.sections or section in (*self.sections, *self.behind)):
            self._show(section, record)

    def _show(self, section: str, record: str) -> None:
        if (self.section, self.record) == (section, record):
            return
        if self.section == "write":
            self.write.leave()
        elif self.section == "newsroom":
            self.newsroom.save_draft_now()
        elif self.section == "claim":
            self.claim.leave()
        elif self.section == "beside":
            self.beside.leave()
        elif self.section == "round":
            self.round.leave()
        self.scan.leave()
        self.section = section
        self.record = record
        self.notice = ""
        self.keyboard.gone()
        if section in self.sections:
            self.under = section
        if self.services is None:
            return
        if record:
            self.spawn(self._open_record(section, record))
        elif section in ("settings", "reports"):
            self.spawn(getattr(self, section).refresh())

    async def _open_record(self, section: str, record: str) -> None:
        if section in ("appeals", "queue", "news", "places", "newsroom", "reports"):
            await getattr(self, section).select(record)

    async def choose(self, **choices: Any) -> None:
        """Take choices of the person: they show at once and are saved at once, or it is told."""
        prefs = msgspec.structs.replace(self.prefs, **choices)
        self._look_like(prefs)
        try:
            await self.device.note(self.open_services.prefs.put, prefs)
        except Exception as error:  # noqa: BLE001 - nobody awaits a choice: the notice tells it
            log.exception("a choice was not saved")
            self.notice = notice_for(error)

    def _look_like(self, prefs: Preferences) -> None:
        self.prefs = prefs
        if prefs.language in self.offered:
            self.language = prefs.language
        self.on_look()

    def speak(self, language: str) -> None:
        """Another language, at once; kept when there is a device to keep it on."""
        self.language = language
        if self.services is not None:
            self.spawn(self.choose(language=language))

    async def rough_position(self) -> Fix | None:
        """Where the phone is, to about a kilometre; without it the person is told to type."""
        fix = await self.phone.position()
        if fix is None:
            self.notice = "trouble.no_position"
            return None
        return Fix(*coarse((fix.lat_e5, fix.lon_e5)), max(fix.within_m, COARSE_M))

    def resize(self, width_px: float | None) -> None:
        """The window has this width now."""
        width = width_px or 0
        self.wide = width >= WIDE_PX
        self.roomy = width >= ROOMY_PX
        self.broad = width >= BROAD_PX

    def press(self, key: str, *, shift: bool = False) -> None:
        """A key without Ctrl, Alt or the like; only the desk's room has commands."""
        if self.phase == "ready" and self.section == "queue":
            self.queue.press(key, shift=shift)

    def tick(self) -> None:
        """Ages grow: count them from now."""
        self.exchange.now_ms = now_ms()
        self.exchange.state = self.device.sync

    def exchange_now(self) -> None:
        """The person asked: exchange, and tell how it went."""
        self.exchange.asked = True
        self.device.exchange_now()

    def hidden(self) -> None:
        """The window went out of sight: what was typed is saved, and nothing polls any more."""
        self._save_drafts()
        self.beside.leave()
        self.scan.leave()
        self.device.hide(self)

    def shown(self) -> None:
        """The window is in sight again."""
        self.device.show(self)
        self.tick()
        self.device.exchange_now()

    def _save_drafts(self) -> None:
        self.write.save_draft_now()
        self.newsroom.save_draft_now()
        self.round.save_note_now()

    def came_back(self) -> None:
        """A browser is here again, whose window counted as out of sight meanwhile."""
        self.shown()
        self.look_again()

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
        self.look_again()

    def look_again(self) -> None:
        """Draw everything anew, whatever was drawn before."""
        self.on_look()
        self.notify()  # type: ignore[no-untyped-call]

    def leave(self) -> None:
        """The window is gone; a draft in it is saved before its tasks end."""
        self._save_drafts()
        self.claim.leave()
        self.beside.gone()
        self.scan.leave()
        self.device.hide(self)
        self._stop_listening()
        for task in tuple(self._tasks):
            task.cancel()

    def forget_device(self) -> None:
        """The device was wiped: nothing of it stays in this window."""
        self._stop_listening()
        self.claim.leave()
        self.beside.gone()
        self.scan.leave()
        self.write.forget()
        self.newsroom.writing.forget()
        self.round.forget()
        self.phase, self.services = "opening", None
        self.sections = self.behind = ()
        self.section = self.record = self.under = self.notice = ""
        self.prefs = Preferences()
        self._furnish()
        self.on_look()

    def _on_change(self, records_changed: bool) -> None:
        self.tick()
        state = self.device.sync
        if state is not None and not state.running:
            self.exchange.asked = False
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


def now_ms() -> int:
    """This device's clock, which may be wrong: for ages only."""
    return time.time_ns() // 1_000_000
