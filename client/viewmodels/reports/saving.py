"""Handing a file to the person: where it names people, not before that was said."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import flet as ft

from client.viewmodels.base import once, told

if TYPE_CHECKING:
    from client.viewmodels.app import App


class Saver(ft.Observable):
    """One file at a time."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.asking = ""
        """The file that waits for the person to have read what stands in it."""
        self.busy = ""
        self.saved = ""

    def ask(self, name: str) -> None:
        """Say first that what is in this file is open to whoever gets it."""
        self.asking, self.saved = name, ""

    def cancel(self) -> None:
        """Not now."""
        self.asking = ""

    @told
    @once
    async def save(self, name: str, make: Callable[[], bytes]) -> None:
        """Make a file in a thread, and let the person put it somewhere."""
        self.asking, self.saved, self.busy = "", "", name
        try:
            raw = await self.app.device.read(make)
            self.saved = name if await self.app.phone.save_file(name, raw) else ""
        finally:
            self.busy = ""

    def forget(self) -> None:
        """Another page: what was said of the last file belongs to the one before."""
        self.asking = self.saved = ""
