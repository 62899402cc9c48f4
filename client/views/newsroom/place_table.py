"""All places as a table: looked through, confirmed with one tap, opened in a form."""

from __future__ import annotations

from functools import partial
from typing import Final

import flet as ft

from client.i18n import Words
from client.i18n.dates import MINUTE_MS, ago, moment
from client.services.guide_types import PlaceView
from client.viewmodels.app import App, ExchangeModel
from client.viewmodels.newsroom.files import FilesModel
from client.viewmodels.newsroom.place_table import PlaceTableModel
from client.views.kit import button, empty, icon_button, more_button, rows, toggle, wrapped
from client.views.newsroom.search import search_field
from client.views.newsroom.table import Cell, Column, has_columns, head, row
from client.views.places import hours_words, sort_icon, sort_name
from client.views.safe import part, still
from client.views.theme import EDGE, SPACE, TOUCH_PX
from shared_schema.records.place import SORTS

ACTS_PX: Final = 172
"""At 100 %: «Підтвердити» and its picture on one line."""
ICON_PX: Final = TOUCH_PX


@part
def PlaceTable(
    app: App, model: PlaceTableModel, files: FilesModel, clock: ExchangeModel
) -> ft.Control:
    """The search, the filters, and the rows."""
    text = app.words
    stretch = ft.CrossAxisAlignment.STRETCH
    over = ft.Column(
        [_acts(app, model, files), _filters(app, model)],
        spacing=SPACE,
        horizontal_alignment=stretch,
    )
    top = ft.Container(over, padding=ft.Padding.only(left=EDGE, right=EDGE, top=SPACE))
    if not model.page:
        said = "news.not_found" if model.all else "newsroom.places_empty"
        hint = "newsroom.places_none_hint" if model.all else "newsroom.places_empty_hint"
        nothing = empty("places-table-empty", ft.Icons.PLACE_OUTLINED, text(said), text(hint))
        return ft.Column([top, rows([nothing], key="places-none")], spacing=0, expand=True)
    cards: list[ft.Control] = [
        PlaceRow(app, model, place, clock, key=place.record) for place in model.page
    ]
    if model.has_more:
        cards.append(more_button(app, "places-table-more", model.more))
    listed = rows(cards, key="places-table", app=app)
    return ft.Column([top, head(app, columns(text), acts_px(app)), listed], spacing=0, expand=True)


def columns(text: Words) -> tuple[Column, ...]:
    """The columns of the table."""
    names = (("name", 4), ("address", 4), ("hours", 3), ("condition", 3), ("confirmed", 3))
    return tuple(Column(text(f"newsroom.column_{name}"), weight) for name, weight in names)


def acts_px(app: App) -> int:
    """How much room the act of a row has: its words, or its picture alone."""
    return ACTS_PX * app.prefs.text_percent // 100 if app.broad else ICON_PX


def _acts(app: App, model: PlaceTableModel, files: FilesModel) -> ft.Control:
    text = app.words
    find = search_field("places-table-search", text("newsroom.places_search"), model.query,
                        model.search)  # fmt: skip
    acts = [
        button("place-new", text("newsroom.place_new"),
               partial(app.go, "newsroom", "places/new"), ft.Icons.ADD_LOCATION_ALT_OUTLINED),
        button("places-import", text("newsroom.import"), files.pick, ft.Icons.UPLOAD_FILE,
               kind=ft.OutlinedButton),
    ]  # fmt: skip
    if not app.wide:
        return ft.Column([find, wrapped(acts)], spacing=SPACE,
                         horizontal_alignment=ft.CrossAxisAlignment.STRETCH)  # fmt: skip
    return ft.Row([ft.Container(find, expand=True), *acts], spacing=SPACE)


def _filters(app: App, model: PlaceTableModel) -> ft.Control:
    text, chips = app.words, []
    if model.stale_count or model.stale_only:
        said = text("newsroom.places_stale", n=model.stale_count)
        chips.append(toggle("places-stale", said, model.only_stale, ft.Icons.TIMER_OFF_OUTLINED,
                            chosen=model.stale_only))  # fmt: skip
    known = [*(each for each in SORTS if each in model.sorts),
             *(each for each in model.sorts if each not in SORTS)]  # fmt: skip
    chips += [
        toggle(f"places-sort-{sort}", sort_name(text, sort), partial(model.only, sort),
               sort_icon(sort), chosen=model.sort == sort)
        for sort in known
    ]  # fmt: skip
    return ft.Row(chips, scroll=ft.ScrollMode.HIDDEN, spacing=SPACE, key="place-filters")


def _shows(
    app: App, model: PlaceTableModel, place: PlaceView, clock: ExchangeModel
) -> tuple[object, ...]:
    """What a row shows besides its place: words, ages, whether there are columns."""
    now = clock.now_ms
    return app.language, now // MINUTE_MS, place.stale(now), app.broad, has_columns(app)


@still(_shows)
def PlaceRow(
    app: App, model: PlaceTableModel, place: PlaceView, clock: ExchangeModel
) -> ft.Control:
    """One place; the tick says that somebody has just looked."""
    text = app.words

    def confirm() -> None:
        app.spawn(model.confirm(place))

    name = f"place-confirm-{place.record}"
    if app.broad or not has_columns(app):
        looked = button(name, text("newsroom.confirm"), confirm, ft.Icons.FACT_CHECK_OUTLINED,
                        kind=ft.TextButton)  # fmt: skip
    else:
        looked = icon_button(name, text("newsroom.confirm_now", name=place.name),
                             ft.Icons.FACT_CHECK_OUTLINED, confirm)  # fmt: skip
    cells = zip(columns(text), _cells(app, place, clock.now_ms), strict=True)
    open_it = partial(app.go, "newsroom", f"places/{place.record}")
    return row(app, f"place-row-{place.record}", tuple(cells), looked, open_it, acts_px(app))


def _cells(app: App, place: PlaceView, now_ms: int) -> tuple[Cell, ...]:
    text, stale = app.words, place.stale(now_ms)
    until = text("newsroom.no_term")
    if place.expires_at_ms:
        key = "newsroom.was_good_until" if stale else "newsroom.good_until"
        until = text(key, time=moment(text, place.expires_at_ms, now_ms, app.zone))
    waits = f" · {text('state.waiting').lower()}" if place.pending else ""
    looked = ago(text, place.confirmed_at_ms, now_ms, app.zone)
    by = f", {place.confirmed_by}" if place.confirmed_by else ""
    return (
        Cell(place.name, sort_name(text, place.sort), sort_icon(place.sort)),
        Cell(place.address or "—", place.district),
        Cell(hours_words(text, place.hours) or text("condition.hours_unknown")),
        Cell(text(f"newsroom.is_{place.condition}"), place.condition_note,
             alarm=place.condition != "open"),
        Cell(f"{looked}{by}{waits}", until, alarm=stale),
    )  # fmt: skip
