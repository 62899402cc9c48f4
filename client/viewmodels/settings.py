"""Settings: choices that hold at once, and what can be done with this device as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

import flet as ft

from client.viewmodels.base import Typed, told

if TYPE_CHECKING:
    from client.viewmodels.app import App

Ask = Literal["", "export", "pin", "wipe"]
BUDGETS_MB: Final = (8, 32, 64, 128, 256)
MB: Final = 1024 * 1024


class SettingsModel(ft.Observable):
    """What is not a choice: how full the storage is, which question is open, how it ended."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.usage: Any = None
        self.ask: Ask = ""
        self.problem = ""
        self.done = ""
        self.let_go = 0
        self.busy = False
        self.locked = False
        self.secret = Typed()
        self.secret_again = Typed()
        self.forms = 0
        """Counts the questions: a new one has empty fields."""

    @told
    async def refresh(self) -> None:
        """Count the storage again."""
        own = self.app.open_services.own
        self.usage = await self.app.device.read(own.usage)
        self.locked = await self.app.device.read(lambda: own.locked)

    def open_question(self, ask: Ask) -> None:
        """Open or close a question."""
        self.ask, self.problem, self.done = ask, "", ""
        self.secret.text = self.secret_again.text = ""
        self.forms += 1

    @told
    async def budget(self, megabytes: int) -> None:
        """How much room news may take; the oldest leave at once when it is less than they have."""
        await self.app.choose(news_budget_bytes=megabytes * MB)
        self.let_go = await self.app.device.note(self.app.open_services.own.trim)
        await self.app.news.refresh()
        await self.refresh()

    @told
    async def export(self) -> None:
        """Put all that is one's own into a file, sealed with a passphrase."""
        if not self._same("settings.passphrase_differs"):
            return
        self.busy = True
        try:
            own = self.app.open_services.own
            raw = await self.app.device.read(own.export, self.secret.text)
            kept = await self.app.phone.save_file("misto-own.backup", raw)
        finally:
            self.busy = False
        self.open_question("")
        self.done = "settings.exported" if kept else "settings.not_exported"

    @told
    async def set_pin(self) -> None:
        """Lock the keys with a PIN, or, with an empty one, unlock them."""
        if not self._same("settings.pin_differs"):
            return
        pin = self.secret.text or None
        await self.app.device.note(self.app.open_services.own.set_pin, pin)
        await self.refresh()
        self.open_question("")
        self.done = "settings.pin_set" if pin else "settings.pin_removed"

    @told
    async def wipe(self) -> None:
        """Delete everything; what the city has received stays with the city."""
        own = self.app.open_services.own
        await self.app.device.close()
        await self.app.device.read(own.wipe)
        self.open_question("")
        self.app.forget_device()
        await self.app.gate.open()

    def _same(self, problem: str) -> bool:
        self.problem = "" if self.secret.text == self.secret_again.text else problem
        return not self.problem
