"""The desk: the queue, and an appeal with registering, status and reply."""

from __future__ import annotations

from typing import Final

import flet as ft

from client.services.types import AppealView
from client.viewmodels.app import App, ExchangeModel
from client.viewmodels.queue import QueueModel
from client.views.fields import choice, text_field
from client.views.kit import banner, button, card, empty, rows, scrolling, sized
from client.views.safe import part
from client.views.theme import EDGE, GAP
from client.views.thread import appeal_card, details, history, receipt, talk, thread_head

SETTABLE: Final = ("in_progress", "answered", "returned", "closed")
"""Registering has its own button, which also gives the number."""


@part
def QueueList(app: App, model: QueueModel, clock: ExchangeModel) -> ft.Control:
    """What waits for the desk, newest first."""
    text = app.words
    if not model.items:
        nothing = empty("queue-empty", ft.Icons.INBOX_OUTLINED, text("desk.empty"),
                        text("desk.empty_hint"))  # fmt: skip
        return rows([nothing], key="queue-none")
    cards: list[ft.Control] = [QueueCard(app, item, clock, key=item.record) for item in model.items]
    if model.has_more:
        more = button("queue-more", text("common.more"), model.more, kind=ft.OutlinedButton)
        cards.append(ft.Row([more], alignment=ft.MainAxisAlignment.CENTER, key="more"))
    return rows(cards, key="queue-list")


@part
def QueueCard(app: App, item: AppealView, clock: ExchangeModel) -> ft.Control:
    """One of them."""
    return appeal_card(app, item, clock.now_ms, "queue")


@part
def QueueThread(app: App, model: QueueModel, clock: ExchangeModel) -> ft.Control:
    """One appeal in full, with what the desk can do."""
    item, now = model.open, clock.now_ms
    if item is None or item.record != app.record:
        return ft.Container()
    done: list[ft.Control] = []
    if model.done:
        done.append(banner("desk-done", app.words("desk.done"), ft.Icons.SMARTPHONE_OUTLINED))
    controls = [
        *thread_head(app, item, for_desk=True),
        *done,
        _acts(app, model, item),
        *talk(app, item.said, now, for_desk=True),
        _reply(app, model),
        details(app, item, for_desk=True),
        *history(app, item.history, now),
        receipt(app, item, now),
    ]
    return scrolling(controls, key=f"queue-{item.record}", spacing=EDGE)


def _acts(app: App, model: QueueModel, item: AppealView) -> ft.Control:
    text = app.words
    if not item.number:
        icon = ft.Icons.ASSIGNMENT_TURNED_IN_OUTLINED
        return sized(app, button("desk-register", text("desk.register"), model.register, icon))
    options = [(status, text(f"state.{status}")) for status in SETTABLE]
    value = item.status if item.status in SETTABLE else ""

    def chosen(status: str) -> None:
        if status and status != item.status:
            app.spawn(model.set_status(status))

    return choice("desk-status", text("desk.status"), value, options, chosen)


def _reply(app: App, model: QueueModel) -> ft.Control:
    text = app.words

    def typed(words: str) -> None:
        model.reply_text.text = words

    field = text_field(
        "desk-reply-text", text("desk.reply_label"), model.reply_text.text, typed,
        text(model.problem) if model.problem else None,
        multiline=True, min_lines=3, max_lines=10,
    )  # fmt: skip
    send = button("desk-reply", text("desk.reply"), model.reply, ft.Icons.SEND_OUTLINED)
    row = ft.Row([send], alignment=ft.MainAxisAlignment.END)
    return card(
        ft.Column([field, row], spacing=GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    )
