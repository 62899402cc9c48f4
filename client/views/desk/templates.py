"""The reply templates of this device: a list and a form."""

from __future__ import annotations

from functools import partial

import flet as ft

from client.services.office.asked import Template
from client.viewmodels.app import App
from client.viewmodels.desk.room import DeskModel
from client.viewmodels.desk.templates import PLACES, TemplatesModel
from client.views.desk.kit import choices, field, section, text_button
from client.views.kit import banner, button, card, empty, faint, heading, ident, scrolling, wrapped
from client.views.safe import part
from client.views.theme import BODY, CARD_TITLE, EDGE, GAP, SPACE, STRONG


@part
def Templates(app: App, desk: DeskModel, model: TemplatesModel) -> ft.Control:
    """All of them, under the form."""
    text = app.words
    controls: list[ft.Control] = []
    if app.wide:
        back = text_button("desk-back", text("desk.back"), app.back, icon=ft.Icons.ARROW_BACK)
        controls.append(ft.Row([back]))
    if model.saved:
        controls.append(banner("template-saved", text("desk.template_saved"), ft.Icons.CHECK))
    controls.append(_form(app, model))
    if not model.items:
        controls.append(
            empty("templates-empty", ft.Icons.DESCRIPTION_OUTLINED, text("desk.templates_none"))
        )
    controls += [_one(app, model, at, each) for at, each in enumerate(model.items)]
    return scrolling(controls, key="templates", spacing=EDGE)


def _form(app: App, model: TemplatesModel) -> ft.Control:
    text = app.words
    name = field(app, "template-name", text("desk.template_name"), model.name,
                 model.problem, form=model.forms)  # fmt: skip
    words = field(
        app, "template-text", text("desk.template_text"), model.text, form=model.forms,
        multiline=True, min_lines=4, max_lines=14,
    )  # fmt: skip
    places = [
        text_button(f"template-place-{place}", text(f"desk.place_{place}"),
                    partial(model.add_place, place), icon=ft.Icons.ADD)
        for place in PLACES
    ]  # fmt: skip
    save = button("template-save", text("desk.template_save"), model.save, ft.Icons.SAVE_OUTLINED)
    ends = [save]
    if model.changing:
        ends.append(text_button("template-new", text("common.cancel"), model.clear))
    controls = [name, words, faint(text("desk.places_hint"), BODY), wrapped(places), choices(*ends)]
    title = "desk.template_change" if model.changing else "desk.template_new"
    return section("template-form", text(title), controls)


def _one(app: App, model: TemplatesModel, at: int, template: Template) -> ft.Control:
    text = app.words
    controls: list[ft.Control] = [
        ft.Text(template.name, theme_style=CARD_TITLE, weight=STRONG),
        ft.Text(template.text),
    ]
    if model.leaving == template.name:
        yes = button("template-forget-yes", text("desk.template_forget"), model.forget,
                     kind=ft.FilledTonalButton)  # fmt: skip
        no = text_button("template-forget-no", text("common.cancel"), partial(model.ask, ""))
        controls += [heading(text("desk.template_sure")), wrapped([yes, no])]
    else:
        change = text_button(f"template-change-{at}", text("desk.template_change"),
                             partial(model.take_up, template))  # fmt: skip
        forget = text_button(f"template-forget-{at}", text("desk.template_forget"),
                             partial(model.ask, template.name))  # fmt: skip
        controls.append(wrapped([change, forget]))
    column = ft.Column(controls, spacing=SPACE, tight=True)
    return ident(f"template-{at}", card(column, padding=EDGE if app.wide else GAP))
