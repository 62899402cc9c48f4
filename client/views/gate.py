"""The screens before the app: opening, PIN, and what to do when the profile cannot be opened."""

from __future__ import annotations

from typing import Final, NamedTuple

import flet as ft

from client.viewmodels.app import App
from client.viewmodels.gate import GateModel
from client.viewmodels.welcome import WelcomeModel
from client.views.kit import button, faint, ident, selectable
from client.views.safe import part
from client.views.theme import EDGE, GAP, RADIUS
from client.views.welcome import Welcome


class Screen(NamedTuple):
    """A screen that says what happened and what to do."""

    icon: ft.IconData
    command: str


SCREENS: Final = {
    "missing": Screen(ft.Icons.FOLDER_OFF_OUTLINED, "misto device new DIR --card FILE"),
    "damaged": Screen(ft.Icons.SD_CARD_ALERT_OUTLINED, "misto doctor --profile DIR"),
    "newer": Screen(ft.Icons.SYSTEM_UPDATE_OUTLINED, ""),
    "full": Screen(ft.Icons.STORAGE_OUTLINED, ""),
    "failed": Screen(ft.Icons.REPORT_OUTLINED, "misto doctor --profile DIR"),
}


@part
def Gate(app: App, model: GateModel, welcome: WelcomeModel) -> ft.Control:
    """Whatever stands between the person and the app."""
    text = app.words
    if app.phase == "welcome":
        shown: ft.Control = Welcome(app, welcome)
        return shown
    if app.phase == "ready":
        return ft.Container()  # the root is about to put the rooms in this place
    if app.phase == "opening":
        return _middle(
            [
                ft.Icon(ft.Icons.LOCATION_CITY, size=56, color=ft.Colors.PRIMARY),
                ft.Text(app.branding.name, theme_style=ft.TextThemeStyle.HEADLINE_MEDIUM),
                ident("gate-opening", faint(text("gate.opening"))),
            ]
        )
    if app.phase == "locked":
        return _locked(app, model)
    screen = SCREENS[app.phase]
    controls = _said(app, screen.icon, app.phase)
    if app.phase == "damaged" and model.readable:
        controls.append(ft.Text(text("gate.salvage", n=model.readable)))
    if screen.command:
        controls.append(
            ft.Container(
                selectable(ft.Text(screen.command, font_family="monospace")),
                padding=12,
                border_radius=8,
                bgcolor=ft.Colors.SURFACE_CONTAINER_HIGHEST,
            )
        )
    controls.append(button("gate-retry", text("common.retry"), lambda: app.spawn(model.open())))
    if model.detail:
        controls.append(selectable(faint(text("gate.detail", detail=model.detail))))
    return _middle(controls)


def _locked(app: App, model: GateModel) -> ft.Control:
    text = app.words

    def typed(pin: str) -> None:
        model.pin.text = pin

    def unlock() -> None:
        if model.pin.text:
            app.spawn(model.open(model.pin.text))

    field = ft.TextField(
        label=text("gate.pin"),
        value=model.pin.text,
        data=typed,
        password=True,
        # In a browser, a field with the focus before somebody asks for the tree of a screen reader
        # keeps all fields out of that tree's reach (Flutter's web client).
        autofocus=not ft.context.page.web,
        keyboard_type=ft.KeyboardType.NUMBER,
        error=text("gate.wrong_pin") if model.wrong_pin else None,
        error_max_lines=2,
        border=ft.OutlineInputBorder(border_radius=12),
        on_submit=unlock,
    )
    open_it = button("gate-unlock", text("gate.unlock"), unlock, ft.Icons.LOCK_OPEN_OUTLINED,
                     disabled=model.busy)  # fmt: skip
    return _middle(
        [*_said(app, ft.Icons.LOCK_OUTLINED, "locked"), ident("gate-pin", field), open_it]
    )


def _said(app: App, icon: ft.IconData, phase: str) -> list[ft.Control]:
    text, center = app.words, ft.TextAlign.CENTER
    style = ft.TextThemeStyle.HEADLINE_SMALL
    title = ft.Text(text(f"gate.{phase}"), theme_style=style, text_align=center)
    return [
        ft.Icon(icon, size=56, color=ft.Colors.PRIMARY),
        ident(f"gate-{phase}", title, live_region=True),
        ft.Text(text(f"gate.{phase}_hint"), text_align=center),
    ]


def _middle(controls: list[ft.Control]) -> ft.Control:
    column = ft.Column(
        controls,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        alignment=ft.MainAxisAlignment.CENTER,
        scroll=ft.ScrollMode.AUTO,
        spacing=GAP * 1.5,
        tight=True,
    )
    around = ft.Padding.symmetric(vertical=32, horizontal=EDGE)
    box = ft.Container(column, padding=around, width=480, border_radius=RADIUS)
    return ft.Container(box, alignment=ft.Alignment.CENTER, expand=True)
