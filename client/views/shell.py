"""The frame around every room: title, line of truth, navigation, one pane or two.

On a phone a record, and a room behind the bar, is a second view over the room that it came from, so
that the system's back gesture works; on a wide window a record stands beside its list, and the rail
shows every room.
"""

from __future__ import annotations

import flet as ft

from client.viewmodels.app import App
from client.views.exchange_line import ExchangeLine
from client.views.gate import Gate
from client.views.kit import button, empty, icon_button, ident
from client.views.rooms import ROOMS, Room
from client.views.safe import part
from client.views.sink import sink
from client.views.theme import EDGE, LIST_PX, READING_PX, SMALL, STRONG
from client.views.witness import SplitStrip

OFF_RAIL = ("outbox", "beside", "collect", "claim", "round")
"""Reached by the line of truth, which is on every screen, from home and from the settings."""


@ft.component
def Root(app: App) -> list[ft.View]:
    """The views of a window, the last on top."""
    if app.phase != "ready":
        gate = Gate(app, app.gate, app.welcome)
        return [ft.View(route="/", controls=[ft.SafeArea(gate, expand=True)])]
    room = ROOMS[app.section]
    if app.wide:
        return [_base(app, room)]
    under = ROOMS[app.under or app.sections[0]]
    views = [_base(app, room if app.section in app.sections else under)]
    if app.section not in app.sections:
        views.append(_over(app, room, room.main(app), f"/{app.section}"))
    if app.record and room.beside is not None:
        views.append(_over(app, room, room.beside(app), f"/{app.section}/{app.record}"))
    return views


def _base(app: App, room: Room) -> ft.View:
    line = ExchangeLine(app, app.exchange)
    strip = SplitStrip(app, app.witness)
    content: list[ft.Control] = [_top(app), Notice(app), line, strip]
    if app.wide:  # height is scarce there: desks have low screens
        sides: list[ft.Control] = [ft.Container(_top(app), expand=2), ft.Container(line, expand=3)]
        content = [ft.Row(sides, spacing=0), Notice(app), strip]
    body = ft.Container(_body(app, room), expand=True)
    column = ft.Column([*content, body, sink(app)], spacing=0, expand=True)
    inside: ft.Control = column
    if app.wide:
        inside = ft.Row(
            [_rail(app), ft.VerticalDivider(width=1), column],
            spacing=0,
            expand=True,
            vertical_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    return ft.View(
        route="/",
        padding=0,
        controls=[ft.SafeArea(inside, expand=True)],
        navigation_bar=None if app.wide else _bar(app),
        floating_action_button=_publish_button(app) if app.section == "newsroom" else None,
    )


def _body(app: App, room: Room) -> ft.Control:
    if not app.wide:
        return room.main(app)
    if room.broad is not None:
        return room.broad(app)
    if room.beside is None:
        return _middle(room.main(app))
    beside = room.beside(app) if app.record or not room.pick else _pick(app, room)
    return ft.Row(
        [
            ft.Container(room.main(app), width=LIST_PX),
            ft.VerticalDivider(width=1),
            ft.Container(beside, expand=True),
        ],
        spacing=0,
        expand=True,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _middle(content: ft.Control) -> ft.Control:
    """One pane on a wide window, no wider than is good for reading."""
    held = ft.Container(content, width=READING_PX + 2 * EDGE, expand=True, expand_loose=True)
    return ft.Row(
        [held],
        alignment=ft.MainAxisAlignment.CENTER,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
        expand=True,
    )


def _pick(app: App, room: Room) -> ft.Control:
    hint = empty("pick", room.icon, app.words(room.pick))
    return ft.Container(hint, alignment=ft.Alignment.CENTER, expand=True)


def _over(app: App, room: Room, content: ft.Control, route: str) -> ft.View:
    """A record over its list, or a room over the one that it was reached from; on a phone."""
    back = icon_button("back", app.words("nav.back"), ft.Icons.ARROW_BACK, app.back)
    body = ft.Column(
        [Notice(app), ExchangeLine(app, app.exchange), ft.Container(content, expand=True)],
        spacing=0,
        expand=True,
    )
    return ft.View(
        route=route,
        padding=0,
        appbar=ft.AppBar(
            leading=back,
            title=ft.Text(app.words(room.label)),
            bgcolor=ft.Colors.SURFACE,
            elevation_on_scroll=0,
        ),
        controls=[ft.SafeArea(body, expand=True)],
    )


def _top(app: App) -> ft.Control:
    text = app.words
    role = {"queue": "role.desk", "newsroom": "role.newsroom"}.get(app.role, "role.resident")
    said = app.prefs.district or text(role)
    name = ft.Column(
        [
            ft.Semantics(
                header=True,
                content=ft.Text(
                    app.open_services.city, theme_style=ft.TextThemeStyle.HEADLINE_SMALL,
                    weight=STRONG, max_lines=1, overflow=ft.TextOverflow.ELLIPSIS,
                ),
            ),
            ft.Text(said, theme_style=SMALL, color=ft.Colors.ON_SURFACE_VARIANT),
        ],
        spacing=0,
        tight=True,
        expand=True,
    )  # fmt: skip
    settings = icon_button(
        "settings", text("nav.settings"), ft.Icons.SETTINGS_OUTLINED, lambda: app.go("settings")
    )
    return ft.Container(
        ft.Row([name, settings], spacing=8),
        padding=ft.Padding.only(left=EDGE + 4, right=8, top=12, bottom=8),
    )


@part
def Notice(app: App) -> ft.Control:
    """What went wrong, until the person has read it."""
    if not app.notice:
        return ft.Container(height=0)

    def close() -> None:
        app.notice = ""

    return ident(
        "notice",
        ft.Container(
            ft.Row(
                [
                    ft.Icon(ft.Icons.INFO_OUTLINE, color=ft.Colors.ON_ERROR_CONTAINER),
                    ft.Text(app.words(app.notice), expand=True, color=ft.Colors.ON_ERROR_CONTAINER),
                    button("notice-close", app.words("trouble.close"), close, kind=ft.TextButton),
                ]
            ),
            padding=ft.Padding.symmetric(vertical=4, horizontal=EDGE),
            margin=ft.Margin.symmetric(vertical=4, horizontal=EDGE),
            border_radius=12,
            bgcolor=ft.Colors.ERROR_CONTAINER,
        ),
        live_region=True,
    )


def _bar(app: App) -> ft.NavigationBar:
    section = app.section if app.section in app.sections else app.under
    return ft.NavigationBar(
        selected_index=app.sections.index(section),
        data=lambda index: app.go(app.sections[index]),
        destinations=[
            ft.NavigationBarDestination(
                icon=ROOMS[name].icon,
                selected_icon=ROOMS[name].chosen,
                label=app.words(ROOMS[name].short),
            )
            for name in app.sections
        ],
    )


def _rail(app: App) -> ft.Control:
    rooms = tuple(
        name for name in dict.fromkeys((*app.sections, *app.behind)) if name not in OFF_RAIL
    )
    return ft.NavigationRail(
        selected_index=rooms.index(app.section) if app.section in rooms else None,
        label_type=ft.NavigationRailLabelType.ALL,
        min_width=96,
        group_alignment=-0.9,
        data=lambda index: app.go(rooms[index]),
        destinations=[
            ft.NavigationRailDestination(
                icon=ROOMS[name].icon,
                selected_icon=ROOMS[name].chosen,
                label=app.words(ROOMS[name].label),
            )
            for name in rooms
        ],
    )


def _publish_button(app: App) -> ft.FloatingActionButton | None:
    if app.wide:
        return None
    return ft.FloatingActionButton(
        content=app.words("newsroom.publish"),
        icon=ft.Icons.CAMPAIGN_OUTLINED,
        on_click=lambda: app.go("newsroom", "form"),
    )
