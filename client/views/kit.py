"""The small pieces every room is built from, so that they look and behave alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import flet as ft

from client.viewmodels.app import App
from client.views.theme import EDGE, GAP, RADIUS, READING_PX, SPACE, STRONG


def ident(name: str, content: ft.Control, label: str | None = None, **more: Any) -> ft.Semantics:
    """A control with a stable name (for tests) and a spoken one (for screen readers)."""
    return ft.Semantics(identifier=name, label=label, content=content, **more)


def button(
    name: str,
    text: str,
    on_click: Callable[..., Any],
    icon: ft.IconData | None = None,
    *,
    kind: type[ft.Button] | type[ft.FilledButton] | type[ft.OutlinedButton] | type[Any] = (
        ft.FilledButton
    ),
    disabled: bool = False,
) -> ft.Control:
    """A button at least as high as a thumb."""
    control = kind(content=text, icon=icon, on_click=on_click, disabled=disabled, height=48)
    return ident(name, control)


def sized(app: App, control: ft.Control) -> ft.Control:
    """The act of a page: across the whole of a phone, of its own size on a wide window."""
    return ft.Row([control]) if app.wide else control


def card(
    content: ft.Control,
    *,
    on_click: Callable[..., Any] | None = None,
    bgcolor: ft.ColorValue = ft.Colors.SURFACE_CONTAINER_LOWEST,
    selected: bool = False,
    padding: int = EDGE,
) -> ft.Container:
    """A quiet surface; it ripples when it leads somewhere."""
    edge = ft.Colors.PRIMARY if selected else ft.Colors.OUTLINE_VARIANT
    return ft.Container(
        content=content,
        padding=padding,
        border_radius=RADIUS,
        bgcolor=bgcolor,
        border=ft.Border.all(2 if selected else 1, edge),
        ink=on_click is not None,
        on_click=on_click,
    )


def chip(
    text: str, icon: ft.IconData, *, bgcolor: ft.ColorValue, color: ft.ColorValue
) -> ft.Container:
    """A state in words and a picture, not by colour alone."""
    return ft.Container(
        content=ft.Row(
            [
                ft.Icon(icon, size=16, color=color),
                ft.Text(text, size=13, color=color, weight=STRONG),
            ],
            spacing=6,
            tight=True,
            wrap=False,
        ),
        padding=ft.Padding.symmetric(vertical=4, horizontal=10),
        border_radius=100,
        bgcolor=bgcolor,
    )


def faint(text: str, *, size: int = 13, **more: Any) -> ft.Text:
    """Secondary text."""
    return ft.Text(text, size=size, color=ft.Colors.ON_SURFACE_VARIANT, **more)


def heading(text: str) -> ft.Control:
    """A heading inside a room."""
    return ft.Semantics(
        header=True, content=ft.Text(text, theme_style=ft.TextThemeStyle.TITLE_MEDIUM)
    )


def selectable(content: ft.Control, name: str | None = None) -> ft.Control:
    """Text that can be selected and copied, and is a piece of its own to screen readers.

    Not by `Text(selectable=True)`: they would be told of a switched-off text field.
    """
    return ft.Semantics(identifier=name, container=True, content=ft.SelectionArea(content))


def line(icon: ft.IconData, text: str) -> ft.Control:
    """One fact with its picture."""
    row = ft.Row(
        [
            ft.Icon(icon, size=18, color=ft.Colors.ON_SURFACE_VARIANT),
            ft.Text(text, expand=True),
        ],
        spacing=10,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    return ft.Semantics(container=True, content=row)


def empty(name: str, icon: ft.IconData, text: str, hint: str = "") -> ft.Control:
    """What a list shows when it has nothing."""
    center = ft.TextAlign.CENTER
    return ident(
        name,
        ft.Container(
            content=ft.Column(
                [
                    ft.Icon(icon, size=48, color=ft.Colors.OUTLINE),
                    ft.Text(text, theme_style=ft.TextThemeStyle.TITLE_MEDIUM, text_align=center),
                    faint(hint, size=14, text_align=center),
                ],
                horizontal_alignment=ft.CrossAxisAlignment.CENTER,
                spacing=SPACE,
                tight=True,
            ),
            padding=ft.Padding.symmetric(vertical=48, horizontal=32),
            alignment=ft.Alignment.CENTER,
        ),
    )


def banner(name: str, text: str, icon: ft.IconData, *, bad: bool = False) -> ft.Control:
    """A notice inside a room, spoken when it appears."""
    color = ft.Colors.ON_ERROR_CONTAINER if bad else ft.Colors.ON_SECONDARY_CONTAINER
    bgcolor = ft.Colors.ERROR_CONTAINER if bad else ft.Colors.SECONDARY_CONTAINER
    return ident(
        name,
        ft.Container(
            content=ft.Row(
                [ft.Icon(icon, color=color), ft.Text(text, color=color, expand=True)], spacing=GAP
            ),
            padding=ft.Padding.symmetric(vertical=12, horizontal=EDGE),
            border_radius=12,
            bgcolor=bgcolor,
        ),
        live_region=True,
    )


def scrolling(controls: Sequence[ft.Control], *, key: str, spacing: int = GAP) -> ft.Control:
    """A page that scrolls, no wider than is good for reading."""
    column = ft.Column(
        list(controls), spacing=spacing, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )
    return ft.ListView(
        key=key,
        controls=[narrow(column)],
        padding=ft.Padding.only(left=EDGE, right=EDGE, top=SPACE, bottom=32),
        expand=True,
    )


def narrow(content: ft.Control) -> ft.Control:
    """Content held to a readable width and kept in the middle."""
    return ft.Row(
        [ft.Container(content=content, width=READING_PX, expand=True, expand_loose=True)],
        alignment=ft.MainAxisAlignment.CENTER,
    )


def rows(controls: Sequence[ft.Control], *, key: str) -> ft.Control:
    """A list of cards."""
    return ft.ListView(
        key=key,
        controls=list(controls),
        spacing=GAP,
        padding=ft.Padding.only(left=EDGE, right=EDGE, top=SPACE, bottom=24),
        expand=True,
    )
