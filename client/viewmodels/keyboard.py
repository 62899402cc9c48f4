"""Which keys are commands, and where the focus is sent. No key is a command while one writes.

Flet tells of every key, also of those that are typed into a field. So each field and menu of a
room with commands takes the keys when it gets the focus, and gives them back when it loses it. One
that leaves the screen with the focus says nothing any more: whoever takes it away says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from client.viewmodels.base import log

if TYPE_CHECKING:
    from client.viewmodels.app import App

Focus = Callable[[], Awaitable[None]]
TRY_S: Final = 0.1
ANSWER_S: Final = 2.0
TRIES: Final = 20
"""So often it is looked whether the focus has come, and has stayed."""
PAUSES: Final = 5
"""So often it is only looked after the focus was lost. Given back within one frame of the screen,
it would be Flutter's alone: the browser hears of no change, and typed words go nowhere.
"""
NOWHERE: Final = ""
"""The place of the focus that belongs to no control: Enter presses nothing there."""


class Keyboard:
    """The keys of one window. Not observable: nothing is drawn from it."""

    def __init__(self, app: App) -> None:
        self.taken_by = ""
        self._app = app
        self._at = ""
        """The field or menu that has the focus."""
        self._wanted = ""
        """The field that is to have it."""
        self._pauses = 0
        self._places: dict[str, Focus] = {}

    def take(self, name: str) -> None:
        """A field has the focus, or a menu is open: what is typed is theirs."""
        self.taken_by = self._at = name
        if self._wanted != name:
            self._wanted = ""

    def give_back(self, name: str) -> None:
        """It is not any more. What another one has taken since stays taken."""
        if self._at == name:
            self._at = ""
            self._pauses = PAUSES
        if self.taken_by == name and self._wanted != name:
            self.taken_by = ""

    def gone(self, *names: str) -> None:
        """Fields whose names begin so have left the screen; all of them when none is named."""
        if not names or self.taken_by.startswith(names):
            self.taken_by = self._at = self._wanted = ""

    def place(self, name: str, focus: Focus) -> None:
        """How to send the focus to a control that is on the screen now."""
        self._places[name] = focus

    def send_away(self) -> None:
        """Send the focus away from all controls."""
        self.show(NOWHERE)

    def show(self, name: str) -> None:
        """Bring something into sight."""
        if name in self._places:
            self._app.spawn(self._try(name))

    def send(self, name: str) -> None:
        """Send the focus to a field, also to one that is only about to be drawn.

        What is typed meanwhile is no command either.
        """
        self.taken_by = self._wanted = name
        self._pauses = 0
        self._app.spawn(self._send(name))

    async def _send(self, name: str) -> None:
        """Keep it there for a moment: while a page is drawn, a browser takes it away again."""
        for _ in range(TRIES):
            if self._wanted != name:
                return
            if self._pauses:
                self._pauses -= 1
            elif self._at != name and name in self._places:
                await self._try(name)
            await asyncio.sleep(TRY_S)
        if self._wanted == name:
            self._wanted = ""
            if self._at != name:
                self.give_back(name)

    async def _try(self, name: str) -> None:
        try:
            async with asyncio.timeout(ANSWER_S):  # what has left the screen may never answer
                await self._places[name]()
        except Exception:  # noqa: BLE001 - it is not on the screen: yet, or any more
            log.debug("the focus did not reach %s", name)
