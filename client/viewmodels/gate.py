"""The way in: opening the profile, asking for its PIN, saying what to do when it cannot open."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

import flet as ft

from client.viewmodels.base import Typed
from shared_schema.errors import MistoError

if TYPE_CHECKING:
    from client.viewmodels.app import App

log = logging.getLogger(__name__)
PHASES: Final = {
    "pin_needed": "locked",
    "wrong_pin": "locked",
    "database_damaged": "damaged",
    "database_newer": "newer",
    "no_profile": "missing",
    "storage_full": "full",
}
"""What the window shows for an error's code; anything else is `failed`."""


class GateModel(ft.Observable):
    """Opening the device for one window."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.detail = ""
        self.readable = 0
        self.wrong_pin = False
        self.busy = False
        self.pin = Typed()
        """What is typed; nothing of it stays when it was tried."""

    async def open(self, pin: str | None = None) -> None:
        """Try to open; the window's phase tells the result."""
        self.busy = True
        try:
            services = await self.app.device.open(pin)
            await self.app.enter(services)
        except MistoError as error:
            log.warning("the profile does not open: %s", error.code)
            self.wrong_pin = error.code == "wrong_pin"
            self.detail = error.detail
            self.readable = int(getattr(error, "readable", 0))
            phase = PHASES.get(error.code, "failed")
            welcome = phase == "missing" and self.app.device.starter is not None
            self.app.phase = "welcome" if welcome else phase
        except Exception as error:
            log.exception("the profile does not open")
            self.detail = type(error).__name__
            self.app.phase = "failed"
        finally:
            self.pin.text = ""
            self.busy = False
