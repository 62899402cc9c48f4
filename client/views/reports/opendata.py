"""Open data: what is public, as files, and by an endpoint that a person switches on."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, Final

import flet as ft

from client.services.office.open311_formats import Format
from client.services.office.publishing import TELLING
from client.viewmodels.app import App
from client.viewmodels.reports.opendata import OpenDataModel
from client.viewmodels.reports.room import ReportsModel
from client.viewmodels.reports.saving import Saver
from client.views.fields import labelled, text_field
from client.views.kit import (
    banner,
    button,
    card,
    faint,
    heading,
    ident,
    line,
    rows,
    selectable,
    sized,
    toggle,
    wrapped,
)
from client.views.reports.saving import File, save_buttons
from client.views.reports.tabs import tabs
from client.views.safe import part
from client.views.settings import switch
from client.views.states import category_icon, category_name
from client.views.theme import BODY, GAP, STRONG
from shared_schema.records.appeal import CATEGORIES, LANES

FIELD_PX: Final = 240
FORMS: Final[tuple[Format, ...]] = ("json", "xml")
PATHS: Final = ("services.json", "requests.json", "requests.xml")


@part
def OpenData(app: App, room: ReportsModel, model: OpenDataModel, saver: Saver) -> ft.Control:
    """All of it: what is chosen stands before what is done with it."""
    controls = [tabs(app, room), _what(app, model), _saving(app, model, saver), _switch(app, model)]
    return rows(controls, key="open-data")


def _what(app: App, model: OpenDataModel) -> ft.Control:
    text, choice = app.words, model.choice
    lanes = wrapped([_lane(app, model, each) for each in LANES])
    topics = wrapped([_topic(app, model, each) for each in CATEGORIES])
    controls: list[ft.Control] = [
        heading(text("opendata.what")),
        faint(text("opendata.hint"), BODY),
        labelled(text("opendata.lanes"), lanes, "lanes"),
        labelled(text("opendata.topics"), topics, "topics"),
    ]
    if set(choice.categories) & set(TELLING):
        controls.append(banner("open-telling", text("opendata.telling"),
                               ft.Icons.WARNING_AMBER_ROUNDED, bad=True))  # fmt: skip
    controls += [
        _setting(app, "open-seen", "opendata.seen_only", choice.seen_only, model.set_seen_only),
        _setting(app, "open-position", "opendata.position", choice.with_position,
                 model.set_position),
    ]  # fmt: skip
    if model.count is not None:
        said = ft.Text(text("opendata.count", n=model.count), weight=STRONG)
        controls.append(ident("open-count", said, container=True))
    return card(_column(controls))


def _lane(app: App, model: OpenDataModel, lane: str) -> ft.Control:
    return toggle(
        f"open-lane-{lane}",
        app.words(f"lane.{lane}"),
        lambda: app.spawn(model.toggle_lane(lane)),
        chosen=lane in model.choice.lanes,
    )


def _topic(app: App, model: OpenDataModel, category: str) -> ft.Control:
    return toggle(
        f"open-topic-{category}",
        category_name(app.words, category),
        lambda: app.spawn(model.toggle_category(category)),
        category_icon(category),
        chosen=category in model.choice.categories,
    )


def _setting(
    app: App, name: str, key: str, value: bool, take: Callable[[bool], Coroutine[Any, Any, None]]
) -> ft.Control:
    return switch(name, app.words(key), value, lambda on: app.spawn(take(on)))


def _saving(app: App, model: OpenDataModel, saver: Saver) -> ft.Control:
    text = app.words
    files = [
        File(f"open311-{name}.{form}", text(f"opendata.{name}", form=form.upper()),
             model.file(name, form))
        for name in ("requests", "services")
        for form in FORMS
    ]  # fmt: skip
    controls = [
        heading(text("opendata.files")),
        faint(text("opendata.files_hint"), BODY),
        save_buttons(app, saver, files),
    ]
    return card(_column(controls))


def _switch(app: App, model: OpenDataModel) -> ft.Control:
    text = app.words
    controls: list[ft.Control] = [
        heading(text("opendata.endpoint")),
        faint(text("opendata.endpoint_hint"), BODY),
    ]
    if model.address:
        controls += _on(app, model)
    else:
        controls += _off(app, model)
    return card(_column(controls))


def _on(app: App, model: OpenDataModel) -> list[ft.Control]:
    text = app.words
    where = "opendata.on_local" if model.local else "opendata.on_open"
    addresses: list[ft.Control] = [selectable(ft.Text(f"{model.address}/{path}")) for path in PATHS]
    return [
        banner("endpoint-on", text(where), ft.Icons.PUBLIC, bad=not model.local),
        ident("endpoint-address", ft.Column(addresses, spacing=4), container=True),
        sized(app, button("endpoint-stop", text("opendata.stop"), model.stop,
                          ft.Icons.PUBLIC_OFF_OUTLINED)),
    ]  # fmt: skip


def _off(app: App, model: OpenDataModel) -> list[ft.Control]:
    text = app.words

    def take(name: str, words: str) -> None:
        getattr(model, name).text = words

    def problem(*names: str) -> str | None:
        return text(f"opendata.bad_{model.problem}") if model.problem in names else None

    fields: list[ft.Control] = [
        ft.Container(
            text_field(f"endpoint-{name}", text(f"opendata.{name}"), getattr(model, name).text,
                       partial(take, name), problem(*problems)),
            width=FIELD_PX,
        )
        for name, problems in (("host", ("address", "taken")), ("port", ("port",)))
    ]  # fmt: skip
    return [
        line(ft.Icons.PUBLIC_OFF_OUTLINED, text("opendata.off")),
        ft.Row(fields, wrap=True, spacing=GAP, run_spacing=GAP,
               vertical_alignment=ft.CrossAxisAlignment.START),
        sized(app, button("endpoint-start", text("opendata.start"), model.start,
                          ft.Icons.PUBLIC)),
    ]  # fmt: skip


def _column(controls: list[ft.Control]) -> ft.Control:
    return ft.Column(controls, spacing=GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
