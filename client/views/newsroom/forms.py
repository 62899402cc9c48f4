"""What the newsroom's forms share: fields on sheets, moments, and the way back to the table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import flet as ft

from client.viewmodels.app import App
from client.viewmodels.newsroom.sheets import Sheets
from client.views.fields import choice, few, problem_text, text_field
from client.views.kit import banner, button, card, heading, wrapped
from client.views.theme import GAP

ANYWHERE = "*"
"""An empty code is how a record says "anywhere"; a choice needs a visible one."""


def field(app: App, sheet: Sheets, key: str, hint: str = "", **more: Any) -> ft.Control:
    """A text field of a form, called as its words are: `placeform.name` is the field `name`."""
    text = app.words
    room, _, name = key.partition(".")
    if hint:
        more["helper"] = text(hint)
    problem = problem_text(text, sheet.problems, name)
    return text_field(f"{room}-{name}", text(key), sheet.text(name), sheet.typed(name),
                      problem, **more)  # fmt: skip


def district(app: App, sheet: Sheets, room: str) -> ft.Control:
    """One of the city's districts, or none in particular."""
    text, take = app.words, sheet.typed("district")
    options = [(ANYWHERE, text("settings.no_district"))]
    options += [(name, name) for name in app.open_services.districts]
    known = sheet.text("district")
    if known and known not in app.open_services.districts:
        options.append((known, known))
    return choice(f"{room}-district", text("field.district"), known or ANYWHERE, options,
                  lambda name: take("" if name == ANYWHERE else name))  # fmt: skip


def chosen(
    app: App, sheet: Sheets, name: str, label: str, options: Sequence[tuple[str, str]]
) -> ft.Control:
    """A choice of one from a few, all in sight."""
    return few(name, label, sheet.text(name.partition("-")[2]), options,
               partial(sheet.put, name.partition("-")[2]))  # fmt: skip


def section(title: str, controls: Sequence[ft.Control]) -> ft.Control:
    """A part of a form with its heading."""
    stretch = ft.CrossAxisAlignment.STRETCH
    return card(ft.Column([heading(title), *controls], spacing=GAP, horizontal_alignment=stretch))


def beside(app: App, *controls: ft.Control) -> ft.Control:
    """Fields beside each other where there is room, else under each other."""
    if not app.wide:
        return ft.Column([*controls], spacing=GAP,
                         horizontal_alignment=ft.CrossAxisAlignment.STRETCH)  # fmt: skip
    return ft.Row([ft.Container(each, expand=True) for each in controls], spacing=GAP,
                  vertical_alignment=ft.CrossAxisAlignment.START)  # fmt: skip


def wrong(app: App, sheet: Sheets) -> list[ft.Control]:
    """Says that something is, in a place that is in sight from the button."""
    if not sheet.problems:
        return []
    return [banner("form-problem", app.words("check.form"), ft.Icons.EDIT_NOTE, bad=True)]


def ways(
    app: App, room: str, save: ft.Control, close: Callable[[], None], discard: Callable[[], None]
) -> ft.Control:
    """Save; back, and what was typed waits; or throw it away."""
    text = app.words
    acts = [save]
    if app.wide:  # a phone has its own way back
        acts.append(button(f"{room}-close", text("newsroom.to_table"), close, ft.Icons.ARROW_BACK,
                           kind=ft.OutlinedButton))  # fmt: skip
    acts.append(button(f"{room}-discard", text("newsroom.no_save"), discard, kind=ft.TextButton))
    return wrapped(acts)
