"""The outbox: drafts, what was refused, what waits and what the city has, in its true state."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from client.i18n.dates import ago
from client.services.drafts import Draft
from client.services.types import AppealView
from client.viewmodels.app import App, ExchangeModel
from client.viewmodels.appeals import AppealsModel
from client.viewmodels.outbox import OutboxModel
from client.views.custody import PART_ICONS, steps_of
from client.views.exchange_line import describe
from client.views.kit import banner, button, card, empty, faint, heading, ident, line, rows, wrapped
from client.views.safe import part
from client.views.theme import BODY, CARD_TITLE, GAP, SPACE, STRONG

RECEIVED_SHOWN = 20


@part
def Outbox(app: App, model: OutboxModel, appeals: AppealsModel, clock: ExchangeModel) -> ft.Control:
    """All of it; what needs a person's hand first."""
    text = app.words
    controls: list[ft.Control] = [_truth(app, model, clock)]
    if model.refused:
        controls += _group(app, "outbox.refused", model.refused, clock)
    if model.drafts:
        controls.append(heading(text("outbox.drafts")))
        controls += [DraftCard(app, model, each, clock, key=each.id) for each in model.drafts]
    if model.waiting:
        controls += _group(app, "outbox.waiting", model.waiting, clock)
    if model.received:
        controls += _group(app, "outbox.received", model.received[:RECEIVED_SHOWN], clock)
    if not appeals.items and not model.drafts:
        controls.append(empty("outbox-empty", ft.Icons.OUTBOX_OUTLINED, text("outbox.empty"),
                              text("outbox.empty_hint")))  # fmt: skip
    return rows(controls, key="outbox", app=app)


@part
def DraftCard(app: App, model: OutboxModel, draft: Draft, clock: ExchangeModel) -> ft.Control:
    """Something begun: go on, or throw it away."""
    text = app.words

    def go_on() -> None:
        app.write.save_draft_now()
        app.write.take_up(draft)
        app.go("write")

    title = draft.texts.get("title") or draft.texts.get("text") or text("outbox.untitled")
    age = ago(text, draft.changed_at_ms, clock.now_ms, app.zone)
    acts = wrapped(
        [
            button(f"draft-open-{draft.id}", text("outbox.go_on"), go_on, ft.Icons.EDIT_OUTLINED,
                   kind=ft.FilledTonalButton),
            button(f"draft-drop-{draft.id}", text("outbox.throw_away"),
                   lambda: app.spawn(model.forget_draft(draft.id)), ft.Icons.DELETE_OUTLINE,
                   kind=ft.TextButton),
        ]
    )  # fmt: skip
    words = ft.Text(title, theme_style=CARD_TITLE, weight=STRONG, max_lines=2,
                    overflow=ft.TextOverflow.ELLIPSIS)  # fmt: skip
    hint = faint(text("outbox.draft_hint", ago=age))
    return ident(f"draft-{draft.id}", card(ft.Column([words, hint, acts], spacing=GAP, tight=True)))


@part
def OutboxCard(app: App, item: AppealView, clock: ExchangeModel) -> ft.Control:
    """One appeal with the last station that it has reached, and what of it still waits."""
    text, now = app.words, clock.now_ms
    reached = [step for step in steps_of(text, item) if step.at_ms is not None][-1]
    said = f"{reached.said} · {ago(text, reached.at_ms or 0, now, app.zone)}"
    if reached.note:
        said = f"{said} · {reached.note}"
    controls: list[ft.Control] = [
        ft.Text(item.title, theme_style=CARD_TITLE, weight=STRONG, max_lines=2,
                overflow=ft.TextOverflow.ELLIPSIS),
        line(reached.icon, said),
    ]  # fmt: skip
    for each in item.parts:
        if each.kind != "appeal.opened" and each.state != "received":
            key = f"part.{each.kind.removeprefix('appeal.')}"
            name = text(key) if text.has(key) else each.kind
            state = text(f"part_state.{each.state}")
            controls.append(line(PART_ICONS[each.state], f"{name} · {state}"))
    if item.state == "refused":
        mend = button(f"mend-{item.record}", text("appeals.send_again"),
                      lambda: app.write.start_again(item), ft.Icons.EDIT_OUTLINED)  # fmt: skip
        controls.append(ft.Row([mend], wrap=True))
    return ident(
        f"outbox-{item.record}",
        card(
            ft.Column(controls, spacing=SPACE, tight=True),
            on_click=lambda: app.go("appeals", item.record),
        ),
    )


def _group(
    app: App, title: str, items: Sequence[AppealView], clock: ExchangeModel
) -> list[ft.Control]:
    cards = [OutboxCard(app, item, clock, key=f"out-{item.record}") for item in items]
    return [heading(app.words(title)), *cards]


def _truth(app: App, model: OutboxModel, clock: ExchangeModel) -> ft.Control:
    """How this device stands towards the city, and the two ways on: a network, or a courier."""
    text, state = app.words, clock.state
    controls: list[ft.Control] = []
    if state is not None:
        said = describe(text, state, clock.now_ms, app.zone, clock.appeals_waiting)
        controls.append(ft.Text(said, weight=STRONG))
    acts = [button("outbox-exchange", text("sync.now"), app.exchange_now, ft.Icons.SYNC)]
    if state is not None and state.waiting:
        acts.append(button("outbox-hand-over", text("outbox.hand_over"), model.hand_over,
                           ft.Icons.DIRECTIONS_WALK, kind=ft.OutlinedButton))  # fmt: skip
        controls.append(faint(text("outbox.hand_over_hint"), BODY))
    acts.append(button("outbox-beside", text("nav.beside"), lambda: app.go("beside"),
                       ft.Icons.SYNC_ALT, kind=ft.OutlinedButton))  # fmt: skip
    controls.append(wrapped(acts))
    if model.handed:
        controls.append(banner("outbox-handed", text("outbox.handed", n=model.handed),
                               ft.Icons.DIRECTIONS_WALK))  # fmt: skip
    return card(ft.Column(controls, spacing=GAP))
