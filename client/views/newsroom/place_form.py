"""One place in a form: what it is, how it was found, and taking it out of the directory."""

from __future__ import annotations

from functools import partial

import flet as ft

from client.viewmodels.app import App
from client.viewmodels.newsroom.place_form import PlaceFormModel
from client.views.fields import labelled
from client.views.kit import banner, button, faint, heading, scrolling, toggle, wrapped
from client.views.newsroom.forms import beside, chosen, district, field, section, ways, wrong
from client.views.places import sort_icon, sort_name
from client.views.safe import part
from client.views.theme import BODY, EDGE
from shared_schema.records.place import CONDITIONS, SORTS

ROOM = "placeform"


@part
def PlaceForm(app: App, model: PlaceFormModel, record: str) -> ft.Control:
    """The form of the place that the address names."""
    if model.open != record:
        return ft.Container()
    text = app.words
    title = "newsroom.place_new" if model.is_new else "newsroom.place_edit"
    controls: list[ft.Control] = [heading(text(title))]
    if not model.is_new:
        controls.append(_found(app, model))
    controls += [_what(app, model), _where(app, model), _until(app, model), *wrong(app, model)]
    save = button("placeform-save", text("placeform.save"), model.save, ft.Icons.CHECK)
    controls.append(ways(app, ROOM, save, model.close, model.discard))
    if not model.is_new:
        controls.append(_remove(app, model))
    return scrolling(controls, key=f"place-form-{model.forms}", spacing=EDGE)


def _found(app: App, model: PlaceFormModel) -> ft.Control:
    """What somebody saw there, without saying anything else of it."""
    text = app.words
    options = [(each, text(f"newsroom.is_{each}")) for each in CONDITIONS]
    save = button("placeform-found", text("placeform.found_save"), model.save_condition,
                  ft.Icons.FACT_CHECK_OUTLINED, kind=ft.FilledTonalButton)  # fmt: skip
    return section(
        text("placeform.found"),
        [
            chosen(app, model, "placeform-condition", text("placeform.condition"), options),
            field(app, model, "placeform.found_note", "placeform.found_note_hint"),
            beside(app, field(app, model, "placeform.found_by"),
                   field(app, model, "placeform.found_until", "placeform.until_hint")),
            ft.Row([save], wrap=True),
        ],
    )  # fmt: skip


def _what(app: App, model: PlaceFormModel) -> ft.Control:
    text = app.words
    sorts = [(each, sort_name(text, each)) for each in SORTS]
    offers = wrapped(
        [
            toggle(f"placeform-offer-{each}", sort_name(text, each), partial(model.offer, each),
                   sort_icon(each), chosen=each in model.offers)
            for each in SORTS
            if each not in ("other", model.text("sort"))
        ]
    )  # fmt: skip
    return section(
        text("placeform.what"),
        [
            field(app, model, "placeform.name"),
            chosen(app, model, "placeform-sort", text("placeform.sort"), sorts),
            labelled(text("placeform.offers"), offers, "offers"),
            field(app, model, "placeform.hours", "placeform.hours_hint"),
            beside(app, field(app, model, "placeform.phone"), field(app, model, "placeform.note")),
        ],
    )


def _where(app: App, model: PlaceFormModel) -> ft.Control:
    return section(
        app.words("placeform.where_is"),
        [
            field(app, model, "placeform.address", "field.address_hint"),
            beside(app, district(app, model, ROOM),
                   field(app, model, "placeform.where", "placeform.where_hint")),
        ],
    )  # fmt: skip


def _until(app: App, model: PlaceFormModel) -> ft.Control:
    return section(
        app.words("placeform.trust"),
        [
            beside(app, field(app, model, "placeform.by"),
                   field(app, model, "placeform.until", "placeform.until_hint")),
            faint(app.words("placeform.trust_hint"), BODY),
        ],
    )  # fmt: skip


def _remove(app: App, model: PlaceFormModel) -> ft.Control:
    text = app.words
    if not model.removing:
        ask = button("placeform-remove", text("placeform.remove"),
                     partial(model.ask_remove, True), ft.Icons.DELETE_OUTLINE,
                     kind=ft.TextButton)  # fmt: skip
        return ft.Row([ask], wrap=True)
    sure = banner("placeform-sure", text("placeform.remove_sure"), ft.Icons.WARNING_ROUNDED,
                  bad=True)  # fmt: skip
    acts = wrapped(
        [
            button("placeform-remove-yes", text("placeform.remove_yes"), model.remove,
                   ft.Icons.DELETE_OUTLINE, kind=ft.FilledTonalButton),
            button("placeform-remove-no", text("common.cancel"),
                   partial(model.ask_remove, False), kind=ft.TextButton),
        ]
    )  # fmt: skip
    note = field(app, model, "placeform.remove_note")
    return section(text("placeform.remove"), [sure, note, acts])
