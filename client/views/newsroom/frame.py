"""The frame of the newsroom: its sections, and where each stands on a phone and elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import flet as ft

from client.viewmodels.app import App, ExchangeModel
from client.viewmodels.newsroom import SECTIONS, NewsroomModel
from client.viewmodels.newsroom.weeks import EXCEPTION
from client.views.kit import toggle
from client.views.newsroom.announce_form import AnnounceForm
from client.views.newsroom.files import Files
from client.views.newsroom.place_form import PlaceForm
from client.views.newsroom.place_table import PlaceTable
from client.views.newsroom.preview import Preview
from client.views.newsroom.published import PublishedList
from client.views.newsroom.unsigned import UnsignedList
from client.views.newsroom.week_form import WeekForm
from client.views.newsroom.week_table import WeekTable
from client.views.newsroom.writing import PublishForm
from client.views.safe import part
from client.views.theme import EDGE, SPACE

LIST_PX: Final = 360
PREVIEW_PX: Final = 408
ICONS: Final = {
    "news": ft.Icons.NEWSPAPER_OUTLINED,
    "alerts": ft.Icons.DRAW_OUTLINED,
    "places": ft.Icons.PLACE_OUTLINED,
    "outages": ft.Icons.BOLT_OUTLINED,
    "files": ft.Icons.SWAP_VERT,
}


@part
def NewsroomDesk(app: App, model: NewsroomModel, clock: ExchangeModel) -> ft.Control:
    """All of it on a wide window: the sections on top, the one that is open under them."""
    content = _news_wide(app, model, clock) if model.section == "news" else None
    body = content or _section(app, model, clock)
    around = ft.Padding.only(left=EDGE, right=EDGE, top=4, bottom=4)
    return ft.Column(
        [
            ft.Container(_tabs(app, model, SECTIONS), padding=around),
            ft.Divider(height=1),
            ft.Container(body, expand=True, key=f"section-{model.section}"),
        ],
        spacing=0,
        expand=True,
    )


@part
def NewsroomPhone(app: App, model: NewsroomModel, clock: ExchangeModel) -> ft.Control:
    """The list on a phone; the other sections lie over it."""
    tabs = ft.Container(
        _tabs(app, model, SECTIONS[1:]), padding=ft.Padding.symmetric(vertical=4, horizontal=EDGE)
    )
    return ft.Column([tabs, PublishedList(app, model, clock)], spacing=0, expand=True)


@part
def NewsroomOver(app: App, model: NewsroomModel, clock: ExchangeModel) -> ft.Control:
    """What lies over the list on a phone: the form, or another section."""
    return _section(app, model, clock)


def section_name(app: App, model: NewsroomModel, name: str) -> str:
    """What a section is called, with the number of alerts that wait for somebody."""
    said = app.words(f"newsroom.section_{name}")
    waiting = len(model.unsigned)
    return f"{said} · {waiting}" if name == "alerts" and waiting else said


def _tabs(app: App, model: NewsroomModel, names: tuple[str, ...]) -> ft.Control:
    chips = [
        toggle(
            f"section-{name}", section_name(app, model, name),
            partial(app.go, "newsroom", "" if name == SECTIONS[0] else name), ICONS[name],
            chosen=app.wide and model.section == name,
        )
        for name in names
    ]  # fmt: skip
    return ft.Row(chips, scroll=ft.ScrollMode.HIDDEN, spacing=SPACE, key="sections")


def _news_wide(app: App, model: NewsroomModel, clock: ExchangeModel) -> ft.Control:
    panes: list[ft.Control] = [
        ft.Container(PublishedList(app, model, clock), width=LIST_PX),
        ft.VerticalDivider(width=1),
        ft.Container(PublishForm(app, model.writing), expand=True),
    ]
    if app.broad:
        seen = Preview(app, model.writing, model.writing.preview)
        panes += [ft.VerticalDivider(width=1), ft.Container(seen, width=PREVIEW_PX)]
    return ft.Row(panes, spacing=0, expand=True, vertical_alignment=ft.CrossAxisAlignment.STRETCH)


def _section(app: App, model: NewsroomModel, clock: ExchangeModel) -> ft.Control:
    return _BUILD[model.section](app, model, clock)


def _places(app: App, model: NewsroomModel, clock: ExchangeModel) -> ft.Control:
    shown: ft.Control = (
        PlaceForm(app, model.places.form, model.part)
        if model.part
        else PlaceTable(app, model.places, model.files, clock)
    )
    return shown


def _outages(app: App, model: NewsroomModel, clock: ExchangeModel) -> ft.Control:
    shown: ft.Control
    if model.part == EXCEPTION:
        shown = AnnounceForm(app, model.weeks.exception)
    elif model.part:
        shown = WeekForm(app, model.weeks, model.weeks.form, model.part)
    else:
        shown = WeekTable(app, model.weeks, model.files, clock)
    return shown


_BUILD: Final[dict[str, Callable[[App, NewsroomModel, ExchangeModel], ft.Control]]] = {
    "news": lambda app, model, clock: PublishForm(app, model.writing),
    "alerts": UnsignedList,
    "places": _places,
    "outages": _outages,
    "files": lambda app, model, clock: Files(app, model.files),
}
