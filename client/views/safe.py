"""Keeping a window alive when a part of it crashes.

One exception in a re-render ends Flet's update loop, and the window freezes without a word. So
every component is a boundary that shows a short notice in its place, and a watch restarts the loop.
"""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Callable
from typing import Any

import flet as ft

from client.i18n import DEFAULT, Words, words

log = logging.getLogger(__name__)
Component = Callable[..., Any]


def part(render: Callable[..., ft.Control]) -> Component:
    """A component whose crash is shown in its place and stays there."""

    @functools.wraps(render)
    def guarded(*args: Any, **kwargs: Any) -> ft.Control:
        try:
            return render(*args, **kwargs)
        except Exception:
            log.exception("the component %s failed", render.__name__)
            return _apology(_words_of(args))

    component: Component = ft.component(guarded)
    return component


def watch(page: ft.Page, on_recovered: Callable[[], None]) -> None:
    """Restart the page's update loop whenever it dies, and say so; call it after rendering."""
    # Flet 1.0 offers no public way to see the task die; the pinned version keeps this name.
    task: asyncio.Task[None] | None = getattr(page.session, "_Session__updates_task", None)
    if task is None:
        return

    def done(ended: asyncio.Task[None]) -> None:
        if ended.cancelled() or ended.exception() is None:
            return
        log.error("the update loop died", exc_info=ended.exception())
        page.session.start_updates_scheduler()  # type: ignore[no-untyped-call]
        watch(page, on_recovered)
        on_recovered()

    task.add_done_callback(done)


def _words_of(args: tuple[Any, ...]) -> Words:
    for arg in args:
        language = getattr(arg, "language", None) or getattr(
            getattr(arg, "app", None), "language", None
        )
        if isinstance(language, str):
            return words(language)
    return words(DEFAULT)


def _apology(text: Words) -> ft.Control:
    return ft.Semantics(
        identifier="crashed",
        content=ft.Container(
            content=ft.Row(
                [
                    ft.Icon(ft.Icons.HEALING_OUTLINED, color=ft.Colors.ON_SURFACE_VARIANT),
                    ft.Text(text("trouble.part"), expand=True),
                ],
                spacing=12,
            ),
            padding=16,
            border_radius=12,
            bgcolor=ft.Colors.SURFACE_CONTAINER_HIGH,
        ),
    )
