"""Telling a pull at the top of a list, which asks for an exchange, from all other scrolling.

A pull begins at the top, and a finger goes on drawing there. Coming back to the top of a long list,
by a fling or in one long draw, is no pull: each exchange costs battery and data.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

PULL_PX: Final = 48
"""How far a list must be drawn down where its platform does not tell of overscroll."""


class Pulling:
    """The pulls at the lists of one window. Positions are in pixels, down is more."""

    def __init__(self, act: Callable[[], None]) -> None:
        self._act = act
        self._from_top = False
        """A list moves from its top on, and has not been pulled yet: one pull tells many times."""
        self._touched_at: float | None = None

    def scroll_began(self, at_top: bool) -> None:
        """A list begins to move; only from its top on it can be pulled."""
        self._from_top = at_top

    def overscrolled(self, by_px: float) -> None:
        """Android: the list cannot follow the finger any further; upwards is less than nothing."""
        if by_px < 0:
            self._pulled()

    def above_top(self, by_px: float) -> None:
        """Apple: the list has followed the finger so far above its top, and will spring back."""
        if by_px > PULL_PX:
            self._pulled()

    def touched(self, y_px: float) -> None:
        """A finger begins to draw at a list that is too short to scroll."""
        self._touched_at, self._from_top = y_px, True

    def let_go(self, y_px: float) -> None:
        """It let go."""
        began, self._touched_at = self._touched_at, None
        if began is not None:
            self.above_top(y_px - began)

    def _pulled(self) -> None:
        if self._from_top:
            self._from_top = False
            self._act()
