"""The pieces of an appeal's thread, the same for the resident and the desk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import flet as ft

from client.i18n import Words
from client.i18n.dates import ago, moment
from client.services.types import AppealView, HistoryStep, SaidLine
from client.viewmodels.app import App
from client.views.kit import card, faint, heading, ident, line, pair, selectable
from client.views.states import LOOKS, category_icon, category_name, reason_text, state_chip
from client.views.theme import CARD_TITLE, EDGE, GAP, READING, SMALL, SPACE, STRONG
from shared_schema.records.appeal import Position

BUBBLE_PX: Final = 520


def appeal_card(app: App, item: AppealView, now_ms: int, room: str) -> ft.Control:
    """An appeal in a list: its true state, what about, number, place, age."""
    text = app.words
    number = text("appeals.number", number=item.number) if item.number else ""
    facts = [category_name(text, item.category), item.district or item.address, number]
    age = ago(text, item.received_at_ms or item.created_at_ms, now_ms, app.zone)
    top = ft.Row(
        [
            state_chip(text, item.state, for_desk=room == "queue"),
            faint(age),
        ],
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
        wrap=True,
    )
    foot = ft.Row(
        [
            ft.Icon(category_icon(item.category), size=16, color=ft.Colors.ON_SURFACE_VARIANT),
            faint(" · ".join(fact for fact in facts if fact), expand=True),
        ],
        spacing=6,
    )
    title = ft.Text(
        item.title,
        theme_style=CARD_TITLE,
        weight=STRONG,
    )
    controls: list[ft.Control] = [top, title, foot]
    if app.appeals.unread(item) and item.mine:
        controls.append(line(ft.Icons.MARK_EMAIL_UNREAD_OUTLINED, text("appeals.new_words")))
    elif item.mine and item.state != "answered" and any(words.by_desk for words in item.said):
        controls.append(line(ft.Icons.MARK_EMAIL_READ_OUTLINED, text("appeals.has_reply")))
    if item.pending and item.state != "waiting" and item.mine:
        controls.append(faint(text("appeals.parts_wait")))
    return ident(
        f"appeal-{item.record}",
        card(
            ft.Column(controls, spacing=10, tight=True),
            on_click=lambda: app.go(room, item.record),
            selected=app.wide and app.record == item.record,
        ),
    )


def thread_head(app: App, item: AppealView, *, for_desk: bool = False) -> list[ft.Control]:
    """State, title and text."""
    text = app.words
    number = text("appeals.number", number=item.number) if item.number else ""
    chips: list[ft.Control] = [
        ident("thread-state", state_chip(text, item.state, for_desk=for_desk))
    ]
    if number:
        chips.append(selectable(ft.Text(number, weight=STRONG), "thread-number"))
    controls: list[ft.Control] = [
        ft.Row(chips, wrap=True, spacing=GAP, run_spacing=SPACE),
        selectable(
            ft.Text(item.title, theme_style=ft.TextThemeStyle.HEADLINE_SMALL), "thread-title"
        ),
    ]
    if item.reason and item.state in ("refused", "held"):
        controls.append(line(ft.Icons.INFO_OUTLINE, reason_text(text, item.reason)))
    words = ft.Text(item.text, theme_style=READING, style=ft.TextStyle(height=1.5))
    controls.append(selectable(words, "thread-text"))
    return controls


def details(app: App, item: AppealView, *, for_desk: bool = False) -> ft.Control:
    """Topic, place and, for the desk, the author."""
    text = app.words
    facts: list[ft.Control] = [
        line(category_icon(item.category), category_name(text, item.category))
    ]
    place = ", ".join(part for part in (item.address, item.district) if part)
    if place:
        facts.append(line(ft.Icons.PLACE_OUTLINED, place))
    kind = text(f"lane.{item.lane}")
    if item.kind:
        kind = f"{kind} · {text(f'kind.{item.kind}')}"
    facts.append(line(ft.Icons.ARTICLE_OUTLINED, kind))
    if item.position is not None:
        facts.append(line(ft.Icons.MY_LOCATION, position_words(text, item.position)))
    if for_desk or item.name:
        facts.append(line(ft.Icons.PERSON_OUTLINED, item.name or text("desk.anonymous")))
    if item.residence:
        facts.append(line(ft.Icons.HOME_OUTLINED, item.residence))
    if item.contact:
        facts.append(line(ft.Icons.CALL_OUTLINED, item.contact))
    if item.stars:
        stars = text("appeals.rated", n=item.stars)
        note = f"{stars}: {item.rating_note}" if item.rating_note else stars
        facts.append(line(ft.Icons.STAR_OUTLINE, note))
    return card(ft.Column([heading(text("appeals.details")), *facts], spacing=10))


def position_words(text: Words, position: Position) -> str:
    """A position as a person can check it: how rough it is first."""
    near = f"{position.lat_e5 / 1e5:.2f}, {position.lon_e5 / 1e5:.2f}"
    return text("write.position", km=max(1, round(position.within_m / 1_000)), near=near)


def receipt(app: App, item: AppealView, now_ms: int) -> ft.Control:
    """What the city has signed for, or that it has not."""
    text = app.words
    controls: list[ft.Control] = [heading(text("appeals.receipt"))]
    if item.received_at_ms is None:
        controls.append(line(ft.Icons.HOURGLASS_EMPTY, text("appeals.no_receipt")))
    else:
        when = moment(text, item.received_at_ms, now_ms, app.zone)
        controls += [
            ident("receipt-number", pair(text("appeals.receipt_number"), item.receipt_number)),
            pair(text("appeals.received_at"), when),
            line(ft.Icons.VERIFIED_OUTLINED, text("appeals.receipt_hint")),
        ]
    saved = moment(text, item.created_at_ms, now_ms, app.zone)
    controls.append(pair(text("appeals.saved_at"), saved))
    return card(ft.Column(controls, spacing=10))


def history(app: App, steps: Sequence[HistoryStep], now_ms: int) -> list[ft.Control]:
    """The status history, oldest first."""
    if not steps:
        return []
    text = app.words
    controls = [_step(text, step, moment(text, step.at_ms, now_ms, app.zone)) for step in steps]
    content = ft.Column([heading(text("appeals.history")), *controls], spacing=GAP)
    return [ident("thread-history", card(content))]


def _step(text: Words, step: HistoryStep, when: str) -> ft.Control:
    words: list[ft.Control] = [
        ft.Text(text(f"state.{step.status}"), weight=STRONG),
        faint(when),
    ]
    if step.note:
        words.append(ft.Text(step.note))
    return ft.Row(
        [
            ft.Icon(LOOKS[step.status].icon, size=20, color=ft.Colors.PRIMARY),
            ft.Column(words, spacing=2, tight=True, expand=True),
        ],
        spacing=GAP,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def talk(app: App, said: Sequence[SaidLine], now_ms: int, *, for_desk: bool) -> list[ft.Control]:
    """What both sides said, oldest first; one's own words on the right."""
    if not said:
        return []
    bubbles = [_bubble(app, words, now_ms, for_desk=for_desk) for words in said]
    return [heading(app.words("appeals.talk")), *bubbles]


def _bubble(app: App, words: SaidLine, now_ms: int, *, for_desk: bool) -> ft.Control:
    text = app.words
    own = words.by_desk == for_desk
    if own:
        who = text("appeals.city") if for_desk else text("appeals.you")
    else:
        who = text("appeals.resident") if for_desk else text("appeals.city")
    when = moment(text, words.at_ms, now_ms, app.zone)
    sign = f"{who} · {when}"
    if words.pending:
        sign += " · " + text("state.waiting").lower()
    color = ft.Colors.ON_SECONDARY_CONTAINER if words.by_desk else ft.Colors.ON_SURFACE
    bubble = ft.Container(
        ft.Column(
            [
                selectable(ft.Text(words.text, color=color, theme_style=READING), "said"),
                ft.Text(sign, theme_style=SMALL, color=color),
            ],
            spacing=6,
            tight=True,
        ),
        padding=ft.Padding.symmetric(vertical=GAP, horizontal=EDGE),
        border_radius=ft.BorderRadius.only(
            top_left=16, top_right=16, bottom_left=16 if own else 4, bottom_right=4 if own else 16
        ),
        bgcolor=(
            ft.Colors.SECONDARY_CONTAINER if words.by_desk else ft.Colors.SURFACE_CONTAINER_HIGH
        ),
        width=BUBBLE_PX,
        expand=True,
        expand_loose=True,
    )
    gap = ft.Container(width=32)
    return ft.Row(
        [gap, bubble] if own else [bubble, gap],
        alignment=ft.MainAxisAlignment.END if own else ft.MainAxisAlignment.START,
    )
