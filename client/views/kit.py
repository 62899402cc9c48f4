"""The small pieces every room is built from, so that they look and behave alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import flet as ft

from client.viewmodels.app import App
from client.views.pulling import pullable
from client.views.theme import (
    BODY,
    EDGE,
    GAP,
    RADIUS,
    READING_PX,
    SMALL,
    SPACE,
    STRONG,
    TOUCH_PX,
    ringed,
)

WHOLE_PX: Final = 20_000
"""A page stays whole for screen readers, however long: in a browser what leaves their tree while it
is scrolled away may not come back, and a field that is written in comes back empty."""

_TOGGLE: Final = ft.Padding.symmetric(vertical=14, horizontal=14)


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
    """A button at least as high as a thumb; it grows with its words, which are never cut."""
    style = ft.ButtonStyle(
        padding=ft.Padding.symmetric(vertical=14, horizontal=20),
        side=ringed(kind is ft.OutlinedButton),
    )
    control = kind(content=text, icon=icon, on_click=on_click, disabled=disabled, style=style)
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
                ft.Text(
                    text,
                    theme_style=SMALL,
                    color=color,
                    weight=STRONG,
                    expand=True,
                    expand_loose=True,
                ),
            ],
            spacing=6,
            tight=True,
        ),
        padding=ft.Padding.symmetric(vertical=4, horizontal=10),
        border_radius=100,
        bgcolor=bgcolor,
    )


def faint(text: str, role: ft.TextThemeStyle = SMALL, **more: Any) -> ft.Text:
    """Secondary text."""
    return ft.Text(text, theme_style=role, color=ft.Colors.ON_SURFACE_VARIANT, **more)


def heading(text: str) -> ft.Control:
    """A heading inside a room, by itself: merged into a card it would hide that one can tap."""
    words = ft.Text(text, theme_style=ft.TextThemeStyle.TITLE_MEDIUM)
    return ft.Semantics(header=True, container=True, content=words)


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
                    faint(hint, BODY, text_align=center),
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
    """A notice inside a room, spoken when it appears; it comes and goes beside what stays."""
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
        key=name,
    )


def scrolling(
    controls: Sequence[ft.Control], *, key: str, spacing: int = GAP, app: App | None = None
) -> ft.Control:
    """A page that scrolls, no wider than is good for reading; with an app, pulling exchanges."""
    column = ft.Column(
        list(controls), spacing=spacing, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )
    listed = ft.ListView(
        key=key,
        controls=[narrow(column)],
        padding=ft.Padding.only(left=EDGE, right=EDGE, top=SPACE, bottom=32),
        expand=True,
        cache_extent=WHOLE_PX,
    )
    return listed if app is None else pullable(app, listed)


def narrow(content: ft.Control) -> ft.Control:
    """Content held to a readable width and kept in the middle."""
    return ft.Row(
        [ft.Container(content=content, width=READING_PX, expand=True, expand_loose=True)],
        alignment=ft.MainAxisAlignment.CENTER,
    )


def rows(
    controls: Sequence[ft.Control],
    *,
    key: str,
    app: App | None = None,
    ref: ft.Ref[ft.ListView] | None = None,
) -> ft.Control:
    """A list of cards; with an app, pulling it down at its top exchanges."""
    listed = ft.ListView(
        ref=ref,
        key=key,
        controls=list(controls),
        spacing=GAP,
        padding=ft.Padding.only(left=EDGE, right=EDGE, top=SPACE, bottom=24),
        expand=True,
        cache_extent=WHOLE_PX,
    )
    return listed if app is None else pullable(app, listed)


def more_button(app: App, name: str, act: Callable[..., Any]) -> ft.Control:
    """One page more, at the end of a list."""
    more = button(name, app.words("common.more"), act, kind=ft.OutlinedButton)
    return ft.Row([more], alignment=ft.MainAxisAlignment.CENTER, key="more")


def pair(name: str, value: str, key: str | None = None) -> ft.Control:
    """A fact with its name, one under the other where there is no room beside."""
    return ft.Row(
        [faint(name, BODY), selectable(ft.Text(value, weight=STRONG), key)],
        wrap=True,
        spacing=SPACE,
        run_spacing=2,
    )


def toggle(
    name: str,
    text: str,
    on_click: Callable[..., Any],
    icon: ft.IconData | None = None,
    *,
    chosen: bool = False,
) -> ft.Control:
    """One of several choices in sight: filled and ticked when chosen, said so to screen readers.

    Always the same kind of button, with its picture inside: a client that has to put another one in
    its place loses the keyboard.
    """
    shown = ft.Icons.CHECK if chosen else icon
    words = ft.Text(text, expand=True, expand_loose=True)
    control = ft.OutlinedButton(
        content=ft.Row([ft.Icon(shown), words] if shown else [words], spacing=SPACE, tight=True),
        on_click=on_click,
        style=_chosen() if chosen else _unchosen(),
    )
    return ft.Semantics(identifier=name, selected=chosen, content=control)


def _chosen() -> ft.ButtonStyle:
    return ft.ButtonStyle(
        padding=_TOGGLE,
        side=ringed(),
        bgcolor=ft.Colors.PRIMARY,
        color=ft.Colors.ON_PRIMARY,
        icon_color=ft.Colors.ON_PRIMARY,
        overlay_color=ft.Colors.with_opacity(0.1, ft.Colors.ON_PRIMARY),
    )


def _unchosen() -> ft.ButtonStyle:
    return ft.ButtonStyle(padding=_TOGGLE, side=ringed(edge=True))


def wrapped(controls: Sequence[ft.Control]) -> ft.Control:
    """Small controls side by side, on as many lines as they need."""
    return ft.Row(list(controls), wrap=True, spacing=SPACE, run_spacing=SPACE)


def icon_button(
    name: str, label: str, icon: ft.IconData, on_click: Callable[..., Any]
) -> ft.Control:
    """A picture to tap, with a name that is spoken and shown on hovering."""
    control = ft.IconButton(
        icon, tooltip=label, on_click=on_click, width=TOUCH_PX, height=TOUCH_PX,
        style=ft.ButtonStyle(side=ringed()),
    )  # fmt: skip
    # Merged, or a screen reader meets the name first and then a button that has none.
    return ft.MergeSemantics(ident(name, control))
