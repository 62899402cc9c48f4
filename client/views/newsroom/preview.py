"""What a resident will see, as on a phone: in the list, and opened."""

from __future__ import annotations

from typing import Final

import flet as ft

from client.viewmodels.app import App
from client.viewmodels.newsroom.preview import Later
from client.viewmodels.newsroom.writing import WritingModel
from client.views.kit import faint, ident
from client.views.news import NewsCard, article
from client.views.safe import part
from client.views.theme import EDGE, GAP, SMALL, STRONG

PHONE_PX: Final = 360
BEZEL_PX: Final = 8


@part
def Preview(app: App, writing: WritingModel, later: Later) -> ft.Control:
    """A phone with the item on it, drawn with what residents have; nothing on it can be tapped."""
    text = app.words
    hint = faint(text("newsroom.preview_hint"), text_align=ft.TextAlign.CENTER)
    column = ft.Column(
        [hint, phone(app, writing)],
        spacing=GAP,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )
    return ft.ListView(
        key="preview", controls=[column], expand=True,
        padding=ft.Padding.symmetric(vertical=GAP, horizontal=EDGE),
    )  # fmt: skip


def phone(app: App, writing: WritingModel) -> ft.Control:
    """The phone alone."""
    text, item = app.words, writing.as_seen()
    small = faint(text("newsroom.preview_list"))
    large = faint(text("newsroom.preview_open"))
    city = ft.Text(app.open_services.city, theme_style=SMALL, weight=STRONG)
    shown = ft.Column(
        [city, small, NewsCard(app, item, app.exchange), ft.Divider(), large,
         *article(app, item, app.exchange.now_ms)],
        spacing=GAP,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )  # fmt: skip
    screen = ft.Container(
        shown,
        width=PHONE_PX + 2 * BEZEL_PX,
        padding=EDGE,
        bgcolor=ft.Colors.SURFACE,
        border=ft.Border.all(BEZEL_PX, ft.Colors.OUTLINE),
        border_radius=32,
        ignore_interactions=True,
    )
    return ident("newsroom-preview", screen, text("newsroom.preview"), container=True)
