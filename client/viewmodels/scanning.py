"""A camera before a code, in whichever room asked for it; off as soon as it is done or left.

The room says which codes it wants and what becomes of one. A code that it does not want is told,
and the camera goes on: the next one may be the right one.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import flet as ft

from client.services.scanning.pictures import NoDecoder, NotAPicture
from client.services.scanning.scanner import Found, Kind
from client.viewmodels.base import log, notice_for, told
from client.viewmodels.phone import Camera, CameraTrouble

if TYPE_CHECKING:
    from client.viewmodels.app import App


QUIET_S: Final = 120.0
"""Without a wanted code for so long, it goes off: it takes more battery than all the rest."""


class Step(NamedTuple):
    """How far a sequence of codes is."""

    have: int
    needed: int


@dataclass(frozen=True)
class Wanted:
    """What a room scans for."""

    room: str
    kinds: frozenset[Kind]
    take: Callable[[Found], Awaitable[Step | None]]
    """Takes a code of these kinds; None when there is nothing more to wait for."""


class ScanModel(ft.Observable):
    """The one camera of a window, and how it goes."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.room = ""
        """Where it was last begun."""
        self.camera: Camera | None = None
        """On, or about to be; None when it is off."""
        self.seeing = False
        """The first picture has come."""
        self.problem = ""
        """Why there is no camera, as the key of a text."""
        self.hint = ""
        """What the code in sight is, when it is none that is wanted."""
        self.have = self.needed = 0
        self._task: asyncio.Task[None] | None = None
        self._last = 0.0

    @property
    def possible(self) -> bool:
        """Whether this kind of device can have a camera at all."""
        return self.app.phone.can_scan

    def begin(self, wanted: Wanted) -> None:
        """Turn the camera on for a room; the one that was on is turned off."""
        self.leave()
        self.room = wanted.room
        self.camera = camera = self.app.phone.camera()
        self._task = asyncio.ensure_future(self._watch(camera, wanted))

    def stop(self) -> None:
        """Turn the camera off."""
        if self._task is not None:
            self._task.cancel()
        self._put_away()

    def leave(self) -> None:
        """The room is left or out of sight: off, and nothing is told of it any more."""
        self.stop()
        self.room = self.problem = self.hint = ""

    async def _watch(self, camera: Camera, wanted: Wanted) -> None:
        try:
            await self.app.device.read(self.app.open_services.scanner.check)
            async with aclosing(camera.pictures()) as pictures:
                async for picture in pictures:
                    if not self.seeing:
                        self.seeing, self._last = True, time.monotonic()
                    if await self._look(picture, wanted):
                        return
                    if time.monotonic() - self._last > QUIET_S:
                        raise CameraTrouble("quiet")
        except NoDecoder:
            self.problem = "scan.no_decoder"
        except CameraTrouble as trouble:
            self.problem = f"scan.off_{trouble.why}"
        except Exception as error:  # noqa: BLE001 - nobody awaits it: the notice tells it
            log.exception("scanning failed")
            self.app.notice = notice_for(error)
        finally:
            if self.camera is camera:
                self._put_away()

    async def _look(self, picture: bytes, wanted: Wanted) -> bool:
        """Take what a picture shows; whether that was all."""
        try:
            found = await self.app.device.read(self.app.open_services.scanner.look, picture)
        except NotAPicture as error:  # one picture of many
            log.info("a camera's picture was not read: %s", error)
            return False
        for each in found:
            if each.kind not in wanted.kinds:
                self.hint = f"scan.is_{each.kind}"
            elif await self._take(each, wanted):
                return True
        return False

    async def _take(self, found: Found, wanted: Wanted) -> bool:
        self.hint, self._last = "", time.monotonic()
        if found.kind != "frame":  # one is all: what becomes of it takes its time without a camera
            self.app.spawn(self._hand_over(found, wanted))
            return True
        step = await wanted.take(found)
        if step is not None:
            self.have, self.needed = step
        return step is None

    @told
    async def _hand_over(self, found: Found, wanted: Wanted) -> None:
        await wanted.take(found)

    def _put_away(self) -> None:
        """The control leaves the screen, and with it the camera goes off."""
        self.camera, self._task, self.seeing = None, None, False
        self.have = self.needed = 0
