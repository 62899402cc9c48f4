"""What was published, with its standing and what can still be done with it."""

from __future__ import annotations

from functools import partial

import flet as ft

from client.i18n.dates import ago
from client.services.types import NewsView
from client.viewmodels.app import App, ExchangeModel
from client.viewmodels.newsroom import NewsroomModel
from client.views.fields import text_field
from client.views.kit import (
    banner,
    button,
    card,
    empty,
    faint,
    icon_button,
    ident,
    more_button,
    rows,
    wrapped,
)
from client.views.safe import part
from client.views.theme import CARD_TITLE, GAP, SPACE, STRONG


@part
def PublishedList(app: App, model: NewsroomModel, clock: ExchangeModel) -> ft.Control:
    """What was published, alerts in force first, then the newest."""
    text = app.words
    if not model.items:
        nothing = empty("newsroom-empty", ft.Icons.NEWSPAPER_OUTLINED, text("newsroom.empty"),
                        text("newsroom.empty_hint"))  # fmt: skip
        return rows([nothing], key="published-none")
    cards: list[ft.Control] = []
    if model.unsigned:
        cards.append(_waiting(app, model))
    cards += [PublishedCard(app, model, item, clock, key=item.record) for item in model.items]
    if model.has_more:
        cards.append(more_button(app, "published-more", model.more))
    if not app.wide:  # the publish button floats over the end of the list
        cards.append(ft.Container(height=64, key="below"))
    return rows(cards, key="published-list", app=app)


def _waiting(app: App, model: NewsroomModel) -> ft.Control:
    """Alerts that one person stands for so far, on top of everything."""
    text = app.words
    said = banner("unsigned-banner", text("newsroom.unsigned_wait", n=len(model.unsigned)),
                  ft.Icons.DRAW_OUTLINED, bad=True)  # fmt: skip
    look = button("unsigned-look", text("newsroom.unsigned_look"),
                  partial(app.go, "newsroom", "alerts"), kind=ft.FilledTonalButton)  # fmt: skip
    return ft.Column([said, ft.Row([look], wrap=True)], spacing=SPACE, key="unsigned")


@part
def PublishedCard(
    app: App, model: NewsroomModel, item: NewsView, clock: ExchangeModel
) -> ft.Control:
    """One item with its standing and what can still be done."""
    controls: list[ft.Control] = [
        ft.Text(item.title, theme_style=CARD_TITLE, weight=STRONG),
        faint(" · ".join(_standing(app, item, clock.now_ms))),
    ]
    if model.waiting(item.record) is not None and not item.withdrawn:
        controls.append(_unsigned(app, item))
    if item.withdrawn:
        if item.note:
            controls.append(ft.Text(app.words("news.withdrawn_note", note=item.note)))
        controls.append(wrapped([_cap(app, model, item)]))
    else:
        controls.append(_acts(app, model, item))
    return ident(f"published-{item.record}", card(ft.Column(controls, spacing=SPACE, tight=True)))


def _standing(app: App, item: NewsView, now_ms: int) -> list[str]:
    text = app.words
    said = [text(f"priority.{item.priority}"), item.district or text("news.everywhere")]
    if item.withdrawn:
        said.append(text("state.withdrawn"))
    elif item.expired(now_ms):
        said.append(text("news.expired"))
    if item.corrections:
        said.append(text("news.corrected", ago=ago(text, item.changed_at_ms, now_ms, app.zone)))
    said.append(text("state.waiting") if item.pending else text("state.received"))
    said.append(ago(text, item.published_at_ms, now_ms, app.zone))
    return said


def _unsigned(app: App, item: NewsView) -> ft.Control:
    row = ft.Row(
        [
            ft.Icon(ft.Icons.DRAW_OUTLINED, size=18, color=ft.Colors.ERROR),
            ft.Text(app.words("newsroom.unsigned"), weight=STRONG, color=ft.Colors.ERROR,
                    expand=True),
        ],
        spacing=SPACE,
    )  # fmt: skip
    return ident(f"unsigned-mark-{item.record}", row, container=True)


def _cap(app: App, model: NewsroomModel, item: NewsView) -> ft.Control:
    def keep() -> None:
        app.spawn(model.files.save_cap(item))

    return icon_button(f"cap-{item.record}", app.words("newsroom.cap"), ft.Icons.SAVE_ALT, keep)


def _acts(app: App, model: NewsroomModel, item: NewsView) -> ft.Control:
    text = app.words
    if model.withdrawing == item.record:
        return withdraw_question(app, model)
    return ft.Row(
        [
            button(f"correct-{item.record}", text("newsroom.correct"),
                   partial(model.correct, item), kind=ft.TextButton),
            button(f"withdraw-{item.record}", text("newsroom.withdraw"),
                   partial(model.ask_withdraw, item.record), kind=ft.TextButton),
            _cap(app, model, item),
        ],
        wrap=True,
        spacing=0,
        run_spacing=0,
    )  # fmt: skip


def withdraw_question(app: App, model: NewsroomModel) -> ft.Control:
    """Whether to take an item back, and why."""
    text = app.words

    def typed(words: str) -> None:
        model.note.text = words

    return ft.Column(
        [
            ft.Text(text("newsroom.withdraw_sure"), weight=STRONG),
            faint(text("newsroom.withdraw_hint")),
            text_field("withdraw-note", text("newsroom.withdraw_note"), model.note.text, typed),
            wrapped(
                [
                    button("withdraw-no", text("common.cancel"), partial(model.ask_withdraw, ""),
                           kind=ft.TextButton),
                    button("withdraw-yes", text("newsroom.withdraw"), model.withdraw,
                           kind=ft.FilledTonalButton),
                ]
            ),
        ],
        spacing=GAP,
    )  # fmt: skip
