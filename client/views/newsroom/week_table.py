"""Outages as tables: the weekly schedules, and the exceptions that are not over."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import cast

import flet as ft

from client.i18n import Words
from client.i18n.dates import ago, moment
from client.services.guide_types import AnnouncementView, ScheduleView
from client.services.interchange.cells import day_text
from client.services.interchange.columns import Language
from client.viewmodels.app import App, ExchangeModel
from client.viewmodels.newsroom.files import FilesModel
from client.viewmodels.newsroom.weeks import EXCEPTION, WeeksModel
from client.views.fields import text_field
from client.views.kit import banner, button, empty, heading, icon_button, rows, wrapped
from client.views.newsroom.forms import section
from client.views.newsroom.strips import day_strip
from client.views.newsroom.table import Cell, Column, head, row
from client.views.outages import utility_icon, utility_name
from client.views.safe import part
from client.views.theme import SPACE


@part
def WeekTable(app: App, model: WeeksModel, files: FilesModel, clock: ExchangeModel) -> ft.Control:
    """Exceptions first: they stand above the schedules, and they are urgent."""
    text = app.words
    listed: list[ft.Control] = [_acts(app, files)]
    if model.coming:
        listed.append(heading(text("newsroom.exceptions")))
        listed += [_exception(app, model, each, clock.now_ms) for each in model.coming]
    listed.append(heading(text("newsroom.weeks")))
    if not model.schedules:
        listed.append(empty("weeks-empty", ft.Icons.BOLT_OUTLINED, text("newsroom.weeks_empty"),
                            text("newsroom.weeks_empty_hint")))  # fmt: skip
    else:
        listed.append(head(app, columns(text)))
    listed += [WeekRow(app, view, clock, key=view.record) for view in model.schedules]
    return rows(listed, key="weeks-table", app=app)


def columns(text: Words) -> tuple[Column, ...]:
    """The columns of the weekly schedules."""
    names = (("queue", 3), ("day", 6), ("streets", 5), ("term", 4))
    return tuple(Column(text(f"newsroom.column_{name}"), weight) for name, weight in names)


def _acts(app: App, files: FilesModel) -> ft.Control:
    text = app.words
    return wrapped(
        [
            button("exception-new", text("newsroom.exception_new"),
                   partial(app.go, "newsroom", f"outages/{EXCEPTION}"), ft.Icons.CAMPAIGN_OUTLINED),
            button("week-new", text("newsroom.week_new"),
                   partial(app.go, "newsroom", "outages/new"), ft.Icons.ADD,
                   kind=ft.FilledTonalButton),
            button("weeks-import", text("newsroom.import"), files.pick, ft.Icons.UPLOAD_FILE,
                   kind=ft.OutlinedButton),
        ]
    )  # fmt: skip


@part
def WeekRow(app: App, view: ScheduleView, clock: ExchangeModel) -> ft.Control:
    """The week of one queue, as of today."""
    cells = zip(columns(app.words), _cells(app, view, clock.now_ms), strict=True)
    open_it = partial(app.go, "newsroom", f"outages/{view.record}")
    return row(app, f"week-row-{view.record}", tuple(cells), None, open_it)


def _cells(app: App, view: ScheduleView, now_ms: int) -> tuple[Cell, ...]:
    text, week = app.words, view.scheduled
    today = week.week[datetime.fromtimestamp(now_ms / 1000, app.zone).weekday()]
    said = day_text(today, cast(Language, app.language)).replace("?", "?\N{WORD JOINER}")
    until = text("newsroom.no_term")
    stale = 0 < week.expires_at_ms <= now_ms
    if week.expires_at_ms:
        key = "newsroom.was_good_until" if stale else "newsroom.good_until"
        until = text(key, time=moment(text, week.expires_at_ms, now_ms, app.zone))
    changed = text("newsroom.changed", ago=ago(text, view.changed_at_ms, now_ms, app.zone))
    waits = f" · {text('state.waiting').lower()}" if view.pending else ""
    streets = ", ".join(week.streets[:3]) + ("…" if len(week.streets) > 3 else "")
    return (
        Cell(text("outages.queue", queue=week.queue), utility_name(text, week.utility),
             utility_icon(week.utility)),
        Cell(said, week.note, picture=day_strip(text, today, said)),
        Cell(streets or "—", week.district),
        Cell(f"{changed}{waits}", until, alarm=stale),
    )  # fmt: skip


def _exception(app: App, model: WeeksModel, view: AnnouncementView, now_ms: int) -> ft.Control:
    text, told = app.words, view.announced
    start = moment(text, told.from_ms, now_ms, app.zone)
    end = moment(text, told.until_ms, now_ms, app.zone)
    whom = ", ".join(text("outages.queue", queue=queue) for queue in told.queues)
    said = " ".join(
        [
            f"{utility_name(text, told.utility)}: {told.title}.",
            text("outages.span", start=start, end=end),
            f"{whom or told.district or text('news.everywhere')}.",
        ]
    )
    if model.cancelling == view.record:
        return _cancel(app, model, said)
    shown = banner(f"exception-{view.record}", said, utility_icon(told.utility), bad=told.off)
    end_it = icon_button(f"exception-cancel-{view.record}",
                         text("newsroom.exception_cancel", title=told.title),
                         ft.Icons.CANCEL_OUTLINED,
                         partial(model.ask_cancel, view.record))  # fmt: skip
    return ft.Row([ft.Container(shown, expand=True), end_it], spacing=SPACE,
                  key=f"exception-{view.record}")  # fmt: skip


def _cancel(app: App, model: WeeksModel, said: str) -> ft.Control:
    """Whether it is not to hold any more, and why."""
    return section(said, cancel_question(app, model))


def cancel_question(app: App, model: WeeksModel) -> list[ft.Control]:
    """The question, for a schedule and an exception alike."""
    text = app.words

    def typed(words: str) -> None:
        model.note.text = words

    return [
        text_field("cancel-note", text("newsroom.withdraw_note"), model.note.text, typed),
        wrapped(
            [
                button("cancel-yes", text("newsroom.cancel_yes"), model.cancel,
                       kind=ft.FilledTonalButton),
                button("cancel-no", text("common.cancel"), partial(model.ask_cancel, ""),
                       kind=ft.TextButton),
            ]
        ),
    ]  # fmt: skip
