"""The frame around every room: title, line of truth, navigation, one pane or two.

On a phone a record is a second view over its list, so that the system's back gesture works; on a
wide window it stands beside the list.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import flet as ft

from client.viewmodels.app import App
from client.views.appeals import AppealsList, AppealThread
from client.views.exchange_line import ExchangeLine
from client.views.gate import Gate
from client.views.kit import button, empty, ident
from client.views.news import NewsDetail, NewsList
from client.views.newsroom import PublishedList, PublishForm
from client.views.queue import QueueList, QueueThread
from client.views.safe import part
from client.views.theme import EDGE, LIST_PX, STRONG
from client.views.write import WriteForm


class Room(NamedTuple):
    """A section: how it is called, and how to build its list and what stands beside it."""

    label: str
    short: str
    icon: ft.IconData
    chosen: ft.IconData
    main: Callable[[App], ft.Control]
    beside: Callable[[App], ft.Control] | None
    pick: str


ROOMS: Final = {
    "news": Room(
        "nav.news", "nav.news", ft.Icons.NEWSPAPER_OUTLINED, ft.Icons.NEWSPAPER,
        lambda app: NewsList(app, app.news, app.exchange),
        lambda app: NewsDetail(app, app.news, app.exchange), "news.pick",
    ),
    "write": Room(
        "nav.write", "nav.write", ft.Icons.EDIT_OUTLINED, ft.Icons.EDIT,
        lambda app: WriteForm(app, app.write), None, "",
    ),
    "appeals": Room(
        "nav.appeals", "nav.appeals_short", ft.Icons.FORUM_OUTLINED, ft.Icons.FORUM,
        lambda app: AppealsList(app, app.appeals, app.exchange),
        lambda app: AppealThread(app, app.appeals, app.exchange), "appeals.pick",
    ),
    "queue": Room(
        "nav.queue", "nav.queue", ft.Icons.INBOX_OUTLINED, ft.Icons.INBOX,
        lambda app: QueueList(app, app.queue, app.exchange),
        lambda app: QueueThread(app, app.queue, app.exchange), "desk.pick",
    ),
    "newsroom": Room(
        "nav.newsroom", "nav.newsroom", ft.Icons.CAMPAIGN_OUTLINED, ft.Icons.CAMPAIGN,
        lambda app: PublishedList(app, app.newsroom, app.exchange),
        lambda app: PublishForm(app, app.newsroom), "",
    ),
}  # fmt: skip


@ft.component
def Root(app: App) -> list[ft.View]:
    """The views of a window, the last on top."""
    if app.phase != "ready":
        return [ft.View(route="/", controls=[ft.SafeArea(Gate(app, app.gate), expand=True)])]
    room = ROOMS[app.section]
    views = [_base(app, room)]
    if app.record and room.beside is not None and not app.wide:
        views.append(_over(app, room, room.beside))
    return views


def _base(app: App, room: Room) -> ft.View:
    content: list[ft.Control] = [_top(app), Notice(app), ExchangeLine(app, app.exchange)]
    body = ft.Container(_body(app, room), expand=True)
    column = ft.Column([*content, body], spacing=0, expand=True)
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
    if not app.wide or room.beside is None:
        return room.main(app)
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


def _pick(app: App, room: Room) -> ft.Control:
    hint = empty("pick", room.icon, app.words(room.pick))
    return ft.Container(hint, alignment=ft.Alignment.CENTER, expand=True)


def _over(app: App, room: Room, beside: Callable[[App], ft.Control]) -> ft.View:
    """One record over its list, on a phone."""
    back = ft.IconButton(
        ft.Icons.ARROW_BACK,
        tooltip=app.words("nav.back"),
        on_click=lambda: app.go(app.section),
    )
    body = ft.Column(
        [Notice(app), ExchangeLine(app, app.exchange), ft.Container(beside(app), expand=True)],
        spacing=0,
        expand=True,
    )
    return ft.View(
        route=f"/{app.section}/{app.record}",
        padding=0,
        appbar=ft.AppBar(
            leading=ident("back", back),
            title=ft.Text(app.words(room.label)),
            actions=[_language(app)],
            bgcolor=ft.Colors.SURFACE,
            elevation_on_scroll=0,
        ),
        controls=[ft.SafeArea(body, expand=True)],
    )


def _top(app: App) -> ft.Control:
    text = app.words
    role = {"queue": "role.desk", "newsroom": "role.newsroom"}.get(app.role, "role.resident")
    name = ft.Column(
        [
            ft.Semantics(
                header=True,
                content=ft.Text(
                    app.open_services.city, theme_style=ft.TextThemeStyle.HEADLINE_SMALL,
                    weight=STRONG, max_lines=1, overflow=ft.TextOverflow.ELLIPSIS,
                ),
            ),
            ft.Text(text(role), size=13, color=ft.Colors.ON_SURFACE_VARIANT),
        ],
        spacing=0,
        tight=True,
        expand=True,
    )  # fmt: skip
    return ft.Container(
        ft.Row([name, _language(app)], spacing=8),
        padding=ft.Padding.only(left=EDGE + 4, right=8, top=12, bottom=8),
    )


def _language(app: App) -> ft.Control:
    text = app.words
    switch = ft.TextButton(
        content=text("language.other"),
        icon=ft.Icons.TRANSLATE,
        tooltip=text("language.switch"),
        on_click=app.switch_language,
    )
    return ident("language", switch)


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
    return ft.NavigationBar(
        selected_index=app.sections.index(app.section),
        on_change=lambda e: app.go(app.sections[e.control.selected_index]),
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
    return ft.NavigationRail(
        selected_index=app.sections.index(app.section),
        label_type=ft.NavigationRailLabelType.ALL,
        min_width=96,
        group_alignment=-0.9,
        on_change=lambda e: app.go(app.sections[e.control.selected_index]),
        destinations=[
            ft.NavigationRailDestination(
                icon=ROOMS[name].icon,
                selected_icon=ROOMS[name].chosen,
                label=app.words(ROOMS[name].label),
            )
            for name in app.sections
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
