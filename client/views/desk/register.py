"""The form of the journal: with what is known in it, mostly one tap is enough."""

from __future__ import annotations

from functools import partial

import flet as ft

from client.viewmodels.app import App
from client.viewmodels.desk.folder import FolderModel
from client.viewmodels.desk.register import RegisterModel
from client.views.desk.kit import choices, field, section, text_button
from client.views.fields import labelled
from client.views.kit import button, toggle, wrapped
from client.views.safe import part
from shared_schema.records.desk import MARKS


@part
def Register(app: App, model: FolderModel, form: RegisterModel) -> ft.Control:
    """Number, classifier, marks, how many signed, who comes first, a word to the resident."""
    text = app.words
    again = bool(model.open and model.open.case.number)
    marks = wrapped([_mark(app, form, mark) for mark in MARKS])
    controls: list[ft.Control] = [
        _field(app, form, "number"),
        _field(app, form, "classifier", helper=text("desk.classifier_hint")),
        labelled(text("desk.marks"), marks, "marks"),
        _privileged(app, form),
        _field(app, form, "collective", keyboard_type=ft.KeyboardType.NUMBER),
        _field(app, form, "note"),
    ]
    save = button(
        "desk-register", text("desk.register_again" if again else "desk.register"), model.enter,
        ft.Icons.ASSIGNMENT_TURNED_IN_OUTLINED,
    )  # fmt: skip
    no = text_button("register-no", text("common.cancel"), partial(model.begin, ""))
    controls.append(choices(save, no) if again else choices(save))
    title = text("desk.do_register" if again else "desk.journal")
    return section("desk-journal", title, controls)


def _field(app: App, form: RegisterModel, name: str, **more: object) -> ft.Control:
    return field(
        app, f"register-{name}", app.words(f"desk.register_{name}"), form.typed[name],
        form.problems.get(name, ""), form=form.forms, **more,
    )  # fmt: skip


def _mark(app: App, form: RegisterModel, mark: str) -> ft.Control:
    return toggle(
        f"register-mark-{mark}", app.words(f"desk.sign_{mark}"),
        partial(form.toggle_mark, mark), chosen=mark in form.marks,
    )  # fmt: skip


def _privileged(app: App, form: RegisterModel) -> ft.Control:
    text, on = app.words, form.privileged
    one = toggle("register-privileged", text("desk.privileged"),
                 lambda: form.set_privileged(not on), ft.Icons.STAR_BORDER, chosen=on)  # fmt: skip
    return wrapped([one])
