"""The search of the newsroom's tables."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from client.views.kit import ident


def search_field(name: str, label: str, value: str, on_typed: Callable[[str], None]) -> ft.Control:
    """A field that narrows what is under it while one types."""
    field = ft.TextField(
        hint_text=label,
        value=value,
        prefix_icon=ft.Icons.SEARCH,
        filled=True,
        fill_color=ft.Colors.SURFACE_CONTAINER_LOWEST,
        dense=True,
        border=ft.OutlineInputBorder(
            border_radius=28, side=ft.BorderSide(color=ft.Colors.OUTLINE_VARIANT)
        ),
        data=on_typed,
    )
    return ft.MergeSemantics(ident(name, field, label), key=name)
