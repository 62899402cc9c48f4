"""Handing over to whoever stands beside; everything that it begins ends when the room is left."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar

import flet as ft

from client.services import qr
from client.services.courier.beside import is_code
from client.services.courier.lan import Visited
from client.services.courier.types import Taken
from client.services.scanning.scanner import Found, Kind
from client.viewmodels.base import Typed, once, told
from client.viewmodels.scanning import Step, Wanted
from shared_schema.errors import MistoError
from shared_schema.sync.frames import Splitter

if TYPE_CHECKING:
    from client.viewmodels.app import App

T = TypeVar("T")
WANTED: Final[frozenset[Kind]] = frozenset({"address", "frame"})
CODE_S: Final = 0.25
"""How long one code of a sequence stands: a camera that reads ten a second sees it twice."""
FOLLOW_S: Final = 3.0
"""How often an open door is asked whether this device is on another network by now."""


class CodesModel(ft.Observable):
    """The code on the screen; by itself, so that only it is drawn anew when it changes."""

    def __init__(self) -> None:
        self.picture = b""
        self.part = 0
        self.parts = 0
        self.pieces = 0
        self.left_out = 0
        self.nothing = False


class BesideModel(ft.Observable):
    """Codes, the door to neighbours, visits, and files."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.codes = CodesModel()
        self.address = ""
        self.address_for_qr = ""
        self.visits = 0
        self._doors = 0
        self.found: tuple[str, ...] | None = None
        """Neighbours' addresses; None before somebody looked."""
        self.busy = False
        self.done: tuple[tuple[str, int], ...] = ()
        """What came of the last act: keys of texts, each with its number."""
        self.typed = Typed()
        self.forms = 0
        self._showing: asyncio.Task[None] | None = None

    # ------------------------------------------------------------------------------------ codes

    @told
    async def show_codes(self, part: int = 0) -> None:
        """Show what waits as codes, from a part on."""
        self._stop_codes()
        told = await self.app.device.read(self.app.open_services.beside.codes)
        self.codes.left_out, self.codes.nothing = told.left_out, not told.parts
        if not told.parts or self.app.section != "beside":
            return
        self.codes.part, self.codes.parts = part % len(told.parts), len(told.parts)
        splitter = told.parts[self.codes.part]
        self.codes.pieces = splitter.needed
        self.codes.picture = await asyncio.to_thread(qr.picture, splitter.text(0))
        if splitter.needed > 1:
            self._showing = asyncio.ensure_future(self._turn(splitter))

    def hide_codes(self) -> None:
        """Take the code off the screen."""
        self._stop_codes()

    async def _turn(self, splitter: Splitter) -> None:
        """One code after the other, without end: each says something new."""
        number = 0
        while True:
            await asyncio.sleep(CODE_S)
            number += 1
            self.codes.picture = await asyncio.to_thread(qr.picture, splitter.text(number))

    def _stop_codes(self) -> None:
        if self._showing is not None:
            self._showing.cancel()
            self._showing = None
        self.codes.picture, self.codes.part, self.codes.parts = b"", 0, 0
        self.codes.nothing = False

    # ------------------------------------------------------------------------------- neighbours

    @told
    @once
    async def open_door(self) -> None:
        """Wait for neighbours, until the room is left."""
        loop = asyncio.get_running_loop()

        def heard() -> None:
            loop.call_soon_threadsafe(lambda: self.app.spawn(self._came()))

        beside = self.app.open_services.beside
        address = await self._busy(beside.open, heard)
        if self.app.section != "beside":  # left meanwhile
            await self.app.device.read(beside.shut)
            return
        self.address, self.address_for_qr, self.visits = str(address), address.for_qr, 0
        self._doors += 1
        self.app.spawn(self._follow(self._doors))

    @told
    async def _follow(self, door: int) -> None:
        """From a Wi-Fi to a hotspot: what is shown is where one can be found, as long as it is."""
        while self.address and door == self._doors:
            await asyncio.sleep(FOLLOW_S)
            if not self.address or door != self._doors:
                return
            try:
                moved = await self.app.device.read(self.app.open_services.beside.follow)
            except MistoError:
                self.address = self.address_for_qr = ""  # nobody can come there any more
                raise
            if moved is not None and self.address:
                self.address, self.address_for_qr = str(moved), moved.for_qr

    @told
    async def shut_door(self) -> None:
        """Wait no longer."""
        self.address = self.address_for_qr = ""
        await self.app.device.read(self.app.open_services.beside.shut)

    @told
    async def _came(self) -> None:
        """A neighbour was there: what came shows everywhere, and goes on to the city if it can."""
        served = self.app.open_services.beside.served
        self.visits = served.visits
        self.done = results(served.taken)
        await self.app.device.save(lambda: None)

    @told
    @once
    async def look(self) -> None:
        """Look whose doors are open."""
        found = await self._busy(self.app.open_services.beside.find)
        self.found = tuple(map(str, found))

    @told
    @once
    async def visit(self, address: str = "") -> None:
        """Visit a neighbour by an address that was found or typed; a pasted code is taken too."""
        text = address or self.typed.text.strip()
        if is_code(text):
            await self._paste(text)
            return
        self.done = ()
        went = await self._busy(self.app.open_services.beside.visit, text)
        self.done = visited(went)
        await self._taken()

    async def _paste(self, text: str) -> None:
        step = await self._piece(text)
        if step is not None:
            self.done = (("beside.pieces", step.needed - step.have),)
        await self._taken()

    async def _piece(self, text: str) -> Step | None:
        """Take a code of a sequence; None when all of it is here, and what became of it is told."""
        scanned = await self.app.device.read(self.app.open_services.beside.scan, text)
        if scanned.taken is None:
            return Step(scanned.have, scanned.needed)
        self.done = results(scanned.taken)
        return None

    def scan(self) -> None:
        """Turn the camera on, for an address or for a sequence of codes."""
        self.done = ()
        self.app.scan.begin(Wanted("beside", WANTED, self._seen))

    async def _seen(self, found: Found) -> Step | None:
        if found.kind == "address":
            await self.visit(found.text)
            return None
        step = await self._piece(found.text)
        if step is None:
            await self._taken()
        return step

    async def _taken(self) -> None:
        """The field is empty again, and what came shows everywhere."""
        self.typed.text = ""
        self.forms += 1
        await self.app.device.save(lambda: None)

    # ------------------------------------------------------------------------------------ files

    @told
    @once
    async def save_files(self) -> None:
        """Put all there is to give into files."""
        files = await self._files()
        saved = [await self.app.phone.save_file(*each) for each in files.items()]
        told = ("beside.saved", sum(saved)) if any(saved) else ("beside.not_saved", 0)
        await self._went(bool(saved) and all(saved), told)

    @told
    @once
    async def share_files(self) -> None:
        """Let the system pass all there is to give on, to a messenger or to whoever is near."""
        files = await self._files()
        went = await self.app.phone.share_files(files)
        await self._went(went == "yes", (f"beside.shared_{went}", len(files)))

    async def _files(self) -> dict[str, bytes]:
        files = await self.app.device.note(self.app.open_services.beside.files)
        names = (f"misto-{n}.bundle" if n > 1 else "misto.bundle" for n in itertools.count(1))
        return dict(zip(names, files, strict=False))

    async def _went(self, given: bool, told: tuple[str, int]) -> None:
        """What is only perhaps with somebody else goes on being offered."""
        if given:
            await self.app.device.note(self.app.open_services.beside.given)
        self.done = (told,)
        await self.app.appeals.refresh()

    @told
    @once
    async def load_file(self) -> None:
        """Take a file that somebody has given."""
        raw = await self.app.phone.pick_file()
        if raw is None:
            return
        taken = await self._busy(self.app.open_services.beside.take_file, raw)
        self.done = results(taken)
        await self._taken()

    # ---------------------------------------------------------------------------------- leaving

    def leave(self) -> None:
        """The room is left or out of sight: nothing is shown, and nobody is served."""
        self._stop_codes()
        if self.address:
            self.app.spawn(self.shut_door())

    def gone(self) -> None:
        """The window is gone: its tasks end, so the door is shut in a thread of its own."""
        self._stop_codes()
        if self.address and self.app.services is not None:
            threading.Thread(target=self.app.services.beside.shut, daemon=True).start()
        self.address = self.address_for_qr = ""

    async def _busy(self, act: Callable[..., T], *args: object) -> T:
        self.busy = True
        try:
            return await self.app.device.read(act, *args)
        finally:
            self.busy = False


def results(taken: Taken) -> tuple[tuple[str, int], ...]:
    """What became of what was taken, as keys of texts with their numbers."""
    told = (
        ("beside.receipts", taken.settled),
        ("beside.arrived", taken.arrived),
        ("beside.requests", taken.requests),
        ("beside.replies", taken.replies),
        ("beside.refused", sum(each.count for each in taken.refused)),
    )
    found = tuple(each for each in told if each[1])
    short = (("beside.short", 0),) if taken.flaw else ()
    return (*(found or (("beside.nothing_new", 0),)), *short)


def visited(went: Visited) -> tuple[tuple[str, int], ...]:
    """The same of a visit."""
    given: tuple[tuple[str, int], ...] = (("beside.given", 0),) if went.given else ()
    if went.full:  # it may be ours that found no room: nobody may believe that it is on its way
        given = (("beside.full", went.full),)
    cut = (("beside.cut", 0),) if went.problem or went.taken.flaw else ()
    taken = tuple(each for each in results(went.taken) if each[0] != "beside.short")
    return (*given, *taken, *cut)
