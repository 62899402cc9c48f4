"""The form of a news item: what is written, for whom and until when, and the last question."""

from __future__ import annotations

from functools import partial
from typing import Any

import flet as ft

from client.services.news_drafts import NewsDraft
from client.viewmodels.app import App
from client.viewmodels.newsroom.writing import WritingModel
from client.views.fields import choice, few, problem_text, text_field
from client.views.kit import banner, button, card, faint, heading, ident, scrolling, sized, wrapped
from client.views.newsroom.forms import beside
from client.views.newsroom.preview import phone
from client.views.safe import part
from client.views.theme import CARD_TITLE, EDGE, GAP, SPACE, STRONG
from shared_schema.records.news import PRIORITIES

EVERYWHERE = "*"
"""An empty code is how the record says "the whole city"; a choice needs a visible one."""


@part
def PublishForm(app: App, model: WritingModel) -> ft.Control:
    """The form; where there is no room beside it, what a resident will see stands under it."""
    text = app.words
    correcting = model.correcting is not None
    title = "correct_title" if correcting else "publish_title"
    controls: list[ft.Control] = [heading(text(f"newsroom.{title}"))]
    if model.saved:
        controls.append(_saved(app, model))
    controls += [*_drafts(app, model), *_as_it_stands(app, model), *_fields(app, model)]
    if model.problems:
        controls.append(banner("form-problem", text("check.form"), ft.Icons.EDIT_NOTE, bad=True))
    controls += _ask(app, model) if model.asking else _acts(app, model)
    controls.append(faint(text("newsroom.autosaved")))
    if app.wide and not app.broad:
        controls.append(PhoneBelow(app, model, model.preview))
    return scrolling(controls, key=f"publish-{model.sheet}", spacing=EDGE)


@part
def PhoneBelow(app: App, model: WritingModel, later: object) -> ft.Control:
    """What a resident will see, under the form."""
    return ft.Row([phone(app, model)], alignment=ft.MainAxisAlignment.CENTER)


def _saved(app: App, model: WritingModel) -> ft.Control:
    if model.saved == "unsigned":
        return banner("newsroom-saved", app.words("newsroom.saved_unsigned"),
                      ft.Icons.DRAW_OUTLINED)  # fmt: skip
    return banner("newsroom-saved", app.words("newsroom.saved"), ft.Icons.SMARTPHONE_OUTLINED)


def _drafts(app: App, model: WritingModel) -> list[ft.Control]:
    """What else was begun: nothing that was typed is ever typed over."""
    if not model.drafts:
        return []
    chips = [
        button(f"draft-{draft.id}", draft_name(app, draft), partial(_open, app, model, draft),
               ft.Icons.EDIT_NOTE, kind=ft.OutlinedButton)
        for draft in model.drafts[:4]
    ]  # fmt: skip
    title = faint(app.words("newsroom.drafts", n=len(model.drafts)))
    return [ft.Column([title, wrapped(chips)], spacing=6, key="drafts")]


def draft_name(app: App, draft: NewsDraft) -> str:
    """What a draft is known by."""
    text = app.words
    said = draft.texts.get("title") or draft.texts.get("text") or text("outbox.untitled")
    short = said if len(said) <= 40 else f"{said[:39].rstrip()}…"
    return text("newsroom.draft_correction", title=short) if draft.about else short


def _open(app: App, model: WritingModel, draft: NewsDraft) -> None:
    app.spawn(model.open(draft))


def _as_it_stands(app: App, model: WritingModel) -> list[ft.Control]:
    """The wording that is being corrected, at hand; and what a correction costs an alert."""
    text, item = app.words, model.correcting
    if item is None:
        return []
    old = card(
        ft.Column(
            [
                faint(text("newsroom.as_it_stands")),
                ft.Text(item.title, theme_style=CARD_TITLE, weight=STRONG),
                ft.Text(item.text),
            ],
            spacing=SPACE,
        ),
        bgcolor=ft.Colors.SURFACE_CONTAINER_HIGH,
    )
    said: list[ft.Control] = [ident("newsroom-old", old, container=True, key="old")]
    if item.priority == "urgent" and item.confirmed:
        said.append(banner("newsroom-resign", text("newsroom.resign"), ft.Icons.DRAW_OUTLINED))
    return said


def _fields(app: App, model: WritingModel) -> list[ft.Control]:
    text = app.words
    priorities = [(each, text(f"priority.{each}")) for each in PRIORITIES]
    hours = _field(app, model, "hours", helper=text("newsroom.hours_hint"),
                   keyboard_type=ft.KeyboardType.NUMBER)  # fmt: skip
    until = _field(app, model, "until", helper=text("newsroom.until_hint"))
    return [
        _field(app, model, "title"),
        _field(app, model, "text", multiline=True, min_lines=4, max_lines=14),
        few("newsroom-priority", text("newsroom.priority"), model.priority, priorities,
            model.choose_priority),  # type: ignore[arg-type]
        beside(app, _district(app, model), _field(app, model, "topic")),
        ft.Row([ft.Container(hours, expand=2), ft.Container(until, expand=3)], spacing=GAP,
               vertical_alignment=ft.CrossAxisAlignment.START),
    ]  # fmt: skip


def _field(app: App, model: WritingModel, field: str, **more: Any) -> ft.Control:
    text = app.words
    problem = problem_text(text, model.problems, field)
    label, value = text(f"newsroom.{field}"), model.text(field)
    return text_field(f"newsroom-{field}", label, value, model.typed(field), problem, **more)


def _district(app: App, model: WritingModel) -> ft.Control:
    text = app.words
    options = [(EVERYWHERE, text("news.everywhere"))]
    options += [(name, name) for name in app.open_services.districts]
    take = model.typed("district")
    return choice(
        "newsroom-district", text("newsroom.district"), model.text("district") or EVERYWHERE,
        options, lambda name: take("" if name == EVERYWHERE else name),
    )  # fmt: skip


def _acts(app: App, model: WritingModel) -> list[ft.Control]:
    text = app.words
    save = text("newsroom.save_correction" if model.correcting else "newsroom.publish")
    main = button("newsroom-save", save, model.save, ft.Icons.CAMPAIGN_OUTLINED)
    if model.correcting:
        other = button("newsroom-stop", text("newsroom.cancel_correction"), model.discard,
                       kind=ft.TextButton)  # fmt: skip
    else:
        other = button("newsroom-discard", text("newsroom.discard"), model.discard,
                       kind=ft.TextButton)  # fmt: skip
    return [sized(app, main), ft.Row([other], wrap=True)]


def _ask(app: App, model: WritingModel) -> list[ft.Control]:
    """An alert wakes people: the last question before it goes to a second person."""
    text = app.words
    sure = banner("newsroom-urgent", text("newsroom.urgent_sure"), ft.Icons.WARNING_ROUNDED,
                  bad=True)  # fmt: skip
    acts = wrapped(
        [
            button("newsroom-urgent-yes", text("newsroom.urgent_yes"), model.save_alert,
                   ft.Icons.DRAW_OUTLINED),
            button("newsroom-urgent-no", text("common.cancel"), model.ask_no_more,
                   kind=ft.TextButton),
        ]
    )  # fmt: skip
    return [sure, acts]
