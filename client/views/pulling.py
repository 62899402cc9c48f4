"""A list that can be pulled down at its top: its events, put as `client.viewmodels.pulling` asks.

Flet's lists tell of their scrolling; but one whose content fits on the screen does not scroll at
all, and tells nothing. There the finger is followed around the list. Where a list does scroll, its
own gesture wins over the one around it.
"""

from __future__ import annotations

from typing import Final

import flet as ft

from client.viewmodels.app import App
from client.viewmodels.pulling import Pulling

PULL_EVENTS_MS: Final = 150
"""Scrolling sends no more than one event of a kind in this time: each wakes Python."""


def pullable(app: App, content: ft.ListView) -> ft.Control:
    """A list that exchanges when it is pulled. It takes all the room that there is."""
    pulling = app.pulling
    content.scroll_interval = PULL_EVENTS_MS
    content.on_scroll = lambda e: scrolled(pulling, e)
    return ft.GestureDetector(
        content=content,
        expand=True,
        # To screen readers it is nothing: the arrows in the line of truth do the same.
        exclude_from_semantics=True,
        allowed_devices=[ft.PointerDeviceType.TOUCH, ft.PointerDeviceType.STYLUS],
        on_vertical_drag_start=lambda e: pulling.touched(e.global_position.y),
        on_vertical_drag_end=lambda e: pulling.let_go(e.global_position.y),
    )


def scrolled(pulling: Pulling, e: ft.OnScrollEvent) -> None:
    """Android tells of a pull as overscroll, Apple as a position above the top."""
    above = e.min_scroll_extent - e.pixels
    if e.event_type is ft.ScrollType.START:
        pulling.scroll_began(above >= 0)
    elif e.event_type is ft.ScrollType.OVERSCROLL:
        pulling.overscrolled(e.overscroll or 0)
    elif above > 0:
        pulling.above_top(above)
