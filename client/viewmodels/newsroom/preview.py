"""What is drawn a moment after the last key, apart from the form, which no key draws anew."""

from __future__ import annotations

import asyncio
from typing import Final

import flet as ft

LATER_S: Final = 0.25


class Later(ft.Observable):
    """A part of the screen that is given this one follows the keys, at some distance."""

    def __init__(self) -> None:
        self.drawn = 0
        self._timer: asyncio.TimerHandle | None = None

    def soon(self) -> None:
        """A key was pressed: draw when no other follows at once."""
        self.stop()
        self._timer = asyncio.get_running_loop().call_later(LATER_S, self.now)

    def now(self) -> None:
        """Draw."""
        self.stop()
        self.drawn += 1

    def stop(self) -> None:
        """Draw nothing any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
