"""What the desk's screens are built from: fields and menus that keep the keys, and more.

Nowhere else in these screens is there a text field or a menu: a letter that is typed into one that
does not say so would be taken for a command.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, NamedTuple

import flet as ft

from client.viewmodels.app import App
from client.viewmodels.base import Typed
from client.views.fields import text_field
from client.views.kit import button, card, heading, ident, wrapped
from client.views.theme import BODY, GAP, TOUCH_PX, ringed

STRETCH = ft.CrossAxisAlignment.STRETCH
START = ft.CrossAxisAlignment.START


class Option(NamedTuple):
    """A choice of a menu."""

    code: str
    text: str
    many: int | None = None
    """How many there are of it."""


def written(app: App, name: str) -> dict[str, Any]:
    """What makes a text field one of the desk's: it keeps the keys, and can be sent the focus."""
    ref = ft.Ref[ft.TextField]()

    async def focus() -> None:
        if ref.current is not None:
            await ref.current.focus()  # type: ignore[no-untyped-call]

    app.keyboard.place(name, focus)
    return {
        "ref": ref,
        "on_focus": lambda e: app.keyboard.take(name),
        "on_blur": lambda e: app.keyboard.give_back(name),
    }


def field(
    app: App,
    name: str,
    label: str,
    typed: Typed,
    problem: str = "",
    *,
    form: int = 0,
    **more: Any,
) -> ft.Control:
    """A text field; `form` counts the forms: one that was set from outside is another field."""

    def take(text: str) -> None:
        typed.text = text

    on_typed = more.pop("on_typed", take)
    said = app.words(problem) if problem else None
    return text_field(
        name, label, typed.text, on_typed, said, key=f"{name}-{form}", **written(app, name), **more
    )


def menu(
    app: App,
    name: str,
    label: str,
    options: Sequence[Option],
    on_chosen: Callable[[str], object],
    *,
    chosen: str = "",
) -> ft.Control:
    """A button that opens a list to choose from; with one chosen it says which."""
    said = next((each.text for each in options if chosen and each.code == chosen), "")
    words = f"{label}: {said}" if said else label
    items = [_item(app, name, each, chosen, on_chosen) for each in options]
    popup = ft.PopupMenuButton(
        content=_face(words, chosen=bool(said)),
        items=items,
        tooltip=words,
        padding=0,
        menu_position=ft.PopupMenuPosition.UNDER,
        on_open=lambda e: app.keyboard.take(name),
        on_cancel=lambda e: app.keyboard.give_back(name),
        on_select=lambda e: app.keyboard.give_back(name),
    )
    return ident(name, popup)


def _item(
    app: App, name: str, option: Option, chosen: str, on_chosen: Callable[[str], object]
) -> ft.PopupMenuItem:
    def take() -> None:
        app.keyboard.give_back(name)  # what is chosen may take the menu off the screen
        act = on_chosen(option.code)
        if isinstance(act, Coroutine):
            app.spawn(act)

    return ft.PopupMenuItem(
        key=option.code,
        content=ft.Text(_counted(option), theme_style=BODY),
        checked=option.code == chosen if chosen else None,
        on_click=take,
    )


def _counted(option: Option) -> str:
    return option.text if option.many is None else f"{option.text} · {option.many}"


def _face(words: str, *, chosen: bool) -> ft.Control:
    """As high as a thumb, and as wide as its words; drawn like the buttons beside it."""
    ink = ft.Colors.ON_SECONDARY_CONTAINER if chosen else ft.Colors.PRIMARY
    style = ft.TextThemeStyle.LABEL_LARGE
    text = ft.Text(words, theme_style=style, color=ink, expand=True, expand_loose=True)
    arrow = ft.Icon(ft.Icons.ARROW_DROP_DOWN, size=20, color=ink)
    row = ft.Row([text, arrow], spacing=6, tight=True)
    return ft.Container(
        row,
        padding=ft.Padding.symmetric(vertical=13, horizontal=14),
        border=ft.Border.all(1, ft.Colors.OUTLINE),
        border_radius=100,
        bgcolor=ft.Colors.SECONDARY_CONTAINER if chosen else None,
    )


def tick(name: str, label: str, on: bool | None, act: Callable[..., Any]) -> ft.Control:
    """A box to mark something with; None is some of several. Checkboxes are too small for a thumb
    on wide windows.
    """
    icon = ft.Icons.CHECK_BOX if on else ft.Icons.CHECK_BOX_OUTLINE_BLANK
    box = ft.IconButton(
        ft.Icons.INDETERMINATE_CHECK_BOX if on is None else icon,
        tooltip=label,
        icon_color=ft.Colors.ON_SURFACE_VARIANT if on is False else ft.Colors.PRIMARY,
        on_click=act,
        width=TOUCH_PX,
        height=TOUCH_PX,
        style=ft.ButtonStyle(side=ringed()),
    )
    return ft.MergeSemantics(
        ft.Semantics(identifier=name, checked=bool(on), mixed=on is None, content=box)
    )


def scroll_key(record: str) -> ft.ScrollKey:
    """What a list is scrolled to."""
    return ft.ScrollKey(record)  # type: ignore[call-arg]


def section(name: str, title: str, controls: Sequence[ft.Control]) -> ft.Control:
    """A part of an appeal with its heading."""
    column = ft.Column([heading(title), *controls], spacing=GAP, horizontal_alignment=STRETCH)
    return ident(name, card(column))


def choices(*controls: ft.Control) -> ft.Control:
    """The buttons at the end of a form."""
    return wrapped(controls)


def text_button(name: str, text: str, act: Callable[..., Any], **more: Any) -> ft.Control:
    """An act of the second rank."""
    return button(name, text, act, kind=ft.TextButton, **more)
