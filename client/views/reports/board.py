"""The live board: the period, the figures that matter most, and the charts."""

from __future__ import annotations

from functools import partial
from typing import Final, cast

import flet as ft

from client.i18n import Words
from client.services.office.periods import PERIODS, PeriodName
from client.services.office.reports import Report
from client.viewmodels.app import App
from client.viewmodels.reports.board import BoardModel
from client.viewmodels.reports.charts import lasting, share
from client.viewmodels.reports.room import ReportsModel
from client.views.fields import choice, segments, text_field
from client.views.kit import button, card, faint, rows
from client.views.outages import utility_name
from client.views.reports.chart import chart_card
from client.views.reports.tabs import tabs
from client.views.safe import part
from client.views.theme import GAP, HEADLINE, STRONG

ALL: Final = "*"
FIELD_PX: Final = 240
FIGURE_PX: Final = 178
NARROW_PX: Final = 156
"""Two side by side on the smallest phone."""
HALF: Final[dict[str | ft.ResponsiveRowBreakpoint, int | float]] = {"xs": 12, "lg": 6}
"""Two charts side by side from a wide window on."""


@part
def Board(app: App, room: ReportsModel, model: BoardModel) -> ft.Control:
    """All of it."""
    controls: list[ft.Control] = [tabs(app, room), _period(app, model)]
    if model.read is None:
        controls.append(ft.ProgressBar(semantics_label=app.words("reports.reading")))
        return rows(controls, key="board-reading")
    controls.append(_figures(app, model.read.report))
    cards: list[ft.Control] = [
        ft.Container(chart_card(app, model, chart), col=_width(app)) for chart in model.read.charts
    ]
    controls.append(ft.ResponsiveRow(cards, spacing=GAP, run_spacing=GAP))
    return rows(controls, key="board", app=app)


def _width(app: App) -> dict[str | ft.ResponsiveRowBreakpoint, int | float]:
    """Large letters need all of the width."""
    return HALF if app.prefs.text_percent <= 150 else {"xs": 12}


def _period(app: App, model: BoardModel) -> ft.Control:
    text = app.words
    options: list[tuple[str, str, ft.IconData | None]] = [
        (each, text(f"reports.{each}"), None) for each in PERIODS
    ]

    def take(period: str) -> None:
        app.spawn(model.choose_period(cast(PeriodName, period)))

    chosen = segments("period", model.period, options, take)
    controls: list[ft.Control] = [chosen]
    if model.period == "own":
        controls.append(_own(app, model))
    if model.read is not None:
        controls += _choices(app, model, text)
        first, last = model.read.span
        controls.append(faint(text("reports.span", start=f"{first:%d.%m.%Y}",
                                   end=f"{last:%d.%m.%Y}")))  # fmt: skip
    return ft.Column(controls, spacing=GAP)


def _own(app: App, model: BoardModel) -> ft.Control:
    text = app.words
    problem = text("reports.bad_days") if model.problem else None

    def take(typed: str, words: str) -> None:
        getattr(model, typed).text = words

    fields: list[ft.Control] = [
        ft.Container(
            text_field(f"period-{name}", text(f"reports.{label}"), getattr(model, name).text,
                       partial(take, name), problem if name == "start" else None,
                       hint_text=text("reports.day_hint"), on_submit=model.choose_days),
            width=_px(app, FIELD_PX),
        )
        for name, label in (("start", "from"), ("end", "until"))
    ]  # fmt: skip
    show = button("period-show", text("reports.show"), model.choose_days, ft.Icons.CHECK,
                  kind=ft.FilledTonalButton)  # fmt: skip
    return ft.Row([*fields, show], wrap=True, spacing=GAP, run_spacing=GAP,
                  vertical_alignment=ft.CrossAxisAlignment.END)  # fmt: skip


def _choices(app: App, model: BoardModel, text: Words) -> list[ft.Control]:
    """The queue and the utility, where there is more than one to choose from."""
    read, made = model.read, []
    assert read is not None

    def take_queue(queue: str) -> None:
        app.spawn(model.choose_queue("" if queue == ALL else queue))

    def take_utility(utility: str) -> None:
        app.spawn(model.choose_utility(utility))

    if len(read.queues) > 1 or model.queue:
        options = [(ALL, text("reports.all_queues")), *((each, each) for each in read.queues)]
        chosen = model.queue or ALL
        made.append(choice("board-queue", text("reports.queue"), chosen, options, take_queue))
    if len(read.utilities) > 1:
        named = [(each, utility_name(text, each)) for each in read.utilities]
        title = text("reports.utility")
        made.append(choice("board-utility", title, model.utility, named, take_utility))
    fields: list[ft.Control] = [ft.Container(each, width=_px(app, FIELD_PX)) for each in made]
    return [ft.Row(fields, wrap=True, spacing=GAP, run_spacing=GAP)] if fields else []


def _figures(app: App, report: Report) -> ft.Control:
    text = app.words
    answer = report.appeals.answer
    shown = (
        ("received", str(report.received)),
        ("open", str(report.open)),
        ("overdue", str(report.overdue)),
        ("in_time", share(report.in_time_percent, text)),
        ("median_answer", lasting(answer.median_ms, text)),
        ("ninety_answer", lasting(answer.p90_ms, text)),
    )
    late = report.overdue > 0
    tiles: list[ft.Control] = [
        _figure(app, key, value, alarm=late and key == "overdue") for key, value in shown
    ]
    return ft.Row(tiles, wrap=True, spacing=GAP, run_spacing=GAP)


def _figure(app: App, key: str, value: str, *, alarm: bool) -> ft.Control:
    name = app.words(f"reports.{key}")
    words = ft.Text(value, theme_style=HEADLINE, weight=STRONG)
    mark: list[ft.Control] = []
    if alarm:
        mark.append(ft.Icon(ft.Icons.WARNING_AMBER_ROUNDED, color=ft.Colors.ERROR))
    content = ft.Column([ft.Row([words, *mark], spacing=6, tight=True), faint(name)], spacing=2)
    tile = ft.Container(
        card(content, padding=12), width=_px(app, FIGURE_PX if app.wide else NARROW_PX)
    )
    return ft.Semantics(
        identifier=f"figure-{key}", label=f"{name}: {value}", container=True,
        exclude_semantics=True, content=tile,
    )  # fmt: skip


def _px(app: App, px: int) -> int:
    """A width that grows with the letters, and fits a phone."""
    return min(px * app.prefs.text_percent // 100, 320 if not app.wide else 480)
