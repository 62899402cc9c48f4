"""The resident's appeals: the list and its search, and a thread with all that can be done in it."""

from __future__ import annotations

from typing import Final

import flet as ft

from client.i18n.dates import MINUTE_MS
from client.services.types import AppealView
from client.viewmodels.app import App, ExchangeModel
from client.viewmodels.appeals import SHOWS, AppealsModel
from client.views.custody import legal, parts, timeline
from client.views.fields import text_field
from client.views.kit import (
    banner,
    button,
    card,
    empty,
    faint,
    heading,
    icon_button,
    more_button,
    rows,
    scrolling,
    toggle,
    wrapped,
)
from client.views.safe import part, still
from client.views.theme import BODY, EDGE, GAP
from client.views.thread import appeal_card, details, receipt, talk, thread_head

STARS: Final = 5
SEARCH_FROM: Final = 4
"""A list that fits on the screen needs no search."""


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
        return rows([nothing, row], key="appeals-none", app=app)
    controls = _search(app, model) if len(model.items) >= SEARCH_FROM else []
    if not model.found:
        controls.append(empty("appeals-none", ft.Icons.SEARCH_OFF, text("appeals.not_found")))
    controls += [AppealCard(app, item, clock, model, key=item.record) for item in model.page]
    if model.has_more:
        controls.append(more_button(app, "appeals-more", model.more))
    return rows(controls, key="appeals-list", app=app)


def _shows(
    app: App, item: AppealView, clock: ExchangeModel, model: AppealsModel
) -> tuple[object, ...]:
    """What a card shows besides its appeal: words, ages, what is unread, which one is open."""
    chosen = app.wide and app.record == item.record
    return app.language, clock.now_ms // MINUTE_MS, model.unread(item), chosen


@still(_shows)
def AppealCard(app: App, item: AppealView, clock: ExchangeModel, model: AppealsModel) -> ft.Control:
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
        *_mend(app, item),
        *talk(app, item.said, now, for_desk=False),
        *_rate(app, model, item),
        *_comment(app, model, item),
        timeline(app, item, now),
        *legal(app, item),
        *parts(app, item, now),
        receipt(app, item, now),
        details(app, item),
        *_withdraw(app, model, item),
    ]
    return scrolling(controls, key=f"thread-{item.record}", spacing=EDGE, app=app)


def _search(app: App, model: AppealsModel) -> list[ft.Control]:
    text = app.words
    field = text_field("appeals-search", text("appeals.search"), model.query, model.search,
                       prefix_icon=ft.Icons.SEARCH)  # fmt: skip

    def only(show: str) -> ft.Control:
        return toggle(
            f"show-{show}", text(f"appeals.show_{show}"), lambda: model.only(show),  # type: ignore[arg-type]
            chosen=model.show == show,
        )  # fmt: skip

    return [field, wrapped([only(show) for show in SHOWS])]


def _mend(app: App, item: AppealView) -> list[ft.Control]:
    """What can be done about the wording: amend it, or send a refused one again."""
    text = app.words
    if item.state == "refused":
        said = banner("refused", text("appeals.refused_hint"), ft.Icons.INFO_OUTLINE, bad=True)
        again = button("send-again", text("appeals.send_again"),
                       lambda: app.write.start_again(item), ft.Icons.EDIT_OUTLINED)  # fmt: skip
        return [said, ft.Row([again], wrap=True)]
    if item.amendable:
        amend = button("amend", text("appeals.amend"), lambda: app.write.start_amend(item),
                       ft.Icons.EDIT_OUTLINED, kind=ft.OutlinedButton)  # fmt: skip
        return [ft.Row([amend], wrap=True)]
    return []


def _rate(app: App, model: AppealsModel, item: AppealView) -> list[ft.Control]:
    text = app.words
    answered = item.status in ("answered", "closed")
    if not answered or item.withdrawn or item.stars:
        return []

    def star(n: int) -> ft.Control:
        icon = ft.Icons.STAR if n <= model.stars else ft.Icons.STAR_BORDER
        label = text("appeals.stars", n=n)
        return icon_button(f"star-{n}", label, icon, lambda: model.choose_stars(n))

    controls: list[ft.Control] = [
        heading(text("appeals.rate")),
        ft.Row([star(n) for n in range(1, STARS + 1)], spacing=0),
    ]
    if model.stars:
        controls += [
            text_field("rating-note", text("appeals.rate_note"), model.rating_note.text,
                       lambda words: setattr(model.rating_note, "text", words)),
            ft.Row([button("rate", text("appeals.rate_send"), model.rate,
                           kind=ft.FilledTonalButton)], alignment=ft.MainAxisAlignment.END),
        ]  # fmt: skip
    return [card(ft.Column(controls, spacing=GAP))]


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
    if not item.amendable:
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
    question = heading(text("appeals.withdraw_sure"))
    hint = faint(text("appeals.withdraw_hint"), BODY)
    return [card(ft.Column([question, hint, choices], spacing=GAP))]
