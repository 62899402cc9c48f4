"""First run: language, district, a sentence on privacy, done. No network, and no account."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flet as ft

from client.services.prefs import Preferences
from client.viewmodels.base import Typed, log, notice_for

if TYPE_CHECKING:
    from client.viewmodels.app import App


class WelcomeModel(ft.Observable):
    """The choices of a person who has just installed the app."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.district = ""
        self.busy = False
        self.restoring = False
        self.file: bytes | None = None
        self.problem = ""
        self.passphrase = Typed()

    @property
    def city(self) -> str:
        """The city whose card is inside the app."""
        return self.app.device.starter.city if self.app.device.starter else ""

    @property
    def districts(self) -> tuple[str, ...]:
        """Its districts."""
        return self.app.device.starter.districts if self.app.device.starter else ()

    def choose_district(self, district: str) -> None:
        """Where this person lives; may be left open."""
        self.district = district

    async def begin(self) -> None:
        """Make the device and go in."""
        starter = self.app.device.starter
        assert starter is not None
        prefs = Preferences(language=self.app.language, district=self.district)
        await self._make(starter.begin, prefs)

    def ask_restore(self, wanted: bool) -> None:
        """Show or hide the way back from a file."""
        self.restoring, self.problem = wanted, ""

    async def pick(self) -> None:
        """Let the person choose the file."""
        self.file = await self.app.phone.pick_file() or self.file

    async def restore(self) -> None:
        """Make the device from the file and go in."""
        starter = self.app.device.starter
        assert starter is not None
        if self.file is None:
            self.problem = "welcome.no_file"
            return
        await self._make(starter.restore, self.file, self.passphrase.text)

    async def _make(self, act: object, *args: object) -> None:
        self.busy, self.problem = True, ""
        try:
            await self.app.device.read(act, *args)  # type: ignore[arg-type]
        except Exception as error:  # noqa: BLE001 - a Flet handler must not raise
            log.exception("the device was not made")
            self.problem = notice_for(error)
            return
        finally:
            self.busy = False
        self.restoring, self.file, self.passphrase.text = False, None, ""
        await self.app.gate.open()
