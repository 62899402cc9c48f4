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


class Held:
    """What a still part draws from: not followed, and the same as long as what shows is equal."""

    __slots__ = ("args", "shows")

    def __init__(self, args: tuple[Any, ...], shows: object) -> None:
        self.args = args
        self.shows = shows

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Held) and (self.args, self.shows) == (other.args, other.shows)

    __hash__ = None  # type: ignore[assignment]


def still(shows: Callable[..., object]) -> Callable[[Callable[..., ft.Control]], Component]:
    """A card of a list: drawn anew only when its arguments, or what `shows` tells of them, change.

    A part is drawn whenever anything changes in any model that it is given. For the cards of a list
    that is a full page of drawings for each key in the search, and each step of an exchange. A
    still one follows nothing by itself: its list offers it again, and mostly it is the same.
    """

    def still_part(render: Callable[..., ft.Control]) -> Component:
        @functools.wraps(render)
        def drawn(held: Held) -> ft.Control:
            return render(*held.args)

        component: Component = ft.memo(part(drawn))  # type: ignore[no-untyped-call]

        def offered(*args: Any, key: str | None = None) -> Any:
            return component(Held(args, shows(*args)), key=key)

        return offered

    return still_part


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


def take_late_answers(page: ft.Page) -> None:
    """Let an answer of the client come after its control has left the screen.

    Flet 1.0 asks a control to take the focus or to scroll, and waits. An answer that comes when the
    control is gone ends the whole connection, and the window starts anew in the middle of a word.
    """
    session = page.session
    handle = session.handle_invoke_method_results

    def take(control_id: int, call_id: str, result: Any, error: str | None) -> None:
        try:
            handle(control_id, call_id, result, error)
        except RuntimeError:
            log.debug("control %s answered after it was gone", control_id)

    session.handle_invoke_method_results = take  # type: ignore[method-assign]


def _words_of(args: tuple[Any, ...]) -> Words:
    for arg in (*args, *(each for held in args if isinstance(held, Held) for each in held.args)):
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
