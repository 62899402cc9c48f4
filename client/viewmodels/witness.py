"""Two lists that the city has signed under one number: told calmly, with the proof to hand on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import flet as ft

from client.services.witness import Split
from client.viewmodels.base import told

if TYPE_CHECKING:
    from client.viewmodels.app import App

FILE_NAME: Final = "misto-split.json"


class WitnessModel(ft.Observable):
    """What was found on this device, and whether the person has read it."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.splits: tuple[Split, ...] = ()
        self.unread = False
        self.saved = False
        """The proof was just put into a file."""

    @told
    async def refresh(self) -> None:
        """Look again."""
        witness = self.app.open_services.witness
        self.splits = await self.app.device.read(witness.found)
        self.unread = bool(self.splits) and await self.app.device.read(witness.unread)

    @told
    async def save(self) -> None:
        """Put the proof into a file, for the city."""
        raw = await self.app.device.read(self.app.open_services.witness.evidence)
        self.saved = await self.app.phone.save_file(FILE_NAME, raw)

    @told
    async def mark_read(self) -> None:
        """The person has read it: the strip over the rooms goes, the proof stays in the settings.

        It shows again when another contradiction is found.
        """
        await self.app.device.note(self.app.open_services.witness.mark_read)
        await self.refresh()
