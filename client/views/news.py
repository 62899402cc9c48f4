"""News as a resident sees them: the list with urgent items on top, and one item in full."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import flet as ft

from client.i18n.dates import MINUTE_MS, ago, moment
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
    more_button,
    rows,
    scrolling,
    selectable,
    toggle,
)
from client.views.safe import part, still
from client.views.theme import BIG_TITLE, CARD_TITLE, EDGE, READING, SMALL, SPACE, STRONG

TOPICS_SHOWN: Final = 8


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
            data=lambda words: app.spawn(model.search(words)),
        ),
        text("news.search_label"),
        expand=True,
    )
    top = ft.Container(ft.Row([search]), padding=ft.Padding.symmetric(vertical=4, horizontal=EDGE))
    return ft.Column([top, _body(app, model, clock)], spacing=0, expand=True)


def _filters(app: App, model: NewsModel) -> ft.Control:
    """District, topic, unread: each narrows the list, and a tick says which do."""
    text, mine = app.words, app.prefs.district

    def only(**filters: Any) -> Callable[[], None]:
        return lambda: app.spawn(model.only(**filters))

    chips = [
        toggle("filter-unread", text("news.unread"), only(unread=not model.unread),
               ft.Icons.MARK_EMAIL_UNREAD_OUTLINED, chosen=model.unread)
    ]  # fmt: skip
    if mine:
        on = model.district == mine
        chips.append(toggle("filter-district", mine, only(district="" if on else mine),
                            ft.Icons.PLACE_OUTLINED, chosen=on))  # fmt: skip
    for topic in model.topics[:TOPICS_SHOWN]:
        on = model.topic == topic
        name = f"filter-topic-{topic}"
        chips.append(toggle(name, topic, only(topic="" if on else topic), chosen=on))
    if model.filtered:  # first: at the end of a row that is wider than a phone nobody finds it
        chips.insert(0, button("filter-none", text("news.all"), _unfilter(app, model),
                               ft.Icons.CLOSE, kind=ft.TextButton))  # fmt: skip
    return ft.Row(chips, scroll=ft.ScrollMode.HIDDEN, spacing=SPACE, key="filters")


def _unfilter(app: App, model: NewsModel) -> Callable[[], None]:
    def clear() -> None:
        model.query = ""
        app.spawn(model.only(district="", topic="", unread=False))

    return clear


def _body(app: App, model: NewsModel, clock: ExchangeModel) -> ft.Control:
    text = app.words
    filters = _filters(app, model) if model.topics or app.prefs.district else ft.Container()
    if not model.items:
        kind = "news.not_found" if model.filtered else "news.empty"
        icon = ft.Icons.SEARCH_OFF if model.filtered else ft.Icons.NEWSPAPER_OUTLINED
        nothing = empty("news-empty", icon, text(kind), text(f"{kind}_hint"))
        return rows([filters, nothing], key="news-none", app=app)
    cards: list[ft.Control] = [NewsCard(app, item, clock, key=item.record) for item in model.items]
    if model.has_more:
        cards.append(more_button(app, "news-more", model.more))
    return rows([filters, *cards], key="news-list", app=app)


def _shows(app: App, item: NewsView, clock: ExchangeModel) -> tuple[object, ...]:
    """What a card shows besides its item: words, ages, and whether it is the one that is open."""
    chosen = app.wide and app.record == item.record
    return app.language, clock.now_ms // MINUTE_MS, item.expired(clock.now_ms), chosen


@still(_shows)
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
                theme_style=BIG_TITLE if urgent else CARD_TITLE,
                weight=STRONG,
                color=ink,
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
    if not item.confirmed:
        signs.append(faint(app.words("news.unconfirmed")))
    if item.topic:
        signs.append(faint(item.topic))
    if not item.read:
        signs.append(_unread_sign(app, _is_loud(item, now_ms)))
    if not signs:
        return []
    cross = ft.CrossAxisAlignment.CENTER
    return [ft.Row(signs, wrap=True, spacing=SPACE, run_spacing=4, vertical_alignment=cross)]


def _unread_sign(app: App, loud: bool) -> ft.Control:
    color = ft.Colors.ON_ERROR_CONTAINER if loud else ft.Colors.PRIMARY
    words = ft.Text(app.words("news.new"), theme_style=SMALL, color=color, weight=STRONG)
    return ft.Row([ft.Icon(ft.Icons.CIRCLE, size=8, color=color), words], spacing=4, tight=True)


def _priority(app: App, priority: str, loud: bool) -> ft.Control:
    urgent = priority == "urgent"
    icon = ft.Icons.WARNING_ROUNDED if urgent else ft.Icons.PRIORITY_HIGH
    bgcolor = app.branding.alert if loud else ft.Colors.SURFACE_CONTAINER_HIGHEST
    color = ft.Colors.WHITE if loud else ft.Colors.ON_SURFACE
    return ft.Container(
        ft.Row(
            [
                ft.Icon(icon, size=16, color=color),
                ft.Text(
                    app.words(f"priority.{priority}"), theme_style=SMALL, weight=STRONG, color=color
                ),
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
            ft.Text(" · ".join([place, age, *notes]), theme_style=SMALL, color=color, expand=True),
        ],
        spacing=4,
    )


@part
def NewsDetail(app: App, model: NewsModel, clock: ExchangeModel) -> ft.Control:
    """One item in full."""
    item = model.open
    if item is None or item.record != app.record:
        return ft.Container()
    return scrolling(
        article(app, item, clock.now_ms), key=f"detail-{item.record}", spacing=EDGE, app=app
    )


def article(app: App, item: NewsView, now: int) -> list[ft.Control]:
    """An item in full, and what must be known before one relies on it."""
    text = app.words
    when = moment(text, item.published_at_ms, now, app.zone)
    facts = [
        line(ft.Icons.PLACE_OUTLINED, item.district or text("news.everywhere")),
        line(ft.Icons.SCHEDULE, text("news.published", time=when)),
        line(ft.Icons.VERIFIED_OUTLINED, text("news.signed")),
    ]
    if item.expires_at_ms:
        until = moment(text, item.expires_at_ms, now, app.zone)
        facts.insert(2, line(ft.Icons.TIMER_OUTLINED, text("news.valid_until", time=until)))
    return [
        *_signs(app, item, now),
        selectable(ft.Text(item.title, theme_style=ft.TextThemeStyle.HEADLINE_SMALL)),
        *_warnings(app, item, now),
        selectable(ft.Text(item.text, theme_style=READING, style=ft.TextStyle(height=1.5))),
        card(ft.Column(facts, spacing=10)),
    ]


def _warnings(app: App, item: NewsView, now_ms: int) -> list[ft.Control]:
    text = app.words
    if item.withdrawn:
        said = text("news.withdrawn_note", note=item.note) if item.note else ""
        return [banner("news-withdrawn", said or text("news.withdrawn"), ft.Icons.UNDO, bad=True)]
    warnings: list[ft.Control] = []
    if not item.confirmed:
        note = text("news.unconfirmed_hint")
        warnings.append(banner("news-unconfirmed", note, ft.Icons.HOW_TO_REG_OUTLINED))
    if item.expired(now_ms):
        warnings.append(banner("news-expired", text("news.expired"), ft.Icons.TIMER_OFF_OUTLINED))
    if item.corrections:
        age = ago(text, item.changed_at_ms, now_ms, app.zone)
        note = text("news.corrected", ago=age)
        warnings.append(banner("news-corrected", note, ft.Icons.EDIT_OUTLINED))
    return warnings
