"""Places: the nearest three of a sort, the rest below, one in full. Useful without any map."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import flet as ft

from client.i18n import Words
from client.i18n.dates import MINUTE_MS, ago, moment
from client.services.guide_types import Near, PlaceView
from client.viewmodels.app import App, ExchangeModel
from client.viewmodels.places import PlacesModel
from client.views.fields import text_field
from client.views.kit import (
    banner,
    button,
    card,
    chip,
    empty,
    faint,
    heading,
    ident,
    line,
    more_button,
    rows,
    scrolling,
    selectable,
    toggle,
    wrapped,
)
from client.views.safe import part, still
from client.views.theme import BODY, CARD_TITLE, EDGE, GAP, HEADLINE, SPACE, STRONG
from shared_schema.records.hours import opening_at
from shared_schema.records.place import SORTS

ICONS: Final = {
    "shelter": ft.Icons.SHIELD_OUTLINED,
    "resilience": ft.Icons.FORT_OUTLINED,
    "water": ft.Icons.WATER_DROP_OUTLINED,
    "heat": ft.Icons.THERMOSTAT_OUTLINED,
    "charging": ft.Icons.BATTERY_CHARGING_FULL_OUTLINED,
    "pharmacy": ft.Icons.LOCAL_PHARMACY_OUTLINED,
    "medical": ft.Icons.LOCAL_HOSPITAL_OUTLINED,
    "aid": ft.Icons.VOLUNTEER_ACTIVISM_OUTLINED,
}
GOOD: Final = {"bgcolor": ft.Colors.SECONDARY_CONTAINER, "color": ft.Colors.ON_SECONDARY_CONTAINER}
BAD: Final = {"bgcolor": ft.Colors.ERROR_CONTAINER, "color": ft.Colors.ON_ERROR_CONTAINER}
QUIET: Final = {
    "bgcolor": ft.Colors.SURFACE_CONTAINER_HIGHEST,
    "color": ft.Colors.ON_SURFACE_VARIANT,
}


@part
def PlacesList(app: App, model: PlacesModel, clock: ExchangeModel) -> ft.Control:
    """What is needed, from where, and what is nearest."""
    text = app.words
    if not model.all:
        nothing = empty("places-empty", ft.Icons.PLACE_OUTLINED, text("places.empty"),
                        text("places.empty_hint"))  # fmt: skip
        return rows([nothing], key="places-none", app=app)
    controls: list[ft.Control] = [_sorts(app, model), _from(app, model)]
    if not model.found:
        controls.append(empty("places-none", ft.Icons.SEARCH_OFF, text("places.none")))
    if model.nearest:
        controls.append(heading(text("places.nearest" if model.origin else "places.first")))
    controls += [PlaceCard(app, near, clock, key=near.place.record) for near in model.nearest]
    if model.others:
        controls.append(heading(text("places.others")))
    controls += [PlaceCard(app, near, clock, key=near.place.record) for near in model.others]
    if model.has_more:
        controls.append(more_button(app, "places-more", model.more))
    return rows(controls, key="places-list", app=app)


def _shows(app: App, near: Near, clock: ExchangeModel) -> tuple[object, ...]:
    """What a card shows besides its place: words, ages, and whether it is the one that is open."""
    chosen = app.wide and app.record == near.place.record
    return app.language, clock.now_ms // MINUTE_MS, chosen


@still(_shows)
def PlaceCard(app: App, near: Near, clock: ExchangeModel) -> ft.Control:
    """One of them: what, how far, open or not, how sure that is."""
    text, place = app.words, near.place
    name = ft.Row(
        [
            ft.Icon(sort_icon(place.sort), color=ft.Colors.PRIMARY),
            ft.Text(place.name, theme_style=CARD_TITLE, weight=STRONG, expand=True),
        ],
        spacing=SPACE,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    where = ", ".join(each for each in (place.address, place.district) if each)
    controls: list[ft.Control] = [name, wrapped(_chips(app, place, clock.now_ms))]
    if near.distance_m is not None:
        controls.append(line(ft.Icons.NEAR_ME_OUTLINED, distance(text, near)))
    if where:
        controls.append(line(ft.Icons.PLACE_OUTLINED, where))
    controls.append(faint(_confirmed(app, place, clock.now_ms)))
    return ident(
        f"place-{place.record}",
        card(
            ft.Column(controls, spacing=SPACE, tight=True),
            on_click=lambda: app.go("places", place.record),
            selected=app.wide and app.record == place.record,
        ),
    )


@part
def PlaceDetail(app: App, model: PlacesModel, clock: ExchangeModel) -> ft.Control:
    """One place in full, and two taps to say that it is closed or empty."""
    place, now = model.open, clock.now_ms
    if place is None or place.record != app.record:
        return ft.Container()
    near = model.near(place.record)
    controls: list[ft.Control] = [
        ft.Row(
            [
                ft.Icon(sort_icon(place.sort), size=32, color=ft.Colors.PRIMARY),
                ft.Text(place.name, theme_style=HEADLINE, expand=True),
            ],
            spacing=GAP,
        ),
        wrapped(_chips(app, place, now)),
        *_warnings(app, place, now),
        card(ft.Column(_facts(app, place, near), spacing=10)),
        card(ft.Column(_trust(app, place, now), spacing=10)),
        _report(app, model),
    ]
    return scrolling(controls, key=f"place-{place.record}", spacing=EDGE)


def sort_icon(sort: str) -> ft.IconData:
    """The picture of a sort of place."""
    return ICONS.get(sort, ft.Icons.PLACE_OUTLINED)


def sort_name(text: Words, sort: str) -> str:
    """Its name; one that this version does not know is shown as it came."""
    key = f"place.{sort}"
    return text(key) if text.has(key) else sort


def distance(text: Words, near: Near) -> str:
    """How far and in which direction, as precise as it is worth."""
    far = near.distance_m or 0
    where = text(f"direction.{near.direction}")
    if far < 1_000:
        return text("places.metres", n=max(50, round(far / 50) * 50), where=where)
    return text("places.kilometres", n=f"{far / 1_000:.1f}".replace(".", text("number.point")),
                where=where)  # fmt: skip


def _sorts(app: App, model: PlacesModel) -> ft.Control:
    text = app.words
    known: list[str] = [sort for sort in SORTS if sort in model.sorts]
    known += [sort for sort in model.sorts if sort not in SORTS]

    def only(sort: str) -> ft.Control:
        return toggle(
            f"sort-{sort or 'all'}", sort_name(text, sort) if sort else text("places.all"),
            lambda: app.spawn(model.only(sort)), sort_icon(sort) if sort else None,
            chosen=model.sort == sort,
        )  # fmt: skip

    chips = [only(""), *map(only, known)]
    return ft.Row(chips, scroll=ft.ScrollMode.HIDDEN, spacing=SPACE, key="sorts")


def _from(app: App, model: PlacesModel) -> ft.Control:
    text, origin = app.words, model.origin
    field = text_field(
        "places-address", text("places.address"), model.address,
        lambda words: app.spawn(model.from_address(words)),
        text("places.unknown_address") if model.unknown_address else None,
        prefix_icon=ft.Icons.SEARCH,
    )  # fmt: skip
    here = button(
        "places-here", text("places.here"), model.from_here, ft.Icons.MY_LOCATION,
        kind=ft.TextButton, disabled=model.locating,
    )  # fmt: skip
    how = (
        text(f"places.from_{origin.how}", name=origin.name) if origin else text("places.from_none")
    )
    return ft.Column(
        [field, ft.Row([here], wrap=True), ident("places-origin", faint(how, BODY))],
        spacing=SPACE,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _chips(app: App, place: PlaceView, now_ms: int) -> list[ft.Control]:
    """Whether one can go there, in words and a picture."""
    text = app.words
    if place.condition == "closed":
        return [chip(text("condition.closed"), ft.Icons.BLOCK, **BAD)]
    if place.condition == "empty":
        return [chip(text("condition.empty"), ft.Icons.REMOVE_SHOPPING_CART_OUTLINED, **BAD)]
    return [_open_chip(app, place, now_ms)]


def _open_chip(app: App, place: PlaceView, now_ms: int) -> ft.Control:
    text = app.words
    local = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(app.zone)
    opening = opening_at(place.hours, local)
    good = QUIET if place.stale(now_ms) else GOOD  # what nobody vouches for must not look certain
    if opening is None:
        return chip(text("condition.hours_unknown"), ft.Icons.HELP_OUTLINE, **QUIET)
    if opening.minutes_left is None:
        key, looks = ("condition.always", good) if opening.open else ("condition.shut", BAD)
        return chip(text(key), ft.Icons.SCHEDULE, **looks)
    at = moment(text, now_ms + opening.minutes_left * 60_000, now_ms, app.zone)
    if opening.open:
        return chip(text("condition.open_until", time=at), ft.Icons.SCHEDULE, **good)
    return chip(text("condition.opens_at", time=at), ft.Icons.SCHEDULE, **BAD)


def _confirmed(app: App, place: PlaceView, now_ms: int) -> str:
    text = app.words
    age = ago(text, place.confirmed_at_ms, now_ms, app.zone)
    key = "places.confirmed_by" if place.confirmed_by else "places.confirmed"
    said = text(key, ago=age, by=place.confirmed_by) if place.confirmed_by else text(key, ago=age)
    return f"{said} · {text('places.not_sure')}" if place.stale(now_ms) else said


def _warnings(app: App, place: PlaceView, now_ms: int) -> list[ft.Control]:
    text = app.words
    said: list[ft.Control] = []
    if place.condition_note:
        said.append(banner("place-note", place.condition_note, ft.Icons.INFO_OUTLINE,
                           bad=place.condition != "open"))  # fmt: skip
    if place.stale(now_ms):
        when = moment(text, place.expires_at_ms, now_ms, app.zone)
        said.append(banner("place-stale", text("places.stale", time=when),
                           ft.Icons.TIMER_OFF_OUTLINED))  # fmt: skip
    return said


def _facts(app: App, place: PlaceView, near: Near | None) -> list[ft.Control]:
    text = app.words
    sorts = " · ".join(sort_name(text, sort) for sort in place.serves)
    facts: list[ft.Control] = [line(sort_icon(place.sort), sorts)]
    where = ", ".join(each for each in (place.address, place.district) if each)
    if where:
        facts.append(selectable(line(ft.Icons.PLACE_OUTLINED, where)))
    if near is not None and near.distance_m is not None:
        facts.append(line(ft.Icons.NEAR_ME_OUTLINED, distance(text, near)))
    if place.hours:
        facts.append(line(ft.Icons.SCHEDULE, hours_words(text, place.hours)))
    if place.phone:
        facts.append(selectable(line(ft.Icons.CALL_OUTLINED, place.phone)))
    if place.note:
        facts.append(line(ft.Icons.NOTES, place.note))
    return facts


def hours_words(text: Words, hours: str) -> str:
    """Opening hours with the days in the person's language."""
    said = hours.replace("24/7", text("hours.always"))
    for day in ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"):
        said = said.replace(day, text(f"hours.{day}"))
    return said.replace(" off", f" {text('hours.off')}").replace("-", "–")


def _trust(app: App, place: PlaceView, now_ms: int) -> list[ft.Control]:
    text = app.words
    said: list[ft.Control] = [
        line(ft.Icons.VERIFIED_OUTLINED, text("places.signed")),
        line(ft.Icons.FACT_CHECK_OUTLINED, _confirmed(app, place, now_ms)),
    ]
    if place.expires_at_ms and not place.stale(now_ms):
        when = moment(text, place.expires_at_ms, now_ms, app.zone)
        said.append(line(ft.Icons.TIMER_OUTLINED, text("places.sure_until", time=when)))
    return said


def _report(app: App, model: PlacesModel) -> ft.Control:
    text = app.words
    if model.report == "sent":
        return banner("report-sent", text("places.report_sent"), ft.Icons.SMARTPHONE_OUTLINED)
    if not model.report:
        asks = [
            button("report-closed", text("places.it_is_closed"),
                   lambda: model.ask_report("closed"), ft.Icons.BLOCK, kind=ft.OutlinedButton),
            button("report-empty", text("places.it_is_empty"),
                   lambda: model.ask_report("empty"), ft.Icons.REMOVE_SHOPPING_CART_OUTLINED,
                   kind=ft.OutlinedButton),
        ]  # fmt: skip
        return ft.Column([heading(text("places.wrong")), wrapped(asks)], spacing=GAP)
    choices = wrapped(
        [
            button("report-no", text("common.cancel"), lambda: model.ask_report(""),
                   kind=ft.TextButton),
            button("report-yes", text("places.report_send"), model.send_report,
                   ft.Icons.SEND_OUTLINED),
        ]
    )  # fmt: skip
    said = ft.Text(text(f"places.report_{model.report}"), weight=STRONG)
    return card(ft.Column([said, faint(text("places.report_hint"), BODY), choices], spacing=GAP))
