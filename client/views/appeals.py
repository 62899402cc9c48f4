"""The resident's appeals: the list, and a thread with its receipt and the city's words."""

from __future__ import annotations

import flet as ft

from client.services.types import AppealView
from client.viewmodels.app import App, ExchangeModel
from client.viewmodels.appeals import AppealsModel
from client.views.fields import text_field
from client.views.kit import button, card, empty, faint, rows, scrolling
from client.views.safe import part
from client.views.theme import EDGE, GAP
from client.views.thread import appeal_card, details, history, receipt, talk, thread_head


@part
def AppealsList(app: App, model: AppealsModel, clock: ExchangeModel) -> ft.Control:
    """All own appeals, newest first."""
    text = app.words
    if not model.items:
        nothing = empty("appeals-empty", ft.Icons.FORUM_OUTLINED, text("appeals.empty"),
                        text("appeals.empty_hint"))  # fmt: skip
        write = button("appeals-write", text("nav.write"), lambda: app.go("write"),
                       ft.Icons.EDIT_OUTLINED)  # fmt: skip
        row = ft.Row([write], alignment=ft.MainAxisAlignment.CENTER)
        return rows([nothing, row], key="appeals-none")
    cards: list[ft.Control] = [
        AppealCard(app, item, clock, key=item.record) for item in model.items
    ]
    if model.has_more:
        more = button("appeals-more", text("common.more"), model.more, kind=ft.OutlinedButton)
        cards.append(ft.Row([more], alignment=ft.MainAxisAlignment.CENTER, key="more"))
    return rows(cards, key="appeals-list")


@part
def AppealCard(app: App, item: AppealView, clock: ExchangeModel) -> ft.Control:
    """One of them."""
    return appeal_card(app, item, clock.now_ms, "appeals")


@part
def AppealThread(app: App, model: AppealsModel, clock: ExchangeModel) -> ft.Control:
    """One appeal in full."""
    item, now = model.open, clock.now_ms
    if item is None or item.record != app.record:
        return ft.Container()
    controls = [
        *thread_head(app, item),
        *talk(app, item.said, now, for_desk=False),
        *_comment(app, model, item),
        *history(app, item.history, now),
        receipt(app, item, now),
        details(app, item),
        *_withdraw(app, model, item),
    ]
    return scrolling(controls, key=f"thread-{item.record}", spacing=EDGE)


def _comment(app: App, model: AppealsModel, item: AppealView) -> list[ft.Control]:
    if item.withdrawn or item.state == "refused":
        return []

    def typed(text: str) -> None:
        model.comment_text.text = text

    field = text_field(
        "comment-text", app.words("appeals.your_comment"), model.comment_text.text, typed,
        multiline=True, min_lines=1, max_lines=6,
    )  # fmt: skip
    send = button("comment-send", app.words("appeals.send"), model.comment, ft.Icons.ADD_COMMENT,
                  kind=ft.FilledTonalButton)  # fmt: skip
    return [field, ft.Row([send], alignment=ft.MainAxisAlignment.END)]


def _withdraw(app: App, model: AppealsModel, item: AppealView) -> list[ft.Control]:
    text = app.words
    if item.withdrawn or item.state in ("refused", "closed"):
        return []
    if not model.sure:
        ask = button("withdraw", text("appeals.withdraw"), lambda: model.ask_withdraw(True),
                     ft.Icons.UNDO, kind=ft.TextButton)  # fmt: skip
        return [ft.Row([ask], alignment=ft.MainAxisAlignment.START)]
    choices = ft.Row(
        [
            button("withdraw-no", text("common.cancel"), lambda: model.ask_withdraw(False),
                   kind=ft.TextButton),
            button("withdraw-yes", text("appeals.withdraw"), model.withdraw,
                   kind=ft.FilledTonalButton),
        ],
        alignment=ft.MainAxisAlignment.END,
        wrap=True,
    )  # fmt: skip
    question = ft.Text(text("appeals.withdraw_sure"), theme_style=ft.TextThemeStyle.TITLE_MEDIUM)
    hint = faint(text("appeals.withdraw_hint"), size=14)
    return [card(ft.Column([question, hint, choices], spacing=GAP))]
