"""News as a resident sees them: the list with urgent items on top, and one item in full."""

from __future__ import annotations

import flet as ft

from client.i18n.dates import ago, moment
from client.services.types import NewsView
from client.viewmodels.app import App, ExchangeModel
from client.viewmodels.news import NewsModel
from client.views.kit import (
    banner,
    button,
    card,
    empty,
    faint,
    ident,
    line,
    rows,
    scrolling,
    selectable,
)
from client.views.safe import part
from client.views.theme import EDGE, SPACE, STRONG


@part
def NewsList(app: App, model: NewsModel, clock: ExchangeModel) -> ft.Control:
    """The search and the list."""
    text = app.words
    search = ident(
        "news-search",
        ft.TextField(
            hint_text=text("news.search"),
            value=model.query,
            prefix_icon=ft.Icons.SEARCH,
            filled=True,
            fill_color=ft.Colors.SURFACE_CONTAINER_LOWEST,
            dense=True,
            border=ft.OutlineInputBorder(
                border_radius=28, side=ft.BorderSide(color=ft.Colors.OUTLINE_VARIANT)
            ),
            expand=True,
            on_change=lambda e: app.spawn(model.search(e.control.value or "")),
        ),
        expand=True,
    )
    top = ft.Container(ft.Row([search]), padding=ft.Padding.symmetric(vertical=4, horizontal=EDGE))
    return ft.Column([top, _body(app, model, clock)], spacing=0, expand=True)


def _body(app: App, model: NewsModel, clock: ExchangeModel) -> ft.Control:
    text = app.words
    if not model.items:
        searched = bool(model.query.strip())
        kind = "news.not_found" if searched else "news.empty"
        icon = ft.Icons.SEARCH_OFF if searched else ft.Icons.NEWSPAPER_OUTLINED
        return rows([empty("news-empty", icon, text(kind), text(f"{kind}_hint"))], key="news-none")
    cards: list[ft.Control] = [NewsCard(app, item, clock, key=item.record) for item in model.items]
    if model.has_more:
        more = button("news-more", text("common.more"), model.more, kind=ft.OutlinedButton)
        cards.append(ft.Row([more], alignment=ft.MainAxisAlignment.CENTER, key="more"))
    return rows(cards, key="news-list")


@part
def NewsCard(app: App, item: NewsView, clock: ExchangeModel) -> ft.Control:
    """One item in the list: how loud, what, for whom, how old."""
    urgent = _is_loud(item, clock.now_ms)
    ink = ft.Colors.ON_ERROR_CONTAINER if urgent else ft.Colors.ON_SURFACE
    struck = ft.TextDecoration.LINE_THROUGH if item.withdrawn else None
    body = ft.Column(
        [
            *_signs(app, item, clock.now_ms),
            ft.Text(
                item.title,
                size=18 if urgent else 16,
                weight=STRONG,
                color=ink,
                max_lines=3,
                overflow=ft.TextOverflow.ELLIPSIS,
                style=ft.TextStyle(decoration=struck) if struck else None,
            ),
            ft.Text(
                item.text,
                color=ink if urgent else ft.Colors.ON_SURFACE_VARIANT,
                max_lines=3 if urgent else 2,
                overflow=ft.TextOverflow.ELLIPSIS,
            ),
            _foot(app, item),
        ],
        spacing=SPACE,
        tight=True,
    )
    return ident(
        f"news-{item.record}",
        card(
            body,
            on_click=lambda: app.go("news", item.record),
            bgcolor=ft.Colors.ERROR_CONTAINER if urgent else ft.Colors.SURFACE_CONTAINER_LOWEST,
            selected=app.wide and app.record == item.record,
        ),
    )


def _is_loud(item: NewsView, now_ms: int) -> bool:
    return item.priority == "urgent" and not item.withdrawn and not item.expired(now_ms)


def _signs(app: App, item: NewsView, now_ms: int) -> list[ft.Control]:
    """The line above the title: priority in words and picture, and the topic."""
    signs: list[ft.Control] = []
    if item.priority != "normal":
        signs.append(_priority(app, item.priority, _is_loud(item, now_ms)))
    if item.topic:
        signs.append(faint(item.topic))
    if not signs:
        return []
    cross = ft.CrossAxisAlignment.CENTER
    return [ft.Row(signs, wrap=True, spacing=SPACE, run_spacing=4, vertical_alignment=cross)]


def _priority(app: App, priority: str, loud: bool) -> ft.Control:
    urgent = priority == "urgent"
    icon = ft.Icons.WARNING_ROUNDED if urgent else ft.Icons.PRIORITY_HIGH
    bgcolor = app.branding.alert if loud else ft.Colors.SURFACE_CONTAINER_HIGHEST
    color = ft.Colors.WHITE if loud else ft.Colors.ON_SURFACE
    return ft.Container(
        ft.Row(
            [
                ft.Icon(icon, size=16, color=color),
                ft.Text(app.words(f"priority.{priority}"), size=13, weight=STRONG, color=color),
            ],
            spacing=6,
            tight=True,
        ),
        bgcolor=bgcolor,
        border_radius=100,
        padding=ft.Padding.symmetric(vertical=4, horizontal=10),
    )


def _foot(app: App, item: NewsView) -> ft.Control:
    """What must be known before relying on the item: withdrawn, corrected, past its date."""
    text = app.words
    now = app.exchange.now_ms
    notes = []
    if item.withdrawn:
        notes.append(text("news.withdrawn"))
    elif item.expired(now):
        notes.append(text("news.expired"))
    if item.corrections and not item.withdrawn:
        notes.append(text("news.corrected", ago=ago(text, item.changed_at_ms, now, app.zone)))
    if item.pending:
        notes.append(text("news.waiting"))
    place = item.district or text("news.everywhere")
    age = ago(text, item.published_at_ms, now, app.zone)
    loud = _is_loud(item, now)
    color = ft.Colors.ON_ERROR_CONTAINER if loud else ft.Colors.ON_SURFACE_VARIANT
    return ft.Row(
        [
            ft.Icon(ft.Icons.PLACE_OUTLINED, size=16, color=color),
            ft.Text(" · ".join([place, *notes]), size=13, color=color, expand=True),
            ft.Text(age, size=13, color=color),
        ],
        spacing=4,
    )


@part
def NewsDetail(app: App, model: NewsModel, clock: ExchangeModel) -> ft.Control:
    """One item in full."""
    text, item, now = app.words, model.open, clock.now_ms
    if item is None or item.record != app.record:
        return ft.Container()
    when = moment(text, item.published_at_ms, now, app.zone)
    facts = [
        line(ft.Icons.PLACE_OUTLINED, item.district or text("news.everywhere")),
        line(ft.Icons.SCHEDULE, text("news.published", time=when)),
        line(ft.Icons.VERIFIED_OUTLINED, text("news.signed")),
    ]
    if item.expires_at_ms:
        until = moment(text, item.expires_at_ms, now, app.zone)
        facts.insert(2, line(ft.Icons.TIMER_OUTLINED, text("news.valid_until", time=until)))
    return scrolling(
        [
            *_signs(app, item, now),
            selectable(ft.Text(item.title, theme_style=ft.TextThemeStyle.HEADLINE_SMALL)),
            *_warnings(app, item, now),
            selectable(ft.Text(item.text, size=16, style=ft.TextStyle(height=1.5))),
            card(ft.Column(facts, spacing=10)),
        ],
        key=f"detail-{item.record}",
        spacing=EDGE,
    )


def _warnings(app: App, item: NewsView, now_ms: int) -> list[ft.Control]:
    text = app.words
    if item.withdrawn:
        said = text("news.withdrawn_note", note=item.note) if item.note else ""
        return [banner("news-withdrawn", said or text("news.withdrawn"), ft.Icons.UNDO, bad=True)]
    warnings: list[ft.Control] = []
    if item.expired(now_ms):
        warnings.append(banner("news-expired", text("news.expired"), ft.Icons.TIMER_OFF_OUTLINED))
    if item.corrections:
        age = ago(text, item.changed_at_ms, now_ms, app.zone)
        note = text("news.corrected", ago=age)
        warnings.append(banner("news-corrected", note, ft.Icons.EDIT_OUTLINED))
    return warnings
