"""A chart: drawn with plain shapes of the theme's colours, told in words, or shown as a table.

No series is known by its colour alone: one is filled, one is hollow, and what is late is striped by
an edge and has its picture. Nothing is loaded from anywhere, and every text grows with the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

import flet as ft

from client.viewmodels.app import App
from client.viewmodels.reports.board import BoardModel
from client.viewmodels.reports.charts import Chart, Look, Series
from client.views.kit import button, card, faint, heading, ident
from client.views.reports.sheet import sheet
from client.views.safe import still
from client.views.theme import BODY, EDGE, GAP, SMALL, SPACE

COLUMN_PX: Final = 150
PANEL_PX: Final = 72
BAR_PX: Final = 12
VALUE_PX: Final = 64
TICKS_MAX: Final = 8
"""Names under columns that fit side by side at 100 % on a wide window."""
_SCALE: Final = 1_000


def chart_card(app: App, model: BoardModel, chart: Chart) -> ft.Control:
    """A chart on the board, as a picture or as a table."""
    return ChartCard(app, model, chart, chart.name in model.tabled)  # type: ignore[no-any-return]


def _shows(app: App, model: BoardModel, chart: Chart, tabled: bool) -> object:
    return app.language, app.wide, app.prefs.text_percent


@still(_shows)
def ChartCard(app: App, model: BoardModel, chart: Chart, tabled: bool) -> ft.Control:
    """The card; drawn anew only when its figures change."""
    text = app.words
    switch = button(
        f"chart-switch-{chart.name}",
        text("reports.as_chart" if tabled else "reports.as_table"),
        partial(model.toggle_table, chart.name),
        ft.Icons.INSIGHTS_OUTLINED if tabled else ft.Icons.TABLE_ROWS_OUTLINED,
        kind=ft.TextButton,
    )
    top = ft.Row([heading(chart.title), switch], wrap=True, spacing=SPACE,
                 alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
                 vertical_alignment=ft.CrossAxisAlignment.CENTER)  # fmt: skip
    controls: list[ft.Control] = [top]
    if chart.note:
        controls.append(faint(chart.note))
    if chart.empty:
        controls.append(faint(text("reports.nothing"), BODY))
    elif tabled:
        controls.append(sheet(app, f"table-{chart.name}", chart.header, chart.rows))
    else:
        controls.append(_picture(app, chart))
    column = ft.Column(controls, spacing=GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    return ident(f"chart-{chart.name}", card(column), container=True)


def _picture(app: App, chart: Chart) -> ft.Control:
    drawn = {"columns": _columns, "panels": _panels, "bars": _bars}[chart.form](app, chart)
    content = ft.Column(
        [_legend(app, chart.series), drawn] if chart.form != "panels" else [drawn],
        spacing=SPACE,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return ft.Semantics(
        identifier=f"picture-{chart.name}", label=chart.spoken, image=True, container=True,
        exclude_semantics=True, content=content,
    )  # fmt: skip


def _columns(app: App, chart: Chart) -> ft.Control:
    top = max(series.top for series in chart.series)
    groups = zip(*(series.values for series in chart.series), strict=True)
    looks = [series.look for series in chart.series]
    drawn = [_group(values, looks, top, COLUMN_PX) for values in groups]
    highest = next(series.texts[series.values.index(top)] for series in chart.series
                   if series.top == top)  # fmt: skip
    return ft.Column([_frame(drawn, highest, COLUMN_PX), _axis(app, chart.labels)], spacing=4)


def _panels(app: App, chart: Chart) -> ft.Control:
    """Series of different units, each with its own scale over one axis."""
    rows: list[ft.Control] = []
    for series in chart.series:
        rows.append(_legend(app, [series]))
        top = series.top
        drawn = [_group([value], [series.look], top or 1, PANEL_PX) for value in series.values]
        highest = series.texts[series.values.index(top)] if series.values else ""
        rows.append(_frame(drawn, highest, PANEL_PX))
    return ft.Column([*rows, _axis(app, chart.labels)], spacing=6)


def _group(values: Sequence[float], looks: Sequence[Look], top: float, px: int) -> ft.Control:
    bars = [
        _column(max(2, round(px * value / top)) if value else 0, look)
        for value, look in zip(values, looks, strict=True)
    ]
    row = ft.Row(bars, spacing=1, vertical_alignment=ft.CrossAxisAlignment.END)
    return ft.Container(row, expand=True, padding=ft.Padding.symmetric(horizontal=1))


def _column(px: int, look: Look) -> ft.Control:
    if not px:
        return ft.Container(height=0, expand=True)  # an edge would be seen
    round_top = ft.BorderRadius.only(top_left=2, top_right=2)
    return ft.Container(height=px, expand=True, border_radius=round_top, **_look(look))


def _frame(groups: Sequence[ft.Control], highest: str, px: int) -> ft.Control:
    """The columns over their base line; the line at the top says how much it is."""
    edge = ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT)
    row = ft.Row(list(groups), spacing=0, height=px, vertical_alignment=ft.CrossAxisAlignment.END)
    base = ft.BorderSide(2, ft.Colors.OUTLINE)
    framed = ft.Container(row, border=ft.Border(top=edge, bottom=base))
    return ft.Column([faint(highest), framed], spacing=2)


def _axis(app: App, labels: Sequence[str]) -> ft.Control:
    """Names under the columns: all of them, or some from end to end when they are many."""
    room = TICKS_MAX * 100 // app.prefs.text_percent
    most = max(2, room if app.wide else room // 2)
    if len(labels) <= most:
        names = [
            ft.Container(faint(label, text_align=ft.TextAlign.CENTER), expand=True)
            for label in labels
        ]
        return ft.Row(list(names), spacing=2, vertical_alignment=ft.CrossAxisAlignment.START)
    few = max(2, most // (2 if len(labels[0]) > 5 else 1))
    ticks = [labels[round(n * (len(labels) - 1) / (few - 1))] for n in range(few)]
    return ft.Row([faint(each) for each in ticks], alignment=ft.MainAxisAlignment.SPACE_BETWEEN)


def _bars(app: App, chart: Chart) -> ft.Control:
    top = max(series.top for series in chart.series)
    rows: list[ft.Control] = []
    for at, label in enumerate(chart.labels):
        bars = [_bar(app, series, at, top) for series in chart.series]
        rows.append(ft.Column([ft.Text(label), *bars], spacing=3, tight=True))
    return ft.Column(rows, spacing=GAP)


def _bar(app: App, series: Series, at: int, top: float) -> ft.Control:
    part = round(_SCALE * series.values[at] / top)
    pieces: list[ft.Control] = []
    if part:
        pieces.append(ft.Container(height=BAR_PX, expand=part, border_radius=3,
                                   **_look(series.look)))  # fmt: skip
    if part < _SCALE:
        pieces.append(ft.Container(height=BAR_PX, expand=_SCALE - part))
    late = series.look == "alarm" and series.values[at]
    said = [ft.Text(series.texts[at], theme_style=SMALL)]
    value: list[ft.Control] = [_warning(), *said] if late else [*said]
    width = VALUE_PX * app.prefs.text_percent // 100
    return ft.Row(
        [ft.Row(pieces, spacing=0, expand=True), ft.Container(ft.Row(value, spacing=4),
                                                              width=width)],
        spacing=SPACE,
    )  # fmt: skip


def _legend(app: App, series: Sequence[Series]) -> ft.Control:
    found: list[ft.Control] = []
    for each in series:
        box = ft.Container(width=16, height=16, border_radius=3, **_look(each.look))
        mark = [box, _warning()] if each.look == "alarm" else [box]
        name = ft.Text(each.name, theme_style=SMALL)
        found.append(ft.Row([*mark, name], spacing=6, tight=True))
    return ft.Row(found, wrap=True, spacing=EDGE, run_spacing=4)


def _warning() -> ft.Control:
    return ft.Icon(ft.Icons.WARNING_AMBER_ROUNDED, size=16, color=ft.Colors.ERROR)


def _look(look: Look) -> dict[str, Any]:
    """How a shape of a series looks: filled, hollow, or filled with a strong edge."""
    if look == "hollow":
        edge = ft.Border.all(1.5, ft.Colors.PRIMARY)
        return {"bgcolor": ft.Colors.SURFACE_CONTAINER_LOWEST, "border": edge}
    if look == "alarm":
        return {"bgcolor": ft.Colors.ERROR, "border": ft.Border.all(1.5, ft.Colors.ON_SURFACE)}
    return {"bgcolor": ft.Colors.PRIMARY}
