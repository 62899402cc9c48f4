"""Alerts that wait for a second person: the whole wording, who wrote it and when, and signing."""

from __future__ import annotations

from functools import partial

import flet as ft

from client.i18n.dates import ago, moment
from client.services.types import NewsView
from client.viewmodels.app import App, ExchangeModel
from client.viewmodels.newsroom import NewsroomModel
from client.views.kit import (
    banner,
    button,
    card,
    empty,
    faint,
    ident,
    line,
    scrolling,
    selectable,
    wrapped,
)
from client.views.newsroom.published import withdraw_question
from client.views.safe import part
from client.views.theme import BODY, EDGE, GAP, HEADLINE, READING, STRONG


@part
def UnsignedList(app: App, model: NewsroomModel, clock: ExchangeModel) -> ft.Control:
    """All of them, the newest first."""
    text = app.words
    if not model.unsigned:
        nothing = empty("unsigned-empty", ft.Icons.DRAW_OUTLINED, text("newsroom.unsigned_none"),
                        text("newsroom.unsigned_none_hint"))  # fmt: skip
        return scrolling([nothing], key="unsigned-none", app=app)
    cards: list[ft.Control] = [faint(text("newsroom.unsigned_hint"), BODY)]
    cards += [UnsignedCard(app, model, item, clock, key=item.record) for item in model.unsigned]
    return scrolling(cards, key="unsigned-list", spacing=EDGE, app=app)


@part
def UnsignedCard(
    app: App, model: NewsroomModel, item: NewsView, clock: ExchangeModel
) -> ft.Control:
    """One alert, word for word: what is signed is exactly this."""
    text, now = app.words, clock.now_ms
    facts: list[ft.Control] = [
        line(ft.Icons.PLACE_OUTLINED, item.district or text("news.everywhere")),
        line(ft.Icons.EDIT_OUTLINED, _written(app, item, now)),
    ]
    if item.topic:
        facts.append(line(ft.Icons.LABEL_OUTLINED, item.topic))
    until = moment(text, item.expires_at_ms, now, app.zone) if item.expires_at_ms else ""
    end = text("news.valid_until", time=until) if until else text("news.no_end")
    facts.append(line(ft.Icons.TIMER_OUTLINED, end))
    controls = [
        selectable(ft.Text(item.title, theme_style=HEADLINE)),
        selectable(ft.Text(item.text, theme_style=READING)),
        *facts,
        _acts(app, model, item),
    ]
    column = ft.Column(controls, spacing=GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    return ident(f"unsigned-{item.record}", card(column))


def _written(app: App, item: NewsView, now_ms: int) -> str:
    text = app.words
    when = ago(text, item.changed_at_ms, now_ms, app.zone)
    by = item.by or text("newsroom.someone")
    return text("newsroom.written", by=by, ago=when)


def _acts(app: App, model: NewsroomModel, item: NewsView) -> ft.Control:
    text = app.words
    if model.declining == item.record:
        hint = faint(text("newsroom.decline_hint"), BODY)
        return ft.Column([hint, withdraw_question(app, model)], spacing=GAP)
    if not item.confirmable:
        return banner(f"unsigned-own-{item.record}", text("newsroom.unsigned_own"),
                      ft.Icons.HOURGLASS_EMPTY)  # fmt: skip

    def sign() -> None:
        app.spawn(model.confirm(item))

    ask = ft.Text(text("newsroom.sign_ask"), weight=STRONG)
    acts = wrapped(
        [
            button(f"sign-{item.record}", text("newsroom.sign"), sign, ft.Icons.DRAW_OUTLINED),
            button(f"decline-{item.record}", text("newsroom.decline"),
                   partial(model.decline, item.record), ft.Icons.BLOCK, kind=ft.OutlinedButton),
        ]
    )  # fmt: skip
    return ft.Column([ask, acts], spacing=GAP)
