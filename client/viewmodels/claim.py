"""A slip's thread on this device, for as long as the room is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flet as ft

from client.services.scanning.scanner import Found
from client.services.types import AppealView
from client.viewmodels.base import Typed, log, notice_for, once, told
from client.viewmodels.ports import ClaimedPort
from client.viewmodels.scanning import Wanted
from shared_schema.crypto.slip import SlipIncomplete, UnknownSlipWord

if TYPE_CHECKING:
    from client.viewmodels.app import App


class ClaimModel(ft.Observable):
    """Nothing of it outlives the room: leaving forgets words, keys and thread."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.words = Typed()
        self.comment_text = Typed()
        self.claimed: ClaimedPort | None = None
        self.views: tuple[AppealView, ...] = ()
        self.adopted = False
        self.busy = False
        self.problem = ""
        self.problem_values: dict[str, object] = {}
        self.form = 0

    @once
    async def open(self) -> None:
        """Open what the words open, and ask the city at once: the slip may be held elsewhere, too.

        Only when nothing of it is here is it a failure that the city cannot be asked.
        """
        self._end()
        self.busy = True
        try:
            doorstep = self.app.open_services.doorstep
            claimed = await self.app.device.read(doorstep.claim, self.words.text)
            await self._show(claimed)
        except Exception as error:  # noqa: BLE001 - what is wrong with the words is said beside them
            self._tell(error)
        finally:
            self.busy = False
        if self.claimed is None:
            return
        if self.views:
            await self._freshen()
        else:
            await self.look()

    def scan(self) -> None:
        """Turn the camera on, for the code of a slip."""
        self.app.scan.begin(Wanted("claim", frozenset({"slip"}), self._seen))

    async def _seen(self, found: Found) -> None:
        self.words.text = found.text
        await self.open()

    @told
    @once
    async def look(self) -> None:
        """Ask the city what there is. Without a network it says so and changes nothing."""
        await self._ask_city()

    @told
    @once
    async def comment(self) -> None:
        """Add what was typed, in the resident's name."""
        text, claimed = self.comment_text.text.strip(), self.claimed
        if claimed is None or not self.views or not text:
            return
        await self.app.device.save(claimed.comment, self.views[0].record, text)
        self.comment_text.text = ""
        self.form += 1
        await self._show(claimed)

    @told
    @once
    async def adopt(self) -> None:
        """Keep it among this device's own appeals, and go there."""
        claimed = self.claimed
        if claimed is None or not self.views:
            return
        record = self.views[0].record
        await self.app.device.save(claimed.adopt)
        await self.app.appeals.refresh()
        self.app.go("appeals", record)

    def leave(self) -> None:
        """Forget the slip and its thread."""
        self._end()
        self.words.text = ""

    async def _freshen(self) -> None:
        try:
            await self._ask_city()
        except Exception as error:  # noqa: BLE001 - no network, or the slip was left meanwhile
            log.info("the city was not asked: %s", type(error).__name__)

    async def _ask_city(self) -> None:
        claimed = self.claimed
        if claimed is None:
            return
        self.busy = True
        try:
            await self.app.device.read(self.app.open_services.doorstep.look, claimed)
            if claimed is self.claimed:  # not left meanwhile
                await self._show(claimed)
        finally:
            self.busy = False

    async def _show(self, claimed: ClaimedPort) -> None:
        if claimed is not self.claimed and self.app.section != "claim":
            claimed.close()  # the room was left while it was being opened
            return
        views = tuple(await self.app.device.read(claimed.views))
        self.claimed, self.views, self.adopted = claimed, views, claimed.adopted

    def _end(self) -> None:
        if self.claimed is not None:
            self.claimed.close()
        self.claimed, self.views, self.adopted = None, (), False
        self.problem, self.problem_values, self.comment_text.text = "", {}, ""
        self.form += 1

    def _tell(self, error: Exception) -> None:
        log.info("the slip was not opened: %s", type(error).__name__)
        self.problem = notice_for(error)
        if isinstance(error, UnknownSlipWord):
            self.problem_values = {"place": error.place, "word": error.word}
        elif isinstance(error, SlipIncomplete):
            self.problem_values = {"n": error.count}
