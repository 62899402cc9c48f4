"""The newsroom: the form to publish or correct, and the list with correct and withdraw."""

from __future__ import annotations

import flet as ft

from client.i18n.dates import ago
from client.services.types import NewsView
from client.viewmodels.app import App, ExchangeModel
from client.viewmodels.newsroom import NewsroomModel
from client.views.fields import choice, problem_text, segments, text_field
from client.views.kit import (
    banner,
    button,
    card,
    empty,
    faint,
    heading,
    ident,
    rows,
    scrolling,
    sized,
)
from client.views.safe import part
from client.views.theme import EDGE, GAP, SPACE, STRONG
from shared_schema.records.news import PRIORITIES


@part
def PublishForm(app: App, model: NewsroomModel) -> ft.Control:
    """The form."""
    text = app.words
    correcting = bool(model.correcting)
    kind, save = (
        ("correct_title", "save_correction") if correcting else ("publish_title", "publish")
    )
    controls = [heading(text(f"newsroom.{kind}"))]
    controls += [
        _field(app, model, "title"),
        _field(app, model, "text", multiline=True, min_lines=4, max_lines=14),
        _field(app, model, "topic"),
        _priority(app, model),
        _district(app, model),
        _field(app, model, "hours", helper=text("newsroom.hours_hint"),
               keyboard_type=ft.KeyboardType.NUMBER),
    ]  # fmt: skip
    if model.problems:
        controls.append(banner("form-problem", text("check.form"), ft.Icons.EDIT_NOTE, bad=True))
    if model.saved:
        controls.append(
            banner("newsroom-saved", text("newsroom.saved"), ft.Icons.SMARTPHONE_OUTLINED)
        )
    publish = text(f"newsroom.{save}")
    controls.append(
        sized(app, button("newsroom-save", publish, model.save, ft.Icons.CAMPAIGN_OUTLINED))
    )
    if correcting:
        controls.append(
            button("newsroom-stop", text("newsroom.cancel_correction"), model.stop_correction,
                   kind=ft.TextButton)
        )  # fmt: skip
    return scrolling(controls, key="publish", spacing=EDGE)


def _field(app: App, model: NewsroomModel, field: str, **more: object) -> ft.Control:
    text = app.words
    problem = problem_text(text, model.problems, field)
    label, value = text(f"newsroom.{field}"), model.text(field)
    return text_field(f"newsroom-{field}", label, value, model.typed(field), problem, **more)


def _priority(app: App, model: NewsroomModel) -> ft.Control:
    text = app.words
    options: list[tuple[str, str, ft.IconData | None]] = [
        (priority, text(f"priority.{priority}"), None) for priority in PRIORITIES
    ]
    choose = segments("newsroom-priority", model.priority, options, model.choose_priority)  # type: ignore[arg-type]
    label = faint(text("newsroom.priority"))
    return ft.Column([label, choose], spacing=6, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _district(app: App, model: NewsroomModel) -> ft.Control:
    text = app.words
    # An empty code is how the record says "the whole city"; a choice needs a visible one.
    everywhere = "*"
    options = [(everywhere, text("news.everywhere"))]
    options += [(name, name) for name in app.open_services.districts]
    take = model.typed("district")
    return choice(
        "newsroom-district", text("newsroom.district"), model.text("district") or everywhere,
        options, lambda name: take("" if name == everywhere else name),
    )  # fmt: skip


@part
def PublishedList(app: App, model: NewsroomModel, clock: ExchangeModel) -> ft.Control:
    """What was published, newest first."""
    text = app.words
    if not model.items:
        nothing = empty("newsroom-empty", ft.Icons.NEWSPAPER_OUTLINED, text("newsroom.empty"),
                        text("newsroom.empty_hint"))  # fmt: skip
        return rows([nothing], key="published-none")
    cards: list[ft.Control] = [
        PublishedCard(app, model, item, clock, key=item.record) for item in model.items
    ]
    if model.has_more:
        more = button("published-more", text("common.more"), model.more, kind=ft.OutlinedButton)
        cards.append(ft.Row([more], alignment=ft.MainAxisAlignment.CENTER, key="more"))
    return rows(cards, key="published-list")


@part
def PublishedCard(
    app: App, model: NewsroomModel, item: NewsView, clock: ExchangeModel
) -> ft.Control:
    """One item with its standing and what can still be done."""
    text = app.words
    standing = [text(f"priority.{item.priority}")]
    if item.withdrawn:
        standing.append(text("state.withdrawn"))
    elif item.expired(clock.now_ms):
        standing.append(text("news.expired"))
    standing.append(text("state.waiting") if item.pending else text("state.received"))
    standing.append(ago(text, item.published_at_ms, clock.now_ms, app.zone))
    controls: list[ft.Control] = [
        ft.Text(item.title, size=16, weight=STRONG),
        faint(" · ".join(standing)),
    ]
    if not item.withdrawn:
        controls.append(_acts(app, model, item))
    return ident(f"published-{item.record}", card(ft.Column(controls, spacing=SPACE, tight=True)))


def _acts(app: App, model: NewsroomModel, item: NewsView) -> ft.Control:
    text = app.words
    if model.withdrawing != item.record:
        return ft.Row(
            [
                button(f"correct-{item.record}", text("newsroom.correct"),
                       lambda: _correct(app, model, item), kind=ft.TextButton),
                button(f"withdraw-{item.record}", text("newsroom.withdraw"),
                       lambda: model.ask_withdraw(item.record), kind=ft.TextButton),
            ],
            wrap=True,
            spacing=0,
            run_spacing=0,
        )  # fmt: skip
    return ft.Column(
        [
            ft.Text(text("newsroom.withdraw_sure"), weight=STRONG),
            faint(text("newsroom.withdraw_hint")),
            text_field("withdraw-note", text("newsroom.withdraw_note"), "", model.typed("note")),
            ft.Row(
                [
                    button("withdraw-no", text("common.cancel"), lambda: model.ask_withdraw(""),
                           kind=ft.TextButton),
                    button("withdraw-yes", text("newsroom.withdraw"), model.withdraw,
                           kind=ft.FilledTonalButton),
                ],
                wrap=True,
            ),
        ],
        spacing=GAP,
    )  # fmt: skip


def _correct(app: App, model: NewsroomModel, item: NewsView) -> None:
    model.start_correction(item)
    app.go("newsroom", "form")
