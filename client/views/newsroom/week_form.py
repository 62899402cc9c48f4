"""The week of one queue in a form: a line for each day, and a strip that follows it."""

from __future__ import annotations

from functools import partial

import flet as ft

from client.services.interchange.columns import DAY_COLUMNS
from client.viewmodels.app import App
from client.viewmodels.newsroom.preview import Later
from client.viewmodels.newsroom.week_form import WeekFormModel
from client.viewmodels.newsroom.weeks import WeeksModel
from client.views.fields import problem_text, text_field
from client.views.kit import banner, button, faint, heading, icon_button, scrolling
from client.views.newsroom.forms import beside, chosen, district, field, section, ways, wrong
from client.views.newsroom.strips import day_strip
from client.views.newsroom.week_table import cancel_question
from client.views.outages import utility_name
from client.views.safe import part
from client.views.theme import BODY, EDGE, SPACE
from shared_schema.records.hours import DAYS
from shared_schema.records.outage import UTILITIES

ROOM = "weekform"


@part
def WeekForm(app: App, weeks: WeeksModel, model: WeekFormModel, record: str) -> ft.Control:
    """The form of the schedule that the address names."""
    if model.open != record:
        return ft.Container()
    text = app.words
    title = "newsroom.week_new" if model.is_new else "newsroom.week_edit"
    save = button("weekform-save", text("weekform.save"), model.save, ft.Icons.CHECK)
    controls: list[ft.Control] = [
        heading(text(title)),
        _whose(app, model),
        _days(app, model),
        _rest(app, model),
        *wrong(app, model),
        ways(app, ROOM, save, model.close, model.discard),
    ]
    if not model.is_new:
        controls.append(_end(app, weeks, record))
    return scrolling(controls, key=f"week-form-{model.forms}", spacing=EDGE)


def _whose(app: App, model: WeekFormModel) -> ft.Control:
    text = app.words
    utilities = [(each, utility_name(text, each)) for each in UTILITIES]
    return section(
        text("weekform.whose"),
        [
            chosen(app, model, "weekform-utility", text("weekform.utility"), utilities),
            beside(app, field(app, model, "weekform.queue", "weekform.queue_hint"),
                   district(app, model, ROOM)),
            field(app, model, "weekform.streets", "weekform.streets_hint", multiline=True,
                  min_lines=3, max_lines=10),
        ],
    )  # fmt: skip


def _days(app: App, model: WeekFormModel) -> ft.Control:
    text = app.words
    lines: list[ft.Control] = [faint(text("weekform.days_hint"), BODY)]
    for column, name in zip(DAY_COLUMNS, DAYS, strict=True):
        lines.append(_day(app, model, column, text(f"weekform.{name}")))
    return section(text("weekform.days"), lines)


def _day(app: App, model: WeekFormModel, column: str, name: str) -> ft.Control:
    text = app.words
    written = text_field(f"weekform-{column}", name, model.text(column), model.typed(column),
                         problem_text(text, model.problems, column))  # fmt: skip
    same = icon_button(f"weekform-same-{column}", text("weekform.same", day=name),
                       ft.Icons.COPY_ALL_OUTLINED, partial(model.same_all_week, column),
                       )  # fmt: skip
    line = ft.Row([ft.Container(written, expand=True), same], spacing=SPACE,
                  vertical_alignment=ft.CrossAxisAlignment.END)  # fmt: skip
    return ft.Column([line, DayStrip(app, model, column, model.strips)], spacing=4, tight=True)


@part
def DayStrip(app: App, model: WeekFormModel, column: str, later: Later) -> ft.Control:
    """The day as it is written now."""
    return day_strip(app.words, model.day(column), model.text(column))


def _rest(app: App, model: WeekFormModel) -> ft.Control:
    return section(
        app.words("weekform.rest"),
        [beside(app, field(app, model, "weekform.note"),
                field(app, model, "weekform.until", "placeform.until_hint"))],
    )  # fmt: skip


def _end(app: App, weeks: WeeksModel, record: str) -> ft.Control:
    """A schedule that does not hold any more, and no other in its place."""
    text = app.words
    if weeks.cancelling != record:
        ask = button("weekform-end", text("weekform.end"), partial(weeks.ask_cancel, record),
                     ft.Icons.CANCEL_OUTLINED, kind=ft.TextButton)  # fmt: skip
        return ft.Row([ask], wrap=True)
    sure = banner("weekform-sure", text("weekform.end_sure"), ft.Icons.WARNING_ROUNDED, bad=True)
    return section(text("weekform.end"), [sure, *cancel_question(app, weeks)])
