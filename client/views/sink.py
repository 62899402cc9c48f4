"""A place for the focus that belongs to no control."""

from __future__ import annotations

import flet as ft

from client.viewmodels.app import App
from client.viewmodels.keyboard import NOWHERE


def sink(app: App) -> ft.Control:
    """Where the focus is while the keys are commands: otherwise Enter would press a button too.

    It is a part of the window's frame: a room that is left would take the focus with it.
    """
    ref = ft.Ref[ft.KeyboardListener]()

    async def focus() -> None:
        if ref.current is not None:
            await ref.current.focus()  # type: ignore[no-untyped-call]

    app.keyboard.place(NOWHERE, focus)
    nothing = ft.Container(width=0, height=0)
    return ft.KeyboardListener(ref=ref, content=nothing, include_semantics=False, key="sink")
